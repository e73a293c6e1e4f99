"""A title's HTML page at JustWatch: the second door, for when GraphQL is closed. One request a film.

Read is the page's JSON-LD (schema.org `Movie`). It does not tell what kind its offers are, so they are left out, and
its records stand beside those of the first door, that nothing which was known from there is lost.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from parsel import Selector

from movie_db.contract.errors import BadPage
from movie_db.contract.messages import Credit, MovieFacts, Rating, SourceRecord
from movie_db.crawling_module.sources.base import Answer, Ask, Reads
from movie_db.crawling_module.sources.justwatch import LICENCE
from movie_db.stitching import values

SOURCE: Final = "justwatch_page"
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
"""Of the page's JSON-LD."""
_DURATION: Final = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?")
_IMDB: Final = re.compile(r"imdb\.com/title/(tt\d{7,10})")


def plan(urls: Iterable[str]) -> list[Ask]:
    """Requests for the titles' pages."""
    return [Ask(SOURCE, url, headers=(("Accept", "text/html"),)) for url in sorted(set(urls))]


def parse(answer: Answer, key: str) -> SourceRecord:
    """The record of a title's page; `key` is its JustWatch id (`tm…`), which the page does not tell.

    Raises:
        BadPage: there is no film in it that can be read.
    """
    for told in films_of(answer):
        try:
            return _record(told, answer, key)
        except (ValueError, OverflowError, RecursionError, KeyError, TypeError, AttributeError):
            continue
    raise BadPage(f"{answer.url} holds no film that can be read: JustWatch's pages have changed.")


def films_of(answer: Answer) -> Iterator[dict[str, Any]]:
    """What the page's JSON-LD tells of films."""
    page = Selector(answer.body.decode("utf-8", "replace"))
    for text in page.css('script[type="application/ld+json"]::text').getall():
        with suppress(ValueError, RecursionError):
            told = json.loads(text)
            if isinstance(told, dict) and told.get("@type") == "Movie":
                yield told


def _record(told: dict[str, Any], answer: Answer, key: str) -> SourceRecord:
    created = str(told.get("dateCreated") or "")
    released = created if re.fullmatch(r"\d{4}-\d\d-\d\d", created) else None
    lasts = _DURATION.fullmatch(str(told.get("duration") or ""))
    minutes = int(lasts[1] or 0) * 60 + int(lasts[2] or 0) if lasts else 0
    imdb = _IMDB.search(" ".join(_listed(told.get("sameAs"))))
    image = str(told.get("image") or "")
    return SourceRecord(
        source=SOURCE,
        source_id=key,
        url=answer.url,
        retrieved_at=answer.retrieved_at,
        licence=LICENCE,
        language="en",
        kind="film",
        ids={"justwatch": key, **({"imdb": imdb[1]} if imdb else {})},
        facts=MovieFacts(
            title=told["name"],
            original_title=told.get("alternateName") or None,
            year=int(created[:4]) if re.match(r"\d{4}", created) else None,
            release_date=released,
            runtime=minutes or None,
            plot=(told.get("description") or "").strip() or None,
            genres=tuple(_listed(told.get("genre"))),
            age_rating=values.certificate(told.get("contentRating") or ""),
            ratings=_ratings(told.get("aggregateRating")),
            directors=tuple(Credit(name=p["name"]) for p in told.get("director") or []),
            cast=tuple(Credit(name=p["name"], billing=n) for n, p in enumerate(told.get("actor") or [], 1)),
            poster_url=image if re.fullmatch(r"https?://\S{1,240}", image) else None,
        ),
    )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _ratings(told: Any) -> tuple[Rating, ...]:
    """The page's rating is IMDb's, on 0 to 10."""
    if not told or not told.get("ratingValue") or told.get("bestRating") not in {10, "10"}:
        return ()
    score = float(told["ratingValue"])
    return (Rating(source="imdb", score=score, votes=told.get("ratingCount") or None, original=f"{score:g}/10"),)
