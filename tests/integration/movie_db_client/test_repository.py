"""One suite for every repository: in memory, SQLite, PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from movie_db.contract.errors import UnavailableError
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.repository import RejectedRowError, UnitOfWork
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

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


def test_an_upsert_adds_what_is_new_and_changes_the_named_fields_of_what_is_there(units: Units) -> None:
    with units() as unit:
        (one,) = unit.repository.insert("movies", [{"title": "A", "plot": "x"}])
        films = [{"movie_id": 9, "title": "D"}, {"movie_id": one, "title": "B"}, {"movie_id": one, "title": "C"}]
        assert unit.repository.upsert("movies", films) == [9, one, one]
        result = [(r["movie_id"], r["title"], r["plot"]) for r in unit.repository.read("movies")]
        assert result == [(one, "C", "x"), (9, "D", None)]
        assert unit.repository.insert("movies", [{"title": "E"}]) == [10]  # no number is given twice
        assert unit.repository.upsert("movies", [{"movie_id": one, "title": "C"}]) == [one]
        assert unit.repository.insert("movies", [{"title": "F"}]) == [11]


def test_an_upsert_by_unique_fields_tells_the_numbers_of_old_and_new(units: Units) -> None:
    with units() as unit:
        repository = unit.repository
        film, other = repository.insert("movies", [{"title": "A"}, {"title": "B"}])
        scores = [{"movie_id": film, "source": source, "score": Decimal(1)} for source in ("imdb", "tmdb")]
        imdb, tmdb = repository.insert("ratings", scores)
        result = [("omdb", film), ("tmdb", film), ("imdb", other), ("omdb", film)]
        again = [
            {"rating_id": 4711, "movie_id": movie, "source": source, "score": Decimal(n), "votes": None}
            for n, (source, movie) in enumerate(result, 2)
        ]
        omdb, same, far, last = repository.upsert("ratings", again, by=["movie_id", "source"])
        assert (same, last) == (tmdb, omdb)
        assert len({imdb, tmdb, omdb, far, 4711}) == 5
        assert {r["rating_id"]: r["score"] for r in repository.read("ratings")} == {imdb: 1, tmdb: 3, far: 4, omdb: 5}
        assert repository.upsert("ratings", [], by=["movie_id", "source"]) == []


def test_an_upsert_of_rows_that_are_all_key_adds_those_that_are_missing(units: Units) -> None:
    with units() as unit:
        (film,) = unit.repository.insert("movies", [{"title": "A"}])
        genres = unit.repository.insert("genres", [{"name": "X"}, {"name": "Y"}])
        for result in (genres[:1], genres):
            assert unit.repository.upsert("movie_genres", [{"movie_id": film, "genre_id": n} for n in result]) == []
        assert [r["genre_id"] for r in unit.repository.read("movie_genres")] == genres


def test_an_upsert_can_be_done_again_after_a_savepoint_took_it_back(units: Units) -> None:
    segments = [{"segment": f"s{n}", "position": 2**40 + n} for n in range(3)]
    with units() as unit:
        with pytest.raises(RuntimeError), unit.repository.savepoint():  # noqa: PT012  # what comes before is undone
            unit.repository.upsert("ingest_progress", segments)
            raise RuntimeError
        unit.repository.upsert("ingest_progress", segments[:1])
        unit.repository.upsert("ingest_progress", segments[1:2])
        unit.commit()
    with units() as unit:
        unit.repository.upsert("ingest_progress", segments[1:])
        assert unit.repository.read("ingest_progress") == segments


def test_an_upsert_that_breaks_another_rule_is_refused(units: Units) -> None:
    with units() as unit:
        one, two = unit.repository.insert("genres", [{"name": "A"}, {"name": "B"}])
        with pytest.raises(RejectedRowError), unit.repository.savepoint():
            unit.repository.upsert("genres", [{"genre_id": one, "name": "B"}])
        with pytest.raises(RejectedRowError), unit.repository.savepoint():
            unit.repository.upsert("genres", [{"genre_id": 7, "name": "B"}])
        assert {r["genre_id"]: r["name"] for r in unit.repository.read("genres")} == {one: "A", two: "B"}


@pytest.mark.parametrize(
    ("row", "by", "result"),
    [
        ({"name": "A"}, (), "need all of genre_id"),
        ({"genre_id": None, "name": "A"}, (), "need all of genre_id"),
        ({"genre_id": 1, "name": "A"}, ("genre_id", "name"), "identified by genre_id; name, not by genre_id, name"),
    ],
)
def test_an_upsert_says_what_it_knows_rows_by(
    units: Units, row: dict[str, object], by: tuple[str, ...], result: str
) -> None:
    with units() as unit, pytest.raises(ValueError, match=result):
        unit.repository.upsert("genres", [row], by=by)


@pytest.mark.parametrize("collection", ["movies", "genres", "runs", "source_records"])
def test_an_upsert_that_tells_nothing_new_leaves_the_time_of_the_last_change(
    collection: str, database_url: str
) -> None:
    moment = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
    day = {"title": "A", "rating": Decimal("8.5"), "budget": Decimal("11000000.10"), "release_date": date(1979, 5, 25)}
    origin = {"entity": "person", "source": "s", "source_id": "1", "url": "u", "retrieved_at": moment, "licence": "l"}
    rows: dict[str, tuple[dict[str, object], str]] = {
        "movies": ({"movie_id": 1, **day, "plot": None}, "title"),
        "genres": ({"genre_id": 1, "name": "A"}, "name"),
        "runs": ({"run": "r1", "gallery": "g", "started_at": moment, "sources": {"a": [1, None], "b": 0.5}}, "gallery"),
        "source_records": ({"record_id": 1, **origin, "evidence": None, "record": {"b": 1, "a": "ä"}}, "url"),
    }
    row, field = rows[collection]
    engine = make_engine(database_url)
    store = SqlStore(engine)

    def stamps(result: dict[str, object]) -> bool:
        """Whether a row was changed by being told so."""
        with SqlUnitOfWork(store) as unit:
            unit.repository.upsert(collection, [result])
            unit.commit()
        with engine.connect() as connection:
            made, changed = connection.execute(text(f"SELECT created_at, updated_at FROM {collection}")).one()
        assert str(made).startswith("2000")
        return not str(changed).startswith("2000")

    with SqlUnitOfWork(store) as unit:
        unit.repository.upsert(collection, [row])
        unit.commit()
    with engine.begin() as connection:
        connection.execute(
            text(f"UPDATE {collection} SET created_at = :old, updated_at = :old"), {"old": "2000-01-01 00:00:00"}
        )
    assert not stamps(row)
    assert stamps(row | {field: "B"})
    engine.dispose()


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
        with pytest.raises(RejectedRowError), unit.repository.savepoint():  # noqa: PT012  # what comes before is what is undone
            unit.repository.insert("genres", [{"name": "B"}])
            unit.repository.insert("genres", [{"name": "A"}])
        unit.commit()
    with units() as unit:
        assert [r["name"] for r in unit.repository.read("genres")] == ["A"]


def test_a_row_whose_key_is_taken_is_refused(units: Units) -> None:
    segment = {"segment": "s", "position": 1}
    with units() as unit:
        unit.repository.insert("ingest_progress", [segment])
        with pytest.raises(RejectedRowError), unit.repository.savepoint():
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
        assert reason in (unit.repository.rejection("movies", [row]) or "")
        assert unit.repository.rejection("movies", [{"title": "x" * 255, "rating": Decimal("9.9")}]) is None


def test_a_database_without_tables_says_what_to_do(bare_database_url: str) -> None:
    engine = make_engine(bare_database_url)
    with pytest.raises(UnavailableError, match="db upgrade"):
        SqlStore(engine)
    engine.dispose()
