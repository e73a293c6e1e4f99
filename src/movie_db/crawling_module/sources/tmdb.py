"""TMDB as a source, for who has a key: one request a film, by its TMDB id, else by its IMDb id.

An amount or a count of 0 means that nobody entered it. The gateway adds the user's key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from movie_db.contract.errors import BadPage, Blocked, Gone, SourceError, TryLater
from movie_db.contract.ids import is_movie_id
from movie_db.contract.messages import Certificate, Company, Credit, Money, MovieFacts, Rating, Release, SourceRecord
from movie_db.crawling_module.sources._answers import json_object
from movie_db.crawling_module.sources.base import JSON, Answer, Ask, Reads, several
from movie_db.stitching import values

SOURCE: Final = "tmdb"
BATCH: Final = 1
SPEAKS: Final = True
LICENCE: Final = "TMDB terms of use (attribution)"
IMAGES: Final = "https://image.tmdb.org/t/p/w780"
PARTS: Final = "alternative_titles,credits,external_ids,release_dates,videos"
WRITERS: Final = frozenset(
    "Adaptation|Co-Writer|Dialogue|Original Story|Scenario Writer|Screenplay|Screenstory|Story|Teleplay|Writer".split(
        "|"
    )
)
CLIPS: Final = frozenset({"Trailer", "Teaser"})
SITES: Final = {"YouTube": "https://www.youtube.com/watch?v=", "Vimeo": "https://vimeo.com/"}
_TROUBLE: Final[Mapping[Any, type[SourceError]]] = {
    **dict.fromkeys((6, 34), Gone),
    **dict.fromkeys((3, 7, 10, 14, 17, 32, 33, 35, 36, 45), Blocked),
    **dict.fromkeys((9, 11, 15, 16, 24, 25, 43, 46), TryLater),
}
"""What TMDB's own codes of status mean, by its documentation (Errors); the rest are faults of the request."""
READS: Final[Reads] = {
    "id": "number",
    "imdb_id": "text",
    "title": "text",
    "original_title": "text",
    "original_language": "text",
    "overview": "text",
    "tagline": "text?",
    "homepage": "text?",
    "budget": "number",
    "revenue": "number",
    "runtime": "number",
    "release_date": "text",
    "vote_average": "number",
    "vote_count": "number",
    "poster_path": "text?",
    "genres[].name": "text",
    "spoken_languages[].iso_639_1": "text",
    "production_countries[].iso_3166_1": "text",
    "production_companies[].id": "number",
    "production_companies[].name": "text",
    "credits.cast[].id": "number",
    "credits.cast[].name": "text",
    "credits.cast[].character": "text",
    "credits.crew[].id": "number",
    "credits.crew[].job": "text",
    "credits.crew[].name": "text",
    "external_ids.imdb_id": "text?",
    "external_ids.wikidata_id": "text?",
    "alternative_titles.titles[].title": "text?",
    "release_dates.results[].iso_3166_1": "text?",
    "release_dates.results[].release_dates[].certification": "text?",
    "release_dates.results[].release_dates[].release_date": "text?",
    "videos.results[].key": "text?",
    "videos.results[].official": "flag?",
    "videos.results[].site": "text?",
    "videos.results[].type": "text?",
}
_LANGUAGES: Final = {"cn": "yue"}
"""TMDB's own codes, where they are not ISO's; `xx` is for films without words."""


def key_of(ids: Mapping[str, str]) -> str | None:
    """The id to ask by: TMDB takes IMDb's, too."""
    return ids.get("tmdb") or ids.get("imdb")


def plan(keys: Sequence[str], language: str = "en") -> list[Ask]:
    """Requests for the films with these ids."""
    query = f"language={language}&append_to_response={PARTS}"
    return [Ask(SOURCE, f"https://api.themoviedb.org/3/movie/{key}?{query}", headers=JSON) for key in keys]


def parse(answer: Answer) -> dict[str, SourceRecord]:
    """The record of one answer, by the id that was asked for.

    Raises:
        Gone, Blocked, TryLater: there is none, as TMDB says why.
        BadPage: it holds no film that can be read.
    """
    told = json_object(answer.body, "TMDB")
    if told.get("success") is False or ("status_code" in told and "id" not in told):
        kind = _TROUBLE.get(told.get("status_code"), BadPage)
        raise kind(f"TMDB answers: {told.get('status_message') or 'an error without a word'}")
    if "title" not in told:
        raise BadPage("TMDB answered with something that is no film: it bears no title.")
    asked = re.match(r"https://api\.themoviedb\.org/3/movie/(\w+)", answer.ask.url)
    try:
        return {asked[1] if asked else str(told["id"]): _record(told, answer)}
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
        raise BadPage(f"TMDB answered with a film that can't be read ({type(error).__name__}).") from None


