"""One suite for every repository: in memory, SQLite, PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from movie_db.contract.errors import Unavailable
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.repository import Refused, UnitOfWork
from movie_db.movie_db_client.repository.sql import SqlStore

Units = Callable[[], UnitOfWork]


def test_rows_come_back_as_they_went_in(units: Units) -> None:
    moment = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
    run = {"run": "r1", "gallery": "g", "film_limit": None, "started_at": moment, "sources": {"a": [1, None]}}
    with units() as unit:
        unit.repository.insert("runs", [run])
        unit.repository.insert("movies", [{"title": "Alien", "budget": Decimal("11000000"), "rating": Decimal("8.5")}])
        unit.commit()
    with units() as unit:
        (row,) = unit.repository.read("runs", run=["r1"])
        assert row == run | {"finished_at": None, "movies": None, "coverage": None, "languages": None}
        (film,) = unit.repository.read("movies")
        assert (film["budget"], film["rating"]) == (Decimal(11_000_000), Decimal("8.5"))
        assert "created_at" not in film


def test_numbers_are_given_in_the_order_of_the_rows(units: Units) -> None:
    with units() as unit:
        numbers = unit.repository.insert("genres", [{"name": f"Genre {n}"} for n in range(2500)])
        names = {row["genre_id"]: row["name"] for row in unit.repository.read("genres")}
        assert [names[number] for number in numbers] == [f"Genre {n}" for n in range(2500)]


def test_reading_by_many_values_finds_them_all_and_by_none_finds_nothing(units: Units) -> None:
    with units() as unit:
        unit.repository.insert("genres", [{"name": f"Genre {n}"} for n in range(10)])
        assert len(unit.repository.read("genres", name=[f"Genre {n}" for n in range(25_000)])) == 10
        assert unit.repository.read("genres", name=[]) == []
        assert len(unit.repository.read("genres", name=["Genre 1", "Genre 2"], genre_id=range(100))) == 2


def test_an_update_changes_the_named_fields_alone(units: Units) -> None:
    with units() as unit:
        one, two = unit.repository.insert("movies", [{"title": "A", "plot": "x"}, {"title": "B", "plot": "y"}])
        unit.repository.update("movies", [{"movie_id": one, "title": "C"}, {"movie_id": two, "plot": None}])
        assert [(r["title"], r["plot"]) for r in unit.repository.read("movies")] == [("C", "x"), ("B", None)]


def test_a_deletion_takes_the_rows_that_a_reading_gives(units: Units) -> None:
    with units() as unit:
        unit.repository.insert("genres", [{"name": "A"}, {"name": "B"}])
        unit.repository.delete("genres", name=["A"])
        assert [r["name"] for r in unit.repository.read("genres")] == ["B"]


def test_what_is_not_committed_never_happened(units: Units) -> None:
    with units() as unit:
        unit.repository.insert("genres", [{"name": "A"}])
    with units() as unit:
        assert unit.repository.read("genres") == []


def test_a_savepoint_undoes_what_happened_in_it_alone(units: Units) -> None:
    with units() as unit:
        unit.repository.insert("genres", [{"name": "A"}])
        with pytest.raises(Refused), unit.repository.savepoint():  # noqa: PT012  # what comes before is what is undone
            unit.repository.insert("genres", [{"name": "B"}])
            unit.repository.insert("genres", [{"name": "A"}])
        unit.commit()
    with units() as unit:
        assert [r["name"] for r in unit.repository.read("genres")] == ["A"]


def test_a_row_whose_key_is_taken_is_refused(units: Units) -> None:
    segment = {"segment": "s", "position": 1}
    with units() as unit:
        unit.repository.insert("ingest_progress", [segment])
        with pytest.raises(Refused), unit.repository.savepoint():
            unit.repository.insert("ingest_progress", [segment])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"title": "x" * 256}, "movies.title holds 255 characters, and this has 256"),
        ({"title": None}, "movies.title is required"),
        ({"title": "x", "rating": Decimal(100)}, "movies.rating holds numbers below 100"),
        ({"title": "x", "budget": Decimal(10) ** 13}, "movies.budget holds numbers below"),
        ({"title": "x", "runtime": 2**31}, "movies.runtime holds numbers below"),
    ],
)
def test_what_the_tables_do_not_take_is_told_before_it_is_written(
    units: Units, row: dict[str, object], reason: str
) -> None:
    with units() as unit:
        assert reason in (unit.repository.refusal("movies", [row]) or "")
        assert unit.repository.refusal("movies", [{"title": "x" * 255, "rating": Decimal("9.9")}]) is None


def test_a_database_without_tables_says_what_to_do(bare_database_url: str) -> None:
    engine = make_engine(bare_database_url)
    with pytest.raises(Unavailable, match="db upgrade"):
        SqlStore(engine)
    engine.dispose()
