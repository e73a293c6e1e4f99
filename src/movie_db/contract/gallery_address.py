"""Addresses of galleries on the web. Who takes one in can tell at once what is wrong with it, and asks nobody."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from movie_db.contract.errors import UsageError

JUSTWATCH: Final = "www.justwatch.com"
TAKEN: Final = f"https://{JUSTWATCH}/<country>/provider/<provider>/movies"
"""What addresses are taken, for people."""
GENRES: Final = tuple("drm cmy doc act trl rma hrr fml crm scf fnt ani hst msc war wsn spt eur rly".split())
"""The short names of JustWatch's genres, the large ones first: a gallery's first cuts should take the most away."""
_MOVIES: Final = frozenset({"movies", "movie", "filme", "filmes", "films", "film", "peliculas"})
_SERIES: Final = frozenset({"tv-shows", "tv-show", "serien", "serie", "series"})
_PROVIDER: Final = frozenset(
    {"provider", "anbieter", "proveedor", "proveedores", "fournisseur", "provider-streaming", "provedor"}
)
_FILTERS: Final = frozenset({"genres", "release_year_from", "release_year_until"})


class GalleryAddress(NamedTuple):
    """A gallery of JustWatch: its address as runs call it, its country (ISO 3166-1), its provider, if it is of one."""

    address: str
    country: str
    provider: str | None
    narrowed: Mapping[str, str]
    """Its filters, by name."""


def on_the_web(address: str) -> str:
    """The address of a gallery as runs call it, made anew of the parts that are known: nothing else is ever asked.

    Raises:
        UsageError: it is none that an adapter takes; files are none, either.
    """
    found = justwatch(address)
    if found is None:
        raise UsageError(f"No gallery is known at {address[:200]!r}. Known are: {TAKEN}.")
    return found.address


def justwatch(address: str) -> GalleryAddress | None:
    """What an address of JustWatch names; None if it is none of theirs.

    Raises:
        UsageError: it is theirs, but can't be right; says what would be.
    """
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or url.hostname not in {JUSTWATCH, "justwatch.com"}:
        return None
    if port is not None or "@" in url.netloc:
        raise UsageError(f"A gallery's address has no user, password or port: {TAKEN}.")
    country, provider = _parts(url.path, address)
    query = dict(parse_qsl(url.query))
    narrowed = {k: v for k, v in sorted(query.items()) if k in _FILTERS and v}
    unknown = [k for k in query if k not in _FILTERS and not k.startswith("utm_")]
    if unknown:
        raise UsageError(
            f"The gallery's filter {unknown[0]!r} is not understood; understood are {', '.join(sorted(_FILTERS))}."
        )
    for genre in filter(None, narrowed.get("genres", "").split(",")):
        if genre not in GENRES:
            raise UsageError(f"JustWatch has no genre {genre!r}; it has {', '.join(GENRES)}.")
    for name in ("release_year_from", "release_year_until"):
        if not re.fullmatch(r"([0-9]{4})?", narrowed.get(name, "")):
            raise UsageError(f"{name} takes a year of four digits, not {narrowed[name]!r}.")
    path = f"/{country}/provider/{provider}/movies" if provider else f"/{country}/movies"
    asked = "&".join(f"{k}={v}" for k, v in narrowed.items())
    canonical = f"https://{JUSTWATCH}{path}" + (f"?{asked}" if asked else "")
    return GalleryAddress(canonical, "GB" if country == "uk" else country.upper(), provider, narrowed)


def _parts(path: str, address: str) -> tuple[str, str | None]:
    """Country and provider of a gallery's path."""
    parts = [p for p in path.lower().split("/") if p]
    right = f"A gallery's address looks like {TAKEN}"
    if not parts or not re.fullmatch(r"[a-z]{2}", parts[0]):
        raise UsageError(f"{right}: {address} names no country.")
    country, rest = parts[0], parts[1:]
    if rest and rest[-1] in _SERIES:
        raise UsageError(f"{address} is a gallery of series; this database is of films: end it in /movies.")
    if rest and rest[-1] in _MOVIES:
        rest = rest[:-1]
    if not rest:
        return country, None
    if len(rest) == 2 and rest[0] in _PROVIDER and re.fullmatch(r"[a-z0-9][a-z0-9_-]*", rest[1]):
        return country, rest[1]
    raise UsageError(f"{right}; {address} does not.")
