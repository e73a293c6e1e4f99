"""`movie-db match` on small lists: what is written, what is said, and what is refused."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

LEFT = (
    "id,title,year,director,runtime\n"
    "a,Heat,1995,Michael Mann,170\n"
    "b,Solaris,1972,Andrei Tarkovsky,167\n"
    "c,Solaris,2002,Steven Soderbergh,99\n"
    "d,Frankenstein,1931,James Whale,70\n"
)
RIGHT = (
    "Name,Released,Directed by,Length\n"
    "Heat!,1995,Michael Mann,2h 50m\n"
    "Solaris,2002,Steven Soderbergh,98 min\n"
    "Bride of Frankenstein,1935,James Whale,75\n"
    "Solaris,,,\n"
)


@pytest.fixture
def lists(workplace: Any) -> Any:
    (workplace.folder / "left.csv").write_text(LEFT)
    (workplace.folder / "right.csv").write_text(RIGHT)
    return workplace


def rows(text: Any) -> Any:
    return list(csv.DictReader(io.StringIO(text)))


def pairs(text: Any) -> Any:
    return {row["right"]: (row["left"], row["verdict"]) for row in rows(text)}


def test_two_lists_are_linked_with_evidence(lists: Any) -> None:
    ended = lists.run("match", "left.csv", "right.csv")
    assert ended.code == 0, ended.said
    assert pairs(ended.out) == {"1": ("a", "same"), "2": ("c", "same")}
    first, second = rows(ended.out)
    assert (first["left_title"], first["right_title"], first["right_year"]) == ("Heat", "Heat!", "1995")
    assert float(first["probability"]) > 0.985
    assert "director" in first["evidence"]
    assert second["runner_up"].startswith("right 4 (")
    assert ended.said[-1] == "2 matched, 1 to review, alone: 1 left, 1 right."


def test_what_is_to_be_reviewed_and_what_is_different_is_written_when_asked_for(lists: Any) -> None:
    ended = lists.run("match", "left.csv", "right.csv", "--all", "--format", "jsonl", "--out", "pairs.jsonl")
    assert ended.code == 0, ended.said
    assert ended.out == ""
    found = [json.loads(line) for line in (lists.folder / "pairs.jsonl").read_text().splitlines()]
    assert {row["right"]: row["verdict"] for row in found} == {"1": "same", "2": "same", "3": "different", "4": "ask"}
    assert all(0 <= row["probability"] <= 1 for row in found)


def test_columns_are_taken_as_mapped(lists: Any) -> None:
    (lists.folder / "odd.tsv.gz").write_bytes(gzip.compress(b"Werk\tJahr\tNr\nHeat\t1995\tx1\n"))
    mapping = "right.title=Werk,right.year=Jahr"
    ended = lists.run("match", "left.csv", "odd.tsv.gz", "--map", mapping, "--map", "right.id=Nr")
    assert pairs(ended.out) == {"x1": ("a", "same")}


def test_a_list_is_linked_to_the_database(whole: Any, tmp_path: Path) -> None:
    place, _ = whole
    (tmp_path / "mine.csv").write_text("title,year,imdb\nThe Matrix,1999,\nNo Such Film,1999,\nCreed,,tt3076658\n")
    for database in (place.database, str(place.folder / "movie_db.sqlite")):
        ended = place.run("match", database, str(tmp_path / "mine.csv"))
        assert ended.code == 0, ended.said
        assert {row["left_title"]: row["verdict"] for row in rows(ended.out)} == {"The Matrix": "same", "Creed": "same"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.csv", "right.csv"], "There is no file nowhere.csv"),
        (["left.csv", "."], "There is no file ."),
        (["left.csv", "empty.csv"], "empty.csv is empty"),
        (["left.csv", "head.csv"], "head.csv has no movie"),
        (
            ["left.csv", "tunes.csv"],
            "has no column with a known name for titles (it has tune, bars): name it with --map right.title=",
        ),
        (["left.csv", "right.csv", "--map", "title"], "--map is invalid at 'title': write left.title=COLUMN"),
        (["left.csv", "right.csv", "--map", "left.tune=x"], "--map has no field 'tune': the fields are id, title"),
        (["left.csv", "right.csv", "--map", "left.title=x"], "left.csv has no column 'x' for left.title: it has id,"),
        (["left.csv", "latin.csv"], "latin.csv is not UTF-8"),
        (["left.csv", "cut.csv.gz"], "cut.csv.gz can't be unpacked"),
        (["left.csv", "array.json"], "array.json is one JSON array"),
        (["left.csv", "bad.jsonl"], "Line 2 of bad.jsonl is not JSON"),
        (["left.csv", "open.csv"], "is a quote open?"),
        (["left.csv", "right.csv", "--out", "nowhere/x.csv"], "does not exist: name one that does"),
        (["left.csv", "right.csv", "--out", "."], "is a folder: name a file"),
        (["mysql://x/y", "right.csv"], "There is no file mysql://x/y"),
        (["sqlite:///nowhere.sqlite", "right.csv"], "There is no database nowhere.sqlite"),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_nothing_is_written(lists: Any, arguments: Any, sentence: Any) -> None:
    for name, data in {
        "empty.csv": b"\n",
        "head.csv": b"title,year\n",
        "tunes.csv": b"tune,bars\nx,1\n",
        "latin.csv": "title\nAmélie\n".encode("latin-1"),
        "cut.csv.gz": gzip.compress(LEFT.encode() * 100)[:-20],
        "array.json": b'[{"title": "Heat"}]',
        "bad.jsonl": b'{"title": "Heat"}\n{"title": \n',
        "open.csv": b'title,year\n"Heat,1995\n' + b"Alien,1979\n" * 20_000,
    }.items():
        (lists.folder / name).write_bytes(data)
    (lists.folder / "out.csv").write_text("as it was")
    before = {path: path.read_bytes() for path in lists.folder.iterdir()}
    out = () if "--out" in arguments else ("--out", "out.csv")
    ended = lists.run("match", *arguments, *out)
    assert ended.code == 2, ended.said
    assert len(ended.said) == 1
    assert ended.said[0].startswith("movie-db: ")
    assert sentence in ended.said[0]
    assert {path: path.read_bytes() for path in lists.folder.iterdir()} == before
