"""A user's own list, as programs and people write it."""

import asyncio
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import UsageError
from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem, dump, parse
from movie_db.crawling_module import galleries
from movie_db.crawling_module.galleries.own_list import OwnList


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """`read(content)` gives all that a list of this content says."""

    def messages(content: str | bytes, name: str = "list.csv") -> Any:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return listed(galleries.find(str(path)))

    return messages


def listed(gallery: Any) -> Any:
    async def everything() -> Any:
        return [message async for message in gallery.films(None, "r1")]

    return asyncio.run(everything())


def films(messages: Any) -> Any:
    return [(m.title, m.year) for m in messages if isinstance(m, MovieListEntry)]


HEAT = [("Heat", 1995)]
TWO = [("Heat", 1995), ("Crouching Tiger, Hidden Dragon", 2000)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("title,year\nHeat,1995\n", HEAT),
        ('title,year\nHeat,1995\n"Crouching Tiger, Hidden Dragon",2000', TWO),
        ("Title;Year\r\nHeat;1995\r\nCrouching Tiger, Hidden Dragon;2000\r\n", TWO),
        ("NAME\tYEAR\nHeat\t1995\nCrouching Tiger, Hidden Dragon\t2000\n", TWO),
        ("\ufefftitle,year\nHeat,1995\n", HEAT),
        (" Title , Year \n Heat , 1995 \n", HEAT),
        ("year,film\n1995,Heat\n\n,\n", HEAT),
        ("Date,Name,Year,Letterboxd URI\n2024-01-01,Heat,1995,https://boxd.it/1\n", HEAT),
        (
            "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-01-01,My list,,https://boxd.it/2,\n\n"
            "Position,Name,Year,URL,Description\n1,Heat,1995,https://boxd.it/1,\n",
            HEAT,
        ),
        ("primaryTitle,startYear\nHeat,1995\n", HEAT),
        ('title,year\n"He said ""Hi""",1995\n', [('He said "Hi"', 1995)]),
        ("Heat (1995)\nCrouching Tiger, Hidden Dragon (2000)\n", TWO),
        ("Heat, 1995\nCrouching Tiger, Hidden Dragon; 2000\n", TWO),
        (
            "Heat\n\n  \n2001: A Space Odyssey\n1917\n",
            [("Heat", None), ("2001: A Space Odyssey", None), ("1917", None)],
        ),
        ("Title\nHeat (1995)\nCrouching Tiger, Hidden Dragon (2000)\n", TWO),
        ('"Heat" (1995)\n', HEAT),
        ("title,year\nHeat (1995),\n", HEAT),
        ("title,year\nHeat (1995),1995\n", HEAT),
        ("title,year\nTom &amp; Jerry,1992\nOcean&#39;s 8,2018\n", [("Tom & Jerry", 1992), ("Ocean's 8", 2018)]),
        ("1. Heat (1995)\n2. Crouching Tiger, Hidden Dragon (2000)\n", TWO),
        ("- Heat (1995)\n• Crouching Tiger, Hidden Dragon [2000]\n", TWO),
        ("Heat\t1995\nCrouching Tiger, Hidden Dragon\t2000\n", TWO),
        ("1995\tHeat\n2000\tCrouching Tiger, Hidden Dragon\n", TWO),
        ("Heat (1995)\n12. April\n", [("Heat", 1995), ("12. April", None)]),
        ("title,year\nHeat (1995),1996\n", [("Heat (1995)", 1996)]),
        ("title\tyear\nHeat\t1995\n".encode("utf-16"), HEAT),
    ],
)
def test_lists_are_read_as_people_and_programs_write_them(read: Any, content: Any, found: Any) -> None:
    messages = read(content)
    assert films(messages) == found
    end = messages[-1]
    assert isinstance(end, GalleryListed)
    assert end.found == end.declared == len(found)


def test_an_export_of_imdb_is_read_without_its_series(read: Any) -> None:
    head = "Position,Const,Created,Title,Original Title,Title Type,Runtime (mins),Year,Genres,Directors\n"
    rows = [
        "1,tt0113277,2024-01-01,Heat,Heat,Movie,170,1995,Crime,Michael Mann",
        '2,tt0190332,2024-01-01,"Crouching Tiger, Hidden Dragon",Wo hu cang long,Movie,120,2000,Drama,Ang Lee',
        "3,tt0903747,2024-01-01,Breaking Bad,Breaking Bad,TV Series,49,2008,Drama,",
        '4,tt0133093,2024-01-01,The Matrix,The Matrix,Movie,136,1999,Action,"Lana Wachowski, Lilly Wachowski"',
    ]
    heat, tiger, rejected, matrix, end = read(head + "\n".join(rows))
    assert (heat.key, heat.ids, heat.runtime, heat.directors) == (
        "imdb:tt0113277",
        {"imdb": "tt0113277"},
        170,
        ("Michael Mann",),
    )
    assert tiger.original_title == "Wo hu cang long"
    assert matrix.directors == ("Lana Wachowski", "Lilly Wachowski")
    assert "line 4: a TV Series is not a movie" in rejected.reason
    assert end.found == 3


