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
DYING: Final = 0.25
LET_GO: Final = 2.0
"""Seconds that a builder that was killed may need to let go of the database."""
LOOPBACK: Final = "127.0.0.1"


class Tree:
    """Our services as children of this process; a context manager stops them.

    Raises:
        UnavailableError: the data folder can't be written.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._logs = settings.data / "logs"
        self.children: list[Child] = []
        self.check_lease: Callable[[], None] = lambda: None
        """What raises `UnavailableError` when another builder has the database now."""
        self._held: list[Child] = []
        self._doors: dict[str, tuple[socket.socket, Sequence[str]]] = {}
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

    def open_doors(self, replay: Path | None = None, *, database: bool = False, search: bool = False) -> None:
        """Gives the gateway and, where wanted, the database's client and the wiki API an address each.

        Who asks before the service is up waits in its socket's queue; so does who asks one that broke off, until
        `check` says so. A gateway or wiki API that the settings name runs already; a replay has its own.
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
        self._doors[module] = (listening, arguments)
        return address_of(listening)

    def start_services(self, *modules: str) -> None:
        """Starts what has a door and does not run yet: all of it, or what is named of it."""
        self.load_services(*modules)
        self.begin()

    def load_services(self, *modules: str) -> None:
        """As `start_services`, but they only load what they need, and do nothing before `begin`."""
        running = {child.module for child in self.children}
        for module in [m for m in self._doors if m not in running and (m in modules or not modules)]:
            self._load(module, *self._doors[module][1])

    def load_crawler(self, gallery: str, limit: int | None, *options: str) -> Child:
        """As `crawl`, but it does nothing before `begin`."""
        return self._load(CRAWLER, gallery, *(["--limit", str(limit)] if limit else []), *options)

    def crawl(self, gallery: str, limit: int | None, *options: str) -> Child:
        """Starts the crawler."""
        crawler = self.load_crawler(gallery, limit, *options)
        self.begin()
        return crawler

    def _load(self, module: str, *arguments: str) -> Child:
        listening, _ = self._doors.get(module, (None, ()))
        child = Child(module, list(arguments), self.environment, self._logs / f"{module}.log", listening)
        self.children.append(child)
        self._held.append(child)
        return child

    def begin(self) -> None:
        """Has all begin that are only loaded."""
        while self._held:
            self._held.pop(0).begin()

    def wait_for(self, module: str) -> None:
        """Waits until a service answers.

        Raises:
            MovieDbError: it ended before: says why.
        """
        next(child for child in self.children if child.module == module).wait_until_ready()

    def dismiss(self, crawler: Child) -> None:
        """Ends a crawler whose work is over, so that another one may come."""
        crawler.stop()
        self.children.remove(crawler)

    def dismiss_all(self) -> None:
        """Asks all services to end, and does not wait for it."""
        for child in self.children:
            child.ask_to_end()

    def lost(self) -> bool:
        """Whether a service has ended."""
        return any(child.module != CRAWLER and child.process.poll() is not None for child in self.children)

    def check(self) -> bool:
        """Whether the crawler has done its work.

        Raises:
            MovieDbError: a service has ended before, the crawler failed, or another builder has the database: says why.
        """
        self.check_lease()
        crawler = next((child for child in self.children if child.module == CRAWLER), None)
        done = crawler is not None and crawler.process.poll() is not None
        if done and crawler and crawler.process.returncode:
            time.sleep(DYING)  # a crawler whose service is ending fails, too: then it is the service's word that counts
        for child in self.children:
            if child is not crawler and child.process.poll() is not None:
                raise child.error()
        if done and crawler and crawler.process.returncode:
            raise crawler.error()
        return done

    def __enter__(self) -> "Tree":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        stop(self.children)
        for listening, _ in self._doors.values():
            listening.close()


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Raises `UnavailableError`, with the reason, where the data folder can't be written."""
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"The data folder {data} can't be written ({error.strerror}): --data names another."
        ) from None
