"""Addresses of galleries on the web. Reading one takes no request, so a wrong address is refused at once."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from movie_db.contract.errors import UsageError
from movie_db.contract.gallery_words import FILMS, NO_PROVIDER, SERIES, word

JUSTWATCH: Final = "www.justwatch.com"
TAKEN: Final = f"https://{JUSTWATCH}/<country>/provider/<provider>/movies"
"""What addresses are taken, for people."""
GENRES: Final = tuple("drm cmy doc act trl rma hrr fml crm scf fnt ani hst msc war wsn spt eur rly".split())
"""The short names of JustWatch's genres, the large ones first: a gallery's first cuts should take the most away."""
_HOSTS: Final = frozenset({JUSTWATCH, "justwatch.com", "m.justwatch.com"})
_FILTERS: Final = frozenset({"genres", "release_year_from", "release_year_until"})
_NO_FILTERS: Final = frozenset(
    "sort_by sort_asc page gclid gclsrc gbraid wbraid dclid fbclid msclkid yclid twclid ttclid igshid srsltid "
    "mc_cid mc_eid _ga _gl ref ref_src".split()
)
"""Order, page and the marks that browsers and advertisements leave: they don't change which films a gallery has."""
_WITHOUT_SCHEME: Final = re.compile(r"((www|m)\.)?justwatch\.(com|to)(?=[/:?#]|$)", re.IGNORECASE)
_LIKE_AN_ADDRESS: Final = re.compile(r"(www\.|[^/\s]+\.[a-z]{2,24}(:\d+)?/)\S*", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_SEPARATORS: Final = frozenset(' /\\?#%<>"{}|^`@:;&=')


class GalleryAddress(NamedTuple):
    """A gallery of JustWatch: its address as runs call it, its country (ISO 3166-1), its provider, if it is of one."""

    address: str
    country: str
    provider: str | None
    narrowed: Mapping[str, str]
    """Its filters, by name."""

    @property
    def page(self) -> str:
        """The address of its web page, without filters, percent-encoded."""
        return quote(self.address.partition("?")[0], safe=":/")


def looks_like_an_address(text: str) -> bool:
    """Whether a text is an address of the web rather than a file's name, though it has no `https://`."""
    return _LIKE_AN_ADDRESS.fullmatch(text) is not None


def file_path(address: str) -> Path | None:
    """The path that an address names, with or without `file:`; None if it is a URL of another scheme."""
    if _SCHEME.match(address):
        return None
    return Path(address.removeprefix("file:"))


def justwatch(address: str) -> GalleryAddress | None:
    """What an address of JustWatch names; None if it belongs to another site.

    The scheme may be missing. The path's words may be those of any country, raw or percent-encoded; JustWatch decides
    which providers there are.

    Raises:
        UsageError: it belongs to JustWatch, but is no gallery that can be read; says what would be right.
    """
    address = address.strip()
    if _WITHOUT_SCHEME.match(address):
        address = f"https://{address}"
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return None
    if url.scheme in {"http", "https"} and url.hostname in {"justwatch.to", "www.justwatch.to"}:
        raise UsageError(f"{address} is a short link: open it in a browser and give the long address, like {TAKEN}.")
    if url.scheme not in {"http", "https"} or url.hostname not in _HOSTS:
        return None
    if port is not None or "@" in url.netloc:
        raise UsageError(f"A gallery's address has no user, password or port: {TAKEN}.")
    country, path, provider = _parts(url.path, address)
    narrowed = _narrowed(url.query)
    asked = "&".join(f"{k}={v}" for k, v in narrowed.items())
    canonical = f"https://{JUSTWATCH}{path}" + (f"?{asked}" if asked else "")
    return GalleryAddress(canonical, "GB" if country == "uk" else country.upper(), provider, narrowed)


def _narrowed(query: str) -> dict[str, str]:
    """The filters of an address, by name."""
    narrowed: dict[str, str] = {}
    for name, value in parse_qsl(query):
        if name in _NO_FILTERS or name.startswith("utm_"):
            continue
        if name == "q":
            raise UsageError("A search within a gallery (q) can't be read: give the gallery's address without it.")
        if name not in _FILTERS:
            known = ", ".join(sorted(_FILTERS))
            raise UsageError(f"The gallery's filter {name[:50]!r} is not understood; understood are {known}.")
        if name in narrowed and name != "genres":
            raise UsageError(f"The gallery's filter {name!r} stands twice in the address: give one year.")
        narrowed[name] = f"{narrowed[name]},{value}" if name in narrowed else value
    for genre in filter(None, narrowed.get("genres", "").split(",")):
        if genre not in GENRES:
            raise UsageError(f"JustWatch has no genre {genre[:50]!r}; it has {', '.join(GENRES)}.")
    for name in ("release_year_from", "release_year_until"):
        if not re.fullmatch(r"([0-9]{4})?", narrowed.get(name, "")):
            raise UsageError(f"{name} takes a year of four digits, not {narrowed[name][:50]!r}.")
    return dict(sorted(narrowed.items()))


def _parts(path: str, address: str) -> tuple[str, str, str | None]:
    """Country, canonical path and provider of a gallery's path.

    A country's own words stay as they are given: its pages are found under them only. In English a gallery has one
    path, which ends in `/movies`.
    """
    right = f"A gallery's address looks like {TAKEN}"
    parts = [_segment(part, address) for part in path.split("/") if part]
    country = parts[0].lower() if parts else ""
    if not re.fullmatch(r"[a-z]{2}", country):
        raise UsageError(f"{right}: {address} names no country.")
    rest, kinds = parts[1:], [word(part) for part in parts[1:]]
    if kinds and kinds[-1] in SERIES and len(kinds) != 2:
        raise UsageError(f"{address} is a gallery of series; this database is of films: end it in /movies.")
    if not rest:
        return country, f"/{country}/movies", None
    if len(rest) == 1 and kinds[0] in FILMS:
        films = "movies" if kinds[0] in {"movie", "movies"} else rest[0]
        return country, f"/{country}/{films}", None
    if kinds[0] in FILMS | SERIES and len(rest) > 1:
        raise UsageError(f"{right}; {address} is the page of one title, or of what is new.")
    if len(rest) == 3 and kinds[2] in NO_PROVIDER:
        raise UsageError(f"{right}; {address} is a time line, which lacks films of the gallery.")
    if len(rest) not in {2, 3} or kinds[0] in NO_PROVIDER:
        raise UsageError(f"{right}; {address} does not.")
    provider = rest[1].lower()
    if kinds[0] == "provider":
        films = rest[2] if kinds[2:] and kinds[2] not in FILMS else "movies"
        return country, f"/{country}/provider/{provider}/{films}", provider
    return country, "/".join(["", country, rest[0], provider, *rest[2:]]), provider


def _segment(raw: str, address: str) -> str:
    """One part of a path, decoded."""
    try:
        told = unicodedata.normalize("NFC", unquote(raw, errors="strict"))
    except UnicodeDecodeError:
        told = ""
    if not told.strip(".") or len(told) > 100 or not told.isprintable() or _SEPARATORS & set(told):
        raise UsageError(f"A gallery's address looks like {TAKEN}; {address[:200]} does not.")
    return told
