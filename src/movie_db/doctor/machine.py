"""Checks of this machine: Python, the installed extras, the clock, the data folder, the disk."""

import json
import os
import platform
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

from movie_db.doctor.report import Check

OLDEST_PYTHON: Final = (3, 11)
BUILT: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""The date of this program; a clock that is earlier is wrong."""
LITTLE: Final = 2 * 2**30
TOO_LITTLE: Final = 200 * 2**20
AHEAD: Final = timedelta(minutes=10)
_REMOTE: Final = re.compile(r"nfs|cifs|smb|9p|sshfs|webdav|davfs|ceph|gluster|afs|vboxsf|drvfs|lustre|s3|rclone|prl_fs")
_TRIAL: Final = """
import fcntl, json, mmap, os, sqlite3, sys
folder, found = sys.argv[1], {}
with open(folder + "/lock", "rb+") as file:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        found["flock"] = True
    with mmap.mmap(file.fileno(), 4096) as shared:
        found["shared"] = shared[:5] == b"hello"
database = sqlite3.connect(folder + "/trial.sqlite", timeout=0)
try:
    database.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError:
    found["sqlite"] = True
print(json.dumps(found))
"""
"""Run in another process: tests whether this process's locks and memory map are visible there."""


def python() -> Check:
    """The versions of Python and SQLite."""
    message = f"{platform.python_version()} ({platform.system()} {platform.machine()}), SQLite {sqlite3.sqlite_version}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Check("Python", "wrong", message, "movie_db needs Python 3.11 or newer")
    try:
        with sqlite3.connect(":memory:") as database:
            database.execute("CREATE VIRTUAL TABLE words USING fts5(problem, tokenize = 'trigram')")
    except sqlite3.OperationalError:
        return Check("Python", "wrong", message, "Python needs an SQLite with FTS5 and its trigram tokenizer (3.34)")
    return Check("Python", "ok", message)


