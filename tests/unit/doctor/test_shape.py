"""How answers are held against what is read of them."""

from typing import Any

import pytest

from movie_db.doctor.shape import deviations

READS = {
    "id": "text",
    "content.title": "text",
    "content.runtime": "number",
    "content.tagline": "text?",
    "offers[].package.name": "text",
    "offers[].price": "number?",
}


def film(**content: Any) -> Any:
    told = {"title": "Alien", "runtime": 117, "tagline": None, **content}
    return {"id": "tm1", "content": told, "offers": [{"package": {"name": "HBO Max"}, "price": None}]}


def told(*answers: Any, reads: Any = READS, within: Any = "") -> Any:
    return [deviation.message for deviation in deviations(answers, reads, within)]


def test_answers_that_are_as_they_are_read_differ_in_nothing() -> None:
    assert told(film(), film()) == []


def test_a_field_that_is_null_or_absent_in_one_film_is_normal() -> None:
    short = film(runtime=None)
    del short["content"]["title"]
    assert told(film(), short) == []


def test_a_field_that_all_films_lack_is_gone() -> None:
    one, other = film(), film()
    del one["content"]["runtime"], other["content"]["runtime"]
    assert told(one, other) == ["`content.runtime` is gone"]


def test_a_field_that_is_called_otherwise_is_told_with_its_new_name() -> None:
    one = film(runTime=117)
    del one["content"]["runtime"]
    assert told(one) == ["`content.runtime` is gone; `runTime` may be its new name"]


def test_a_sibling_of_another_kind_is_no_new_name() -> None:
    one = film(runtimes="117 min")
    del one["content"]["runtime"]
    assert told(one) == ["`content.runtime` is gone"]


def test_a_container_that_is_called_otherwise_is_known_by_what_is_in_it() -> None:
    one = film()
    one["offersV2"] = one.pop("offers")
    assert told(one) == ["`offers` is gone; `offersV2` may be its new name"]


def test_a_field_within_entries_of_a_list_is_named_with_its_path() -> None:
    one = film()
    one["offers"] = [{"package": {"title": "HBO Max"}}]
    assert told(one) == ["`offers[].package.name` is gone; `title` may be its new name"]


def test_a_field_that_is_null_in_all_films_is_told_as_such() -> None:
    assert told(film(runtime=None), film(runtime=None)) == ["`content.runtime` is null everywhere"]


def test_a_field_that_is_often_null_may_be_null_everywhere() -> None:
    one = film()
    del one["content"]["tagline"]
    assert told(one) == []


def test_a_list_without_entries_in_all_films_is_told_as_empty() -> None:
    one = film()
    one["offers"] = []
    assert told(one, one) == ["`offers` is empty everywhere"]


def test_a_text_without_letters_in_all_films_is_told_as_empty() -> None:
    assert told(film(title=""), film(title=" ")) == ["`content.title` is empty everywhere"]


@pytest.mark.parametrize(
    ("runtime", "now"), [("117", "text"), ([117], "a list"), ({"minutes": 117}, "an object"), (True, "a flag")]
)
def test_a_field_of_another_kind_is_told_with_both(runtime: Any, now: Any) -> None:
    assert told(film(runtime=runtime)) == [f"`content.runtime` is {now} now; a number was expected"]


def test_entries_of_another_kind_are_told() -> None:
    one = film()
    one["offers"] = ["HBO Max"]
    assert told(one) == ["`offers` holds text values now"]


def test_a_star_stands_for_each_key() -> None:
    reads = {"entities.*.claims.*[].rank": "text", "entities.*.claims.P57[].id": "text"}
    claims = {"P57": [{"rank": "normal", "id": "Q1"}], "P58": [{"rank": "normal"}]}
    assert told({"entities": {"Q2": {"claims": claims}}}, reads=reads, within="entities.*.") == []
    claims = {"P58": [{"order": "normal"}]}
    assert told({"entities": {"Q2": {"claims": claims}}}, reads=reads, within="entities.*.") == [
        "`claims.*[].rank` is gone; `order` may be its new name",
        "`claims.P57` is gone",
    ]


def test_what_is_gone_harms_for_certain_and_what_is_null_may_not() -> None:
    one = film(title=None)
    del one["content"]["runtime"]
    assert [d.harmful for d in deviations([one], READS)] == [False, True]
