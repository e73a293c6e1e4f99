"""The policy for each host: one table with a row per host and the source of each number.

Only hosts in this table are ever requested. robots.txt applies to pages. A *door* is a path made for programs, where
the service's own rules apply instead, so robots.txt is read for every path except doors. Where a host publishes no
numbers, the row is cautious, and its `source` says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from movie_db.contract.errors import UsageError
from movie_db.web_gateway.paths import lenient

_LANGUAGE: Final = re.compile(r"(?!www$)[a-z]{2,3}(?:-[a-z]{2,11})*|simple")


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """One row. `host` is a name, or `*.` and a domain for its language subdomains, which share one set of limits.

    rate: maximum requests per second. concurrency: maximum concurrent requests. first_idle: seconds of silence after
    which the first try is abandoned; each further try waits twice as long, up to `idle`. Hosts that get large requests
    have a long `first_idle`, because abandoning one would make them do the work again. timeout: seconds for one try.
    patience: seconds for all tries of one request, including the pauses. daily: requests per day (UTC), unless the
    setting named by `daily_setting` overrides it; spent: the text by which a response says that they are used up.
    doors: paths to which robots.txt does not apply, including everything below those that end with a slash. streamed:
    responses are large files that are passed on as they arrive, never archived and never held in memory. key: the
    query parameter with the user's key, which is never stored or shown; setting: the setting with the key.
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
        """Whether this row applies to `host` (lower case)."""
        if not self.host.startswith("*."):
            return host == self.host
        name, _, domain = host.partition(".")
        return domain == self.host[2:] and _LANGUAGE.fullmatch(name) is not None

    def says_spent(self, body: bytes) -> bool:
        """Whether a response says that the day's requests are used up."""
        return self.spent is not None and len(body) < 1000 and self.spent in body

    def silence(self, attempt: int) -> float:
        """Seconds of silence after which the given try (1, 2, …) has failed."""
        return min(self.idle, self.first_idle * 2.0 ** (attempt - 1))

    def obeys_robots(self, path: str) -> bool:
        """Whether robots.txt applies to `path` (it never applies to itself, RFC 9309)."""
        return path != "/robots.txt" and not (self._is_door(path) and self._is_door(lenient(path)))

    def _is_door(self, path: str) -> bool:
        return any(path == door or (door.endswith("/") and path.startswith(door)) for door in self.doors)


WIKIMEDIA: Final = (
    "Three at once: wikitech.wikimedia.org/wiki/Robot_policy. Rate: our choice, below the limits enforced since April "
    "2026 for programs that name themselves (mediawiki.org/wiki/Wikimedia_APIs/Rate_limits). robots.txt forbids /w/ to "
    "crawlers, but these APIs are for programs (mediawiki.org/wiki/API:Etiquette: User-Agent, Retry-After)."
)

SLOWEST: Final = 40.0
"""Seconds of silence before a response with 50 entities or 100 complete titles; 30 do occur."""

TABLE: Final[tuple[HostPolicy, ...]] = (
    HostPolicy(
        "apis.justwatch.com",
        rate=2,
        concurrency=2,
        doors=("/graphql",),
        source="No limits are published for this unofficial API: about the pace of a person paging through the site.",
        first_idle=SLOWEST,
        timeout=120,
        patience=240,
    ),
    HostPolicy(
        "www.justwatch.com",
        rate=1,
        concurrency=2,
        doors=(),
        source="Pages, under robots.txt; no rate is published: about the pace of a person paging through the site.",
    ),
    HostPolicy(
        "*.wikipedia.org",
        rate=3,
        concurrency=3,
        doors=("/w/api.php", "/w/rest.php/", "/api/rest_v1/"),
        source=WIKIMEDIA,
        first_idle=SLOWEST,
        timeout=120,
        patience=240,
    ),
    HostPolicy(
        "www.wikidata.org",
        rate=3,
        concurrency=3,
        doors=("/w/api.php", "/w/rest.php/", "/wiki/Special:EntityData/"),
        source=WIKIMEDIA,
        first_idle=SLOWEST,
        timeout=120,
        patience=240,
    ),
    HostPolicy(
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
    HostPolicy(
        "api.themoviedb.org",
        rate=30,
        concurrency=8,
        doors=("/3/",),
        source="About 40 requests a second, and respect the 429: developer.themoviedb.org/docs/rate-limiting",
        key="api_key",
        setting="tmdb_key",
    ),
    HostPolicy(
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
    HostPolicy(
        "datasets.imdbws.com",
        rate=1,
        concurrency=1,
        doors=("/",),
        source="Files published for download, renewed daily: developer.imdb.com/non-commercial-datasets",
        streamed=True,
        idle=60,
    ),
)


def row_of(host: str, table: Iterable[HostPolicy] = TABLE) -> HostPolicy | None:
    """The row for `host` (lower case); None if the host is not allowed."""
    return next((row for row in table if row.fits(host)), None)


def user_agent(version: str, library: str, contact: str | None) -> str:
    """Our User-Agent in the form of Wikimedia's policy: client/version (contact) library/version.

    The contact must be that of the operator, not of the authors, or all users share one limit:
    foundation.wikimedia.org/wiki/Policy:User-Agent_policy

    Raises:
        UsageError: the contact can't be part of a header.
    """
    told = contact or "builds a personal movie database; the operator gave no contact"
    if not told.isprintable() or not told.isascii() or set(told) & set("()"):
        raise UsageError("MOVIE_DB_CONTACT takes a mail address or the address of a page, in plain ASCII characters.")
    return f"movie_db/{version} ({told}) {library}"
