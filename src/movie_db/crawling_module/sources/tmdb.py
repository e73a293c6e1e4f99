"""TMDB as a source, for users with a key: one request per movie, by TMDB id or else by IMDb id.

An amount or count of 0 means that nobody entered it. The gateway adds the user's key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from movie_db.contract.errors import (
    BlockedError,
    ContractError,
    NotFoundError,
    RetryLaterError,
    SourceError,
    UnreadableError,
)
from movie_db.contract.fitting import fit
from movie_db.contract.ids import is_movie_id
from movie_db.contract.messages import Certificate, Release, SourceRecord
from movie_db.contract.parts import UNREADABLE, LeftOut, prune
from movie_db.crawling_module.sources import _tmdb_shapes as shapes
from movie_db.crawling_module.sources.answers import json_object, numbered, opened
from movie_db.crawling_module.sources.base import (
    JSON,
    Reads,
    SavedAnswer,
    SourceAnswer,
    SourceRequest,
    left_out,
    several,
)
from movie_db.stitching import values

SOURCE: Final = "tmdb"
BATCH: Final = 1
SPEAKS: Final = True
HOSTS: Final = ("api.themoviedb.org",)
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
_TROUBLE: Final[Mapping[str, type[SourceError]]] = {
    **dict.fromkeys(("6", "21", "34", "37", "44"), NotFoundError),
    **dict.fromkeys("3 7 10 14 16 17 26 30 31 32 33 35 36 38 39 41 45".split(), BlockedError),
    **dict.fromkeys("9 11 15 24 25 43 46".split(), RetryLaterError),
}
"""The meaning of TMDB's status codes, by its documentation (Errors); the rest are faults of the request."""
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
"""TMDB's language codes that differ from ISO's; `xx` is for movies without words."""


def key_of(ids: Mapping[str, str]) -> str | None:
    """Return the id to request by: TMDB accepts IMDb's, too."""
    return ids.get("tmdb") or ids.get("imdb")


def plan(keys: Sequence[str], language: str = "en") -> list[SourceRequest]:
    """Return the requests for the movies with these ids."""
    query = f"language={language}&append_to_response={PARTS}"
    return [SourceRequest(SOURCE, f"https://api.themoviedb.org/3/movie/{key}?{query}", headers=JSON) for key in keys]


def parse(answer: SourceAnswer) -> dict[str, SourceRecord]:
    """Return the record of one answer, by requested id.

    Raises:
        SourceError: TMDB returned none, for the reason in the message.
        UnreadableError: It has no readable movie.
    """
    data = json_object(answer.body, "TMDB")
    if data.get("success") is False or ("status_code" in data and "id" not in data):
        kind = _TROUBLE.get(str(data.get("status_code")), UnreadableError)
        raise kind(f"TMDB returned the error: {data.get('status_message') or 'no reason given'}")
    if "title" not in data:
        raise UnreadableError("TMDB returned something that is not a movie: it has no title.")
    requested = re.match(r"https://api\.themoviedb\.org/3/movie/(\w+)", answer.request.url)
    key = requested[1] if requested else None
    try:
        if isinstance(data.get("credits"), dict):
            numbered(data["credits"].get("cast"))
        film, lost = prune(shapes.FILM.validate_python, data)
        record = _record(film, key, answer, lost)
        return {key or record.source_id: record}
    except (ContractError, *UNREADABLE) as error:
        raise UnreadableError(f"TMDB returned a movie that can't be read ({type(error).__name__}).") from None


def recognizes(saved: SavedAnswer) -> bool:
    """Whether a saved answer has the fields of a TMDB movie or error."""
    body = opened(saved.body)
    return {"title", "original_title", "vote_average"} <= body.keys() or {
        "status_code",
        "status_message",
    } <= body.keys()


def parse_saved(saved: SavedAnswer) -> Iterable[SourceRecord]:
    """Parse a saved answer."""
    return parse(saved.answer(SOURCE)).values()


def _record(data: shapes.Film, key: str | None, answer: SourceAnswer, lost: tuple[LeftOut, ...]) -> SourceRecord:
    credits = data.get("credits") or {}
    crew = credits.get("crew") or []
    released = data.get("release_date") or None
    certificates = [found for country, one in _showings(data) for found in _rated(one, country)]
    language = re.search(r"[?&]language=([a-z]{2,3})", answer.request.url)
    number = data.get("id") or (key if is_movie_id("tmdb", key or "") else None)
    if number is None:
        raise UnreadableError("TMDB returned a movie without an id.")
    return fit(
        SourceRecord,
        {
            "source": SOURCE,
            "source_id": number,
            "url": f"https://www.themoviedb.org/movie/{number}",
            "retrieved_at": answer.retrieved_at,
            "licence": LICENCE,
            "language": language[1] if language else None,
            "kind": "film",
            "ids": _ids(data, number),
            "facts": {
                "title": " ".join((data.get("title") or "").split()) or None,
                "original_title": values.name(data.get("original_title") or ""),
                "alternative_titles": [
                    name
                    for t in (data.get("alternative_titles") or {}).get("titles") or []
                    if (name := values.name(t["title"]))
                ],
                "year": int(released[:4]) or None if released and re.match(r"[0-9]{4}", released) else None,
                "release_date": released,
                "runtime": data.get("runtime") or None,
                "plot": (data.get("overview") or "").strip() or None,
                "tagline": values.name(data.get("tagline") or ""),
                "genres": [values.name(g["name"]) for g in data.get("genres") or []],
                "languages": _languages(data),
                "countries": [c["iso_3166_1"] for c in data.get("production_countries") or []],
                "budget": _money(data.get("budget")),
                "box_office": _money(data.get("revenue")),
                "age_rating": _certificate(certificates),
                "ratings": _ratings(data),
                "directors": [_credit(c) for c in crew if c.get("job") == "Director"],
                "writers": _once(c for c in crew if c.get("job") in WRITERS),
                "cast": [_credit(c, c.get("billing")) for c in credits.get("cast") or []],
                "studios": [
                    {"name": values.name(c["name"]), "ids": _own_id(c)} for c in data.get("production_companies") or []
                ],
                "poster_url": f"{IMAGES}{data['poster_path']}" if data.get("poster_path") else None,
                "trailer_url": _trailer(data),
                "homepage": _homepage(data.get("homepage")),
            },
            "several": several(releases=list(_releases(data)), certificates=certificates),
        },
        (*lost, *_unusable(data)),
    )


