"""OMDb as a source, for users with a key: one request per movie, by IMDb id. All values are text, or `N/A` if
unknown.

The gateway adds the user's key and keeps the daily quota.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from movie_db.contract.errors import (
    BlockedError,
    ContractError,
    NotFoundError,
    RetryLaterError,
    SourceError,
    UnreadableError,
)
from movie_db.contract.fitting import fit
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.contract.kinds import WorkKind
from movie_db.contract.messages import SourceRecord
from movie_db.contract.parts import UNREADABLE, LeftOut, prune
from movie_db.crawling_module.sources.answers import json_object, opened
from movie_db.crawling_module.sources.base import JSON, Reads, SavedAnswer, SourceAnswer, SourceRequest, several
from movie_db.stitching import values

SOURCE: Final = "omdb"
BATCH: Final = 1
HOSTS: Final = ("www.omdbapi.com",)
LICENCE: Final = "CC BY-NC 4.0"
FRESH: Final = (*JSON, ("Cache-Control", f"max-age={30 * 24 * 3600}"))
"""Accepts archived answers of the last month. Otherwise each day's quota would be spent on the same movies, and the
rest of a long list would never be requested.
"""
READS: Final[Reads] = {
    "Response": "text",
    "imdbID": "text",
    "Title": "text",
    "Type": "text",
    "Year": "text",
    "Released": "text",
    "Runtime": "text",
    "Plot": "text",
    "Genre": "text",
    "Language": "text",
    "Country": "text",
    "Director": "text",
    "Writer": "text",
    "Actors": "text",
    "Rated": "text",
    "Poster": "text?",
    "BoxOffice": "text",
    "Ratings[].Source": "text",
    "Ratings[].Value": "text",
    "imdbRating": "text",
    "imdbVotes": "text",
    "Metascore": "text?",
    "Production": "text?",
    "Website": "text?",
}
_KINDS: Final[Mapping[str, WorkKind]] = {"movie": "film", "series": "series", "episode": "series", "game": "other"}
_RATERS: Final = {"Internet Movie Database": "imdb", "Rotten Tomatoes": "rotten tomatoes", "Metacritic": "metacritic"}
_DUPLICATE: Final = "#DUPE#"
"""The title of an id that IMDb has merged into another one."""
_SCORE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/\s*(\d+)|(%))")
_TROUBLE: Final[tuple[tuple[str, type[SourceError]], ...]] = (
    ("limit", RetryLaterError),
    ("key", BlockedError),
    ("not found", NotFoundError),
    ("incorrect imdb id", NotFoundError),
    ("error getting data", NotFoundError),
    ("conversion from string", NotFoundError),
    ("unavailable", RetryLaterError),
    ("went wrong", RetryLaterError),
    ("timeout", RetryLaterError),
    ("try again", RetryLaterError),
    ("suspended", BlockedError),
    ("disabled", BlockedError),
    ("unauthorized", BlockedError),
)


def key_of(ids: Mapping[str, str]) -> str | None:
    """Return the id to request by."""
    return ids.get("imdb")


def plan(keys: Sequence[str], language: str = "en") -> list[SourceRequest]:
    """Return the requests for these IMDb ids. OMDb has English texts only."""
    return [SourceRequest(SOURCE, f"https://www.omdbapi.com/?i={key}&plot=full&r=json", headers=FRESH) for key in keys]


def parse(answer: SourceAnswer) -> dict[str, SourceRecord]:
    """Return the record of one answer, by IMDb id.

    Raises:
        SourceError: OMDb returned none, for the reason in the message.
    """
    data = json_object(answer.body, "OMDb")
    if "Search" in data:
        raise UnreadableError("OMDb returned a list of search results instead of one movie.")
    if data.get("Response") != "True":
        texts = str(data.get("Error") or "no reason given")
        kind = next((kind for word, kind in _TROUBLE if word in texts.lower()), UnreadableError)
        raise kind(f"OMDb returned the error: {texts}")
    if data.get("Title") == _DUPLICATE:
        raise NotFoundError("OMDb has merged this id into another one.")
    requested = re.search(r"[?&]i=(tt[0-9]{7,10})(?:&|$)", answer.request.url)
    try:
        film, lost = prune(_FILM.validate_python, {k: v for k, v in data.items() if v != "N/A"})
        record = _record(film, requested[1] if requested else None, answer, lost)
        return {record.source_id: record}
    except (ContractError, *UNREADABLE) as error:
        raise UnreadableError(f"OMDb returned a movie that can't be read ({type(error).__name__}).") from None


def recognizes(saved: SavedAnswer) -> bool:
    """Whether a saved answer has the field `Response`, as all of OMDb's have."""
    return opened(saved.body).get("Response") in ("True", "False")


