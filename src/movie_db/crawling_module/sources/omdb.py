"""OMDb as a source, for who has a key: one request a film, by its IMDb id. All values are text, `N/A` where unknown.

The gateway adds the user's key, and keeps the quota of a day.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from movie_db.contract.errors import BadPage, Blocked, Gone, SourceError, TryLater
from movie_db.contract.kinds import WorkKind
from movie_db.contract.messages import Company, Credit, MovieFacts, Rating, SourceRecord
from movie_db.crawling_module.sources._answers import json_object
from movie_db.crawling_module.sources.base import JSON, Answer, Ask, Reads, several
from movie_db.stitching import values

SOURCE: Final = "omdb"
BATCH: Final = 1
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
_SCORE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/\s*(\d+)|(%))")
_TROUBLE: Final[tuple[tuple[str, type[SourceError]], ...]] = (
    ("limit", TryLater),
    ("key", Blocked),
    ("not found", Gone),
    ("incorrect imdb id", Gone),
    ("error getting data", Gone),
)


def key_of(ids: Mapping[str, str]) -> str | None:
    """The id to ask by."""
    return ids.get("imdb")


def plan(keys: Sequence[str], language: str = "en") -> list[Ask]:
    """Requests for the films with these IMDb ids; OMDb speaks English only."""
    return [Ask(SOURCE, f"https://www.omdbapi.com/?i={key}&plot=full&r=json", headers=FRESH) for key in keys]


def parse(answer: Answer) -> dict[str, SourceRecord]:
    """The record of one answer, by its IMDb id.

    Raises:
        Gone, Blocked, TryLater, BadPage: there is none, as OMDb says why.
    """
    told = json_object(answer.body, "OMDb")
    if "Search" in told:
        raise BadPage("OMDb answered with a list of what it found, where one film was due.")
    if told.get("Response") != "True":
        said = str(told.get("Error") or "an error without a word")
        kind = next((kind for word, kind in _TROUBLE if word in said.lower()), BadPage)
        raise kind(f"OMDb answers: {said}")
    try:
        return {told["imdbID"]: _record({k: v for k, v in told.items() if v != "N/A"}, answer)}
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
        raise BadPage(f"OMDb answered with a film that can't be read ({type(error).__name__}).") from None


def _record(told: dict[str, Any], answer: Answer) -> SourceRecord:
    released = values.date(told.get("Released") or "")
    rated = values.certificates(told.get("Rated") or "", "US")
    poster, site = told.get("Poster") or "", told.get("Website") or ""
    return SourceRecord(
        source=SOURCE,
        source_id=told["imdbID"],
        url=f"https://www.omdbapi.com/?i={told['imdbID']}",
        retrieved_at=answer.retrieved_at,
        licence=LICENCE,
        language="en",
        kind=_KINDS.get(told.get("Type", "")),
        ids={"imdb": told["imdbID"]},
        facts=MovieFacts(
            title=" ".join(told["Title"].split()),
            year=values.year_of(values.date(told.get("Year") or "")),
            release_date=released,
            runtime=values.minutes(told.get("Runtime") or ""),
            plot=(told.get("Plot") or "").strip() or None,
            genres=tuple(_parts(told, "Genre")),
            languages=tuple(filter(None, map(values.language_code, _parts(told, "Language")))),
            countries=tuple(filter(None, map(values.country_code, _parts(told, "Country")))),
            box_office=values.money(told.get("BoxOffice") or ""),
            age_rating=rated[0].rating if rated else None,
            ratings=tuple(_ratings(told)),
            directors=tuple(Credit(name=name) for name in _parts(told, "Director")),
            writers=tuple(Credit(name=name) for name in _parts(told, "Writer")),
            cast=tuple(Credit(name=name, billing=n) for n, name in enumerate(_parts(told, "Actors"), 1)),
            studios=tuple(Company(name=name) for name in _parts(told, "Production")),
            poster_url=poster if re.fullmatch(r"https?://\S{1,240}", poster) else None,
            homepage=site if re.fullmatch(r"https?://\S{1,240}", site) else None,
        ),
        several=several(certificates=rated),
    )


def _parts(told: dict[str, Any], name: str) -> list[str]:
    """A list's names, without what stands in brackets: `Bob Kane (characters)`."""
    said = re.sub(r"\s*\([^()]*\)", "", told.get(name) or "")
    return list(dict.fromkeys(filter(None, (values.name(part) for part in said.split(",")))))


def _ratings(told: dict[str, Any]) -> list[Rating]:
    said = [(one["Source"], one["Value"]) for one in told.get("Ratings") or []]
    # They stand also in fields of their own, where the list may lack them.
    said += [("Internet Movie Database", f"{told['imdbRating']}/10")] if told.get("imdbRating") else []
    said += [("Metacritic", f"{told['Metascore']}/100")] if told.get("Metascore") else []
    found: dict[str, Rating] = {}
    for source, value in said:
        rater, match = _RATERS.get(source), _SCORE.fullmatch(value.strip())
        if not rater or not match or rater in found:
            continue
        score = 10 * float(match[1]) / (100 if match[3] else int(match[2]))
        votes = re.sub(r"\D", "", told.get("imdbVotes") or "") if rater == "imdb" else ""
        found[rater] = Rating(source=rater, score=score, votes=int(votes) if votes else None, original=value)
    return list(found.values())
