"""Addresses of galleries on the web. They are checked without a request, so a wrong address is refused at once."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from movie_db.contract.errors import UsageError
from movie_db.contract.gallery_words import FILMS, NO_PROVIDER, SERIES, word

JUSTWATCH: Final = "www.justwatch.com"
GALLERY_FORM: Final = f"https://{JUSTWATCH}/<country>/provider/<provider>/movies"
"""The form of a gallery's address, for messages."""
GENRES: Final = tuple("drm cmy doc act trl rma hrr fml crm scf fnt ani hst msc war wsn spt eur rly".split())
"""JustWatch's short names of genres, the largest first, since the first filters should remove the most movies."""
_HOSTS: Final = frozenset({JUSTWATCH, "justwatch.com", "m.justwatch.com"})
_FILTERS: Final = frozenset({"genres", "release_year_from", "release_year_until"})
_NO_FILTERS: Final = frozenset(
    "sort_by sort_asc page gclid gclsrc gbraid wbraid dclid fbclid msclkid yclid twclid ttclid igshid srsltid "
    "mc_cid mc_eid _ga _gl ref ref_src".split()
)
"""Sorting, paging and tracking parameters, which don't change the movies of a gallery."""
_WITHOUT_SCHEME: Final = re.compile(r"((www|m)\.)?justwatch\.(com|to)(?=[/:?#]|$)", re.IGNORECASE)
_LIKE_AN_ADDRESS: Final = re.compile(r"(www\.|[^/\s]+\.[a-z]{2,24}(:\d+)?/)\S*", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_SEPARATORS: Final = frozenset(' /\\?#%<>"{}|^`@:;&=')


class GalleryAddress(NamedTuple):
    """A gallery of JustWatch: its canonical address, its country (ISO 3166-1 alpha-2), and its provider, if any."""

    address: str
    country: str
    provider: str | None
    filters: Mapping[str, str]
    """Its filters, by name."""

    @property
    def page(self) -> str:
        """The address of its web page, without filters, percent-encoded."""
        return quote(self.address.partition("?")[0], safe=":/")


def canonical_gallery(address: str) -> str:
    """The canonical address of a gallery on the web, as runs name it. It is built from validated parts alone.

    Raises:
        UsageError: no adapter reads this address. Files are refused, too.
    """
    found = justwatch(address)
    if found is None:
        raise UsageError(f"{address[:200]!r} is not the address of a supported gallery: {GALLERY_FORM}.")
    return found.address


def looks_like_an_address(text: str) -> bool:
    """Whether a text is an address of the web rather than a file's name, though it has no `https://`."""
    return _LIKE_AN_ADDRESS.fullmatch(text) is not None


def file_path(address: str) -> Path | None:
    """The path that an `https://` names, with or without `file:`; None if it is a URL of another scheme."""
    if _SCHEME.match(address):
        return None
    return Path(address.removeprefix("file:"))


def justwatch(address: str) -> GalleryAddress | None:
    """Parses an address of JustWatch. Returns None if it belongs to another site.

    The scheme may be missing. The words of the path may be those of any country, raw or percent-encoded. Providers
    are not checked.

    Raises:
        UsageError: the address belongs to JustWatch, but is not a gallery that can be read.
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
        raise UsageError(
            f"{address} is a short link: open it in a browser and give the long address, like {GALLERY_FORM}."
        )
    if url.scheme not in {"http", "https"} or url.hostname not in _HOSTS:
        return None
    if port is not None or "@" in url.netloc:
        raise UsageError(f"A gallery's address has no user, password or port: {GALLERY_FORM}.")
    country, path, provider = _parts(url.path, address)
    filters = _filters(url.query)
    query = "&".join(f"{k}={v}" for k, v in filters.items())
    canonical = f"https://{JUSTWATCH}{path}" + (f"?{query}" if query else "")
    return GalleryAddress(canonical, "GB" if country == "uk" else country.upper(), provider, filters)


def _filters(query: str) -> dict[str, str]:
    """The filters of an address, by name."""
    filters: dict[str, str] = {}
    for name, value in parse_qsl(query):
        if name in _NO_FILTERS or name.startswith("utm_"):
            continue
        if name == "q":
            raise UsageError("A search within a gallery (q) is not supported: remove it from the address.")
        if name not in _FILTERS:
            supported = ", ".join(sorted(_FILTERS))
            raise UsageError(f"The gallery's filter {name[:50]!r} is not supported. Supported filters: {supported}.")
        if name in filters and name != "genres":
            raise UsageError(f"The gallery's filter {name!r} is given twice: give one year.")
        filters[name] = f"{filters[name]},{value}" if name in filters else value
    for genre in filter(None, filters.get("genres", "").split(",")):
        if genre not in GENRES:
            raise UsageError(f"JustWatch has no genre {genre[:50]!r}; it has {', '.join(GENRES)}.")
    for name in ("release_year_from", "release_year_until"):
        if not re.fullmatch(r"([0-9]{4})?", filters.get(name, "")):
            raise UsageError(f"{name} takes a year of four digits, not {filters[name][:50]!r}.")
    return dict(sorted(filters.items()))


def _parts(path: str, address: str) -> tuple[str, str, str | None]:
    """Country, canonical path and provider of a gallery's path.

    The words of other languages are kept, because the pages exist only under them. In English, the canonical path
    ends in `/movies`.
    """
    expected = f"A gallery's address looks like {GALLERY_FORM}"
    parts = [_segment(part, address) for part in path.split("/") if part]
    country = parts[0].lower() if parts else ""
    if not re.fullmatch(r"[a-z]{2}", country):
        raise UsageError(f"{expected}: {address} names no country.")
    rest, kinds = parts[1:], [word(part) for part in parts[1:]]
    if kinds and kinds[-1] in SERIES and len(kinds) != 2:
        raise UsageError(f"{address} is a gallery of series. For its movies, end the address in /movies.")
    if not rest:
        return country, f"/{country}/movies", None
    if len(rest) == 1 and kinds[0] in FILMS:
        films = "movies" if kinds[0] in {"movie", "movies"} else rest[0]
        return country, f"/{country}/{films}", None
    if kinds[0] in FILMS | SERIES and len(rest) > 1:
        raise UsageError(f"{expected}; {address} is the page of one title, or of new titles.")
    if len(rest) == 3 and kinds[2] in NO_PROVIDER:
        raise UsageError(f"{expected}; {address} is a timeline, which lacks some movies of the gallery.")
    if len(rest) not in {2, 3} or kinds[0] in NO_PROVIDER:
        raise UsageError(f"{expected}; {address} does not.")
    provider = rest[1].lower()
    if kinds[0] == "provider":
        films = rest[2] if kinds[2:] and kinds[2] not in FILMS else "movies"
        return country, f"/{country}/provider/{provider}/{films}", provider
    return country, "/".join(["", country, rest[0], provider, *rest[2:]]), provider


def _segment(raw: str, address: str) -> str:
    """One part of a path, decoded."""
    try:
        text = unicodedata.normalize("NFC", unquote(raw, errors="strict"))
    except UnicodeDecodeError:
        text = ""
    if not text.strip(".") or len(text) > 100 or not text.isprintable() or _SEPARATORS & set(text):
        raise UsageError(f"A gallery's address looks like {GALLERY_FORM}; {address[:200]} does not.")
    return text
