"""A command writes over nothing that it reads, and over no database, log, archive or recording."""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from movie_db.cli.app import main
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.web_gateway.archive import Archive
from movie_db.web_gateway.warc import export_warc

DB = ("--db", "sqlite:///movies.sqlite")
LIST = "title,year,ids.imdb\nHeat,1995,tt0113277\nRonin,1998,tt0122690\n"
WRITERS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "export": lambda path: ("export", "--format", "sqlite", path, *DB),
    "pins": lambda path: ("pins", "--export", path, *DB),
    "review": lambda path: ("review", "--export", path, *DB),
    "backup": lambda path: ("db", "backup", path, *DB),
    "match": lambda path: ("match", "movies.sqlite", "mine.csv", "--out", path),
    "match by URL": lambda path: ("match", "mine.csv", "sqlite:///movies.sqlite", "--out", path),
    "record": lambda path: ("build", "mine.csv", "--record", path, *DB),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, an archive, a recording, a log and lists."""
    folder = tmp_path_factory.mktemp("filled")
    upgrade(f"sqlite:///{folder}/movies.sqlite")
    shutil.copy(folder / "movies.sqlite", folder / "other.csv")
    Archive(folder / "archive.db").close()
    shutil.copy(folder / "archive.db", folder / "archive.csv")
    export_warc(folder / "archive.db", folder / "empty.warc.gz")
    (folder / "answers.csv").write_bytes(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n"))
    (folder / "plain.csv").write_bytes(b"WARC/1.1\r\nWARC-Type: response\r\n")
    (folder / "log.csv").write_text('{"v":1,"run":"r","type":"run_started","gallery":"' + "x" * 100_000 + '"}\n')
    (folder / "mine.csv").write_text(LIST)
    (folder / "yours.csv").write_text(LIST.replace("ids.imdb", "imdb"))
    return folder


@pytest.fixture
def run(filled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`run(*arguments)` runs `movie-db …` in such a folder."""
    shutil.copytree(filled, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return lambda *arguments: CliRunner().invoke(main, arguments, prog_name="movie-db", input="")


def everything() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def refused(run: Any, *arguments: str) -> str:
    """What is said of a command that changes nothing."""
    before = everything()
    ended = run(*arguments)
    assert ended.exit_code == 2, ended.output
    assert ended.stderr.startswith("movie-db: ")
    assert ended.stderr.count("\n") == 1
    assert everything() == before
    return str(ended.stderr)


@pytest.mark.parametrize("path", ["movies.sqlite", "./movies.sqlite", "symbolic", "hard", "up/../movies.sqlite"])
@pytest.mark.parametrize("command", WRITERS)
def test_the_database_in_use_is_never_written_over_by_whatever_name(run: Any, command: Any, path: str) -> None:
    Path("symbolic").symlink_to("movies.sqlite")
    os.link("movies.sqlite", "hard")
    Path("up").mkdir()
    for force in ((), ("--force",)):
        assert str(Path(path)) in refused(run, *WRITERS[command](path), *force)
    assert Path("symbolic").is_symlink()


@pytest.mark.parametrize("path", ["movies.sqlite-wal", "movies.sqlite-shm", "movies.sqlite-journal"])
def test_what_belongs_to_the_database_in_use_is_not_written_over(run: Any, path: str) -> None:
    for force in ((), ("--force",)):
        assert "is read by this command" in refused(run, *WRITERS["pins"](path), *force)


def test_a_url_is_no_file(run: Any) -> None:
    for command in ("export", "record", "pins"):
        assert "name a file" in refused(run, *WRITERS[command]("sqlite:///movies.sqlite"))


@pytest.mark.parametrize("path", ["other.csv", "archive.csv", "answers.csv", "plain.csv", "log.csv"])
def test_databases_archives_recordings_and_logs_stay_whatever_their_name(run: Any, path: str) -> None:
    shutil.copy(path, "without_suffix")
    for target in (path, "without_suffix"):
        for force in ((), ("--force",)):
            assert "write to another file" in refused(run, "pins", "--export", target, *DB, *force)


def test_a_new_file_is_not_put_among_the_logs(run: Any) -> None:
    Path("movie_data/item_list").mkdir(parents=True)
    assert "folder of logs" in refused(run, "export", "movie_data/item_list/films.jsonl", *DB)


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_list_that_is_read_is_never_written_over(run: Any, force: Any) -> None:
    Path("link.csv").symlink_to("yours.csv")
    for out in ("mine.csv", "yours.csv", "link.csv", "./mine.csv"):
        assert "is read by" in refused(run, "match", "mine.csv", "yours.csv", "--out", out, *force)
    Path("bare").write_text("Heat\n")
    assert "is read by" in refused(run, "build", "bare", "--record", "bare", *DB, *force)
    assert "is read by" in refused(run, "build", "mine.csv", "--record", "new", "--db", "sqlite:///new", *force)


def test_a_database_that_can_not_be_read_is_not_taken_for_something_else(run: Any) -> None:
    Path("broken.sqlite").write_bytes(b"SQLite format 3\0" + bytes(100))
    assert "can't be read" in refused(run, *WRITERS["export"]("broken.sqlite"), "--force")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", "Milk, eggs"),
        ("films.csv", "Title,Seen\nHeat,yes\n"),
        ("titles.csv", "Heat\nRonin\n"),
        ("films", "anything"),
        ("films.jsonl", '{"my": "own"}\n'),
    ],
)
def test_a_file_that_holds_something_else_is_replaced_only_by_force(run: Any, name: Any, content: Any) -> None:
    Path(name).write_text(content)
    form = "jsonl" if name.endswith("jsonl") else "csv"
    assert "use --force to replace it" in refused(run, "export", "--format", form, name, *DB)
    assert run("export", "--format", form, name, *DB, "--force").exit_code == 0
    assert Path(name).read_text() != content


