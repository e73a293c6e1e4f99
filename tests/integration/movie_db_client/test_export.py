"""The database as one file, whole or not at all."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, event, text

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.messages import Credit, Money, Movie, Offer, Rating
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.exporting.export import MoviesToExport, export_movies, stream_movies
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork


@pytest.fixture
def engine(database_url: str, write: Any, make: Any) -> Iterator[Engine]:
    """Three films, one of them with everything."""
    engine = make_engine(database_url)
    store = SqlStore(engine)
    messages = [
        make.item("c", make.record("justwatch", "tm3", title="Zulu")),
        make.item(
            "a",
            make.record(
                "justwatch",
                "tm1",
                title="Alien",
                release_date="1979-05",
                genres=("Horror", "Drama"),
                budget=Money(amount=11_000_000, currency="USD"),
                ratings=(Rating(source="imdb", score=8.5, votes=900),),
                cast=(
                    Credit(name="Bo Ek", billing=2, role="X"),
                    Credit(name="Ann Lee", ids={"justwatch": "1"}, billing=1),
                ),
                offers=(Offer(provider="HBO", country="US", kind="rent", price="3.99", currency="USD"),),
            ),
            make.record("wikidata", "Q1"),
        ),
        make.item("b", make.record("justwatch", "tm2", {"justwatch": "tm2", "wikidata": "Q1"}, title="Alien")),
        make.item("d", make.record("justwatch", "tm4", title="Ärger", year=2001)),
    ]
    ingest_once(lambda: SqlUnitOfWork(store), write(*messages))
    yield engine
    engine.dispose()


def test_a_line_is_a_movie_of_the_contract_sorted_by_title(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "movies.jsonl"
    exported = MoviesToExport(engine)
    export_movies(exported, "jsonl", path)
    assert (exported.written, exported.left_out) == (3, 0)
    films = [Movie.model_validate_json(line) for line in path.read_bytes().splitlines()]
    assert [film.title for film in films] == ["Alien", "Zulu", "Ärger"]
    alien = films[0]
    assert alien.ids == {"justwatch": ["tm1", "tm2"], "wikidata": "Q1"}
    assert [(c.name, c.role, c.ids) for c in alien.cast] == [("Ann Lee", None, {"justwatch": "1"}), ("Bo Ek", "X", {})]
    assert (alien.year, alien.release_date, alien.genres) == (1979, "1979-05", ["Horror", "Drama"])
    assert (alien.rating, alien.rating_count, alien.ratings[0].score) == (8.5, 900, 8.5)
    assert (alien.budget, alien.budget_currency) == (Decimal(11_000_000), "USD")
    assert (alien.offers[0].provider, str(alien.offers[0].price)) == ("HBO", "3.99")
    assert alien.provenance["title"].url == "https://justwatch.example/tm1"


def test_the_same_database_gives_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export_movies(MoviesToExport(engine), "jsonl", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_every_format_holds_the_same_films(engine: Engine, tmp_path: Path) -> None:
    for form in ("csv", "parquet", "sqlite"):
        export_movies(MoviesToExport(engine), form, tmp_path / form)
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["title"], json.loads(rows[0]["genres"]), rows[1]["year"]) == ("Alien", ["Horror", "Drama"], "")
    table = pq.read_table(tmp_path / "parquet").to_pylist()
    assert (table[0]["genres"], table[0]["year"], table[2]["title"]) == (["Horror", "Drama"], 1979, "Ärger")
    connection = sqlite3.connect(tmp_path / "sqlite")
    assert connection.execute("SELECT title, budget FROM movies").fetchall()[0] == ("Alien", 11_000_000)
    connection.close()


@pytest.mark.parametrize(
    ("form", "place", "says"),
    [
        ("xml", "movies.xml", "choose jsonl, csv, parquet, sqlite"),
        ("csv", ".", "is a folder"),
        ("csv", "no/x.csv", "does not exist"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_written(
    engine: Engine, tmp_path: Path, form: str, place: str, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        export_movies(MoviesToExport(engine), form, tmp_path / place)
    assert [p.name for p in tmp_path.iterdir() if p.name != "data"] == []


def test_an_export_that_breaks_off_leaves_the_old_file_and_no_half_one(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "movies.jsonl"
    path.write_text("old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("movie_db.movie_db_client.exporting.export._json", full)
    with pytest.raises(UnavailableError, match="No space left"):
        export_movies(MoviesToExport(engine), "jsonl", path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir() if p.name != "data"] == ["movies.jsonl"]


@pytest.mark.parametrize("edition", ["all", "open"])
def test_the_number_of_statements_hangs_not_on_the_number_of_films(
    edition: Any, engine: Engine, tmp_path: Path, write: Any, make: Any
) -> None:
    def statements() -> int:
        told: list[str] = []
        hear: Callable[..., None] = lambda *args: told.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", hear)
        export_movies(MoviesToExport(engine, edition), "jsonl", tmp_path / "movies.jsonl")
        event.remove(engine, "before_cursor_execute", hear)
        return len(told)

    few, store = statements(), SqlStore(engine)
    data = write(*(make.item(f"k{n}", make.record("justwatch", f"tm{n}", title=f"F{n}")) for n in range(10, 110)))
    ingest_once(lambda: SqlUnitOfWork(store), data)
    assert statements() == few


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "sqlite"])
def test_the_pieces_are_the_file(form: Any, engine: Engine, tmp_path: Path) -> None:
    export_movies(MoviesToExport(engine), form, tmp_path / "file")
    told = list(stream_movies(MoviesToExport(engine), form))
    assert all(told)
    assert b"".join(told) == (tmp_path / "file").read_bytes()


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "sqlite"])
def test_a_database_without_films_is_a_file_without_films(form: Any, database_url: str, tmp_path: Path) -> None:
    export_movies(MoviesToExport(make_engine(database_url)), form, tmp_path / "file")
    raw = (tmp_path / "file").read_bytes()
    if form == "jsonl":
        assert raw == b""
    elif form == "csv":
        assert raw.count(b"\n") == 1
    elif form == "parquet":
        assert pq.read_table(tmp_path / "file").num_rows == 0
    else:
        assert sqlite3.connect(tmp_path / "file").execute("SELECT count(*) FROM movies").fetchone() == (0,)


def test_who_stops_reading_leaves_no_temporary_file(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    told = stream_movies(MoviesToExport(engine), "sqlite")
    assert next(told).startswith(b"SQLite format 3")
    assert list((tmp_path / "temporary").iterdir())
    told.close()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_film_that_goes_while_others_are_written_is_left_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("movie_db.movie_db_client.repository.views.PAGE", 1)
    told = iter(MoviesToExport(engine))
    assert next(told)["title"] == "Alien"
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM movies WHERE title = 'Zulu'"))
    assert [film["title"] for film in told] == ["Ärger"]
