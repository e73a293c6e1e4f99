"""The archive: every final answer of a source, in one SQLite file that survives `kill -9` and a power cut.

An answer is on disk before the client gets it, and a request that counts against a quota is on disk before it is sent.
Usage times reach the disk a few seconds later.

The newest answer for each method, address and body is kept. A reusable answer is never replaced by one that is not
(today's 403 does not remove yesterday's page). Bodies are in a separate table, so that updating a usage time does not
rewrite them. Several processes may have the same archive open.
"""

import json
import math
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from movie_db.contract.clock import latest
from movie_db.contract.errors import UnavailableError
from movie_db.contract.files import make_folder
from movie_db.web_gateway.exchange import Key, ProxyResponse
from movie_db.web_gateway.retry import is_reusable

APPLICATION_ID: Final = 0x6D644761
VERSION: Final = 1
SYNC_AFTER: Final = 2.0
"""Seconds after the last sync until a usage time is synced."""

_SCHEMA: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS answers (
    id INTEGER PRIMARY KEY,
    method TEXT NOT NULL, url TEXT NOT NULL, body_sha256 TEXT NOT NULL,
    status INTEGER NOT NULL, headers TEXT NOT NULL, final_url TEXT NOT NULL,
    reusable INTEGER NOT NULL, retrieved_at INTEGER NOT NULL, last_used_at REAL NOT NULL,
    UNIQUE (url, method, body_sha256)
);
CREATE TABLE IF NOT EXISTS bodies (
    answer_id INTEGER PRIMARY KEY REFERENCES answers (id), request_body BLOB NOT NULL, body_zlib BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS quotas (
    host TEXT NOT NULL, day TEXT NOT NULL, asked INTEGER NOT NULL, PRIMARY KEY (host, day)
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
COMMIT;
"""
_STORE: Final = """
INSERT INTO answers (method, url, body_sha256, status, headers, final_url, reusable, retrieved_at, last_used_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (url, method, body_sha256) DO UPDATE SET
    status = excluded.status, headers = excluded.headers, final_url = excluded.final_url,
    reusable = excluded.reusable, retrieved_at = excluded.retrieved_at, last_used_at = excluded.last_used_at
WHERE excluded.reusable >= answers.reusable
RETURNING id
"""
_USE: Final = """
UPDATE answers SET last_used_at = ?
WHERE url = ? AND method = ? AND body_sha256 = ? AND retrieved_at BETWEEN ? AND ? AND (reusable OR ?)
RETURNING id, status, headers, final_url, retrieved_at
"""
_TAKE: Final = """
INSERT INTO quotas VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET asked = asked + 1 WHERE asked < ? RETURNING asked
"""
_EXHAUST: Final = "INSERT INTO quotas VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET asked = max(asked, excluded.asked)"
_USED_SINCE: Final = """
SELECT method, url, request_body, status, headers, body_zlib, final_url, retrieved_at
FROM answers JOIN bodies ON answer_id = id WHERE last_used_at BETWEEN ? AND ? ORDER BY url, method, body_sha256
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: the request as sent, and its answer."""

    method: str
    url: str
    request_body: bytes = field(repr=False)
    answer: ProxyResponse


class Archive:
    """An open archive; a context manager. Not for use by several threads at once.

    Args:
        path: the file, created if missing; None for a private archive that vanishes on closing.
        must_exist: do not create a new one.

    Raises:
        UnavailableError: the file can't be opened, or is not one of ours. All methods raise it when the disk fails.
    """

    def __init__(self, path: Path | None, *, must_exist: bool = False) -> None:
        self.name = str(path) if path else "(temporary)"
        self._synced = 0.0
        if path and must_exist and not path.is_file():
            raise UnavailableError(f"There is no archive {path}.")
        with self._told():
            if path:
                make_folder(path.parent)
            # An empty name gives a temporary database on disk, whose pages need no memory.
            self._db = sqlite3.connect(path or "", timeout=30, isolation_level=None, check_same_thread=False)
        try:
            with self._told():
                self._open()
        except UnavailableError:
            self._db.close()
            raise

    def _open(self) -> None:
        ours = self._db.execute("PRAGMA application_id").fetchone()[0]
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if ours != APPLICATION_ID and (ours or version or self._db.execute("SELECT 1 FROM sqlite_master").fetchone()):
            raise UnavailableError(f"{self.name} is a database of another program, not an archive of movie_db.")
        if version > VERSION:
            raise UnavailableError(
                f"The archive {self.name} is of version {version}; this program supports versions up to {VERSION}."
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if version < VERSION:
            self._db.executescript(_SCHEMA)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns failures of disk and SQLite into one clear sentence."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}:
                raise UnavailableError(f"{self.name} is damaged, or not an archive of movie_db: {error}.") from None
            told = f"The archive {self.name} can't be used ({error}): it takes a file where there is room to write."
            raise UnavailableError(told) from None
        except OSError as error:
            raise UnavailableError(f"The archive {self.name} can't be made: {error.strerror}.") from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits everything done within, or nothing."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
                self._synced = time.monotonic()
            except BaseException:
                if self._db.in_transaction:  # a full disk has rolled back already
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _seldom_synced(self) -> Iterator[None]:
        """Syncs what is written within if the last sync was some seconds ago; otherwise the next sync includes it."""
        if time.monotonic() - self._synced > SYNC_AFTER:
            yield
            self._synced = time.monotonic()
            return
        self._db.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self._db.execute("PRAGMA synchronous = FULL")

    def store(self, entry: Entry) -> None:
        """Stores one answer in its own transaction."""
        with self.transaction():
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Stores one answer; call it within `transaction`."""
        answer = entry.answer
        key = Key.of(entry.method, entry.url, entry.request_body)
        row = self._db.execute(
            _STORE,
            (
                *key,
                answer.status,
                json.dumps(answer.headers),
                answer.url,
                is_reusable(answer),
                answer.retrieved_at,
                time.time(),
            ),
        ).fetchone()
        if row:
            self._db.execute(
                "INSERT OR REPLACE INTO bodies VALUES (?, ?, ?)",
                (row[0], entry.request_body, zlib.compress(answer.body)),
            )

    def find(self, key: Key, not_before: float = 0, *, any_answer: bool = False) -> ProxyResponse | None:
        """Returns the stored answer for `key` and records its use.

        Args:
            not_before: seconds since 1970; older answers are ignored.
            any_answer: include answers that are not reusable (for a recording, those are what was answered then).
        """
        with self._told():
            with self._seldom_synced():
                found = self._db.execute(
                    _USE,
                    (time.time(), key.url, key.method, key.body_sha256, not_before, _not_after(not_before), any_answer),
                ).fetchall()
            if not found:
                return None
            number, status, headers, url, retrieved_at = found[0]
            (body,) = self._db.execute("SELECT body_zlib FROM bodies WHERE answer_id = ?", (number,)).fetchone()
        return ProxyResponse(status, _headers(headers), zlib.decompress(body), url, retrieved_at)

    def used_since(self, since: float = 0) -> Iterator[Entry]:
        """Yields the answers stored or used since then (seconds since 1970), ordered by address."""
        with self._told():
            for method, url, request_body, status, headers, body, final_url, at in self._db.execute(
                _USED_SINCE, (since, _not_after(since))
            ):
                answer = ProxyResponse(status, _headers(headers), zlib.decompress(body), final_url, at)
                yield Entry(method, url, request_body, answer)

    def take(self, host: str, day: str, quota: int) -> bool:
        """Counts one more request to `host` on `day` (ISO, UTC); returns False if `quota` is already reached."""
        with self._told():
            return bool(self._db.execute(_TAKE, (host, day, quota)).fetchall())

    def exhaust(self, host: str, day: str, quota: int) -> None:
        """Marks the `quota` of `day` as used up, perhaps by another program."""
        with self._told():
            self._db.execute(_EXHAUST, (host, day, quota))

    def counted(self, host: str, day: str) -> int:
        """The number of requests to `host` counted on `day`."""
        with self._told():
            row = self._db.execute("SELECT asked FROM quotas WHERE host = ? AND day = ?", (host, day)).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _not_after(not_before: float) -> float:
    """The upper bound on times: answers dated in the future (by a clock that ran ahead) have an unknown age."""
    return latest().timestamp() if not_before else math.inf


def _headers(stored: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(stored))
