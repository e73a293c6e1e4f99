"""What is found on a disk after a power cut: whole files, sound databases."""

import contextlib
import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

Check = Callable[[Path], object]
"""What a command has made in a folder, to be compared."""
MISSING = "missing"


class WrongResultError(Exception):
    """Something is not as it was promised."""


def gzips_whole(folder: Path, pattern: str, *, needed: bool) -> None:
    """Raises `WrongResultError` if a file can't be unpacked to its end, or if there is none where one is needed."""
    found = sorted(folder.glob(pattern))
    if needed and not found:
        raise WrongResultError(f"{pattern} is not there")
    for path in found:
        try:
            with gzip.open(path) as file:
                if not file.read(1):
                    raise WrongResultError(f"{path.name} is empty")
                while file.read(2**20):
                    pass
        except (OSError, EOFError, zlib.error) as error:
            raise WrongResultError(f"{path.name} is damaged: {error}") from None


def json_whole(folder: Path, pattern: str) -> None:
    """Raises `WrongResultError` if a file is no whole JSON."""
    for path in folder.glob(pattern):
        try:
            json.loads(path.read_bytes())
        except ValueError as error:
            raise WrongResultError(f"{path.name} of {path.stat().st_size} bytes is no JSON: {error}") from None


def same_text(folder: Path, pattern: str, text: str, *, needed: bool) -> None:
    """Raises `WrongResultError` if a file has another text, or if there is none where one is needed."""
    found = sorted(folder.glob(pattern))
    if needed and not found:
        raise WrongResultError(f"{pattern} is not there")
    for path in found:
        if path.read_text("utf-8") != text:
            raise WrongResultError(f"{path.name} has {path.stat().st_size} bytes, and other ones")


def rows(statement: str, name: str = "movie_db.sqlite") -> Check:
    """What a statement gives in a database, or what is wrong with it."""

    def check(folder: Path) -> object:
        if not (folder / name).exists():
            return MISSING
        try:
            with contextlib.closing(sqlite3.connect(folder / name)) as database:
                sound = database.execute("PRAGMA integrity_check").fetchone()[0]
                return database.execute(statement).fetchall() if sound == "ok" else f"damaged: {sound}"
        except sqlite3.Error as error:
            return f"damaged: {error}"

    return check


def whole(name: str, how: Callable[[Path], object] = Path.read_bytes) -> Check:
    """What is in a file, or a word for what is wrong with it."""

    def check(folder: Path) -> object:
        path = folder / name
        if not path.exists():
            return MISSING
        try:
            return how(path) if path.stat().st_size else "empty"
        except (sqlite3.Error, ValueError) as error:
            return f"damaged: {error}"

    return check


def tables(path: Path) -> dict[str, int]:
    """How many rows each table of a database has.

    Raises:
        ValueError: it is not sound.
    """
    with contextlib.closing(sqlite3.connect(path)) as database:
        if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise ValueError("integrity_check")
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%' ORDER BY name"
        names = [name for (name,) in database.execute(named)]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
