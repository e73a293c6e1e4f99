"""Who plays whom, by an article's cast section."""

from typing import Any

import pytest

from movie_db.crawling_module.sources.wikitext.cast import section_cast


def cast(section: Any, heading: Any = "cast") -> Any:
    return list(section_cast(section, heading))


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("[[Ruth White (actress)|Ruth White]]&nbsp;– Mrs. Apple", [("Ruth White", "Mrs. Apple")]),
        ("Edward McNally&nbsp;– Gimpy (as Skipper McNally)", [("Edward McNally", "Gimpy")]),
        ("[[Bruce Lee]] as Lee: a fighter", [("Bruce Lee", "Lee")]),
        ("[[Ernie Hudson]] as [[Winston Zeddemore]]", [("Ernie Hudson", "Winston Zeddemore")]),
        ("[[Al Jolson|Al]] (voice) as Fish", [("Al", "Fish")]),
        ("Lew Brown... Collins", [("Lew Brown", "Collins")]),
        ("Al Freeman Jr. as Satchel", [("Al Freeman Jr.", "Satchel")]),
        ("Ann Poe and Bob Poe II as Baby Oscar", [("Ann Poe", "Baby Oscar"), ("Bob Poe II", "Baby Oscar")]),
        ("William Robertson provides the voice of the Evil Dead, a spirit", [("William Robertson", "the Evil Dead")]),
        ('[[Cat Coulson]] as Margaret / "The Log Lady"', [("Cat Coulson", 'Margaret / "The Log Lady"')]),
        ('[[Cat Coulson]] as "Kitty"', [("Cat Coulson", "Kitty")]),
        ("[[Ben Poe]] as a guard. He dies.", [("Ben Poe", "a guard")]),
        ("[[Mars]]", [("Mars", "")]),
        ("Sigmund Sæverud<ref name=x/>", [("Sigmund Sæverud", "")]),
        ("[[Ann Poe]] (uncredited), [[Chester Gan]] (singer in a tea house)", [("Ann Poe", ""), ("Chester Gan", "")]),
        ("Director: [[Zhang Yibai]]", []),
        ("Doctor – [[Ann Poe]]", []),
        ("'''The Mortal Remains'''", []),
        ("they were cast later", []),
    ],
)
def test_a_line_names_people_and_their_roles(line: Any, people: Any) -> None:
    assert cast(f"* {line}") == people


def test_a_mere_name_below_a_heading_of_characters_may_be_a_character() -> None:
    assert cast("* [[Ash Williams]]\n* [[Bruce Campbell]] as Ash", "cast and characters") == [("Bruce Campbell", "Ash")]


def test_a_table_names_actors_in_the_columns_that_its_head_says() -> None:
    table = """{| class="wikitable"
! Character name !! Japanese voice actor !! English voice actor<br>(2005)
|-
| {{nihongo|Yubaba|湯婆婆}} || rowspan="2"| [[Mari Natsuki]] || [[Suzanne Pleshette|S. Pleshette]] (uncredited)
|-
| Zeniba || {{N/A|Unknown}}
|}"""
    assert cast(table) == [("Mari Natsuki", "Yubaba"), ("S. Pleshette", "Yubaba"), ("Mari Natsuki", "Zeniba")]


def test_a_table_without_a_head_is_read_where_it_says_as() -> None:
    table = "{|\n|-\n|[[Soo Yong]]\n|as Aunt\n|-\n| [[File:X.jpg]] || [[Paul Muni]] as Wang || [[Ann Poe]] as Lotus\n|}"
    assert cast(table) == [("Soo Yong", "Aunt"), ("Paul Muni", "Wang"), ("Ann Poe", "Lotus")]


def test_a_table_of_something_else_names_nobody() -> None:
    assert cast("{|\n! Award !! Year\n|-\n| [[Best Film]] || 1999\n|}") == []


def test_lists_and_tables_are_read_in_the_order_of_the_section() -> None:
    tables = "{|\n! Actor !! Role\n|-\n| [[Bob Poe]] || B\n|}\n{|\n|\n* [[Cy Poe]] as C\n|}"
    assert cast(f"* [[Ann Poe]] as A\n{tables}\n* [[Di Poe]]") == [
        ("Ann Poe", "A"),
        ("Bob Poe", "B"),
        ("Cy Poe", "C"),
        ("Di Poe", ""),
    ]
