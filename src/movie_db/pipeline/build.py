"""Builds a database from a gallery on one machine: gathers and ingests in one process tree."""

import hashlib
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx2

from movie_db.contract.errors import UsageError
from movie_db.contract.files import make_folder, sync, write_atomically
from movie_db.contract.messages import Refresh
from movie_db.contract.runs import Run, is_recent, newest, start_or_resume
from movie_db.contract.settings import Settings
from movie_db.pipeline.progress import GatheredMovies, Notify, Progress, all_ingested, ingest_positions, relay
from movie_db.pipeline.services import CLIENT, GATEWAY, POLL, RELEASE_WITHIN, ServiceTree, writing
from movie_db.pipeline.supervisor import Child


class Unfinished:
    """A file in the data folder that marks a build (or refresh) of a gallery into a database as begun and not ended."""

    def __init__(self, gallery: str, settings: Settings, refresh: Refresh | None = None) -> None:
        self._gallery = gallery
        self._refresh = refresh
        self._data = settings.data
        key = "\n".join(filter(None, (gallery, settings.database_url, refresh)))
        name = hashlib.sha256(key.encode()).hexdigest()[:16]
        self._mark = settings.data / "locks" / f"{name}.unfinished"

    def gathered(self, limit: int | None, languages: tuple[str, ...]) -> Run | None:
        """The run of a build that was interrupted after everything was gathered, if it had these options."""
        run = newest(self._data, self._gallery, self._refresh) if self._mark.exists() else None
        same_options = run and (run.started.limit, run.started.languages) == (limit, languages)
        finished = run.finished() if run and same_options else None
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
    """The address in the form that the registry of galleries uses.

    Standard input is stored in a file first, so that an interrupted run can continue with it.

    Raises:
        UsageError: no gallery is known at this address.
    """
    from movie_db.crawling_module import galleries

    if not address.strip():
        raise UsageError("An address is needed: that of a gallery, or a file with a list of movies.")
    if address == "-":
        content = sys.stdin.buffer.read()
        stored = data / "own_lists" / f"{hashlib.sha256(content).hexdigest()[:16]}.csv"
        with writing(data):
            make_folder(stored.parent)
            write_atomically(stored, content)
        address = str(stored)
    return galleries.find(address).address


def build(
    address: str,
    settings: Settings,
    *,
    limit: int | None,
    record: Path | None,
    replay: Path | None,
    notify: Notify,
    show: Callable[[Progress], None],
    report: Callable[[Run], None],
) -> None:
    """Builds a database of the movies at `address`. Continues an interrupted build of the same gallery.

    Args:
        address: a gallery's URL, the path of a list, or `-` for a list on standard input.
        settings: the database, the data folder and everything else.
        limit: take only this many movies, the first ones.
        record: a WARC file to write all used responses to.
        replay: a WARC file to take all responses from, instead of the web.
        notify: shows one sentence.
        show: shows the progress.
        report: reports on the run. The build is complete only when it has returned.

    Raises:
        MovieDbError: what stopped the build, in one sentence. The same call continues it.
    """
    from movie_db.movie_db_client.ingest.preferences import preferences

    preferences(settings)  # the client reads them as well; here, errors show sooner
    gallery = gallery_address(address, settings.data)
    _check_recordings(settings, record, replay)
    with ExitStack() as lease, ServiceTree(settings) as tree:
        unfinished = Unfinished(gallery, settings)
        gathered = unfinished.gathered(limit, settings.languages)
        if gathered:
            notify(f"Continuing run {gathered.id}: everything is gathered, and the rest is being ingested.")
        tree.open_sockets(replay, database=True, search=True)
        tree.load_services(CLIENT, GATEWAY)
        crawler = None if gathered else tree.load_crawler(gallery, limit)
        from movie_db.movie_db_client.data_model.lease import (
            building,
        )  # takes half a second, while the children load their modules
        from movie_db.movie_db_client.data_model.schema_version import upgrade

        tree.check_lease = lease.enter_context(building(settings.database_url, settings.data, RELEASE_WITHIN))
        upgrade(settings.database_url)  # the client does this as well; here, errors show sooner
        check_log(settings, notify)
        last, continued = start_or_resume(settings.data, gallery, limit, settings.languages)
        before = None if continued or gathered else newest(settings.data, gallery)
        unfinished.begin()
        tree.begin()
        tree.wait_for(CLIENT)
        tree.start_services()
        _watch(gallery, settings, tree, crawler, before, notify, show)
        tree.request_stop()
        run = newest(settings.data, gallery) or last
        if not record:
            report(run)  # while the services end
    if record:
        from movie_db.web_gateway.warc import export_warc

        export_warc(settings.data / "archive.sqlite", record, used_since=run.started.started_at)
        report(run)
    unfinished.end()


