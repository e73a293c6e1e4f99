"""What the command refuses: `python benchmarks/bad_input.py` tries it all and prints what is said.

The tests try the same cases: `AT_ONCE` is refused before anything is started, `LATE` when a service finds it out.
"""

import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from movie_db.movie_db_client.data_model.schema_version import upgrade

Case = tuple[list[str], dict[str, str], int, str]
"""Arguments of `movie-db`, settings, exit code, and a part of the sentence that is said."""

ROOT: Final = Path(__file__).resolve().parents[1]
RECORDING: Final = ROOT / "sample" / "max.warc.gz"
MAX: Final = "https://www.justwatch.com/us/provider/max/movies"
NETFLX: Final = "https://www.justwatch.com/us/provider/netflx/movies"
GERMAN: Final = "https://www.justwatch.com/de/provider/netflix/movies"
REPLAY: Final = ["--replay", str(RECORDING)]
NOWHERE: Final = {"MOVIE_DB_GATEWAY": "http://127.0.0.1:9", "MOVIE_DB_WIKI_API": "http://127.0.0.1:9"}
PR_CAPBSET_DROP: Final = 24
CAP_DAC_OVERRIDE: Final = 1
"""Of <linux/prctl.h> and <linux/capability.h>."""
SMALL: Final = 300_000
"""Bytes that a file may have where a disk is to be full."""


def prepare(folder: Path) -> None:
    """Puts all kinds of wrong things into a folder."""
    (folder / "folder").mkdir()
    (folder / "shut").mkdir(mode=0o555)
    (folder / "file").write_text("a file that is no database, and no folder either\n")
    (folder / "latin1.csv").write_bytes("title,year\nAmélie,2001\n".encode("latin-1"))
    (folder / "cut.warc.gz").write_bytes(RECORDING.read_bytes()[:100])
    for data, archive in (("data1", "a file that is no archive\n" * 50), ("data2", None)):
        path = folder / data / "archive.sqlite"
        path.parent.mkdir()
        path.write_text(archive) if archive else path.mkdir()
    for name, statement in (
        ("newer", "UPDATE alembic_version SET version_num = '9999'"),
        ("tunes", "CREATE TABLE tunes (name)"),
    ):
        if name == "newer":
            upgrade(f"sqlite:///{folder}/newer.sqlite")
        with sqlite3.connect(folder / f"{name}.sqlite") as database:
            database.execute(statement)
        database.close()


