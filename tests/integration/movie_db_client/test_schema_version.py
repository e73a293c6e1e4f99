"""Migrations, on both databases."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import inspect, select, text

from movie_db.contract.errors import Unavailable, UsageError
from movie_db.movie_db_client import data_model
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import current, downgrade, needs_upgrade, newest, upgrade
from movie_db.movie_db_client.reading.searching import as_meant, as_written

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
            hits = as_written(connection, "lang city")
            assert connection.execute(select(hits.c.movie_id, hits.c.tier)).all() == [(7, 1)]
            meant = as_meant(connection, "metropolus")
            assert meant is not None
            assert meant.replaced == {"metropolus": ["metropolis"]}
        downgrade(bare_database_url, "0005")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT title FROM movies")).all() == [("Metropolis",)]
    engine.dispose()


def test_a_database_that_is_down_is_one_clear_sentence() -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1/films does not answer") as caught:
        upgrade("postgresql://me:secret@127.0.0.1:1/films")
    assert "secret" not in str(caught.value)


def test_a_database_that_the_server_does_not_have_is_one_clear_sentence(postgres_url: str) -> None:
    with pytest.raises(Unavailable, match="does not answer") as caught:
        upgrade(postgres_url.replace("/postgres?", "/no_such_database?"))
    assert "\n" not in str(caught.value)