def test_the_same_film_twice_is_listed_once_and_told(read: Any) -> None:
    messages = read("title,year,imdb\nHeat,1995,\nHEAT,1995,\nHeat,1995,tt0113277\nHitze,1995,tt0113277\n")
    assert films(messages) == [("Heat", 1995), ("Heat", 1995)]
    assert messages[-1].note == "2 lines repeated a movie."
    assert [m.position for m in messages[:2]] == [1, 2]


def test_a_film_without_an_id_has_a_key_that_stays(read: Any) -> None:
    first = read("title,year\nHeat,1995\n", "a.csv")[0]
    again = read("year;title\n1995;heat\n", "b.csv")[0]
    assert first.key == again.key
    assert first.ids["own_list"] == first.key.removeprefix("own_list:")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Heat,1995,nm0000113", "'nm0000113' is not an id of imdb"),
        ("Heat,95,", "'95' is not a year"),
        ("Heat,soon,", "'soon' is not a year"),
        ("Heat,1995,tt12", "'tt12' is not an id of imdb"),
        (",1995,", "a movie needs a title"),
        ("x" * 256 + ",1995,", "a movie needs a title"),
        ("x" * 120_000 + ",1995,", "a movie needs a title"),
    ],
)
def test_one_bad_line_is_rejected_with_its_number_and_the_others_go_on(read: Any, row: Any, reason: Any) -> None:
    messages = read(f"title,year,imdb\nAlien,1979,\n{row}\nPrimer,2004,\n")
    assert films(messages) == [("Alien", 1979), ("Primer", 2004)]
    rejected = next(m for m in messages if isinstance(m, RejectedItem))
    assert f"list.csv, line 3: {reason}" in rejected.reason
    assert parse(dump(rejected)) == rejected


def test_what_the_contract_does_not_take_is_rejected_as_well(read: Any) -> None:
    messages = read("title,directors,original title\nHeat," + "x" * 256 + ",\nAlien,," + "x" * 256 + "\nPrimer,,\n")
    assert films(messages) == [("Primer", None)]
    assert [m.reason.partition(": ")[2][:9] for m in messages[:2]] == ["directors", "original_"]


@pytest.mark.parametrize(
    ("content", "reply"),
    [
        ("", "has no movies: supported is a CSV"),
        ("\n\n", "has no movies"),
        ("title,year\n", "has no movies"),
        ("title,year\nHeat,95\n", "has no movies .line 2: '95' is not a year."),
        ("Heat (1995)\nAmélie (2001)\n".encode("latin-1"), "is not UTF-8 .line 2.: save it as UTF-8"),
        ('title,year\n"Heat,1995\n' + "Alien,1979\n" * 20_000, "is a quotation mark open"),
    ],
)
def test_a_list_that_cannot_be_read_is_told_in_a_sentence(read: Any, content: Any, reply: Any) -> None:
    with pytest.raises(UsageError, match=reply):
        read(content)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        galleries.find(str(tmp_path))
    with pytest.raises(UsageError, match="There is no file"):
        galleries.find(str(tmp_path / "nothing.csv"))


def test_a_list_has_one_address_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("Heat")
    monkeypatch.chdir(tmp_path)
    address = galleries.find("a.csv").address
    assert (
        address
        == galleries.find(str(tmp_path / "a.csv")).address
        == galleries.find(address).address
        == f"file:{tmp_path}/a.csv"
    )


def test_standard_input_is_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Heat (1995)\n")))
    assert films(listed(galleries.find("-"))) == HEAT


@pytest.mark.parametrize("address", ["https://www.imdb.com/list/ls1", "ftp://x.org/list.csv", "postgresql://x/y"])
def test_other_addresses_are_none_of_its_own(address: str) -> None:
    assert OwnList.at(address) is None


@pytest.mark.parametrize("content", [b"title,year\nHe\0at,1995\n", "title,year\nHe\0at,1995\n".encode("utf-16")])
def test_a_nul_in_a_list_is_left_out(read: Any, content: bytes) -> None:
    assert films(read(content)) == films(read("title,year\nHeat,1995\n"))
