"""A backup is there whole or not at all, and a restore checks what it restores."""

import multiprocessing
import random
import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.files import write_atomically
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine, url_of
from movie_db.movie_db_client.data_model.schema_version import downgrade, upgrade
from movie_db.movie_db_client.exporting.export import MoviesToExport, export_movies
from movie_db.movie_db_client.repository.backups import back_up, restore
from movie_db.movie_db_client.repository.copying import copy
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.web_gateway.archive import Archive

MOVIES = Base.metadata.tables["movies"]
_FORK = multiprocessing.get_context("fork")


def fill(url: str, films: int) -> None:
    store = SqlStore(make_engine(url))
    with SqlUnitOfWork(store) as unit:
        unit.repository.insert("movies", [{"title": f"Film {n}"} for n in range(films)])
        unit.commit()
    store.engine.dispose()


def count(url: str) -> int:
    engine = make_engine(url)
    with engine.connect() as connection:
        found: int = connection.execute(select(func.count()).select_from(MOVIES)).scalar_one()
    engine.dispose()
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def backup(new_database: Callable[..., str], tmp_path: Path) -> Path:
    """A backup of three films, alone in its folder."""
    url = new_database("sqlite")
    fill(url, 3)
    (tmp_path / "kept").mkdir()
    assert back_up(url, tmp_path / "kept" / "backup.sqlite") == 3
    return tmp_path / "kept" / "backup.sqlite"


def test_a_backup_is_one_file_and_comes_back_into_either_database(
    database_url: str, new_database: Callable[..., str], tmp_path: Path
) -> None:
    fill(database_url, 3)
    (tmp_path / "kept").mkdir()
    kept = tmp_path / "kept" / "a b?#%41.sqlite"
    assert back_up(database_url, kept) == 3
    assert names(kept.parent) == {kept.name}
    before = kept.read_bytes()
    for target in (new_database("sqlite"), new_database("postgresql"), url_of(tmp_path / "new %41?.sqlite")):
        assert restore(kept, target) == 3
        assert count(target) == 3
        with pytest.raises(UsageError, match="already has rows"):
            restore(kept, target)
    assert (names(kept.parent), kept.read_bytes()) == ({kept.name}, before)
    assert "new %41?.sqlite" in names(tmp_path)


