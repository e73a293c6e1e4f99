"""Input with a bad part or with U+0000: the rest is kept, or one sentence says what is wrong. On both databases."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from movie_db.contract.messages import ReviewItem, dump
from movie_db.movie_db_client.editing import pins_csv, review_csv
from movie_db.movie_db_client.entity_resolution.decisions import Decider
from movie_db.movie_db_client.ingest.ingest import ingest_once


def damaged(message: Any, damage: Any) -> bytes:
    """A message as a line of the log, after `damage` has changed its JSON."""
    line = json.loads(dump(message))
    damage(line)
    return json.dumps(line).encode() + b"\n"


@pytest.fixture
def film(make: Any) -> Any:
    """A message about `tm1`, `tm2` …, with facts of one source."""
    return lambda key: make.item(
        f"justwatch:{key}",
        make.record(
            "justwatch", key, title=f"Film {key}", runtime=90, genres=("Drama",), cast=({"name": "Ann"}, {"name": "Bo"})
        ),
    )


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        (("runtime",), 51420),
        (("release_date",), "1979-02-30"),
        (("release_date",), "0000-00-00"),
        (("genres",), ["Drama", None]),
        (("cast", 1, "name"), None),
        (("studios",), [{"name": None}]),
        (("budget",), {"amount": 1, "currency": ""}),
        (("ratings",), [{"source": "omdb", "score": None}]),
    ],
)
def test_a_message_with_one_bad_part_keeps_the_film_and_the_next(
    units: Any, write: Any, rows: Any, film: Any, path: Any, bad: Any
) -> None:
    def damage(line: Any) -> None:
        holder = line["records"][0]["facts"]
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = bad

    counts = ingest_once(units, write(damaged(film("tm1"), damage), film("tm2")))
    assert (counts.films, counts.rejected) == (2, 1)
    assert sorted(row["title"] for row in rows("movies")) == ["Film tm1", "Film tm2"]
    (rejected,) = rows("rejected_items")
    assert f"records.0.facts.{path[0]}" in rejected["reason"]
    assert rejected["reason"].startswith("1 part was left out, and the rest is stored: ")


@pytest.mark.parametrize("records", [None, "none", {"0": {}}, 7])
def test_records_that_are_no_list_are_one_rejected_item(
    units: Any, write: Any, rows: Any, film: Any, records: Any
) -> None:
    line = damaged(film("tm1"), lambda message: message.update(records=records))
    counts = ingest_once(units, write(line, film("tm2")))
    assert (counts.lines, counts.rejected) == (2, 1)
    assert "Film tm2" in {row["title"] for row in rows("movies")}
    assert len(rows("rejected_items")) == 1


def test_u0000_in_pins_is_cleaned(units: Any, write: Any, rows: Any, film: Any, make: Any, tmp_path: Path) -> None:
    ingest_once(units, write(film("tm1")))
    file = tmp_path / "pins.csv"
    file.write_bytes(b"movie,field,value,note\n1,title,Al\0ien,I sa\0w it\n1,pl\0ot,A \0plot,\n")
    with units() as unit:
        assert pins_csv.import_pins(unit, file, make.AT) == 2
    assert {row["field"]: row["value"] for row in rows("pins")} == {"title": "Alien", "plot": "A plot"}
    assert {row["note"] for row in rows("pins")} == {"I saw it", None}
    assert (rows("movies")[0]["title"], rows("movies")[0]["plot"]) == ("Alien", "A plot")


def test_u0000_in_decisions_is_cleaned(units: Any, write: Any, rows: Any, film: Any, make: Any, tmp_path: Path) -> None:
    candidate = make.record("wikidata", "Q1", title="Film tm1")
    question = ReviewItem(
        run="r1",
        key="justwatch:tm1|wikidata:Q1",
        entry=film("tm1").entry,
        candidate=candidate,
        probability=0.7,
        evidence=("title: equal",),
    )
    ingest_once(units, write(film("tm1"), question))
    file = tmp_path / "queue.csv"
    with units() as unit:
        assert review_csv.export_questions(unit, file) == 1
    with file.open(encoding="utf-8", newline="") as told:
        (row,) = csv.DictReader(told)
    key = row["key"]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, review_csv.COLUMNS)
        writer.writeheader()
        writer.writerow(row | {"key": f"{key[:3]}\0{key[3:]}", "decision": "diff\0erent", "note": "No\0t it"})
    with units() as unit:
        assert review_csv.import_answers(unit, file, Decider("Ann", make.AT)) == 1
    (decision,) = rows("decisions")
    assert (decision["key"], decision["verdict"], decision["note"]) == (key, "different", "Not it")


@pytest.mark.parametrize("name", ["q", "genre", "provider", "studio", "source", "cursor", "sort", "fields", "year_min"])
def test_u0000_in_a_query_is_never_the_servers_error(name: str, api: TestClient) -> None:
    api.post("/v1/movies", json={"title": "Alien"})
    for value in ("\0", "a\0b"):
        for path in ("/v1/movies", "/v1/actors", "/v1/genres", "/v1/changes"):
            answer = api.get(path, params={name: value})
            assert answer.status_code < 500, f"{path}: {answer.text}"
            assert answer.is_success or answer.json()["detail"]
    for path in ("/v1/movies/%00", "/v1/movies/imdb:tt%001", "/v1/actors/a%00"):
        assert 400 <= api.get(path).status_code < 500, path


def test_u0000_in_a_line_of_many_is_that_lines_error_or_cleaned(api: TestClient) -> None:
    lines = (b'"A"', b'"B\\u0000c"', b'"D\0e"', b'"F", "genres": ["\\u0000"]', b'"G"')
    body = b"\n".join(b'{"title": %s}' % line for line in lines)
    answer = api.post("/v1/movies/bulk", content=body, headers={"Content-Type": "application/x-ndjson"})
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.status_code == 200
    assert [one["line"] for one in told] == [1, 2, 3, 4, 5]
    assert (told[0]["status"], told[-1]["status"]) == (201, 201)
    for one in told[1:-1]:
        assert one["status"] == 201 or (400 <= one["status"] < 500 and one["detail"]), one
    titles = api.get("/v1/movies").json()["movies"]
    assert "\0" not in json.dumps(titles)


@pytest.mark.parametrize("date", ["1979-02-30", "0000-00-00", "1979-13-01", "1900-02-29"])
def test_a_day_that_never_was_is_refused_in_a_sentence(api: TestClient, date: str) -> None:
    answer = api.post("/v1/movies", json={"title": "Alien", "release_date": date})
    assert 400 <= answer.status_code < 500
    assert "release_date" in answer.json()["detail"]
    assert api.get("/v1/movies").json()["movies"] == []
