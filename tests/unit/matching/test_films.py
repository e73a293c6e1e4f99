"""Rows of all kinds of lists as films."""

from pathlib import Path
from typing import Any

import pytest

from movie_db.matching.films import films, people, texts
from movie_db.matching.tables import open_table


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """`read(text)` gives the films of a list."""

    def rows(text: Any, **mapped: Any) -> Any:
        path = tmp_path / "list"
        path.write_text(text, "utf-8")
        with open_table(str(path), "left", mapped) as rows:
            return list(films(rows))

    return rows


@pytest.mark.parametrize(
    "text",
    [
        "title,year,director,runtime,country,imdb\nHeat,1995,Michael Mann,170,US,tt0113277\n",
        "Title;Release Year;Directed by;Duration (min);Countries;IMDb ID\nHeat;1995;Michael Mann;170;USA;0113277",
        "tconst\tprimaryTitle\tstartYear\truntimeMinutes\tdirectors\tcountry\n"
        "tt0113277\tHeat\t1995\t170\tMichael Mann\tUS\n",
        "http://x.org/a#name|https://x.org/o/releaseDate|runtime|director|origin_country|imdb\n"
        "Heat|1995-12-15|2h 50m|Mann, Michael|United States|https://www.imdb.com/title/tt0113277/\n",
        '{"title": "Heat", "year": 1995, "directors": [{"name": "Michael Mann"}], "runtime": 170, '
        '"countries": ["US"], "ids": {"imdb": "tt0113277"}}\n',
        '\ufeffTitle,Year,Director,Runtime,Country,IMDb\n"Heat (1995)",,Michael Mann,170 min,US,tt0113277\n\n,,,,,\n',
        'title,year,directors,runtime,countries,imdb\nHeat,1995.0,"[""Michael Mann""]",170.0,"[""US""]",tt0113277\n',
    ],
)
def test_the_same_film_is_read_from_lists_of_all_forms(read: Any, text: str) -> None:
    (row,) = read(text)
    assert (row.title, row.year) == ("Heat", 1995)
    assert row.film.titles == {"heat"}
    assert row.film.years == {1995}
    assert row.film.directors == {"michael mann"}
    assert row.film.runtimes == {170}
    assert row.film.countries == {"US"}
    assert row.film.ids == {("imdb", "tt0113277")}


def test_rows_go_by_their_id_or_by_their_number(read: Any) -> None:
    assert [row.id for row in read("id,title\na7,Heat\n,Alien\n")] == ["a7", "2"]
    assert [row.id for row in read("title,year\nHeat,1995\nAlien,1979\n")] == ["1", "2"]
    assert [row.id for row in read("title,Const\nHeat,tt0113277\n", id="Const")] == ["tt0113277"]


def test_rows_that_name_no_film_are_told_apart(read: Any) -> None:
    assert [
        row and row.title for row in read("title,title type,imdb\nHeat,movie,\n,,\nLost,tvSeries,\n,,tt0113277")
    ] == [
        "Heat",
        None,
        "",
    ]


def test_what_a_list_does_not_know_is_not_taken_for_a_value(read: Any) -> None:
    (row,) = read("title,year,director,runtime,imdb\nHeat,-1,N/A,\\N,nan\n")
    assert (row.year, row.film.directors, row.film.runtimes, row.film.ids) == (None, set(), set(), set())


def test_the_day_of_a_diary_entry_is_no_year_of_a_film(read: Any) -> None:
    (row,) = read("Date,Name,Year,Letterboxd URI\n2024-01-01,Heat,1995,https://boxd.it/1\n")
    assert row.film.years == {1995}


def test_a_table_below_a_letterboxd_heading_is_read(read: Any) -> None:
    (row,) = read(
        "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-01-01,My list,,https://boxd.it/2,\n\n"
        "Position,Name,Year,URL,Description\n1,Heat,1995,https://boxd.it/1,\n"
    )
    assert (row.title, row.year) == ("Heat", 1995)


def test_a_quotation_mark_between_tabs_is_one(read: Any) -> None:
    assert [row.title for row in read('title\tyear\n"Heat" and more\t1995\n"Alien\t1979\n')] == [
        '"Heat" and more',
        '"Alien',
    ]


def test_original_and_alternative_titles_count_too(read: Any) -> None:
    (row,) = read("title,original title,aka\nSpirited Away,Sen to Chihiro,Chihiro's Journey; Sen\n")
    assert row.film.titles == {"spirited away", "sen to chihiro", "chihiros journey", "sen"}


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Joel Coen, Ethan Coen", {"joel coen", "ethan coen"}),
        ("Robert Downey, Jr.,Chris Evans", {"robert downey", "chris evans"}),
        ("Bergman, Ingmar (II)", {"ingmar bergman"}),
        ("Joel Coen|Ethan Coen;Frances McDormand", {"joel coen", "ethan coen", "frances mcdormand"}),
        (["Joel Coen", {"name": "Ethan Coen"}], {"joel coen", "ethan coen"}),
        (None, set()),
    ],
)
def test_people_are_read_however_they_are_listed(cell: Any, names: Any) -> None:
    assert people(cell) == names


def test_a_cell_says_texts() -> None:
    assert texts('[{"name": "Joel Coen"}, "Ethan"]') == ["Joel Coen", "Ethan"]
    assert texts("[REC]") == ["[REC]"]
    assert texts(1995) == ["1995"]
    assert texts({"ids": {}}) == []


@pytest.mark.parametrize("text", ["title,year\nHe\0at,1995\n", '{"title": "He\\u0000at", "year": 1995}\n'])
def test_a_nul_costs_no_film(read: Any, text: str) -> None:
    (film,) = read(text)
    (clean,) = read("title,year\nHeat,1995\n")
    assert film.film == clean.film