def test_a_database_of_another_program_is_replaced_only_by_force(run: Any) -> None:
    with closing(sqlite3.connect("tunes.sqlite")) as tunes:
        tunes.execute("CREATE TABLE tunes (name)")
    assert "use --force to replace it" in refused(run, *WRITERS["export"]("tunes.sqlite"))
    assert run(*WRITERS["export"]("tunes.sqlite"), "--force").exit_code == 0


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "sqlite"])
def test_an_older_export_and_an_empty_file_are_replaced(run: Any, form: str) -> None:
    for name in (f"films.{form}", "films"):
        Path(name).touch()
        for _ in range(2):
            ended = run("export", "--format", form, name, *DB)
            assert ended.exit_code == 0, ended.output


def test_a_text_without_rows_under_a_name_of_the_format_counts_as_empty(run: Any) -> None:
    for form in ("csv", "jsonl"):
        Path(f"films.{form}").write_text("an older one\n")
        assert run("export", f"films.{form}", *DB).exit_code == 0
    Path("films.txt").write_text("an older one\n")
    assert "use --force to replace it" in refused(run, "export", "films.txt", *DB)


def test_an_older_export_with_films_of_any_length_is_known(run: Any) -> None:
    Path("films.jsonl").write_text(
        json.dumps({"title": "A", "original_title": None, "alternative_titles": ["x" * 99_999]})
    )
    assert run("export", "films.jsonl", *DB).exit_code == 0


def test_older_pins_pairs_and_links_are_replaced(run: Any) -> None:
    for arguments in (("pins", "--export", "a.csv", *DB), ("review", "--export", "b.csv", *DB)):
        assert run(*arguments).exit_code == 0
        assert run(*arguments).exit_code == 0
    for out in ("c.csv", "c.jsonl"):
        for _ in range(2):
            assert run("match", "mine.csv", "yours.csv", "--out", out).exit_code == 0
    assert Path("c.jsonl").read_text().startswith('{"left"')
    assert "use --force to replace it" in refused(run, "pins", "--export", "c.csv", *DB), "those are links"


@pytest.mark.parametrize(("name", "starts"), [("a.csv", b"title,"), ("a.SQLITE", b"SQLite"), ("a.parquet", b"PAR1")])
def test_without_a_format_the_name_of_the_file_says_it(run: Any, name: Any, starts: Any) -> None:
    assert run("export", name, *DB).exit_code == 0
    assert Path(name).read_bytes().startswith(starts)


def test_a_name_that_promises_another_format_is_refused(run: Any) -> None:
    for arguments in (
        ("export", "--format", "jsonl", "a.csv", *DB),
        ("export", "--format", "csv", "a.jsonl.gz", *DB),
        ("export", "a.xlsx", *DB),
        ("export", "a.json", *DB),
        ("match", "mine.csv", "yours.csv", "--out", "a.parquet"),
        ("pins", "--export", "a.sqlite", *DB),
        ("review", "--export", "a.jsonl", *DB),
        ("db", "backup", "a.csv", *DB),
        ("build", "mine.csv", "--record", "a.csv", *DB),
        ("build", "mine.csv", "--record", "a.csv.gz", *DB),
    ):
        assert "has the suffix of" in refused(run, *arguments)


def test_what_is_said_does_not_come_into_a_file_that_is_standard_output(run: Any, tmp_path: Path) -> None:
    with open(tmp_path / "out.csv", "wb") as out:
        arguments = [sys.executable, "-m", "movie_db.cli", "export", "--format", "csv", "/dev/stdout", *DB]
        told = subprocess.run(arguments, stdout=out, stderr=subprocess.PIPE, check=True).stderr
    assert b"movies in /dev/stdout" in told
    (line,) = (tmp_path / "out.csv").read_text().splitlines()
    assert line.startswith("title,original_title,")
    assert Path("/dev/stdout").is_symlink()
