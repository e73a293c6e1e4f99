"""A title's HTML page at JustWatch, for when GraphQL is blocked. One request per movie.

The page's JSON-LD (schema.org `Movie`) is read. It doesn't say what kind its offers are, so they are left out. Its
records are stored beside GraphQL's, so that nothing from there is lost.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated, Any, Final, Required

from parsel import Selector
from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from movie_db.contract.errors import ContractError, UnreadableError, UsageError
from movie_db.contract.fitting import fit
from movie_db.contract.messages import SourceRecord
from movie_db.contract.parts import UNREADABLE, prune
from movie_db.contract.text import clean_text, load_json
from movie_db.crawling_module.sources.answers import numbered
from movie_db.crawling_module.sources.base import Reads, SavedAnswer, SourceAnswer, SourceRequest
from movie_db.crawling_module.sources.justwatch import LICENCE
from movie_db.stitching import values

SOURCE: Final = "justwatch_page"
HOSTS: Final = ("www.justwatch.com",)
READS: Final[Reads] = {
    "@type": "text",
    "name": "text",
    "alternateName": "text?",
    "dateCreated": "text",
    "duration": "text",
    "description": "text",
    "image": "text?",
    "sameAs": "any?",
    "genre": "any",
    "contentRating": "text?",
    "director[].name": "text",
    "actor[].name": "text",
    "aggregateRating.bestRating": "any",
    "aggregateRating.ratingValue": "number",
    "aggregateRating.ratingCount": "number",
}
"""The fields of the page's JSON-LD."""
_DURATION: Final = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?")
_IMDB: Final = re.compile(r"imdb\.com/title/(tt\d{7,10})")


def plan(urls: Iterable[str]) -> list[SourceRequest]:
    """Return the requests for the titles' pages."""
    return [SourceRequest(SOURCE, url, headers=(("Accept", "text/html"),)) for url in sorted(set(urls))]


def parse(answer: SourceAnswer, key: str) -> SourceRecord:
    """Return the record of a title's page. `key` is its JustWatch id (`tm…`), which the page lacks.

    Raises:
        UnreadableError: The page has no readable movie.
    """
    for data in films_of(answer):
        if not data.get("name"):
            continue
        try:
            return _record(data, answer, key)
        except (ContractError, *UNREADABLE):
            continue
    raise UnreadableError(f"{answer.url} has no movie that can be read: JustWatch's pages have changed.")


def films_of(answer: SourceAnswer) -> Iterator[dict[str, Any]]:
    """Yield the movies in the page's JSON-LD."""
    page = Selector(clean_text(answer.body.decode("utf-8", "replace")))
    for text in page.css('script[type="application/ld+json"]::text').getall():
        with suppress(*UNREADABLE):
            data = load_json(text)
            if isinstance(data, dict) and data.get("@type") == "Movie":
                yield data


_KEY: Final = re.compile(r"\btm\d{1,10}\b")


def recognizes(saved: SavedAnswer) -> bool:
    """Whether a saved page has JSON-LD of a movie."""
    return b"application/ld+json" in saved.body and any(films_of(saved.answer(SOURCE)))


def parse_saved(saved: SavedAnswer) -> Iterable[SourceRecord]:
    """Parse a saved page. The JustWatch id is taken from the file's name, or else from the page.

    Raises:
        UsageError: Neither has an id.
        UnreadableError: The page has no readable movie.
    """
    key = _KEY.search(saved.name) or _KEY.search(saved.body.decode("utf-8", "replace"))
    if not key:
        raise UsageError(f"{saved.name} lacks the movie's JustWatch id: name the file after it, as in tm92641.html.")
    return [parse(saved.answer(SOURCE), key[0])]


_Text = Annotated[str, Field(coerce_numbers_to_str=True)]


class _Person(TypedDict, total=False):
    name: Required[str]
    billing: int


class _Rating(TypedDict, total=False):
    ratingValue: float | None
    bestRating: float | None
    ratingCount: int | None


class _Film(TypedDict, total=False):
    name: str | None
    alternateName: str | None
    dateCreated: _Text | None
    duration: str | None
    sameAs: list[str] | str | None
    image: str | None
    description: str | None
    genre: list[str] | str | None
    contentRating: _Text | None
    aggregateRating: _Rating | None
    director: list[_Person] | None
    actor: list[_Person] | None


_FILM: Final[TypeAdapter[_Film]] = TypeAdapter(_Film)


def _record(raw: dict[str, Any], answer: SourceAnswer, key: str) -> SourceRecord:
    numbered(raw.get("actor"))
    data, lost = prune(_FILM.validate_python, raw)
    created = data.get("dateCreated") or ""
    lasts = _DURATION.fullmatch(data.get("duration") or "")
    minutes = int(lasts[1] or 0) * 60 + int(lasts[2] or 0) if lasts else 0
    imdb = _IMDB.search(" ".join(_listed(data.get("sameAs"))))
    image = data.get("image") or ""
    return fit(
        SourceRecord,
        {
            "source": SOURCE,
            "source_id": key,
            "url": answer.url,
            "retrieved_at": answer.retrieved_at,
            "licence": LICENCE,
            "language": "en",
            "kind": "film",
            "ids": {"justwatch": key, **({"imdb": imdb[1]} if imdb else {})},
            "facts": {
                "title": values.name(data.get("name") or ""),
                "original_title": values.name(data.get("alternateName") or ""),
                "year": int(created[:4]) if re.match(r"[0-9]{4}", created) else None,
                "release_date": created if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", created) else None,
                "runtime": minutes or None,
                "plot": (data.get("description") or "").strip() or None,
                "genres": _listed(data.get("genre")),
                "age_rating": values.certificate(data.get("contentRating") or ""),
                "ratings": _ratings(data.get("aggregateRating") or {}),
                "directors": [{"name": values.name(p["name"])} for p in data.get("director") or []],
                "cast": [
                    {"name": values.name(p["name"]), "billing": p.get("billing")} for p in data.get("actor") or []
                ],
                "poster_url": image if re.fullmatch(r"https?://\S{1,240}", image) else None,
            },
        },
        lost,
    )


def _listed(value: list[str] | str | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _ratings(data: _Rating) -> list[dict[str, Any]]:
    """Return the page's rating, which is IMDb's, from 0 to 10."""
    score = data.get("ratingValue")
    if not score or data.get("bestRating") != 10:
        return []
    return [{"source": "imdb", "score": score, "votes": data.get("ratingCount") or None, "original": f"{score:g}/10"}]
