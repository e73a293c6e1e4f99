"""The whole flow in one process tree, for one machine: gallery in, database out."""

import hashlib
import re
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty

import httpx2

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.files import make_folder, sync, write_atomically
from movie_db.contract.log import segments
from movie_db.contract.messages import Refresh
from movie_db.contract.runs import Run, is_recent, newest, start_or_resume
from movie_db.contract.settings import Settings
from movie_db.pipeline.services import CLIENT, GATEWAY, LET_GO, POLL, Tree, writing
from movie_db.pipeline.supervisor import Child

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


class Unfinished:
    """A mark in the data folder that a build (or refresh) of a gallery into a database has begun, and has not ended."""

    def __init__(self, gallery: str, settings: Settings, refresh: Refresh | None = None) -> None:
        self._gallery = gallery
        self._refresh = refresh
        self._data = settings.data
        told = "\n".join(filter(None, (gallery, settings.database_url, refresh)))
        name = hashlib.sha256(told.encode()).hexdigest()[:16]
        self._mark = settings.data / "locks" / f"{name}.unfinished"

    def gathered(self, limit: int | None, languages: tuple[str, ...]) -> Run | None:
        """The run of a build that was interrupted after all was gathered."""
        run = newest(self._data, self._gallery, self._refresh) if self._mark.exists() else None
        alike = run and (run.started.limit, run.started.languages) == (limit, languages)
        finished = run.finished() if run and alike else None
        return run if finished and is_recent(finished.finished_at) else None

    def begin(self) -> None:
        with writing(self._data):
            make_folder(self._mark.parent)
            self._mark.touch()
            sync(self._mark.parent)

    def end(self) -> None:
        with writing(self._data):
            self._mark.unlink(missing_ok=True)
            sync(self._mark.parent)


def gallery_address(address: str, data: Path) -> str:
    """The address as the registry knows it; standard input is kept in a file first, so that a run can go on with it.

    Raises:
        UsageError: there is no gallery at this address.
    """
    from movie_db.crawling_module import galleries

    if not address.strip():
        raise UsageError("An address is needed: of a gallery, or of a file with a list of films.")
    if address == "-":
        told = sys.stdin.buffer.read()
        kept = data / "own_lists" / f"{hashlib.sha256(told).hexdigest()[:16]}.csv"
        with writing(data):
            make_folder(kept.parent)
            write_atomically(kept, told)
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
    tell: Callable[[Run], None],
) -> None:
    """Builds a database of the films at `address`; goes on where an interrupted build of the same gallery was.

    `record` is a WARC file to write all used answers to, `replay` one to answer from, in place of the web. `tell`
    reports on the run in the end: before it has, the build is not over.

    Raises:
        MovieDbError: what stopped it, in one sentence. The same call goes on from there.
    """
    from movie_db.movie_db_client.ingest.preferences import preferences

    preferences(settings)  # the client reads them as well, but what can't be is said sooner here
    gallery = gallery_address(address, settings.data)
    _check_recordings(settings, record, replay)
    with ExitStack() as held, Tree(settings) as tree:
        unfinished = Unfinished(gallery, settings)
        gathered = unfinished.gathered(limit, settings.languages)
        if gathered:
            say(f"Going on with run {gathered.id}: all is gathered, the rest comes into the database.")
        tree.open_doors(replay, database=True, search=True)
        tree.load_services(CLIENT, GATEWAY)
        crawler = None if gathered else tree.load_crawler(gallery, limit)
        from movie_db.movie_db_client.data_model.lease import building  # half a second, while they load theirs
        from movie_db.movie_db_client.data_model.schema_version import upgrade

        tree.check_lease = held.enter_context(building(settings.database_url, settings.data, LET_GO))
        upgrade(settings.database_url)  # the client does so as well, but what can't be is said sooner here
        check_log(settings, say)
        last, again = start_or_resume(settings.data, gallery, limit, settings.languages)
        before = None if again or gathered else newest(settings.data, gallery)
        unfinished.begin()
        tree.begin()
        tree.wait_for(CLIENT)
        tree.start_services()
        _watch(gallery, settings, tree, crawler, before, say, show)
        tree.dismiss_all()
        run = newest(settings.data, gallery) or last
        if not record:
            tell(run)  # while they end
    if record:
        from movie_db.web_gateway.warc import export_warc

        export_warc(settings.data / "archive.sqlite", record, used_since=run.started.started_at)
        tell(run)
    unfinished.end()