def parse_saved(saved: SavedAnswer) -> Iterable[SourceRecord]:
    """Parse a saved answer."""
    return parse(saved.answer(SOURCE)).values()


_Text = Annotated[str, Field(coerce_numbers_to_str=True)]
"""All values are text; a number instead means the same."""


class _Score(TypedDict):
    Source: str
    Value: _Text


class _Film(TypedDict, total=False):
    """The fields that are read of a movie; each may be missing."""

    imdbID: Annotated[str, Field(pattern=f"^(?:{MOVIE_NAMESPACES['imdb'].pattern})$")] | None
    Type: str | None
    Title: _Text | None
    Year: _Text | None
    Rated: _Text | None
    Released: _Text | None
    Runtime: _Text | None
    Genre: str | None
    Director: str | None
    Writer: str | None
    Actors: str | None
    Plot: str | None
    Language: str | None
    Country: str | None
    Poster: str | None
    Ratings: list[_Score] | None
    Metascore: _Text | None
    imdbRating: _Text | None
    imdbVotes: _Text | None
    BoxOffice: _Text | None
    Production: str | None
    Website: str | None


_FILM: Final[TypeAdapter[_Film]] = TypeAdapter(_Film)


def _record(data: _Film, requested: str | None, answer: SourceAnswer, lost: tuple[LeftOut, ...]) -> SourceRecord:
    key = data.get("imdbID") or requested
    if key is None:
        raise UnreadableError("OMDb returned a movie without an id.")
    rated = values.certificates(data.get("Rated") or "", "US")
    poster, site = data.get("Poster") or "", data.get("Website") or ""
    year, released = data.get("Year") or "", data.get("Released") or ""
    lasts, earned = data.get("Runtime") or "", data.get("BoxOffice") or ""
    return fit(
        SourceRecord,
        {
            "source": SOURCE,
            "source_id": key,
            "url": f"https://www.omdbapi.com/?i={key}",
            "retrieved_at": answer.retrieved_at,
            "licence": LICENCE,
            "language": "en",
            "kind": _KINDS.get(data.get("Type") or ""),
            "ids": {"imdb": key},
            # Unreadable values stay as they are: the contract leaves them out and counts them.
            "facts": {
                "title": " ".join((data.get("Title") or "").split()) or None,
                "year": values.year_of(values.date(year)) or year or None,
                "release_date": values.date(released) or released or None,
                "runtime": values.minutes(lasts) or lasts or None,
                "plot": (data.get("Plot") or "").strip() or None,
                "genres": _parts(data.get("Genre")),
                "languages": list(filter(None, map(values.language_code, _parts(data.get("Language"))))),
                "countries": list(filter(None, map(values.country_code, _parts(data.get("Country"))))),
                "box_office": values.money(earned) or earned or None,
                "age_rating": rated[0].rating if rated else None,
                "ratings": _ratings(data),
                "directors": [{"name": name} for name in _parts(data.get("Director"))],
                "writers": [{"name": name} for name in _parts(data.get("Writer"))],
                "cast": [{"name": name, "billing": n} for n, name in enumerate(_parts(data.get("Actors")), 1)],
                "studios": [{"name": name} for name in _parts(data.get("Production"))],
                "poster_url": poster if re.fullmatch(r"https?://\S{1,240}", poster) else None,
                "homepage": site if re.fullmatch(r"https?://\S{1,240}", site) else None,
            },
            "several": several(certificates=rated),
        },
        lost,
    )


def _parts(texts: str | None) -> list[str]:
    """Return a list's names without notes in brackets, as in `Bob Kane (characters)`."""
    bare = re.sub(r"\s*\([^()]*\)", "", texts or "")
    return list(dict.fromkeys(filter(None, (values.name(part) for part in bare.split(",")))))


def _ratings(data: _Film) -> list[dict[str, Any]]:
    texts = [(one["Source"], one["Value"]) for one in data.get("Ratings") or []]
    # They also have fields of their own, in case the list lacks them.
    texts += [("Internet Movie Database", f"{data['imdbRating']}/10")] if data.get("imdbRating") else []
    texts += [("Metacritic", f"{data['Metascore']}/100")] if data.get("Metascore") else []
    found: dict[str, dict[str, Any]] = {}
    for source, value in texts:
        rater, match = _RATERS.get(source), _SCORE.fullmatch(value.strip())
        if not rater or ((existing := found.get(rater)) and existing["score"] is not None):
            continue
        scale = (100 if match[3] else int(match[2])) if match else 0
        score = 10 * float(match[1]) / scale if match and scale else None
        votes = re.sub(r"\D", "", data.get("imdbVotes") or "") if rater == "imdb" else ""
        found[rater] = {"source": rater, "score": score, "votes": votes or None, "original": value}
    return list(found.values())
