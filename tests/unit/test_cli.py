"""What the command refuses before it starts anything: one sentence that says what would be right, nothing written."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from movie_db.cli import main
from movie_db.movie_db_client.data_model.schema_version import upgrade

MAX = "https://www.justwatch.com/us/provider/max/movies"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`run(*arguments, **settings)` runs `movie-db …` in a folder that has all kinds of wrong things in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("a file that is no database, and no folder either\n")
    upgrade("sqlite:///newer.sqlite")
    for name, statement in (
        ("newer", "UPDATE alembic_version SET version_num = '9999'"),
        ("tunes", "CREATE TABLE tunes (name)"),
    ):
        with sqlite3.connect(f"{name}.sqlite") as database:
            database.execute(statement)
        database.close()

    def invoke(*arguments: str, **settings: str) -> Result:
        return CliRunner(env=settings).invoke(main, arguments, prog_name="movie-db", input="")

    return invoke


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "sentence"),
    [
        (["build"], {}, 2, "Missing argument 'URL|FILE|-'. movie-db build --help tells more."),
        (["build", ""], {}, 2, "An address is needed"),
        (["build", MAX, "--limit", "0"], {}, 2, "Invalid value for '--limit': 0 is not in the range x>=1."),
        (["build", MAX, "--limit", "x"], {}, 2, "Invalid value for '--limit': 'x' is not a valid integer range."),
        (["build", "https://example.org/movies"], {}, 2, "Known are: https://www.justwatch.com/<country>/provider/"),
        (["build", "https://www.justwatch.com/us/providers/max"], {}, 2, "/<country>/provider/<provider>/movies"),
        (["build", "https://www.justwatch.com/us/provider/max/tv-shows"], {}, 2, "end it in /movies"),
        (["build", f"{MAX}?colour=red"], {}, 2, "understood are genres, release_year_from, release_year_until"),
        (["build", MAX.replace("www", "me:word@www")], {}, 2, "A gallery's address has no user, password or port"),
        (["build", MAX.replace(".com", ".com:8443")], {}, 2, "A gallery's address has no user, password or port"),
        (["build", MAX.replace("www.justwatch.com", "127.0.0.1")], {}, 2, "No gallery is known at"),
        (["build", "nowhere.csv"], {}, 2, "There is no file nowhere.csv, and it is no address of a gallery either."),
        (["build", "folder"], {}, 2, "folder is a folder; a list of films is a CSV or text file."),
        (["build", MAX, "--replay", "nowhere.warc"], {}, 2, "no file nowhere.warc to replay: --replay takes a WARC"),
        (["build", MAX, "--replay", "folder"], {}, 2, "There is no file folder to replay"),
        (["build", MAX, "--record", "nowhere/x.warc.gz"], {}, 2, "--record takes a file in a folder that exists"),
        (["build", MAX, "--record", "folder"], {}, 2, "--record takes a file in a folder that exists"),
        (["build", MAX, "--record", "x", "--replay", "file"], {}, 2, "give --record or --replay, not both"),
        (["build", MAX, "--data", "file"], {}, 1, "file can't be written (Not a directory): --data names another."),
        (["build", MAX, "--data", "/proc/x"], {}, 1, "/proc/x can't be written"),
        (
            ["build", MAX, "--db", "nonsense"],
            {},
            2,
            "it is sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME",
        ),
        (
            ["build", MAX, "--db", "mysql://host/name"],
            {},
            2,
            "A database of 'mysql' can't be used: it is sqlite:///FILE",
        ),
        (
            ["build", MAX, "--db", "postgresql://host:x/name"],
            {},
            2,
            "The database's URL can't be read: it is sqlite://",
        ),
        (["build", MAX, "--db", "postgresql://me:word@127.0.0.1:1/x"], {}, 1, "127.0.0.1:1/x does not answer"),
        (["build", MAX, "--db", "sqlite:///nowhere/x"], {}, 1, "a database takes a file in a folder that exists"),
        (["build", MAX, "--db", "sqlite:///folder"], {}, 1, "a database takes a file in a folder that exists"),
        (["build", MAX, "--db", "sqlite:///file"], {}, 1, "file is no SQLite database, or a damaged one"),
        (
            ["build", MAX, "--db", "sqlite:///tunes.sqlite"],
            {},
            2,
            "tables of another program (tunes): use an empty one",
        ),
        (["build", MAX, "--db", "sqlite:///newer.sqlite"], {}, 2, "schema 9999, this program knows none newer"),
        (["build", MAX], {"MOVIE_DB_PACE": "fast"}, 2, "MOVIE_DB_PACE can't be read: Input should be 'polite' or"),
        (["build", MAX], {"MOVIE_DB_LOG_LEVEL": "loud"}, 2, "MOVIE_DB_LOG_LEVEL can't be read"),
        (
            ["build", MAX],
            {"MOVIE_DB_GATEWAY": "x"},
            2,
            "MOVIE_DB_GATEWAY can't be read: it takes the address of a service",
        ),
        (
            ["build", MAX],
            {"MOVIE_DB_WIKI_API": "ftp://x"},
            2,
            "MOVIE_DB_WIKI_API can't be read: it takes the address of",
        ),
        (["build", MAX, "--record", "x"], {"MOVIE_DB_GATEWAY": "http://x"}, 2, "unset MOVIE_DB_GATEWAY"),
        (["list", "folder"], {}, 2, "folder is a folder"),
        (["crawl", "nowhere.csv"], {}, 2, "There is no file nowhere.csv"),
        (["ingest"], {}, 2, "There are no logs in movie_data: --data takes the folder of a build or crawl."),
        (["export", "x.jsonl"], {}, 2, "There is no database movie_db.sqlite: movie-db build makes one"),
        (["export", "x.jsonl", "--db", "sqlite:///tunes.sqlite"], {}, 2, "tunes.sqlite is no database of movie_db"),
        (["export", "x.jsonl", "--db", "sqlite:///newer.sqlite"], {}, 2, "update movie_db"),
        (["export", "x.jsonl", "--db", "sqlite:///file"], {}, 1, "file is no SQLite database"),
        (["export", "x", "--format", "xml"], {}, 2, "'xml' is not one of 'jsonl', 'csv', 'parquet', 'sqlite'."),
        (["show", "Alien"], {}, 2, "There is no database movie_db.sqlite: movie-db build makes one"),
        (["db", "info"], {}, 2, "There is no database movie_db.sqlite: movie-db build makes one"),
        (["db", "upgrade", "--db", "sqlite:///tunes.sqlite"], {}, 2, "use an empty one"),
        (["db", "upgrade", "--db", "sqlite:///file"], {}, 1, "file is no SQLite database"),
        (["frobnicate"], {}, 2, "No such command 'frobnicate'."),
    ],
)
def test_what_can_not_be_is_refused_in_one_sentence(run, arguments, settings, code, sentence):
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    ended = run(*arguments, **settings)
    assert ended.exit_code == code, ended.output
    assert sentence in ended.stderr
    assert ended.stderr.startswith("movie-db: ")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""
    assert "word" not in ended.stderr.replace("password", "")
    after = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("target", ["folder", "nowhere/x.jsonl"])
def test_an_export_names_a_file_in_a_folder_that_exists(run, target):
    run("db", "upgrade")
    ended = run("export", target)
    assert ended.exit_code == 2
    assert ended.stderr.startswith("movie-db: ")
    assert ended.stderr.count("\n") == 1


def test_the_help_of_every_command_is_one_call_away(run):
    for command in main.commands:
        assert run(command, "--help").exit_code == 0
    assert "build" in run("--help").stdout


def test_the_schema_is_shown_table_by_table(run):
    assert run("db", "upgrade").stdout == "The database has the newest schema.\n"
    assert "release_date" in run("db", "info", "movies").stdout
    ended = run("db", "info", "films")
    assert ended.exit_code == 2
    assert "There is no table 'films'; the tables are actors" in ended.stderr
