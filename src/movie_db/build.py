"""The whole flow in one process tree, for one machine: gallery in, database out."""

import hashlib
import re
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Final

import httpx2

from movie_db.contract.errors import MovieDbError, Unavailable, UsageError
from movie_db.contract.log import segments
from movie_db.contract.runs import Run, newest
from movie_db.contract.settings import Settings
from movie_db.processes import Child, stopping

POLL: Final = 0.25
Say = Callable[[str], None]


@dataclass
class Progress:
    """How far each stage is, in films. `listed` is None until the list is complete."""

    listed: int | None = None
    gathered: int = 0
    ingested: int = 0


@dataclass
class _Tail:
    """Follows a segment and remembers where each film in it ends."""

    path: Path
    read: int = 0
    ends: list[int] = field(default_factory=list)

    def follow(self) -> None:
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self.read)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self.read += len(line)
                if re.match(rb'\{"v":1,"run":"[^"]+","type":"movie_item"', line):
                    self.ends.append(self.read)


class Tree:
    """Our services as children of this process, each started when it is needed; a context manager stops them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._logs = settings.data / "logs"
        self.children: list[Child] = []
        self.environment = {
            "MOVIE_DB_DATA": str(settings.data),
            "MOVIE_DB_DATABASE_URL": settings.database_url,
            "MOVIE_DB_CLIENT_API": settings.client_api or "",
        }
        try:
            self._logs.mkdir(parents=True, exist_ok=True)
            (self._logs / ".try").touch()
            (self._logs / ".try").unlink()
        except OSError as error:
            raise Unavailable(f"The data folder {settings.data} can't be written: {error.strerror}.") from None

    def start(self, module: str, *arguments: str) -> Child:
        """Starts one service."""
        child = Child(module, list(arguments), self.environment, self._logs / f"{module}.log")
        self.children.append(child)
        return child

    def start_doors(self, replay: Path | None) -> None:
        """Starts the gateway, and the wiki API behind it, unless the settings name ones that run already."""
        gateway = self._settings.gateway if not replay else None
        if not gateway:
            gateway = self.start("web_gateway", "--port", "0", *(["--replay", str(replay)] if replay else [])).address()
        self.environment["MOVIE_DB_GATEWAY"] = gateway
        wiki_api = self._settings.wiki_api if not replay else None
        self.environment["MOVIE_DB_WIKI_API"] = wiki_api or self.start("wiki_api", "--port", "0").address()


def gallery_address(address: str, data: Path) -> str:
    """The address as the registry knows it; standard input is kept in a file first, so that a run can go on with it.

    Raises:
        UsageError: there is no gallery at this address.
    """
    from movie_db.crawling_module import galleries

    if address == "-":
        told = sys.stdin.buffer.read()
        kept = data / "own_lists" / f"{hashlib.sha256(told).hexdigest()[:16]}.csv"
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(told)
        except OSError as error:
            raise Unavailable(f"The data folder {data} can't be written: {error.strerror}.") from None
        address = str(kept)
    return galleries.find(address).address


def build(
    address: str,
    settings: Settings,
    *,
    limit: int | None,
    record: Path | None,
    replay: Path | None,
    say: Say,
    show: Callable[[Progress], None],
) -> Run:
    """Builds a database of the films at `address`; goes on where an interrupted build of the same gallery was.

    `record` is a WARC file to write all used answers to, `replay` one to answer from, in place of the web.

    Raises:
        MovieDbError: what stopped it, in one sentence. The same call goes on from there.
    """
    gallery = gallery_address(address, settings.data)
    if record and replay:
        raise UsageError("A replayed build has nothing to record: give --record or --replay, not both.")
    if record and settings.gateway:
        raise UsageError("Only a gateway of the build's own can be recorded: unset MOVIE_DB_GATEWAY.")
    if replay and not replay.is_file():
        raise UsageError(f"There is no file {replay} to replay.")
    if record and (record.is_dir() or not record.absolute().parent.is_dir()):
        raise UsageError(f"{record} can't be a recording: name a file in a folder that exists.")
    tree = Tree(settings)
    with stopping(tree.children):
        client = tree.start("movie_db_client", "--port", "0", "--ingest")
        tree.start_doors(replay)
        tree.environment["MOVIE_DB_CLIENT_API"] = client.address()
        services = list(tree.children)
        crawler = tree.start("crawling_module", gallery, *(["--limit", str(limit)] if limit else []))
        _watch(gallery, settings, crawler, services, tree.environment["MOVIE_DB_CLIENT_API"], say, show)
    run = newest(settings.data, gallery)
    if run is None:
        raise Unavailable(f"No run of {gallery} is in {settings.data}.")
    if record:
        from movie_db.web_gateway.warc import export_warc

        export_warc(settings.data / "archive.sqlite", record, used_since=run.started.started_at)
    return run


def crawl(address: str, settings: Settings, *, limit: int | None, only: str | None, say: Say) -> None:
    """Crawls a gallery into the logs, without a database; `only` names one spider.

    Raises:
        MovieDbError: what stopped it, in one sentence.
    """
    gallery = gallery_address(address, settings.data)
    tree = Tree(settings)
    with stopping(tree.children):
        tree.start_doors(None)
        options = (["--limit", str(limit)] if limit else []) + (["--only", only] if only else [])
        crawler = tree.start("crawling_module", gallery, *options)
        while crawler.process.poll() is None:
            _relay(crawler, say)
            time.sleep(POLL)
        _relay(crawler, say)
        if crawler.process.returncode:
            raise _error_of(crawler)


def _watch(
    gallery: str,
    settings: Settings,
    crawler: Child,
    services: list[Child],
    client: str,
    say: Say,
    show: Callable[[Progress], None],
) -> None:
    """Shows progress until everything gathered is ingested."""
    progress = Progress()
    run: Run | None = None
    tail: _Tail | None = None
    with httpx2.Client(timeout=30) as http:
        while True:
            ended = crawler.process.poll() is not None
            _relay(crawler, say)
            if progress.listed is None:
                run = newest(settings.data, gallery)
                listed = run.listed() if run else None
                if run and listed:
                    wanted = listed.found if run.started.limit is None else min(listed.found, run.started.limit)
                    progress.listed, tail = wanted, _Tail(run.item_segment)
            read = _ingested(http, client)
            if tail:
                tail.follow()
                progress.gathered = min(len(tail.ends), progress.listed or 0)
                progress.ingested = min(
                    bisect_right(tail.ends, read.get(f"item_list/{tail.path.name}", 0)), progress.gathered
                )
            show(progress)
            if ended and crawler.process.returncode:
                raise _error_of(crawler)
            for service in services:
                if service.process.poll() is not None:
                    raise _error_of(service)
            if ended and all(read.get(name, 0) >= size for name, size in _sizes(settings.data).items()):
                return
            time.sleep(POLL)


def _error_of(child: Child) -> MovieDbError:
    """What stopped a child, in its own last words."""
    return (UsageError if child.process.returncode == 2 else Unavailable)(child.last_word())


def _relay(child: Child, say: Say) -> None:
    """Passes on what a child has to say."""
    with suppress(Empty):
        while True:
            line = child.lines.get_nowait()
            if line:
                say(line)


def _sizes(data: Path) -> dict[str, int]:
    """The segments of the log and their sizes in bytes, named as the client names them."""
    found = (path for folder in ("movie_list", "item_list") for path in segments(data / folder))
    return {f"{path.parent.name}/{path.name}": path.stat().st_size for path in found}


def _ingested(http: httpx2.Client, client: str) -> dict[str, int]:
    """How far the client has read each segment, in bytes; nothing while it does not answer.

    Raises:
        Unavailable: the client says that it can't ingest.
    """
    try:
        answer = http.get(f"{client}/v1/health")
        told = answer.json()
    except (httpx2.HTTPError, ValueError):
        return {}
    if answer.status_code != 200:
        raise Unavailable(str(told.get("detail") or "The database's client is not well."))
    found: dict[str, int] = told["ingest"]["positions"]
    return found