def test_a_backup_through_a_link_leaves_the_link(new_database: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    back_up(new_database("sqlite"), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes().startswith(b"SQLite format 3")


def _damage(file: Path) -> None:
    with file.open("r+b") as result:
        result.seek(4096 * 3)
        result.write(b"\xff" * 4096 * 8)


def _cut(file: Path) -> None:
    with file.open("r+b") as result:
        result.truncate(file.stat().st_size // 2)


def _orphan(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT INTO movie_genres (movie_id, genre_id) VALUES (999, 999)")


def _empty(file: Path) -> None:
    file.unlink()
    upgrade(url_of(file))


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def _archive(file: Path) -> None:
    file.unlink()
    Archive(file).close()


def _export(file: Path) -> None:
    engine = make_engine(url_of(file))
    export_movies(MoviesToExport(engine), "sqlite", file.with_name("export"))
    engine.dispose()
    file.with_name("export").replace(file)


@pytest.mark.parametrize(
    ("spoil", "output"),
    [
        (_damage, "is damaged"),
        (_cut, "is damaged"),
        (_orphan, "is damaged .*missing"),
        (_empty, "has no rows"),
        (_newer, "update movie_db"),
        (_archive, "not a database of movie_db"),
        (_export, "not a database of movie_db"),
        (lambda file: file.write_bytes(b""), "not a backup"),
        (lambda file: file.write_text("title\nHeat\n"), "not a backup"),
    ],
)
def test_what_is_no_whole_backup_is_refused_before_anything_is_written(
    backup: Path, tmp_path: Path, spoil: Callable[[Path], Any], output: str, new_database: Callable[..., str]
) -> None:
    spoil(backup)
    with pytest.raises(UsageError, match=output):
        restore(backup, url_of(tmp_path / "new.sqlite"))
    assert not (tmp_path / "new.sqlite").exists()
    target = new_database("postgresql")
    with pytest.raises(UsageError, match=output):
        restore(backup, target)
    assert count(target) == 0


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_stays_as_it_is(backup: Path, tmp_path: Path) -> None:
    downgrade(url_of(backup), "-1")
    before = backup.read_bytes()
    assert restore(backup, url_of(tmp_path / "new.sqlite")) == 3
    assert backup.read_bytes() == before


def test_the_file_of_a_database_in_use_is_restored_with_what_its_log_holds(
    new_database: Callable[..., str], tmp_path: Path
) -> None:
    url = new_database("sqlite")
    engine = make_engine(url)
    with engine.connect():
        fill(url, 5)
        file = Path(url.removeprefix("sqlite:///"))
        assert file.with_name(f"{file.name}-wal").stat().st_size
        assert restore(file, url_of(tmp_path / "new.sqlite")) == 5
    engine.dispose()


def test_a_backup_of_nothing_makes_no_file(tmp_path: Path) -> None:
    for make in (back_up, lambda url, file: copy(url, url_of(file))):
        with pytest.raises(UsageError, match="There is no database"):
            make(url_of(tmp_path / "absent"), tmp_path / "b")
    assert names(tmp_path) == set()


def _films_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        found: int = database.execute("SELECT count(*) FROM movies").fetchone()[0]
    return found


def _restore_from(url: str, file: Path) -> None:
    restore(Path(url.removeprefix("sqlite:///")), url_of(file))


WORK: dict[str, tuple[Callable[[str, Path], Any], Callable[[Path], int]]] = {
    "backup": (back_up, _films_in),
    "copy": (lambda url, file: copy(url, url_of(file)), _films_in),
    "restore": (_restore_from, _films_in),
    "export sqlite": (lambda url, file: export_movies(MoviesToExport(make_engine(url)), "sqlite", file), _films_in),
    "export jsonl": (
        lambda url, file: export_movies(MoviesToExport(make_engine(url)), "jsonl", file),
        lambda file: file.read_bytes().count(b"\n"),
    ),
}


@pytest.mark.parametrize(
    ("work", "rounds"), [("backup", 10), ("restore", 3), ("export sqlite", 10), ("export jsonl", 10)]
)
def test_who_is_killed_leaves_a_whole_file_or_none_and_the_next_one_clears_up(
    new_database: Callable[..., str], tmp_path: Path, work: str, rounds: int
) -> None:
    films, (make, holder) = 300, WORK[work]
    url, out = new_database("sqlite"), tmp_path / "out"
    fill(url, films)
    out.mkdir()
    begun = time.monotonic()
    make(url, out / "first")
    lasts = time.monotonic() - begun
    chance = random.Random(work)
    killed = 0
    for number in range(rounds):
        file = out / f"file_{number}"
        child = _FORK.Process(target=make, args=(url, file))
        child.start()
        child.join(lasts * (number + chance.random()) / rounds)  # the first rounds end early on any machine
        killed += child.is_alive()
        child.kill()
        child.join()
        assert not file.exists() or holder(file) == films
    assert killed, "no round ended early"
    for number in range(rounds):  # writers of other content, which is quicker
        write_atomically(out / f"file_{number}", "")
    assert names(out) == {"first", *(f"file_{number}" for number in range(rounds))}


@pytest.mark.parametrize("work", WORK)
def test_a_disk_without_room_is_told_and_leaves_what_was_there(
    new_database: Callable[..., str], tmp_path: Path, work: str
) -> None:
    url, out = new_database("sqlite"), tmp_path / "out"
    fill(url, 4000)
    out.mkdir()
    result = _FORK.SimpleQueue()

    def fail() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            WORK[work][0](url, out / "file")
        except UnavailableError as error:
            result.put(str(error))
        else:
            result.put("")

    child = _FORK.Process(target=fail)
    child.start()
    child.join()
    output = result.get()
    assert output.endswith(".")
    assert "\n" not in output
    assert names(out) == set()
