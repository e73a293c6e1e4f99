"""Runs the builds that were requested through the API, one after another: `python -m movie_db.pipeline.build_worker`.

It learns of new and cancelled builds from the API's events. For each build it starts a crawler, and the services that
the settings don't name. The API's service ingests what is gathered. An interrupted build stays open, and the next
worker continues it.
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
from movie_db.pipeline.progress import Notify, relay
from movie_db.pipeline.services import POLL, ServiceTree

logger = logging.getLogger("movie_db.pipeline.build_worker")
_RETRY_AFTER: Final = 2.0
"""Seconds after which a failed request to the API is repeated."""
_PATIENCE: Final = 60.0
_SILENCE: Final = 60.0
"""Seconds of silence after which a stream of events counts as dead; the API sends a comment every 15 s."""
Json = dict[str, Any]
Lease = Callable[[], AbstractContextManager[Callable[[], None]]]


def _no_lease() -> AbstractContextManager[Callable[[], None]]:
    """The lease of a worker that has no access to the database; the lock in its data folder is all it has."""
    return nullcontext(lambda: None)


class BuildWorker:
    """Runs requested builds. The settings name the API.

    During a build, `lease` keeps other builders away from the database. It yields a function that checks that none
    has taken it.
    """

    def __init__(self, settings: Settings, notify: Notify, lease: Lease = _no_lease) -> None:
        self._settings = settings
        self._lease = lease
        self._notify = notify
        self._changed = threading.Event()
        self._requested: dict[str, Json] = {}
        """The open builds by their runs, according to the latest event."""

    def work(self, stop: threading.Event) -> None:
        """Runs builds until `stop` is set, then stops the current crawler and returns.

        Raises:
            UnavailableError: another process has been running the builds for more than a minute, or the data folder
                can't be written.
        """
        data = self._settings.data
        with exclusive(data / "locks" / "builder.lock", f"Another process runs the builds in {data}.", _PATIENCE):
            threading.Thread(target=self._listen, args=(stop,), name="builds", daemon=True).start()
            done = set[str]()
            while not stop.is_set():
                build = next((build for run, build in self._requested.items() if run not in done), None)
                if build is None:
                    self._changed.wait(POLL)
                    self._changed.clear()
                else:
                    self._build(build, stop)
                    done.add(build["run"])  # the API reports its end only after reading the log

    def _listen(self, stop: threading.Event) -> None:
        with httpx2.Client(base_url=str(self._settings.client_api), timeout=_SILENCE, trust_env=False) as http:
            while not stop.is_set():
                try:
                    with http.stream("GET", "/v1/builds/events") as response:
                        response.raise_for_status()
                        for event in httpx2.EventSource(response, max_event_size=None):
                            if event.event == "builds":
                                self._requested = {build["run"]: build for build in json.loads(event.data)["builds"]}
                                self._changed.set()
                except httpx2.HTTPError as error:
                    logger.warning("Can't read the API's events of builds (%s). Retrying.", error)
                stop.wait(_RETRY_AFTER)

    def _build(self, build: Json, stop: threading.Event) -> None:
        """Runs one build once no other builder has the database. Keeps the lease until the API knows of the end."""
        reason = ""
        while build["run"] in self._requested and not stop.is_set():
            try:
                with self._lease() as check:
                    self._gather(build, stop, check)
                    while build["run"] in self._requested and not stop.is_set():
                        check()
                        time.sleep(POLL)
                return
            except UnavailableError as error:
                if reason != str(error):
                    reason = str(error)
                    self._notify(f"Build {build['build_id']} is waiting: {reason}")
            stop.wait(_RETRY_AFTER)

    def _gather(self, build: Json, stop: threading.Event, check: Callable[[], None]) -> None:
        run, number = build["run"], build["build_id"]
        chain = ",".join(build["languages"] or self._settings.languages)
        self._notify(f"Build {number}: {build['gallery']}.")
        try:
            with service_log.about(run=run), ServiceTree(self._settings.model_copy(update={"language": chain})) as tree:
                tree.check_lease = check
                tree.open_sockets(search=True)
                tree.start_services()
                crawler = tree.crawl(build["gallery"], build["limit"], "--run", run)
                while run in self._requested and not stop.is_set():
                    done = tree.check()
                    relay(crawler, self._notify)
                    if done:
                        self._notify(f"Build {number}: everything is gathered.")
                        return
                    time.sleep(POLL)
        except BuilderBusyError:
            raise
        except MovieDbError as error:
            if run in self._requested and not stop.is_set():
                self._notify(f"Build {number} failed: {error}")
                with SegmentWriter(self._settings.data / "item_list" / f"{run}-failed.jsonl") as log:
                    log.write(RunFailed(run=run, failed_at=now(), reason=str(error)))


@click.command(help="Run the builds that are requested through the API at MOVIE_DB_CLIENT_API.")
def main() -> None:
    """Exit codes: 0 after SIGTERM or SIGINT, 2 for usage errors, 1 for other errors."""
    try:
        settings = Settings.read()
        service_log.set_up("builder", settings.log_level, settings.logs)
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        if settings.client_api is None:
            raise UsageError(
                "MOVIE_DB_CLIENT_API is not set. It takes the address of the API that builds are requested from."
            )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        BuildWorker(settings, lambda sentence: logger.info("%s", sentence)).work(threading.Event())
    except MovieDbError as error:
        service_log.exit_with_error("builder", error)


if __name__ == "__main__":
    main()
