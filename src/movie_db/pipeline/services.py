"""The services of a build as one process tree, on free loopback ports."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from movie_db.contract.errors import UnavailableError
from movie_db.contract.service import address_of
from movie_db.contract.settings import Settings
from movie_db.pipeline.supervisor import Child, stop

CRAWLER: Final = "crawling_module"
CLIENT: Final = "movie_db_client"
GATEWAY: Final = "web_gateway"
SEARCH: Final = "wiki_api"
POLL: Final = 0.1
ENDING: Final = 0.25
"""Seconds in which a service that is ending takes the crawler down with it."""
RELEASE_WITHIN: Final = 2.0
"""Seconds that a killed builder may need to release the database."""
LOOPBACK: Final = "127.0.0.1"


class ServiceTree:
    """The services as children of this process. Use it as a context manager, which stops them at its end.

    Raises:
        UnavailableError: the data folder can't be written.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._logs = settings.data / "logs"
        self.children: list[Child] = []
        self.check_lease: Callable[[], None] = lambda: None
        """Raises `UnavailableError` if another builder has taken the database."""
        self._loaded: list[Child] = []
        self._sockets: dict[str, tuple[socket.socket, Sequence[str]]] = {}
        self.environment = {
            "MOVIE_DB_DATA": str(settings.data),
            "MOVIE_DB_DATABASE_URL": settings.database_url,
            "MOVIE_DB_LOGS": str(settings.logs or self._logs),
            "MOVIE_DB_LANGUAGE": ",".join(settings.languages),
            "MOVIE_DB_CLIENT_API": settings.client_api or "",
        }
        with writing(settings.data):
            self._logs.mkdir(parents=True, exist_ok=True)
            (self._logs / ".try").touch()
            (self._logs / ".try").unlink(missing_ok=True)

    def open_sockets(self, replay: Path | None = None, *, database: bool = False, search: bool = False) -> None:
        """Gives an address each to the gateway and, if requested, to the database's client and the wiki API.

        Requests that are sent before a service is up wait in the queue of its socket. If it has crashed, they wait
        until `check` raises. If the settings name a gateway or wiki API, it is used, except for a replay.
        """
        gateway, wiki_api = (None, None) if replay else (self._settings.gateway, self._settings.wiki_api)
        if database:
            self.environment["MOVIE_DB_CLIENT_API"] = self._open(CLIENT, "--ingest")
        option = ["--replay", str(replay)] if replay else []
        self.environment["MOVIE_DB_GATEWAY"] = gateway or self._open(GATEWAY, *option)
        if search:
            self.environment["MOVIE_DB_WIKI_API"] = wiki_api or self._open(SEARCH)

    def _open(self, module: str, *arguments: str) -> str:
        listening = socket.create_server((LOOPBACK, 0))
        self._sockets[module] = (listening, arguments)
        return address_of(listening)

    def start_services(self, *modules: str) -> None:
        """Starts the services that have a socket and don't run yet: all of them, or these modules only."""
        self.load_services(*modules)
        self.begin()

    def load_services(self, *modules: str) -> None:
        """Like `start_services`, but the services only load their modules and wait for `begin`."""
        running = {child.module for child in self.children}
        for module in [m for m in self._sockets if m not in running and (m in modules or not modules)]:
            self._load(module, *self._sockets[module][1])

    def load_crawler(self, gallery: str, limit: int | None, *options: str) -> Child:
        """Like `crawl`, but the crawler only loads its modules and waits for `begin`."""
        return self._load(CRAWLER, gallery, *(["--limit", str(limit)] if limit else []), *options)

    def crawl(self, gallery: str, limit: int | None, *options: str) -> Child:
        """Starts the crawler."""
        crawler = self.load_crawler(gallery, limit, *options)
        self.begin()
        return crawler

    def _load(self, module: str, *arguments: str) -> Child:
        listening, _ = self._sockets.get(module, (None, ()))
        child = Child(module, list(arguments), self.environment, self._logs / f"{module}.log", listening)
        self.children.append(child)
        self._loaded.append(child)
        return child

    def begin(self) -> None:
        """Starts the work of all children that are only loaded."""
        while self._loaded:
            self._loaded.pop(0).begin()

    def wait_for(self, module: str) -> None:
        """Waits until a service answers requests.

        Raises:
            MovieDbError: the service ended or was not ready in time; the message says why.
        """
        next(child for child in self.children if child.module == module).wait_until_ready()

    def remove(self, crawler: Child) -> None:
        """Ends a crawler that has done its work, so that another one can start."""
        crawler.stop()
        self.children.remove(crawler)

    def request_stop(self) -> None:
        """Asks all services to end, and does not wait for that."""
        for child in self.children:
            child.request_stop()

    def has_lost_service(self) -> bool:
        """Whether a service has ended."""
        return any(child.module != CRAWLER and child.process.poll() is not None for child in self.children)

    def check(self) -> bool:
        """Whether the crawler has finished.

        Raises:
            MovieDbError: a service has ended, the crawler failed, or another builder has taken the database; the
                message says which and why.
        """
        self.check_lease()
        crawler = next((child for child in self.children if child.module == CRAWLER), None)
        done = crawler is not None and crawler.process.poll() is not None
        if done and crawler and crawler.process.returncode:
            time.sleep(ENDING)  # the crawler may have failed because a service is ending, which is the actual reason
        for child in self.children:
            if child is not crawler and child.process.poll() is not None:
                raise child.error()
        if done and crawler and crawler.process.returncode:
            raise crawler.error()
        return done

    def __enter__(self) -> "ServiceTree":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        stop(self.children)
        for listening, _ in self._sockets.values():
            listening.close()


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Turns errors of writing to the data folder into `UnavailableError`."""
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"The data folder {data} can't be written ({error.strerror}). Choose another one with --data."
        ) from None
