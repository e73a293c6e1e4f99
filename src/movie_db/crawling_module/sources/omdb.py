"""OMDb as a source, for who has a key: one request a film, by its IMDb id. All values are text, `N/A` where unknown.

The gateway adds the user's key, and keeps the quota of a day.
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
"""Answers of a month are taken from the archive: else a day's quota would be spent on the same films every day, and the
others of a long list never have their turn."""
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
"""Stands where the title should be, of an id that IMDb has merged into another one."""
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
    """The id to ask by."""
    return ids.get("imdb")


def plan(keys: Sequence[str], language: str = "en") -> list[SourceRequest]:
    """Requests for the films with these IMDb ids; OMDb speaks English only."""
    return [SourceRequest(SOURCE, f"https://www.omdbapi.com/?i={key}&plot=full&r=json", headers=FRESH) for key in keys]


def parse(answer: SourceAnswer) -> dict[str, SourceRecord]:
    """The record of one answer, by its IMDb id.

    Raises:
        Gone, Blocked, TryLater, BadPage: there is none, as OMDb says why.
    """
    told = json_object(answer.body, "OMDb")
    if "Search" in told:
        raise UnreadableError("OMDb answered with a list of what it found, where one film was due.")
    if told.get("Response") != "True":
        said = str(told.get("Error") or "an error without a word")
        kind = next((kind for word, kind in _TROUBLE if word in said.lower()), UnreadableError)
        raise kind(f"OMDb answers: {said}")
    if told.get("Title") == _DUPLICATE:
        raise NotFoundError("OMDb answers: this id has been merged into another one.")
    asked = re.search(r"[?&]i=(tt[0-9]{7,10})(?:&|$)", answer.request.url)
    try:
        film, lost = prune(_FILM.validate_python, {k: v for k, v in told.items() if v != "N/A"})
        record = _record(film, asked[1] if asked else None, answer, lost)
        return {record.source_id: record}
    except (ContractError, *UNREADABLE) as error:
        raise UnreadableError(f"OMDb answered with a film that can't be read ({type(error).__name__}).") from None


def recognizes(saved: SavedAnswer) -> bool:
    """Whether a saved answer has the field `Response`, as all of OMDb's have."""
    return opened(saved.body).get("Response") in {"True", "False"}


def parse_saved(saved: SavedAnswer) -> Iterable[SourceRecord]:
    """Parse a saved answer."""
    return parse(saved.answer(SOURCE)).values()


_Said = Annotated[str, Field(coerce_numbers_to_str=True)]
"""All values are text; a number in its place means the same."""


class _Score(TypedDict):
    Source: str
    Value: _Said


class _Film(TypedDict, total=False):
    """What is read of a film: each part by itself may be missing."""

    imdbID: Annotated[str, Field(pattern=f"^(?:{MOVIE_NAMESPACES['imdb'].pattern})$")] | None
    Type: str | None
    Title: _Said | None
    Year: _Said | None
    Rated: _Said | None
    Released: _Said | None
    Runtime: _Said | None
    Genre: str | None
    Director: str | None
    Writer: str | None
    Actors: str | None
    Plot: str | None
    Language: str | None
    Country: str | None
    Poster: str | None
    Ratings: list[_Score] | None
    Metascore: _Said | None
    imdbRating: _Said | None
    imdbVotes: _Said | None
    BoxOffice: _Said | None
    Production: str | None
    Website: str | None


_FILM: Final[TypeAdapter[_Film]] = TypeAdapter(_Film)


def _record(told: _Film, asked: str | None, answer: SourceAnswer, lost: tuple[LeftOut, ...]) -> SourceRecord:
    key = told.get("imdbID") or asked
    if key is None:
        raise UnreadableError("OMDb answered with a film that bears no id.")
    rated = values.certificates(told.get("Rated") or "", "US")
    poster, site = told.get("Poster") or "", told.get("Website") or ""
    year, released = told.get("Year") or "", told.get("Released") or ""
    lasts, earned = told.get("Runtime") or "", told.get("BoxOffice") or ""
    return fit(
        SourceRecord,
        {
            "source": SOURCE,
            "source_id": key,
            "url": f"https://www.omdbapi.com/?i={key}",
            "retrieved_at": answer.retrieved_at,
            "licence": LICENCE,
            "language": "en",
            "kind": _KINDS.get(told.get("Type") or ""),
            "ids": {"imdb": key},
            # What can't be read stays as it is: the contract has it left out, and counted.
            "facts": {
                "title": " ".join((told.get("Title") or "").split()) or None,
                "year": values.year_of(values.date(year)) or year or None,
                "release_date": values.date(released) or released or None,
                "runtime": values.minutes(lasts) or lasts or None,
                "plot": (told.get("Plot") or "").strip() or None,
                "genres": _parts(told.get("Genre")),
                "languages": list(filter(None, map(values.language_code, _parts(told.get("Language"))))),
                "countries": list(filter(None, map(values.country_code, _parts(told.get("Country"))))),
                "box_office": values.money(earned) or earned or None,
                "age_rating": rated[0].rating if rated else None,
                "ratings": _ratings(told),
                "directors": [{"name": name} for name in _parts(told.get("Director"))],
                "writers": [{"name": name} for name in _parts(told.get("Writer"))],
                "cast": [{"name": name, "billing": n} for n, name in enumerate(_parts(told.get("Actors")), 1)],
                "studios": [{"name": name} for name in _parts(told.get("Production"))],
                "poster_url": poster if re.fullmatch(r"https?://\S{1,240}", poster) else None,
                "homepage": site if re.fullmatch(r"https?://\S{1,240}", site) else None,
            },
            "several": several(certificates=rated),
        },
        lost,
    )


def _parts(said: str | None) -> list[str]:
    """A list's names, without what stands in brackets: `Bob Kane (characters)`."""
    bare = re.sub(r"\s*\([^()]*\)", "", said or "")
    return list(dict.fromkeys(filter(None, (values.name(part) for part in bare.split(",")))))


def _ratings(told: _Film) -> list[dict[str, Any]]:
    said = [(one["Source"], one["Value"]) for one in told.get("Ratings") or []]
    # They stand also in fields of their own, where the list may lack them.
    said += [("Internet Movie Database", f"{told['imdbRating']}/10")] if told.get("imdbRating") else []
    said += [("Metacritic", f"{told['Metascore']}/100")] if told.get("Metascore") else []
    found: dict[str, dict[str, Any]] = {}
    for source, value in said:
        rater, match = _RATERS.get(source), _SCORE.fullmatch(value.strip())
        if not rater or ((known := found.get(rater)) and known["score"] is not None):
            continue
        whole = (100 if match[3] else int(match[2])) if match else 0
        score = 10 * float(match[1]) / whole if match and whole else None
        votes = re.sub(r"\D", "", told.get("imdbVotes") or "") if rater == "imdb" else ""
        found[rater] = {"source": rater, "score": score, "votes": votes or None, "original": value}
    return list(found.values())
