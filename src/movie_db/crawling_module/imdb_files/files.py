"""IMDb's files on disk: downloaded if the user wants that, and looked up in one pass over each.

A downloaded file is synced before it takes its place, and its ETag is written after it, together with its size. A file
that doesn't match its ETag, or is damaged, is downloaded again completely.
"""

import gzip
import io
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

import httpx2

from movie_db.contract.errors import (
    BlockedError,
    NotFoundError,
    RetryLaterError,
    SourceError,
    UnavailableError,
    UnreadableError,
)
from movie_db.contract.files import make_folder, sync, write_atomically
from movie_db.contract.messages import SourceRecord
from movie_db.crawling_module.sources import imdb

DOWNLOAD: Final = "download"
"""The value of the setting that downloads the files."""
HOST: Final = "http://datasets.imdbws.com"
TRIES: Final = 5
_CHUNK: Final = 2**20


class ImdbFiles:
    """A folder with IMDb's files, `.tsv.gz` or `.tsv`, any of which may be missing. `requests` counts downloads;
    `people` has the rows of people in the movies looked up last, and `at` the date of the files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests = 0
        self.people: list[imdb.Row] = []
        self.at = datetime.fromtimestamp(0, UTC)

    def download(self, gateway: str) -> list[str]:
        """Download the files that changed since the last download, through the gateway.

        Broken downloads continue, now or next time. Return messages about files that are unavailable.

        Raises:
            RetryLaterError: A file is unavailable, and there is no older one either.
        """
        missed = []
        make_folder(self.folder)
        with httpx2.Client(proxy=gateway, timeout=httpx2.Timeout(60, read=300)) as client:
            for name in (*imdb.TITLES, imdb.NAMES):
                try:
                    self._fetch(client, f"{name}.tsv.gz")
                except SourceError as error:
                    if isinstance(error, RetryLaterError) and self._path(name) is None:
                        raise
                    missed.append(str(error))
        return missed

    def _fetch(self, client: httpx2.Client, name: str) -> None:
        complete, part = self.folder / name, self.folder / f"{name}.part"
        for attempt in range(1, TRIES + 1):
            begun, tag = (part.stat().st_size, _tag(part)) if part.exists() else (0, "")
            if begun and tag:
                headers = {"Range": f"bytes={begun}-", "If-Range": tag}
            else:
                tag_ = _tag(complete)
                headers = {"If-None-Match": tag_} if tag_ else {}
            self.requests += 1
            try:
                with client.stream("GET", f"{HOST}/{name}", headers=headers) as answer:
                    if answer.status_code == 304:
                        return
                    if answer.status_code == 416:  # the part is not the beginning of the current file
                        part.unlink()
                        continue
                    if answer.status_code not in {200, 206}:
                        raise _refusal(name, answer.status_code)
                    went_on, tag = answer.status_code == 206, answer.headers.get("ETag", "")
                    with open(part, "ab" if went_on else "wb") as file:
                        write_atomically(_tags(part), json.dumps({"etag": tag}))
                        for chunk in answer.iter_raw():
                            file.write(chunk)
                sync(part)
                if went_on and not _is_sound(part):  # its beginning was damaged
                    part.unlink()
                    continue
                part.replace(complete)
                sync(self.folder)
                write_atomically(_tags(complete), json.dumps({"etag": tag, "size": complete.stat().st_size}))
                _tags(part).unlink(missing_ok=True)
                return
            except httpx2.TransportError as error:
                if attempt == TRIES:
                    raise RetryLaterError(
                        f"IMDb's {name} could not be downloaded completely ({type(error).__name__})."
                    ) from None
            except (OSError, UnavailableError) as error:
                raise RetryLaterError(f"IMDb's {name} can't be stored in {self.folder}: {error}.") from None
        raise RetryLaterError(f"IMDb's {name} could not be downloaded completely.")

    def forget_damaged(self) -> bool:
        """Mark damaged files for the next `download`. Return whether there are any."""
        damaged = [path for name in (*imdb.TITLES, imdb.NAMES) if (path := self._path(name)) and not _is_sound(path)]
        for path in damaged:
            _tags(path).unlink(missing_ok=True)
        return bool(damaged)

    def look_up(self, requested: Collection[str]) -> dict[str, SourceRecord | None]:
        """Return the records of the movies with these IMDb ids; None for unreadable rows. Unknown movies are absent.

        Raises:
            NotFoundError: The folder has none of the files.
            UnreadableError: A file is damaged, or not one of IMDb's.
        """
        times = [path.stat().st_mtime for name in imdb.TITLES if (path := self._path(name))]
        if not times:
            raise NotFoundError(
                f"{self.folder} has none of IMDb's files: title.basics.tsv.gz and the others belong there."
            )
        ids = {tconst.encode() for tconst in requested}
        data = {name: self._rows(name, ids) for name in imdb.TITLES}
        people = self._rows(imdb.NAMES, imdb.people(data))
        names = {nconst: rows[0]["primaryName"] for nconst, rows in people.items() if "primaryName" in rows[0]}
        self.people = [rows[0] for rows in people.values()]
        self.at = datetime.fromtimestamp(int(max(times)), UTC)
        found: dict[str, SourceRecord | None] = {}
        for tconst in sorted(requested):
            try:
                record = imdb.record(tconst, data, names, self.at)
            except UnreadableError:
                found[tconst] = None
                continue
            if record:
                found[tconst] = record
        return found

    def _path(self, name: str) -> Path | None:
        paths = (self.folder / f"{name}.tsv.gz", self.folder / f"{name}.tsv")
        return next((path for path in paths if path.is_file()), None)

    def _rows(self, name: str, requested: AbstractSet[bytes]) -> dict[str, list[imdb.Row]]:
        found: dict[str, list[imdb.Row]] = defaultdict(list)
        path = self._path(name)
        if path and requested:
            with _lines(path) as lines:
                for key, row in imdb.rows(path.name, lines, requested):
                    found[key].append(row)
        return found


def _tags(path: Path) -> Path:
    """Return where a file's ETag is stored, with the file's size once it is complete."""
    return path.with_name(f"{path.name}.etag")


def _tag(path: Path) -> str:
    """Return the ETag of an unchanged download, or of a part of one; empty if there is none."""
    try:
        data = json.loads(_tags(path).read_text("utf-8"))
        fits = path.suffix == ".part" or data["size"] == path.stat().st_size
        return str(data["etag"]) if fits else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _is_sound(path: Path) -> bool:
    """Return whether a file can be unpacked to its end and begins as IMDb's files do."""
    try:
        with _lines(path) as lines:
            rows = iter(lines)
            sound = b"\t" in next(rows, b"")
            for _ in rows:
                pass
    except UnreadableError:
        return False
    return sound


@contextmanager
def _lines(path: Path) -> Iterator[Iterable[bytes]]:
    """Yield the file's lines, unpacked as they are read.

    Raises:
        UnreadableError: The file is damaged.
    """
    try:
        if ".gz" in path.suffixes:
            # GzipFile gives lines by a call in Python each; behind a buffer they cost a third.
            with gzip.open(path) as packed, io.BufferedReader(cast("io.RawIOBase", packed), _CHUNK) as file:
                yield file
        else:
            with open(path, "rb", _CHUNK) as plain:
                yield plain
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableError(f"{path} is damaged ({error}): download it again.") from None
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror or error}.") from None


def _refusal(name: str, status: int) -> SourceError:
    data = f"IMDb refused {name}: {status}."
    return (
        BlockedError(data)
        if status in {401, 403}
        else NotFoundError(data)
        if status in {404, 410}
        else RetryLaterError(data)
    )