def _record(told: dict[str, Any], answer: Answer) -> SourceRecord:
    credits = told.get("credits") or {}
    crew = credits.get("crew") or []
    released = told.get("release_date") or None
    certificates = [found for country, one in _showings(told) for found in _rated(one, country)]
    language = re.search(r"[?&]language=([a-z]{2,3})", answer.ask.url)
    return SourceRecord(
        source=SOURCE,
        source_id=str(told["id"]),
        url=f"https://www.themoviedb.org/movie/{told['id']}",
        retrieved_at=answer.retrieved_at,
        licence=LICENCE,
        language=language[1] if language else None,
        kind="film",
        ids=_ids(told),
        facts=MovieFacts(
            title=" ".join(told["title"].split()),
            original_title=values.name(told.get("original_title") or ""),
            alternative_titles=tuple(
                name for t in _listed(told, "alternative_titles", "titles") if (name := values.name(t["title"]))
            ),
            year=int(released[:4]) if released else None,
            release_date=released,
            runtime=told.get("runtime") or None,
            plot=(told.get("overview") or "").strip() or None,
            tagline=values.name(told.get("tagline") or ""),
            genres=tuple(g["name"] for g in told.get("genres") or []),
            languages=tuple(_languages(told)),
            countries=tuple(c["iso_3166_1"] for c in told.get("production_countries") or []),
            budget=_money(told.get("budget")),
            box_office=_money(told.get("revenue")),
            age_rating=_certificate(certificates),
            ratings=_ratings(told),
            directors=tuple(_credit(c) for c in crew if c.get("job") == "Director"),
            writers=_once(_credit(c) for c in crew if c.get("job") in WRITERS),
            cast=tuple(_credit(c, n) for n, c in enumerate(credits.get("cast") or [], 1)),
            studios=tuple(
                Company(name=c["name"], ids={"tmdb": str(c["id"])}) for c in told.get("production_companies") or []
            ),
            poster_url=f"{IMAGES}{told['poster_path']}" if told.get("poster_path") else None,
            trailer_url=_trailer(told),
            homepage=_homepage(told.get("homepage")),
        ),
        several=several(releases=list(_releases(told)), certificates=certificates),
    )


def _listed(told: dict[str, Any], part: str, name: str) -> list[dict[str, Any]]:
    """The list in an appended part."""
    found = told.get(part)
    return list(found.get(name) or []) if isinstance(found, dict) else []


def _ids(told: dict[str, Any]) -> dict[str, str]:
    outside = told.get("external_ids") or {}
    said = {
        "tmdb": str(told["id"]),
        "imdb": outside.get("imdb_id") or told.get("imdb_id") or "",
        "wikidata": outside.get("wikidata_id") or "",
    }
    return {namespace: value for namespace, value in said.items() if is_movie_id(namespace, value)}


def _languages(told: dict[str, Any]) -> list[str]:
    """The language it was made in first, then the others that are spoken."""
    said = [told.get("original_language"), *(one.get("iso_639_1") for one in told.get("spoken_languages") or [])]
    codes = [_LANGUAGES.get(code, code) for code in said if code and code != "xx"]
    return list(dict.fromkeys(code for code in codes if re.fullmatch(r"[a-z]{2,3}", code)))


def _money(amount: int | None) -> Money | None:
    return Money(amount=amount, currency="USD") if amount else None


def _showings(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The film's showings, each with its country, those in the United States first."""
    by_country = _listed(told, "release_dates", "results")
    for one in sorted(by_country, key=lambda one: one.get("iso_3166_1") != "US"):
        for showing in one.get("release_dates") or []:
            yield str(one.get("iso_3166_1") or ""), showing


def _rated(showing: dict[str, Any], country: str) -> tuple[Certificate, ...]:
    return values.certificates(showing.get("certification") or "", country if _is_country(country) else None)


def _is_country(code: str) -> bool:
    return re.fullmatch(r"[A-Z]{2}", code) is not None


def _certificate(certificates: Sequence[Certificate]) -> str | None:
    """The certificate in the United States; without one, what the film is rated elsewhere is in `several`."""
    return next((one.rating for one in certificates if one.country == "US"), None)


def _releases(told: dict[str, Any]) -> Iterator[Release]:
    for country, showing in _showings(told):
        if day := values.date(str(showing.get("release_date") or "")[:10]):
            yield Release(date=day, place=values.country_name(country) if _is_country(country) else None)


def _ratings(told: dict[str, Any]) -> tuple[Rating, ...]:
    votes, score = told.get("vote_count"), told.get("vote_average")
    if not votes or not score:
        return ()
    return (Rating(source="tmdb", score=round(score, 1), votes=votes, original=f"{score:g}/10"),)


def _credit(credit: dict[str, Any], billing: int | None = None) -> Credit:
    role = values.name(credit.get("character") or "") if billing else None
    return Credit(name=credit["name"], ids={"tmdb": str(credit["id"])}, role=role or "", billing=billing)


def _once(credits: Iterable[Credit]) -> tuple[Credit, ...]:
    return tuple({credit.ids["tmdb"]: credit for credit in credits}.values())


def _trailer(told: dict[str, Any]) -> str | None:
    """The first trailer, an official one if there is any, at YouTube rather than at Vimeo; without one, a teaser."""
    clips = [c for c in _listed(told, "videos", "results") if c.get("type") in CLIPS and c.get("site") in SITES]
    clips.sort(key=lambda c: (c["type"] != "Trailer", not c.get("official"), c["site"] != "YouTube"))
    return f"{SITES[clips[0]['site']]}{clips[0]['key']}" if clips else None


def _homepage(url: str | None) -> str | None:
    return url if url and re.fullmatch(r"https?://\S{1,240}", url) else None
