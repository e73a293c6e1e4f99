"""Runs the builds that the API was asked for, one after another: `python -m movie_db.pipeline.build_worker`.

It hears of them by the API's events, of those that were cancelled, too. What it does then is what `movie-db build` does
without a database of its own: a crawler, and the services that no setting names. A build that was interrupted is not
over, so whoever does builds next goes on with it.
"""

import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import click
import httpx2

from movie_db.contract import service_log
from movie_db.contract.errors import BuilderBusyError, MovieDbError, UnavailableError, UsageError
from movie_db.contract.lock import exclusive
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import RunFailed, now
from movie_db.contract.settings import Settings
from movie_db.pipeline.build import Say, relay
from movie_db.pipeline.services import POLL, Tree

logger = logging.getLogger("movie_db.pipeline.build_worker")
_AGAIN_AFTER: Final = 2.0
"""Seconds until an API that is gone is asked again."""
_PATIENCE: Final = 60.0
_SILENCE: Final = 60.0
"""Seconds without a word after which a stream of events is dead: it says every 15 that it is not."""
Json = dict[str, Any]
Lease = Callable[[], AbstractContextManager[Callable[[], None]]]


def _no_lease() -> AbstractContextManager[Callable[[], None]]:
    """For a builder that knows the API alone: the lock in its data folder is all it has."""
    return nullcontext(lambda: None)


class Builder:
    """Does builds, and tells of them. The settings name the API.

    `lease` keeps other builders from the database meanwhile; it gives what checks that none has taken it.
    """

    def __init__(self, settings: Settings, say: Say, lease: Lease = _no_lease) -> None:
        self._settings = settings
        self._lease = lease
        self._say = say
        self._news = threading.Event()
        self._open: dict[str, Json] = {}
        """The builds that are not over, by their runs, as heard last."""

    def work(self, stop: threading.Event) -> None:
        """Does what the API asks for until `stop` is set: then it stops the crawler that is under way, and returns.

        Raises:
            UnavailableError: another process does it, for a minute and longer; or the data folder can't be written.
        """
        data = self._settings.data
        with exclusive(data / "locks" / "builder.lock", f"Another process does the builds in {data}.", _PATIENCE):
            threading.Thread(target=self._listen, args=(stop,), name="builds", daemon=True).start()
            done = set[str]()
            while not stop.is_set():
                build = next((build for run, build in self._open.items() if run not in done), None)
                if build is None:
                    self._news.wait(POLL)
                    self._news.clear()
                else:
                    self._build(build, stop)
                    done.add(build["run"])  # its end stands in the log, and is heard of when that is read

    def _listen(self, stop: threading.Event) -> None:
        with httpx2.Client(base_url=str(self._settings.client_api), timeout=_SILENCE, trust_env=False) as http:
            while not stop.is_set():
                try:
                    with http.stream("GET", "/v1/builds/events") as answer:
                        answer.raise_for_status()
                        for event in httpx2.EventSource(answer, max_event_size=None):
                            if event.event == "builds":
                                self._open = {build["run"]: build for build in json.loads(event.data)["builds"]}
                                self._news.set()
                except httpx2.HTTPError as error:
                    logger.warning("The API does not tell of builds (%s); asking again.", error)
                stop.wait(_AGAIN_AFTER)

    def _build(self, build: Json, stop: threading.Event) -> None:
        """Does one build, once no other builder has the database; then holds it until the API knows of the end."""
        said = ""
        while build["run"] in self._open and not stop.is_set():
            try:
                with self._lease() as check:
                    self._gather(build, stop, check)
                    while build["run"] in self._open and not stop.is_set():
                        check()
                        time.sleep(POLL)
                return
            except UnavailableError as error:
                if said != str(error):
                    said = str(error)
                    self._say(f"Build {build['build_id']} waits: {said}")
            stop.wait(_AGAIN_AFTER)

    def _gather(self, build: Json, stop: threading.Event, check: Callable[[], None]) -> None:
        run, number = build["run"], build["build_id"]
        chain = ",".join(build["languages"] or self._settings.languages)
        self._say(f"Build {number}: {build['gallery']}.")
        try:
            with service_log.about(run=run), Tree(self._settings.model_copy(update={"language": chain})) as tree:
                tree.check_lease = check
                tree.open_doors(search=True)
                tree.start_services()
                crawler = tree.crawl(build["gallery"], build["limit"], "--run", run)
                while run in self._open and not stop.is_set():
                    done = tree.check()
                    relay(crawler, self._say)
                    if done:
                        self._say(f"Build {number}: all is gathered.")
                        return
                    time.sleep(POLL)
        except BuilderBusyError:
            raise
        except MovieDbError as error:
            if run in self._open and not stop.is_set():
                self._say(f"Build {number} failed: {error}")
                with SegmentWriter(self._settings.data / "item_list" / f"{run}-failed.jsonl") as log:
                    log.write(RunFailed(run=run, failed_at=now(), reason=str(error)))


@click.command(help="Does the builds that the API at MOVIE_DB_CLIENT_API was asked for.")
def main() -> None:
    """Exit codes: 0 after SIGTERM or SIGINT, 2 if it was asked for what can't be, 1 if something does not work."""
    try:
        settings = Settings.read()
        service_log.set_up("builder", settings.log_level, settings.logs)
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        if settings.client_api is None:
            raise UsageError("MOVIE_DB_CLIENT_API names the API that tells of builds, and is not set.")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        Builder(settings, lambda sentence: logger.info("%s", sentence)).work(threading.Event())
    except MovieDbError as error:
        service_log.exit_with_error("builder", error)


if __name__ == "__main__":
    main()
