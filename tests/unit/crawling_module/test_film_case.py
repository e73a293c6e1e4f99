"""When a candidate is the film, and when an answer that is missing forbids to say so."""

from datetime import UTC, datetime
from typing import Any

from movie_db.contract.errors import RetryLaterError
from movie_db.contract.messages import Credit, MovieFacts, MovieListEntry, SourceRecord
from movie_db.crawling_module.gathering.film_case import FilmCase
from movie_db.stitching import match

IDS = {"justwatch": "tm1", "imdb": "tt0464154"}


def candidate(**ids: Any) -> Any:
    facts = MovieFacts(
        title="Piranha 3D", year=2010, runtime=88, directors=(Credit(name="Alexandre Aja"),), countries=("US",)
    )
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return match.of_record(
        SourceRecord(
            source="wikidata", source_id="Q1", url="https://x/", retrieved_at=at, licence="CC0", ids=ids, facts=facts
        )
    )


def case_with(film: Any) -> Any:
    entry = MovieListEntry(
        run="r1",
        gallery="https://g/",
        key="justwatch:tm1",
        position=1,
        title="Piranha 3D",
        year=2010,
        runtime=88,
        directors=("Alexandre Aja",),
        ids=IDS,
    )
    case = FilmCase.of(entry)
    case.candidates["Q1"] = film
    case.decide()
    return case


def test_a_candidate_that_agrees_in_everything_but_ids_is_the_film() -> None:
    assert case_with(candidate()).linked == "Q1"


def test_while_an_answer_is_missing_that_may_name_a_likelier_one_it_is_not() -> None:
    case = case_with(candidate())
    case.trouble = RetryLaterError("query.wikidata.org is down.")
    assert case.linked is None


def test_a_shared_id_is_proof_whatever_is_missing() -> None:
    case = case_with(candidate(imdb="tt0464154"))
    case.trouble = RetryLaterError("query.wikidata.org is down.")
    assert case.linked == "Q1"
