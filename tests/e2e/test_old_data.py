"""A database and a data folder of version 0.1.0 (schema 0015) go on with the program of today, and lose nothing.

`data/schema_0015.tar.xz` holds them as commit 8abaaf0 left them, the last one before changes were stored as JSON of the
contract. In a checkout of it, with `MOVIE_DB_UPSTREAM` set to the web of its tests/e2e/conftest.py (`FaultyWeb`):

    movie-db build https://www.justwatch.com/us/provider/max/movies --limit 12
    movie-db pin "The Matrix" "tagline=Pinned long ago." --why "the poster"
    movie-db split "The Matrix Reloaded" "wikipedia:The Matrix Reloaded" --by Ann --why "another film's page"
    movie-db refresh --all

Before the refresh, that web gave The Matrix an IMDb score of 1.1 and its first actor the role `Another Part`. Then logs
and locks were deleted, the database was vacuumed, and the archive lost its answers of more than 5,000 bytes.
"""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from movie_db.movie_db_client.data_model.schema_version import downgrade, newest, upgrade

OLD = Path(__file__).parent / "data" / "schema_0015.tar.xz"
PIN = (1, "tagline", '"Pinned long ago."', "the poster")
DECISION = ("justwatch:tm11|wikipedia:The Matrix Reloaded", "different", "Ann", "another film's page")
MATRIX = "The Matrix (1999): "
TEXTS = [
    f"{MATRIX}cast +Keanu Reeves as Another Part, -Keanu Reeves as Thomas A. Anderson / Neo (justwatch)",
    f"{MATRIX}rating 8.7 → 1.1 (justwatch)",
]
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def old(workplace: Any) -> Any:
    """A place with the old database and the old data folder."""
    with tarfile.open(OLD) as packed:
        packed.extractall(workplace.folder, filter="data")
    return workplace


def select(place: Any, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(place.folder / "movie_db.sqlite")) as database:
        return database.execute(query).fetchall()


def all_rows(place: Any) -> Rows:
    """All rows of all tables as they are stored, ids and times too; the index of words aside."""
    tables = [name for (name,) in select(place, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    tables = [name for name in tables if not name.startswith(("movie_fts", "alembic_", "sqlite_"))]
    return {name: sorted(select(place, f'SELECT * FROM "{name}"'), key=repr) for name in tables}


def succeed(place: Any, *arguments: str, **environment: str) -> str:
    ended = place.run(*arguments, **environment)
    assert ended.code == 0, ended.said
    return str(ended.out)


def numbers(place: Any) -> dict[str, int]:
    """The movies' numbers by JustWatch id; each id has one movie, and each movie one id."""
    pairs = select(
        place, "SELECT value, entity_id FROM external_ids WHERE entity = 'movie' AND namespace = 'justwatch'"
    )
    found = dict(pairs)
    assert len(found) == len(set(found.values())) == len(pairs)
    assert set(found.values()) == {number for (number,) in select(place, "SELECT movie_id FROM movies")}
    return found


def changes(place: Any) -> list[str]:
    """The changes as people read them, their times aside."""
    return [line.partition("  ")[2] for line in succeed(place, "changes", "--since", "2026-01-01").splitlines()]


def assert_what_people_said_is_kept(place: Any) -> None:
    assert select(place, "SELECT movie_id, field, value, note FROM pins") == [PIN]
    assert select(place, "SELECT tagline FROM movies WHERE tagline IS NOT NULL") == [("Pinned long ago.",)]
    assert select(place, "SELECT key, verdict, decided_by, note FROM decisions") == [DECISION]
    reloaded = "SELECT source FROM source_records JOIN movies USING (movie_id) WHERE title = 'The Matrix Reloaded'"
    assert sorted(select(place, reloaded)) == [("justwatch",), ("wikidata",)]


def version(place: Any) -> Any:
    return select(place, "SELECT version_num FROM alembic_version")[0][0]


def test_an_old_database_is_upgraded_and_downgraded_without_loss(old: Any) -> None:
    before = all_rows(old)
    assert version(old) == "0015"
    ended = old.run("show", "The Matrix")
    assert (ended.code, ended.said) == (
        2,
        ["movie-db: The database movie_db.sqlite has an older schema: update it with movie-db db upgrade."],
    )
    succeed(old, "db", "upgrade")
    assert version(old) == newest()
    upgraded = all_rows(old)
    assert {name for name in before if before[name] != upgraded[name]} == {"changes"}
    assert changes(old) == TEXTS
    assert "Pinned long ago." in succeed(old, "show", "The Matrix")
    assert_what_people_said_is_kept(old)
    downgrade(old.database, "0015")
    assert all_rows(old) == before
    upgrade(old.database)
    assert all_rows(old) == upgraded


def test_an_old_log_alone_gives_the_same_movies(old: Any) -> None:
    (old.folder / "movie_db.sqlite").rename(old.folder / "before.sqlite")
    assert "0 rejected" in succeed(old, "ingest")
    with closing(sqlite3.connect(old.folder / "before.sqlite")) as database:
        titles = database.execute("SELECT title, release_year, rating FROM movies ORDER BY title").fetchall()
    assert select(old, "SELECT title, release_year, rating FROM movies ORDER BY title") == titles
    assert len(numbers(old)) == len(titles) == 12


def test_an_old_database_and_its_folder_are_built_and_refreshed_again(old: Any, whole: Any, web: Any) -> None:
    before, read = numbers(old), select(old, "SELECT segment, position FROM ingest_progress")
    segments = {path: path.read_bytes() for path in old.folder.glob("movie_data/*_list/*.jsonl")}
    upgrade(old.database)

    ended = old.end(old.build())
    assert ended.code == 0, ended.said
    built, recorded = numbers(old), numbers(whole[0])
    assert before.items() <= built.items(), "the old movies keep their numbers"
    assert built.keys() == before.keys() | recorded.keys(), "what the recording lists is there once, beside the rest"
    left = select(old, "SELECT key FROM gallery_entries WHERE left_at IS NOT NULL")
    assert {key.removeprefix("justwatch:") for (key,) in left} == before.keys() - recorded.keys()
    assert {path: path.read_bytes() for path in segments} == segments, "segments are only ever added to"
    progress = dict(select(old, "SELECT substr(segment, instr(segment, ':') + 1), position FROM ingest_progress"))
    assert len(select(old, "SELECT segment FROM ingest_progress")) == len(read) + 2, "nothing old is read again"
    assert dict(read).items() <= progress.items()
    assert_what_people_said_is_kept(old)

    settings = {"MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
    succeed(old, "refresh", "--all", **settings)
    assert numbers(old) == built
    assert web.asked
    assert_what_people_said_is_kept(old)

    refreshed, told = all_rows(old), changes(old)
    assert told[:2] == TEXTS
    assert any(text.startswith(f"{MATRIX}rating 1.1 → ") for text in told)
    assert any(text.startswith(f"{MATRIX}cast +Keanu Reeves as Thomas A. Anderson / Neo, ") for text in told)
    downgrade(old.database, "0015")
    assert version(old) == "0015"
    upgrade(old.database)
    again = all_rows(old)
    assert {name for name in refreshed if refreshed[name] != again[name]} <= {"changes"}
    assert changes(old) == told
    assert_what_people_said_is_kept(old)