_REQUIRED: Final = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([^;]*)(?:;\s*extra == ['\"](\w+)['\"])?")


def extras() -> Check:
    """Whether the requirements of movie_db and its services are installed."""
    try:
        required = [found for r in metadata.requires("movie_db") or [] if (found := _REQUIRED.match(r))]
    except metadata.PackageNotFoundError:
        return Check("Packages", "wrong", "movie_db is not installed", 'pip install ".[all]"')
    services = ("gateway", "wiki", "crawler", "client")
    missing: dict[str, list[str]] = {}
    for name, bounds, extra in (found.groups() for found in required):
        if (extra is None or extra in services) and (lack := _lack(name, bounds)):
            missing.setdefault(extra or "movie_db", []).append(lack)
    if missing:
        message = "; ".join(f"{extra} lacks {', '.join(lacks)}" for extra, lacks in missing.items())
        return Check("Packages", "wrong", message, 'pip install "movie_db[all]" installs what all services need')
    return Check("Packages", "ok", f"all there, of {', '.join(services)}")


def _lack(name: str, bounds: str) -> str | None:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return name
    least = re.search(r">=\s*([\d.]+)", bounds)
    numbers = [[int(n) for n in re.findall(r"\d+", text)] for text in (version, least[1] if least else "0")]
    return f"{name} {least[1]} (it is {version})" if least and numbers[0] < numbers[1] else None


def clock(now: datetime, newest: datetime | None) -> Check:
    """Whether the time is plausible, given the program's date and the newest file in the data folder."""
    message = now.strftime("%Y-%m-%d %H:%M UTC")
    if now < BUILT:
        return Check("Clock", "wrong", message, f"set the clock: this program was made after {BUILT:%Y-%m-%d}")
    if now > BUILT + timedelta(days=365 * 20):
        return Check("Clock", "wrong", message, "set the clock: this is decades after the program was made")
    if newest and newest > now + AHEAD:
        advice = f"the data folder has files of {newest:%Y-%m-%d %H:%M}: one of the two times is wrong"
        return Check("Clock", "warning", message, advice)
    return Check("Clock", "ok", message)


def newest_file(data: Path) -> datetime | None:
    """When the newest segment, log or archive in the data folder was written."""
    times = [path.stat().st_mtime for path in (*data.glob("*"), *data.glob("*/*")) if path.is_file()]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def folder(name: str, path: Path, setting: str) -> Check:
    """Whether a folder is writable, and supports locks, shared memory maps and syncing.

    Nothing is left behind. If the folder does not exist yet, its nearest existing parent is tested.
    """
    there = _existing(path)
    message = str(path.absolute()) + ("" if there == path.absolute() else " (not created yet)")
    if not there.is_dir():
        return Check(name, "wrong", message, f"{there} is not a folder; choose another one with {setting}")
    try:
        with tempfile.TemporaryDirectory(prefix=".movie_db_doctor_", dir=there) as trial:
            lacks = list(_try_out(Path(trial)))
    except OSError as error:
        return Check(
            name, "wrong", f"{message} can't be written ({error.strerror})", f"choose another one with {setting}"
        )
    kind = _file_system(there)
    if lacks:
        advice = f"choose a folder on a local disk with {setting}"
        return Check(name, "wrong", f"{message} on {kind}: {', '.join(lacks)}", advice)
    if _REMOTE.search(kind):
        advice = f"locks of network file systems can fail; choose a folder on a local disk with {setting}"
        return Check(name, "warning", f"{message} is on {kind}", advice)
    return Check(name, "ok", message)


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    absolute = path.absolute()
    return next(p for p in (absolute, *absolute.parents) if p.exists())


def _try_out(trial: Path) -> Iterator[str]:
    import fcntl
    import mmap

    with open(trial / "lock", "wb+") as file:
        file.write(bytes(4096))
        file.flush()
        try:
            os.fsync(file.fileno())
        except OSError:
            yield "can't be synced"
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        database = sqlite3.connect(trial / "trial.sqlite", isolation_level=None)
        try:
            mode = database.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            database.execute("CREATE TABLE trial (one)")
            database.execute("BEGIN IMMEDIATE")
            with mmap.mmap(file.fileno(), 4096) as shared:
                shared[:5] = b"hello"
                command = [sys.executable, "-c", _TRIAL, str(trial)]
                other = subprocess.run(command, capture_output=True, check=False, timeout=30)
        except (sqlite3.Error, OSError, ValueError, subprocess.TimeoutExpired):
            yield "SQLite does not work in it"
            return
        finally:
            database.close()
    found = json.loads(other.stdout or "{}")
    yield from (
        text
        for text, good in (
            ("locks don't hold", found.get("flock") and found.get("sqlite")),
            ("memory maps are not shared", found.get("shared") and mode == "wal"),
        )
        if not good
    )


def _file_system(path: Path) -> str:
    """The type of the file system of a path, by its Linux name."""
    best, kind = "", "a file system of unknown type"
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return kind
    for line in mounts:
        _, where, what, *_rest = line.split(" ")
        where = where.replace("\\040", " ")
        inside = path == Path(where) or Path(where) in path.parents
        if inside and len(where) >= len(best):
            best, kind = where, what
    return kind


def disk(path: Path) -> Check:
    """Whether the disk of a folder has enough space."""
    there = _existing(path)
    found = os.statvfs(there)
    free, inodes = found.f_bavail * found.f_frsize, found.f_favail
    message = f"{free / 2**30:.1f} GB free" if free >= 2**30 else f"{free / 2**20:.0f} MB free"
    if free < TOO_LITTLE:
        return Check(
            "Disk", "wrong", message, "a build needs space for its database, logs and archive; 2 GB are enough"
        )
    if found.f_files and inodes < 1000:
        return Check("Disk", "wrong", f"{message}, but only {inodes} more files", "free some inodes")
    if free < LITTLE:
        return Check("Disk", "warning", message, "a large gallery needs up to 2 GB")
    return Check("Disk", "ok", message)
