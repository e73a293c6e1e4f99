"""Migrations, on both databases."""

import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.messages import Credit, RunStarted
from movie_db.movie_db_client import data_model
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import current, downgrade, needs_upgrade, newest, upgrade
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.reading.searching import search_corrected, search_movies
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

INI = Path(data_model.__file__).with_name("alembic.ini")


def _tables(url: str) -> set[str]:
    engine = make_engine(url)
    names = {n for n in inspect(engine).get_table_names() if n != "alembic_version" and not n.startswith("movie_fts")}
    engine.dispose()
    return names


def test_upgrade_makes_all_tables_downgrade_none_and_up_again(bare_database_url: str) -> None:
    assert upgrade(bare_database_url) == newest()
    assert _tables(bare_database_url) == set(Base.metadata.tables)
    downgrade(bare_database_url)
    assert _tables(bare_database_url) == set()
    upgrade(bare_database_url)
    assert _tables(bare_database_url) == set(Base.metadata.tables)


def test_the_first_migration_is_the_tables_asked_for(bare_database_url: str) -> None:
    upgrade(bare_database_url, "0001")
    people = {"directors", "writers", "actors", "studios", "distributors"}
    assert _tables(bare_database_url) == {"movies", "cast", "ratings", "genres", "movie_genres", *people}