def _ids(data: shapes.Film, number: str) -> dict[str, str]:
    outside = data.get("external_ids") or {}
    texts = {
        "tmdb": number,
        "imdb": outside.get("imdb_id") or data.get("imdb_id") or "",
        "wikidata": outside.get("wikidata_id") or "",
    }
    return {namespace: value for namespace, value in texts.items() if value}


def _languages(data: shapes.Film) -> list[str]:
    """Return the original language, then the other spoken ones."""
    texts = [data.get("original_language"), *(one["iso_639_1"] for one in data.get("spoken_languages") or [])]
    return list(dict.fromkeys(_LANGUAGES.get(code, code) for code in texts if code and code != "xx"))


def _money(amount: int | None) -> dict[str, Any] | None:
    return {"amount": amount, "currency": "USD"} if amount else None


def _showings(data: shapes.Film) -> Iterator[tuple[str, shapes.Showing]]:
    """Yield the movie's showings, each with its country, those in the United States first."""
    by_country = (data.get("release_dates") or {}).get("results") or []
    for one in sorted(by_country, key=lambda one: one.get("iso_3166_1") != "US"):
        for showing in one.get("release_dates") or []:
            yield str(one.get("iso_3166_1") or ""), showing


def _rated(showing: shapes.Showing, country: str) -> tuple[Certificate, ...]:
    return values.certificates(showing.get("certification") or "", country if _is_country(country) else None)


def _is_country(code: str) -> bool:
    return re.fullmatch(r"[A-Z]{2}", code) is not None


def _certificate(certificates: Sequence[Certificate]) -> str | None:
    """Return the certification in the United States; those of other countries are in `several`."""
    return next((one.rating for one in certificates if one.country == "US"), None)


def _releases(data: shapes.Film) -> Iterator[Release]:
    for country, showing in _showings(data):
        if day := values.date(str(showing.get("release_date") or "")[:10]):
            yield Release(date=day, place=values.country_name(country) if _is_country(country) else None)


def _unusable(data: shapes.Film) -> Iterator[LeftOut]:
    """Yield the showings without a valid date, and the alternative titles that are blank or too long."""
    for number, (country, showing) in enumerate(_showings(data)):
        day = showing.get("release_date")
        if day and not values.date(day[:10]):
            yield left_out(f"release_dates.{country or number}.release_date", "it is not a date", showing)
    for number, title in enumerate((data.get("alternative_titles") or {}).get("titles") or []):
        if not values.name(title["title"]):
            yield left_out(f"alternative_titles.titles.{number}.title", "it is blank or too long", title)


def _ratings(data: shapes.Film) -> list[dict[str, Any]]:
    votes, score = data.get("vote_count"), data.get("vote_average")
    if not votes or not score:
        return []
    return [{"source": "tmdb", "score": round(score, 1), "votes": votes, "original": f"{score:g}/10"}]


def _own_id(contributor: shapes.Named | shapes.Person) -> dict[str, str]:
    number = contributor.get("id")
    return {"tmdb": number} if number else {}


def _credit(credit: shapes.Person, billing: int | None = None) -> dict[str, Any]:
    role = values.name(credit.get("character") or "") if billing else None
    return {"name": values.name(credit["name"]), "ids": _own_id(credit), "role": role or "", "billing": billing}


def _once(credits: Iterable[shapes.Person]) -> list[dict[str, Any]]:
    return list({credit.get("id") or credit["name"]: _credit(credit) for credit in credits}.values())


def _trailer(data: shapes.Film) -> str | None:
    """Return the first trailer: an official one if there is any, YouTube before Vimeo; otherwise a teaser."""
    listed = (data.get("videos") or {}).get("results") or []
    clips = [c for c in listed if c["type"] in CLIPS and c["site"] in SITES]
    clips.sort(key=lambda c: (c["type"] != "Trailer", not c.get("official"), c["site"] != "YouTube"))
    return f"{SITES[clips[0]['site']]}{clips[0]['key']}" if clips else None


def _homepage(url: str | None) -> str | None:
    return url if url and re.fullmatch(r"https?://\S{1,240}", url) else None
