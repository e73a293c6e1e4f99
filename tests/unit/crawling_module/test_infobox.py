"""Infoboxes in the forms that editors give them."""

from typing import Any

import pytest

from movie_db.crawling_module.sources.wikitext.infobox import infobox
from movie_db.crawling_module.sources.wikitext.name_lists import items
from movie_db.crawling_module.sources.wikitext.rendering import plain, without_unseen
from presence import present


@pytest.mark.parametrize(
    "value",
    [
        "[[Ann Lee]]<br>[[Bo Ek (actor)|Bo Ek]]",
        "[[Ann Lee]]<br />Bo Ek",
        "{{Plainlist|\n* [[Ann Lee]]\n* [[Bo Ek]]\n}}",
        "{{plainlist| *Ann Lee\n* Bo Ek}}",
        "{{Plain list|\n* Ann Lee<ref name=x/>\n* Bo Ek\n}}",
        "{{ubl|[[Ann Lee]]|Bo Ek}}",
        "{{unbulleted list|Ann Lee|{{nowrap|Bo Ek}}}}",
        "{{hlist|Ann Lee|Bo Ek}}",
        "{{flatlist|\n* Ann Lee\n* Bo Ek\n}}",
        "{{Collapsible list|title=Cast|Ann Lee|Bo Ek}}",
        "\n* Ann Lee\n* Bo Ek",
        "<small>Ann Lee</small><br>{{small|Bo Ek}} {{small|(uncredited)}}",
        "[[Ann Lee]], [[Bo Ek]]",
        "Ann Lee, Bo Ek",
        "[[Ann Lee]] and [[Bo Ek]]",
        "Ann Lee and Bo Ek",
        "Ann Lee & Bo Ek",
        "'''Story:'''<br>Ann Lee (story)<br>Screenplay by: Bo Ek",
        "{{ill|Ann Lee|fr}}{{·}} {{interlanguage link|Bo Ek|de|vertical-align=sup}}",
        "[[Lee and Ek|Ann Lee<br>Bo Ek]]",
        "<!-- in order -->Ann Lee<!-- no more --><br/>Bo Ek{{efn|and others}}",
        "{{nihongo|Ann Lee|アン}}<br>{{lang|sv|Bo Ek}}",
        "Ann&nbsp;Lee; Bo Ek",
    ],
)
def test_two_names_are_found_in_a_list_of_any_form(value: str) -> None:
    assert items(value) == ["Ann Lee", "Bo Ek"]


@pytest.mark.parametrize(
    "name",
    [
        "Sammy Davis, Jr.",
        "Loew's, Inc.",
        "Simpson and Sons",
        "Bad Robot & Co.",
        "[[Lock, Stock and Barrel]]",
        "Black & White",
    ],
)
def test_a_comma_or_an_and_inside_a_name_does_not_part_it(name: str) -> None:
    assert items(name) == [name.strip("[]")]


@pytest.mark.parametrize(
    "value", ["", "  ", "See below", "''[[#Cast|see below]]''", "N/A", "{{unknown}}", "(uncredited)"]
)
def test_what_names_nobody_is_empty(value: str) -> None:
    assert items(value) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("{{US$|12 million|link=yes}}", "US$12 million"),
        ("{{INR|25 [[crore]]}}", "₹25 crore"),
        ("{{INRConvert|150|c|year=2011}}", "₹150 crore"),
        ("[[Japanese yen|¥]]1.9&nbsp;billion<ref>x</ref>", "¥1.9 billion"),
        ("{{Film date|df=y|1989|6|19|London|1989|06|23}}", "1989-06-19 (London); 1989-06-23"),
        ("{{Start date|1989|6}}", "1989-06"),
        ("{{start date|March 3, 1999}}", "March 3, 1999"),
        ("{{duration|h=1|m=30}}", "1h 30m"),
        ('126 minutes<!-- 126:32 --><ref name="a" />', "126 minutes"),
        ("[https://example.org a site]", "a site"),
        ("{{flagicon|US}} {{flag|France}}", "France"),
    ],
)
def test_a_value_is_rendered_as_readers_see_it(value: Any, text: Any) -> None:
    assert plain(value) == text


def test_a_reference_that_never_closes_swallows_no_more_than_itself() -> None:
    assert without_unseen("a<ref>b | budget = 1 <ref>c</ref> d") == "a<ref>b | budget = 1  d"


def test_the_values_are_known_by_their_names_in_any_spelling() -> None:
    wikitext = "{{Short description|x}}\n{{infobox_film \n| Based on = b\n| production companies = c\n| gross=\n}}"
    box = present(infobox(wikitext))
    assert box.name == "infobox film"
    assert {k: str(v).strip() for k, v in box.values.items()} == {"based_on": "b", "production_companies": "c"}
    assert str(box.first("gross", "based_on")).strip() == "b"
    assert box.first("director") == ""


def test_a_films_box_goes_before_another() -> None:
    assert present(infobox("{{Infobox book|name=x}}\n{{Infobox film|name=y}}")).name == "Infobox film"
    assert present(infobox("{{Infobox album|name=x}}")).name == "Infobox album"
    assert infobox("{{Taxobox|name=x}}") is None


@pytest.mark.parametrize("end", ["\n'''A Film''' is a film by [[Nobody]].", "\n}}\ntext", ""])
def test_a_box_whose_braces_never_close_is_read_line_by_line(end: str) -> None:
    box = present(infobox("{{Infobox film\n| director = {{ubl|[[Ann Lee]]|Bo Ek\n| runtime = 90 minutes" + end))
    assert plain(box.first("runtime")) == "90 minutes"
    assert "Ann Lee" in plain(box.first("director"))