AT_ONCE: Final[list[Case]] = [
    (["build"], {}, 2, "Missing argument 'URL|FILE|-'. See movie-db build --help."),
    (["parse", "tmdb", "nowhere.json"], {}, 2, "File 'nowhere.json' does not exist."),
    (["parse", "imdb", "file"], {}, 2, "'imdb' is not a source that can be read: use one of justwatch,"),
    (["parse", "tmdb", "file"], {}, 1, "TMDB returned something damaged instead of JSON."),
    (["build", ""], {}, 2, "An address is needed"),
    (["build", MAX, "--limit", "0"], {}, 2, "Invalid value for '--limit': 0 is not in the range x>=1."),
    (["build", MAX, "--language", "italian"], {}, 2, "--language can't be read: it takes language codes"),
    (["build", MAX, "--language", "it,,de"], {}, 2, "in order of preference, such as it or it,de, not ''"),
    (["build", MAX], {"MOVIE_DB_LANGUAGE": "xx"}, 2, "MOVIE_DB_LANGUAGE can't be read: it takes language codes"),
    (["build", MAX, "--limit", "x"], {}, 2, "Invalid value for '--limit': 'x' is not a valid integer range."),
    (["build", "https://example.org/movies"], {}, 2, "Supported are: https://www.justwatch.com/<country>/provider/"),
    (["build", "https://www.justwatch.com/us/provider"], {}, 2, "/<country>/provider/<provider>/movies"),
    (["build", "https://www.justwatch.com/us/provider/max/tv-shows"], {}, 2, "end the address in /movies"),
    (["build", f"{MAX}?colour=red"], {}, 2, "Supported filters: genres, release_year_from, release_year_until"),
    (["build", MAX.replace("www", "me:word@www")], {}, 2, "A gallery's address has no user, password or port"),
    (["build", MAX.replace(".com", ".com:8443")], {}, 2, "A gallery's address has no user, password or port"),
    (["build", MAX.replace("www.justwatch.com", "127.0.0.1")], {}, 2, "No gallery is known at"),
    (["build", "nowhere.csv"], {}, 2, "There is no file nowhere.csv, and it is not the address of a gallery either."),
    (["build", "folder"], {}, 2, "folder is a folder; a list of movies is a file."),
    (["build", MAX, "--replay", "nowhere.warc"], {}, 2, "no file nowhere.warc to replay: --replay takes a WARC"),
    (["build", MAX, "--replay", "folder"], {}, 2, "There is no file folder to replay"),
    (["build", MAX, "--record", "nowhere/x.warc.gz"], {}, 2, "does not exist: name one that does"),
    (["build", MAX, "--record", "folder"], {}, 2, "folder is a folder: name a file"),
    (["build", MAX, "--record", "x", "--replay", "file"], {}, 2, "give --record or --replay, not both"),
    (
        ["build", MAX, "--data", "file"],
        {},
        1,
        "file can't be written (Not a directory). Choose another one with --data.",
    ),
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
    (["build", MAX, "--db", "sqlite:///nowhere/x"], {}, 1, "a database needs a file in an existing, writable folder"),
    (["build", MAX, "--db", "sqlite:///folder"], {}, 1, "a database needs a file in an existing, writable folder"),
    (["build", MAX, "--db", "sqlite:///file"], {}, 1, "file is not an SQLite database, or is damaged"),
    (
        ["build", MAX, "--db", "sqlite:///tunes.sqlite"],
        {},
        2,
        "tables of another program (tunes): use an empty one",
    ),
    (["build", MAX, "--db", "sqlite:///newer.sqlite"], {}, 2, "schema 9999, and this program supports up to"),
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
    (["export", "x.jsonl"], {}, 2, "There is no database movie_db.sqlite: create it with movie-db build"),
    (["export", "x.jsonl", "--db", "sqlite:///tunes.sqlite"], {}, 2, "tunes.sqlite is not a database of movie_db"),
    (["export", "x.jsonl", "--db", "sqlite:///newer.sqlite"], {}, 2, "update movie_db"),
    (["export", "x.jsonl", "--db", "sqlite:///file"], {}, 1, "file is not an SQLite database"),
    (["export", "x", "--format", "xml"], {}, 2, "'xml' is not one of 'jsonl', 'csv', 'parquet', 'sqlite'."),
    (["show", "Alien"], {}, 2, "There is no database movie_db.sqlite: create it with movie-db build"),
    (["db", "info"], {}, 2, "There is no database movie_db.sqlite: create it with movie-db build"),
    (["db", "upgrade", "--db", "sqlite:///tunes.sqlite"], {}, 2, "use an empty one"),
    (["db", "upgrade", "--db", "sqlite:///file"], {}, 1, "file is not an SQLite database"),
    (["frobnicate"], {}, 2, "No such command 'frobnicate'."),
    (["build", MAX], {"MOVIE_DB_DATABASE_URL": "nonsense"}, 2, "it is sqlite:///FILE or postgresql://"),
    (["build", MAX], {"MOVIE_DB_DATA": "file"}, 1, "file can't be written (Not a directory)"),
    (["build", MAX], {"MOVIE_DB_CLIENT_API": "x"}, 2, "MOVIE_DB_CLIENT_API can't be read"),
    (
        ["build", MAX],
        {"MOVIE_DB_WIKIPEDIA_HOST": "evil.example"},
        2,
        "MOVIE_DB_WIKIPEDIA_HOST can't be read: it takes a Wikipedia",
    ),
]

