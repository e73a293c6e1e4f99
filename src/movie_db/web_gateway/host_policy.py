"""How we behave towards each host: one table, a row a host, with the source of each number.

Only hosts of this table are ever asked. robots.txt rules pages; a *door* is a path made for programs, where the
etiquette of that service rules instead, so robots.txt is read for every path but the doors. Rows whose numbers are
nowhere published take care instead: their `source` says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from movie_db.contract.errors import UsageError
from movie_db.web_gateway.paths import lenient

_LANGUAGE: Final = re.compile(r"(?!www$)[a-z]{2,3}(?:-[a-z]{2,11})*|simple")


@dataclass(frozen=True, slots=True)
class Manners:
    """One row. `host` is a name, or `*.` and a domain: its subdomains for languages, which share one set of limits.

    rate: requests a second, at most. concurrency: requests under way at once. first_idle: seconds of silence after
    which a first try is given up; each further try waits twice as long, up to `idle`. Hosts that are asked for much at
    once are waited for from the first try on: giving up would have them do the work again. timeout: seconds that one
    try may take. patience: seconds that all tries of one request may take, waiting between them included. daily:
    requests in a day (UTC), unless the user's setting of the name `daily_setting` says otherwise; spent: what an
    answer says in place of one when they are used up. doors: paths that robots.txt does not rule, and all paths below
    those that end with a slash. streamed: its answers are large files, passed on as they come: never archived, never
    held in memory. key: the parameter of the address that holds the user's key, which is never kept nor shown;
    setting: where the user gives it.
    """

    host: str
    rate: float
    concurrency: int
    doors: tuple[str, ...]
    source: str
    daily: int | None = None
    daily_setting: str | None = None
    spent: bytes | None = None
    key: str | None = None
    setting: str | None = None
    first_idle: float = 10.0
    idle: float = 40.0
    timeout: float = 90.0
    patience: float = 180.0
    tries: int = 8
    streamed: bool = False

    def fits(self, host: str) -> bool:
        """Whether this row is about `host` (lower case)."""
        if not self.host.startswith("*."):
            return host == self.host
        name, _, domain = host.partition(".")
        return domain == self.host[2:] and _LANGUAGE.fullmatch(name) is not None

    def says_spent(self, body: bytes) -> bool:
        """Whether an answer is none, since the day's requests are used up."""
        return self.spent is not None and len(body) < 1000 and self.spent in body

    def silence(self, attempt: int) -> float:
        """Seconds of silence after which the try of this number (1, 2, …) has failed."""
        return min(self.idle, self.first_idle * 2.0 ** (attempt - 1))

    def obeys_robots(self, path: str) -> bool:
        """Whether robots.txt has a say about `path` (about itself it has none: RFC 9309)."""
        return path != "/robots.txt" and not (self._is_door(path) and self._is_door(lenient(path)))

    def _is_door(self, path: str) -> bool:
        return any(path == door or (door.endswith("/") and path.startswith(door)) for door in self.doors)


WIKIMEDIA: Final = (
    "Three at once: wikitech.wikimedia.org/wiki/Robot_policy. Rate: our choice, below the limits enforced since April "
    "2026 for programs that name themselves (mediawiki.org/wiki/Wikimedia_APIs/Rate_limits). robots.txt forbids /w/ to "
    "crawlers, but these APIs are for programs (mediawiki.org/wiki/API:Etiquette: User-Agent, Retry-After)."
)

SLOWEST: Final = 40.0
"""Seconds of silence before an answer that holds 50 entities or 100 whole titles: 30 do occur."""

TABLE: Final[tuple[Manners, ...]] = (
    Manners(
        "apis.justwatch.com",
        rate=2,
        concurrency=2,
        doors=("/graphql",),
        source="Nothing is published for this unofficial door: about the pace of a person paging through the site.",
        first_idle=SLOWEST,
        timeout=120,
        patience=240,
    ),
    Manners(
        "www.justwatch.com",
        rate=1,
        concurrency=2,
        doors=(),
        source="Pages, ruled by robots.txt; no rate is published: about the pace of a person paging through the site.",
    ),
    Manners(
        "*.wikipedia.org",
        rate=3,
        concurrency=3,
        doors=("/w/api.php", "/w/rest.php/", "/api/rest_v1/"),
        source=WIKIMEDIA,
        first_idle=SLOWEST,
        timeout=120,
        patience=240,
    ),
    Manners(
        "www.wikidata.org",
        rate=3,
        concurrency=3,
        doors=("/w/api.php", "/w/rest.php/", "/wiki/Special:EntityData/"),
        source=WIKIMEDIA,
        first_idle=SLOWEST,
        timeout=120,
        patience=240,
    ),
    Manners(
        "query.wikidata.org",
        rate=1,
        concurrency=1,
        doors=("/sparql",),
        source="60 s of processing a minute for each client, 60 s a query, so one at a time: "
        "mediawiki.org/wiki/Wikidata_Query_Service/User_Manual#Query_limits",
        first_idle=65,
        idle=65,
        timeout=75,
        patience=240,
        tries=6,
    ),
    Manners(
        "api.themoviedb.org",
        rate=30,
        concurrency=8,
        doors=("/3/",),
        source="About 40 requests a second, and respect the 429: developer.themoviedb.org/docs/rate-limiting",
        key="api_key",
        setting="tmdb_key",
    ),
    Manners(
        "www.omdbapi.com",
        rate=5,
        concurrency=2,
        doors=("/",),
        source="1,000 requests a day for a free key: omdbapi.com/apikey.aspx; no rate is published.",
        daily=1000,
        daily_setting="omdb_daily",
        spent=b'"Request limit reached!"',
        key="apikey",
        setting="omdb_key",
    ),
    Manners(
        "datasets.imdbws.com",
        rate=1,
        concurrency=1,
        doors=("/",),
        source="Files published for download, renewed daily: developer.imdb.com/non-commercial-datasets",
        streamed=True,
        idle=60,
    ),
)


def row_of(host: str, table: Iterable[Manners] = TABLE) -> Manners | None:
    """The row about `host` (lower case), or None: then that host is not asked."""
    return next((row for row in table if row.fits(host)), None)


def user_agent(version: str, library: str, contact: str | None) -> str:
    """Our User-Agent, in the form that Wikimedia's policy asks for: client/version (contact) library/version.

    The contact must reach whoever runs the program, not who wrote it, or all its users share one limit:
    foundation.wikimedia.org/wiki/Policy:User-Agent_policy

    Raises:
        UsageError: the contact does not fit into the header.
    """
    told = contact or "builds a personal movie database; the operator gave no contact"
    if not told.isprintable() or not told.isascii() or set(told) & set("()"):
        raise UsageError("MOVIE_DB_CONTACT takes a mail address or the address of a page, in plain ASCII characters.")
    return f"movie_db/{version} ({told}) {library}"