def check_log(settings: Settings, say: Say) -> None:
    """Sets aside what was cut of the log, before somebody writes there.

    Raises:
        UnavailableError: the database does not answer.
    """
    from movie_db.movie_db_client.data_model.engine import make_engine
    from movie_db.movie_db_client.ingest.cut_segments import set_aside_all

    engine = make_engine(settings.database_url)
    set_aside_all(engine, settings.data, say)
    engine.dispose()


def _check_recordings(settings: Settings, record: Path | None, replay: Path | None) -> None:
    if record and replay:
        raise UsageError("A replayed build has nothing to record: give --record or --replay, not both.")
    if record and settings.gateway:
        raise UsageError("Only a gateway of the build's own can be recorded: unset MOVIE_DB_GATEWAY.")
    if replay and not replay.is_file():
        raise UsageError(f"There is no file {replay} to replay: --replay takes a WARC file.")
    if record and (record.is_dir() or not record.absolute().parent.is_dir()):
        raise UsageError(f"{record} can't be a recording: --record takes a file in a folder that exists.")


def crawl(address: str, settings: Settings, *, limit: int | None, only: str | None, say: Say) -> None:
    """Crawls a gallery into the logs, without a database; `only` names one spider.

    Raises:
        MovieDbError: what stopped it, in one sentence.
    """
    gallery = gallery_address(address, settings.data)
    with Tree(settings) as tree:
        tree.open_doors(search=only != "movie_list")
        tree.start_services()
        crawler = tree.crawl(gallery, limit, *(["--only", only] if only else []))
        while not tree.check():
            relay(crawler, say)
            time.sleep(POLL)
        relay(crawler, say)


def _watch(
    gallery: str,
    settings: Settings,
    tree: Tree,
    crawler: Child | None,
    before: Run | None,
    say: Say,
    show: Callable[[Progress], None],
) -> None:
    """Shows progress until everything gathered is ingested; without a crawler all is gathered already.

    `before` is a run that this build does not go on with.
    """
    progress = Progress()
    tail: _Tail | None = None
    read: dict[str, int] = {}
    asked = 0.0
    client = tree.environment["MOVIE_DB_CLIENT_API"]
    with httpx2.Client(timeout=5, trust_env=False) as http:
        while True:
            ended = tree.check() or crawler is None
            if crawler:
                relay(crawler, say)
            if tail is None:
                run = newest(settings.data, gallery)
                listed = run.listed() if run and run != before else None
                if run and listed:
                    wanted = listed.found if run.started.limit is None else min(listed.found, run.started.limit)
                    progress.listed, tail = wanted, _Tail(run.item_segment)
            if ended or time.monotonic() - asked > 1:  # each question takes the ingest's time
                read, asked = ingested(http, client), time.monotonic()
            if tail:
                tail.follow()
                progress.gathered = min(len(tail.ends), progress.listed or 0)
                progress.ingested = min(
                    bisect_right(tail.ends, read.get(f"item_list/{tail.path.name}", 0)), progress.gathered
                )
            show(progress)
            if ended and all(read.get(name, 0) >= size for name, size in sizes(settings.data).items()):
                return
            time.sleep(POLL)


def relay(child: Child, say: Say) -> None:
    """Passes on what a child has to say."""
    with suppress(Empty):
        while True:
            line = child.lines.get_nowait()
            if line:
                say(line)


def sizes(data: Path) -> dict[str, int]:
    """The segments of the log and their sizes in bytes, named as the client names them."""
    found = (path for folder in ("movie_list", "item_list") for path in segments(data / folder))
    return {f"{path.parent.name}/{path.name}": path.stat().st_size for path in found}


def ingested(http: httpx2.Client, client: str) -> dict[str, int]:
    """How far the client has read each segment, in bytes; nothing while it does not answer.

    Raises:
        UnavailableError: the client says that it can't ingest.
    """
    try:
        answer = http.get(f"{client}/v1/health")
        told = answer.json()
    except (httpx2.HTTPError, ValueError):
        return {}
    if answer.status_code != 200:
        raise UnavailableError(str(told.get("detail") or "The database's client is not well."))
    found: dict[str, int] = told["ingest"]["positions"]
    return found