LATE: Final[list[Case]] = [
    (["build", MAX, "--replay", "cut.warc.gz"], {}, 2, "cut.warc.gz is not a readable WARC file"),
    (["build", MAX, "--replay", "file"], {}, 2, "file is not a readable WARC file"),
    (["build", MAX], {"MOVIE_DB_UPSTREAM": "nonsense"}, 2, "MOVIE_DB_UPSTREAM takes the address of a stand-in web"),
    (["build", MAX], {"MOVIE_DB_CONTACT": "me (at home)"}, 2, "MOVIE_DB_CONTACT takes a mail address"),
    (["build", MAX], {"MOVIE_DB_LOGS": "file"}, 1, "file can't be written"),
    (["build", "latin1.csv", *REPLAY], {}, 2, "latin1.csv is not UTF-8 (line 2): save it as UTF-8."),
    (["build", NETFLX, *REPLAY], {}, 2, "has no provider 'netflx' in this country; the most similar are netflix"),
    (["build", GERMAN, *REPLAY], {}, 1, "The recording has no answer to POST https://apis.justwatch.com/graphql"),
    (["build", MAX], NOWHERE, 1, "The service at 127.0.0.1:9 isn't running"),
    (["build", MAX, "--data", "data1"], {}, 1, "archive.sqlite is damaged, or not an archive of movie_db"),
    (["build", MAX, "--data", "data2"], {}, 1, "The archive data2/archive.sqlite can't be used"),
]

SHUT: Final[list[Case]] = [
    (["build", MAX, "--data", "shut/x"], {}, 1, "shut/x can't be written (Permission denied)"),
    (["build", MAX, "--db", "sqlite:///shut/x"], {}, 1, "a database needs a file in an existing, writable folder"),
]
"""Tried without root's right to write everywhere."""

FULL: Final[list[Case]] = [
    (
        ["build", MAX, *REPLAY],
        {},
        1,
        "The database movie_db.sqlite can't be written (disk I/O error): it needs free space",
    ),
]
"""Tried where no file may be larger than `SMALL`."""


def attempt(case: Case, folder: Path, before: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
    """Tries a case as a user would, in a folder; `before` is what the process does first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOVIE_DB_")}
    return subprocess.run(
        [sys.executable, "-c", "from movie_db.cli import main; main(prog_name='movie-db')", *case[0]],
        cwd=folder,
        env=kept | case[1],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


def small_files() -> None:
    """No file of this process may grow beyond `SMALL`: what a full disk is like, without a disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


def no_override() -> None:
    """If root is who tries, then folders that are shut are shut for root, too, once the program is started."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def main() -> None:
    print("| input | said | exit code |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as temporary:
        prepare(wrong := Path(temporary))
        print_table(wrong)


def print_table(wrong: Path) -> None:
    """Tries every case in a copy of the folder of wrong things."""
    for cases, before in ((LATE, None), (SHUT, no_override), (FULL, small_files), (AT_ONCE, None)):
        for case in cases:
            with tempfile.TemporaryDirectory() as temporary:
                folder = Path(temporary)
                shutil.copytree(wrong, folder, dirs_exist_ok=True)
                ended = attempt(case, folder, before)
            settings = "".join(f"{name}={value} " for name, value in case[1].items())
            words = (word.replace(str(ROOT), "…") for word in case[0])
            asked = f"{settings}movie-db {' '.join(w if w and ' ' not in w else repr(w) for w in words)}"
            said = " ".join(ended.stderr.split()).removeprefix("movie-db: ").replace("|", "\\|").replace(str(ROOT), "…")
            right = ended.returncode == case[2] and case[3] in ended.stderr and ended.stderr.count("\n") == 1
            asked = asked.replace("|", "\\|")
            mark = "" if right else " **(expected otherwise)**"
            print(f"| `{asked}` | {said}{mark} | {ended.returncode} |", flush=True)


if __name__ == "__main__":
    main()