@pytest.mark.parametrize("section", ["movie_db", "test_db"])
def test_alembic_finds_no_difference_between_classes_and_tables(
    section: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = {"movie_db": "MOVIE_DB_DATABASE_URL", "test_db": "MOVIE_DB_TEST_DATABASE_URL"}[section]
    monkeypatch.setenv(variable, database_url)
    command.check(Config(INI, ini_section=section))


@pytest.mark.parametrize("folder", [INI.parent, INI.parents[4]], ids=["data_model", "root"])
def test_the_command_works_in_the_root_and_in_data_model(folder: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/movie_db.sqlite"
    ran = subprocess.run(
        [sys.executable, "-m", "alembic", "--name", "movie_db", "upgrade", "head"],
        cwd=folder,
        env={"MOVIE_DB_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "movies" in _tables(url)


def test_alembic_without_a_name_says_which_names_there_are() -> None:
    with pytest.raises(CommandError, match="--name movie_db or --name test_db"):
        command.upgrade(Config(INI), "head")


def test_a_database_knows_whether_it_is_old(bare_database_url: str) -> None:
    engine = make_engine(bare_database_url)
    assert current(engine) is None
    assert needs_upgrade(engine)
    upgrade(bare_database_url, "0001")
    assert current(engine) == "0001"
    assert needs_upgrade(engine)
    upgrade(bare_database_url)
    assert not needs_upgrade(engine)
    engine.dispose()


def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (upgrade, downgrade, lambda _: needs_upgrade(engine)):
        with pytest.raises(UsageError, match=r"schema 9999.*update movie_db"):
            attempt(database_url)
    assert "movies" in _tables(database_url)
    engine.dispose()


def test_tables_of_another_program_are_not_touched(bare_database_url: str) -> None:
    engine = make_engine(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE movies (name TEXT)"))
    with pytest.raises(UsageError, match="another program"):
        upgrade(bare_database_url)
    assert _tables(bare_database_url) == {"movies"}
    engine.dispose()


def test_two_upgrades_at_once_both_succeed(bare_database_url: str) -> None:
    results: list[object] = []

    def run() -> None:
        try:
            results.append(upgrade(bare_database_url))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [newest()] * 3


def test_upgrading_keeps_the_rows(bare_database_url: str) -> None:
    upgrade(bare_database_url, "0001")
    engine = make_engine(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO movies (title) VALUES ('Metropolis')"))
    upgrade(bare_database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT title, release_year FROM movies")).all() == [("Metropolis", None)]
    engine.dispose()


def _rows(url: str, tables: Iterable[str]) -> dict[str, list[str]]:
    """The rows of tables, as far as their columns are there."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {t: connection.execute(text(f'SELECT * FROM "{t}"')).mappings().all() for t in tables}
    engine.dispose()
    return {t: sorted(repr(sorted((c, str(v)) for c, v in row.items())) for row in rows) for t, rows in found.items()}


def test_step_by_step_down_and_up_again_a_filled_database_keeps_its_rows(
    database_url: str, write: Any, make: Any
) -> None:
    scott = Credit(name="Ridley Scott", ids={"wikidata": "Q56005"})
    facts = {"title": "Alien", "year": 1979, "directors": (scott,), "genres": ("Horror",), "runtime": 117}
    cast = (Credit(name="Sigourney Weaver", ids={"imdb": "nm0000244"}, role="Ripley", billing=1),)
    log = write(
        RunStarted(run="r1", gallery="https://g.example/", started_at=make.AT),
        make.person("Q56005", "Ridley Scott", {"wikidata": "Q56005"}, born="1937-11-30"),
        make.item("jw:tm1", make.record("justwatch", "tm1", {"imdb": "tt0078748"}, cast=cast, **facts)),
        make.item("jw:tm2", make.record("justwatch", "tm2", title="Blade Runner", year=1982, directors=(scott,))),
    )
    engine = make_engine(database_url)
    store = SqlStore(engine)
    ingest_once(lambda: SqlUnitOfWork(store), log)
    engine.dispose()
    versions = [script.revision for script in ScriptDirectory(str(INI.parent / "migrations")).walk_revisions()]
    states = [_rows(database_url, _tables(database_url))]
    assert {"movies", "cast", "external_ids", "source_record_ids", "field_provenance"} <= {
        t for t, r in states[0].items() if r
    }
    for version in versions[1:]:
        before = _rows(database_url, _tables(database_url))
        downgrade(database_url, version)
        left = _tables(database_url)
        after = _rows(database_url, left)
        assert {t: len(rows) for t, rows in after.items()} == {t: len(before[t]) for t in left}, version
        states.append(after)
    for version, state in zip(versions[-2::-1], states[-2::-1], strict=True):
        existing = _rows(database_url, _tables(database_url))
        upgrade(database_url, version)
        now = _rows(database_url, _tables(database_url))
        assert {t: len(now[t]) for t in existing} == {t: len(rows) for t, rows in existing.items()}, version
        complete = {t for t in existing if len(existing[t]) == len(state[t])}  # the others were dropped on the way down
        assert {"movies", "actors", "directors", "cast", "genres"} <= complete
    assert _rows(database_url, ["cast", "genres"]) == {t: states[0][t] for t in ("cast", "genres")}


def test_the_order_of_ids_goes_up_and_down_without_losing_one(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO movies (movie_id, title) VALUES (1, 'Alien'), (2, 'Aliens')"))
        connection.execute(
            text(
                "INSERT INTO external_ids (entity, namespace, value, entity_id) VALUES"
                " ('movie', 'imdb', 'tt1', 1), ('movie', 'tmdb', 'tt1', 2), ('actor', 'imdb', 'tt1', 3)"
            )
        )
    engine.dispose()
    before = _rows(database_url, ["external_ids"])
    for version in ("0012", "head"):
        downgrade(database_url, version) if version != "head" else upgrade(database_url)
        assert _rows(database_url, ["external_ids"]) == before
        with make_engine(database_url).begin() as connection, pytest.raises(IntegrityError):
            connection.execute(
                text("INSERT INTO external_ids (entity, namespace, value, entity_id) VALUES ('tree', 'imdb', 'x', 1)")
            )


def test_films_that_came_before_the_search_are_found_by_it_however_often_it_comes_and_goes(
    bare_database_url: str,
) -> None:
    upgrade(bare_database_url, "0005")
    engine = make_engine(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO movies (movie_id, title, plot) VALUES (7, 'Metropolis', 'A city.')"))
        connection.execute(text("INSERT INTO directors (director_id, name) VALUES (3, 'Fritz Lang')"))
        connection.execute(
            text("INSERT INTO movie_directors (movie_id, director_id, position) VALUES (7, 3, 1)"),
        )
    for _ in range(2):
        upgrade(bare_database_url)
        with engine.connect() as connection:
            hits = search_movies(connection, "lang city")
            assert connection.execute(select(hits.c.movie_id, hits.c.tier)).all() == [(7, 1)]
            meant = search_corrected(connection, "metropolus")
            assert meant is not None
            assert meant.replaced == {"metropolus": ["metropolis"]}
        downgrade(bare_database_url, "0005")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT title FROM movies")).all() == [("Metropolis",)]
    engine.dispose()


def test_a_database_that_is_down_is_one_clear_sentence() -> None:
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:1/films does not answer") as caught:
        upgrade("postgresql://me:secret@127.0.0.1:1/films")
    assert "secret" not in str(caught.value)


def test_a_database_that_the_server_does_not_have_is_one_clear_sentence(postgres_url: str) -> None:
    with pytest.raises(UnavailableError, match="does not answer") as caught:
        upgrade(postgres_url.replace("/postgres?", "/no_such_database?"))
    assert "\n" not in str(caught.value)