def check_log(settings: Settings, notify: Notify) -> None:
    """Sets aside segments of the log that were cut, before anything is appended to them.

    Raises:
        UnavailableError: the database does not answer.
    """
    from movie_db.movie_db_client.data_model.engine import make_engine
    from movie_db.movie_db_client.ingest.cut_segments import set_aside_all

    engine = make_engine(settings.database_url)
    set_aside_all(engine, settings.data, notify)
    engine.dispose()


def _check_recordings(settings: Settings, record: Path | None, replay: Path | None) -> None:
    if record and replay:
        raise UsageError("A replayed build has nothing to record: give --record or --replay, not both.")
    if record and settings.gateway:
        raise UsageError("A build can record only its own gateway: unset MOVIE_DB_GATEWAY.")
    if replay and not replay.is_file():
        raise UsageError(f"There is no file {replay} to replay: --replay takes a WARC file.")


def crawl(address: str, settings: Settings, *, limit: int | None, only: str | None, notify: Notify) -> None:
    """Crawls a gallery into the log, without a database; `only` names one spider.

    Raises:
        MovieDbError: what stopped the crawl, in one sentence.
    """
    gallery = gallery_address(address, settings.data)
    with ServiceTree(settings) as tree:
        tree.open_sockets(search=only != "movie_list")
        tree.start_services()
        crawler = tree.crawl(gallery, limit, *(["--only", only] if only else []))
        while not tree.check():
            relay(crawler, notify)
            time.sleep(POLL)
        relay(crawler, notify)


def _watch(
    gallery: str,
    settings: Settings,
    tree: ServiceTree,
    crawler: Child | None,
    before: Run | None,
    notify: Notify,
    show: Callable[[Progress], None],
) -> None:
    """Shows progress until everything gathered is ingested. Without a crawler, everything is gathered already.

    `before` is an older run, which this build does not continue.
    """
    progress = Progress()
    gathered: GatheredMovies | None = None
    positions: dict[str, int] = {}
    requested_at = 0.0
    client = tree.environment["MOVIE_DB_CLIENT_API"]
    with httpx2.Client(timeout=5, trust_env=False) as http:
        while True:
            ended = tree.check() or crawler is None
            if crawler:
                relay(crawler, notify)
            if gathered is None:
                run = newest(settings.data, gallery)
                listed = run.listed() if run and run != before else None
                if run and listed:
                    limit = run.started.limit
                    progress.listed = listed.found if limit is None else min(listed.found, limit)
                    gathered = GatheredMovies(run.item_segment)
            if ended or time.monotonic() - requested_at > 1:  # each request costs the ingest time
                positions, requested_at = ingest_positions(http, client), time.monotonic()
            if gathered:
                gathered.follow()
                ingested = gathered.ingested(positions.get(f"item_list/{gathered.path.name}", 0))
                progress.gathered = min(len(gathered.ends), progress.listed or 0)
                progress.ingested = min(ingested, progress.gathered)
            show(progress)
            if ended and all_ingested(positions, settings.data):
                return
            time.sleep(POLL)
