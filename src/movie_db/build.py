"""The whole flow in one process tree, for one machine: gallery in, database out."""

import re
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Final

import httpx2

from movie_db.contract.errors import Unavailable, UsageError
from movie_db.contract.log import segments
from movie_db.contract.runs import Run, newest
from movie_db.contract.settings import Settings
from movie_db.processes import Child, stopping

POLL: Final = 0.25


@dataclass
class Progress:
    """How far each stage is, in films. `declared` and `listed` are None until the list is complete."""

    declared: int | None = None
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


def build(
    address: str,
    settings: Settings,
    *,
    limit: int | None,
    record: Path | None,
    replay: Path | None,
    say: Callable[[str], None],
    show: Callable[[Progress], None],
) -> Run:
    """Builds a database of the films at `address`; goes on where an interrupted build of the same gallery was.

    `record` is a WARC file to write all used answers to, `replay` one to answer from, in place of the web.

    Raises:
        MovieDbError: what stopped it, in one sentence. The same call goes on from there.
    """
    from movie_db.crawling_module import galleries

    gallery = galleries.find(address)
    if record and replay:
        raise UsageError("A replayed build has nothing to record: give --record or --replay, not both.")
    for file, there in ((replay, True), (record and record.resolve().parent, True)):
        if file and file.exists() is not there:
            raise UsageError(f"There is no {file}.")
    logs = settings.data / "logs"
    try:
        logs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The data folder {settings.data} can't be written: {error.strerror}.") from None
    environment = {"MOVIE_DB_DATA": str(settings.data), "MOVIE_DB_DATABASE_URL": settings.database_url}
    children: list[Child] = []

    def start(module: str, *arguments: str) -> Child:
        child = Child(module, list(arguments), environment, logs / f"{module}.log")
        children.append(child)
        return child

    with stopping(children):
        gateway = start("web_gateway", "--port", "0", *(["--replay", str(replay)] if replay else []))
        client = start("movie_db_client", "--port", "0", "--ingest")
        environment["MOVIE_DB_GATEWAY"] = gateway.address()
        wiki = start("wiki_api", "--port", "0")
        environment["MOVIE_DB_CLIENT_API"] = client.address()
        environment["MOVIE_DB_WIKI_API"] = wiki.address()
        crawler = start("crawling_module", address, *(["--limit", str(limit)] if limit else []))
        services = [gateway, client, wiki]
        _watch(gallery.address, settings, crawler, services, environment["MOVIE_DB_CLIENT_API"], say, show)
    run = newest(settings.data, gallery.address)
    if run is None:
        raise Unavailable(f"No run of {gallery.address} is in {settings.data}.")
    if record:
        from movie_db.web_gateway.warc import export_warc

        export_warc(settings.data / "archive.sqlite", record, used_since=run.started.started_at)
    return run


def _watch(
    gallery: str,
    settings: Settings,
    crawler: Child,
    services: list[Child],
    client: str,
    say: Callable[[str], None],
    show: Callable[[Progress], None],
) -> None:
    """Shows progress until everything gathered is ingested."""
    progress = Progress()
    tail: _Tail | None = None
    with httpx2.Client(timeout=30) as http:
        while True:
            ended = crawler.process.poll() is not None
            _relay(crawler, say)
            run = newest(settings.data, gallery) if tail is None or progress.listed is None else None
            if run:
                tail = tail if tail and tail.path == run.item_segment else _Tail(run.item_segment)
                listed = run.listed()
                if listed:
                    wanted = listed.found if run.started.limit is None else min(listed.found, run.started.limit)
                    progress.declared, progress.listed = listed.declared, wanted
            read = _ingest_state(http, client)
            if tail:
                tail.follow()
                progress.gathered = len(tail.ends)
                progress.ingested = bisect_right(tail.ends, read.get(f"item_list/{tail.path.name}", 0))
            show(progress)
            if ended and crawler.process.returncode != 0:
                error = UsageError if crawler.process.returncode == 2 else Unavailable
                raise error(crawler.last_word())
            for service in services:
                if service.process.poll() is not None:
                    raise Unavailable(service.last_word())
            if ended and all(read.get(name, 0) >= size for name, size in _sizes(settings.data).items()):
                return
            time.sleep(POLL)


def _relay(child: Child, say: Callable[[str], None]) -> None:
    """Passes on what the crawler has to say."""
    while True:
        try:
            line = child.lines.get_nowait()
        except Empty:
            return
        if line:
            say(line)


def _sizes(data: Path) -> dict[str, int]:
    """The segments of the log and their sizes in bytes, named as the client names them."""
    return {
        f"{p.parent.name}/{p.name}": p.stat().st_size for f in ("movie_list", "item_list") for p in segments(data / f)
    }


def _ingest_state(http: httpx2.Client, client: str) -> dict[str, int]:
    """How far the client has read each segment, in bytes."""
    try:
        answer = http.get(f"{client}/v1/health")
        found: dict[str, int] = answer.json()["ingest"]["positions"]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return {}
    return found
