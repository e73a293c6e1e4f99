"""The contract: what is dumped is parsed, fits the published schema, and nothing else gets in."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from movie_db.contract.errors import ContractError
from movie_db.contract.messages import (
    ChunkDone,
    Company,
    CompanyItem,
    Credit,
    GalleryListed,
    Money,
    MovieFacts,
    MovieItem,
    MovieListEntry,
    Offer,
    Origin,
    PersonItem,
    Rating,
    RejectedItem,
    ReviewItem,
    RunFinished,
    RunStarted,
    SourceCount,
    SourceRecord,
    dump,
    parse,
)
from movie_db.contract.schema import generate, models, published
from movie_db.contract.text import clean_text

VALIDATORS = {name: jsonschema_rs.validator_for(schema) for name, schema in published().items()}


def _has_text(text: str) -> bool:
    """Whether something is left of a text that is cleaned, and stripped as a name or a licence is."""
    return clean_text(text).strip() != ""


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(_has_text)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
DATES = st.from_regex(r"\A(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?\Z")
YEARS = st.integers(1870, 2100)
AMOUNTS = st.decimals(0, 10**12, places=2)
FRACTIONS = st.floats(0, 1)
MOVIE_IDS = st.fixed_dictionaries(
    {},
    optional={
        "justwatch": st.from_regex(r"\Atm[0-9]{1,10}\Z"),
        "imdb": st.from_regex(r"\Att[0-9]{7,10}\Z"),
        "tmdb": st.from_regex(r"\A[1-9][0-9]{0,9}\Z"),
        "wikidata": st.from_regex(r"\AQ[1-9][0-9]{0,9}\Z"),
    },
)
PERSON_IDS = st.fixed_dictionaries({}, optional={"imdb": st.from_regex(r"\Anm[0-9]{7,10}\Z")})
URLS = st.from_regex(r"\Ahttps://[a-z]{1,9}\.org/[a-z]{0,9}\Z")


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


def some(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(values, max_size=2).map(tuple)


CREDITS = some(st.builds(Credit, name=TEXT, ids=PERSON_IDS, role=TEXT | st.just(""), billing=maybe(st.integers(1, 99))))
MONEY = maybe(st.builds(Money, amount=AMOUNTS, currency=st.sampled_from(["USD", "EUR", None])))
COMPANIES = some(st.builds(Company, name=TEXT))
FACTS = st.builds(
    MovieFacts,
    title=maybe(TEXT),
    year=maybe(YEARS),
    release_date=maybe(DATES),
    runtime=maybe(st.integers(1, 6000)),
    plot=maybe(TEXT),
    genres=some(TEXT),
    languages=some(st.sampled_from(["en", "grc"])),
    countries=some(st.sampled_from(["US", "GB"])),
    budget=MONEY,
    box_office=MONEY,
    ratings=some(st.builds(Rating, source=TEXT, score=st.floats(0, 10), votes=maybe(st.integers(0, 10**6)))),
    directors=CREDITS,
    cast=CREDITS,
    studios=COMPANIES,
    poster_url=maybe(URLS),
    offers=some(
        st.builds(
            Offer,
            provider=TEXT,
            country=st.just("US"),
            kind=st.sampled_from(["rent", "flatrate"]),
            price=maybe(AMOUNTS),
            url=maybe(URLS),
            available_to=maybe(DATES),
        )
    ),
)
ORIGIN = {"source": TEXT, "source_id": TEXT, "url": URLS, "retrieved_at": TIMES, "licence": TEXT}
RECORDS = st.builds(
    SourceRecord, **ORIGIN, kind=maybe(st.sampled_from(["film", "TV film"])), ids=MOVIE_IDS, facts=FACTS
)
RUN = {"run": st.from_regex(r"\A[0-9A-Za-z-]{1,64}\Z"), "v": st.just(1)}
ENTRIES = st.builds(
    MovieListEntry,
    **RUN,
    type=st.just("movie_list_entry"),
    gallery=TEXT,
    key=TEXT,
    position=st.integers(1, 9999),
    title=TEXT,
    year=maybe(YEARS),
    directors=some(TEXT),
    ids=MOVIE_IDS,
    url=maybe(URLS),
)
OUTCOMES = st.sampled_from(["found", "not_found", "unsure", "blocked", "failed", "unreadable", "not_asked"])
ORIGINS = st.builds(Origin, **ORIGIN)


def of(model: type[BaseModel], **fields: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(model, **RUN, type=st.just(model.model_fields["type"].default), **fields)


MESSAGES = st.one_of(
    of(RunStarted, gallery=TEXT, started_at=TIMES, limit=maybe(st.integers(1, 99))),
    ENTRIES,
    of(GalleryListed, gallery=TEXT, found=st.integers(0, 9), door=TEXT, slices=some(TEXT), note=maybe(TEXT)),
    of(MovieItem, entry=ENTRIES, records=some(RECORDS), outcomes=st.dictionaries(st.just("wikidata"), OUTCOMES)),
    of(PersonItem, origin=ORIGINS, name=TEXT, ids=PERSON_IDS, born=maybe(DATES), bio=maybe(TEXT)),
    of(CompanyItem, origin=ORIGINS, name=TEXT, ids=st.just({"tmdb": "3"}), founded=maybe(DATES)),
    of(ReviewItem, key=TEXT, entry=ENTRIES, candidate=RECORDS, probability=FRACTIONS, evidence=some(TEXT)),
    of(RejectedItem, reason=TEXT, raw=TEXT),
    of(ChunkDone, position=st.integers(0, 9999)),
    of(
        RunFinished,
        finished_at=TIMES,
        movies=st.integers(0, 9),
        sources=st.dictionaries(TEXT, st.builds(SourceCount, requests=st.integers(0, 9))),
    ),
)

ENTRY: dict[str, Any] = {
    "type": "movie_list_entry", "v": 1, "run": "r1", "gallery": "g", "key": "justwatch:tm1", "position": 1,
    "title": "Heat", "year": 1995, "ids": {"justwatch": "tm1"},
}  # fmt: skip


def broken(**changes: Any) -> bytes:
    return json.dumps({k: v for k, v in {**ENTRY, **changes}.items() if v != "absent"}).encode()


@given(MESSAGES)
def test_a_message_comes_back_as_it_went_on_one_line(message: Any) -> None:
    line = dump(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert parse(line) == message


@given(MESSAGES)
def test_the_published_schema_takes_every_message(message: Any) -> None:
    VALIDATORS[message.type].validate(json.loads(dump(message)))


def test_the_published_schemas_are_those_of_the_models() -> None:
    assert published() == generate()
    assert {"movie", "movie_item", "rejected_item"} <= models().keys()


def test_a_sound_entry_is_taken() -> None:
    message = parse(json.dumps(ENTRY))
    assert isinstance(message, MovieListEntry)
    assert message.title == "Heat"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (broken(rating=9), "rating: Extra inputs are not permitted"),
        (broken(title="absent"), "title: Field required"),
        (broken(title=""), "title: String should have at least 1 character"),
        (broken(title="x" * 256), "title: String should have at most 255 characters"),
        (broken(year="MCMXCV"), "year: Input should be a valid integer"),
        (broken(year=1600), "year: Input should be greater than or equal to 1870"),
        (broken(ids={"imdb": "nm0000001"}), "ids.imdb: This is not an id of imdb, which has the form tt[0-9]{7,10}"),
        (broken(ids={"imdb": "tt1\n"}), "is not an id of imdb"),
        (broken(ids={"imdb": "tt١٢٣٤٥٦٧"}), "is not an id of imdb"),
        (broken(ids={"letterboxd": "heat"}), "ids.letterboxd"),
        (broken(run="../../etc"), "run: String should match pattern"),
        (broken(v=2), "v: Input should be 1"),
        (broken(url="javascript:alert(1)"), "url: String should match pattern"),
        (broken(type="movie"), "message: Input tag 'movie'"),
        (broken(type="absent"), "message: Unable to extract tag"),
        (b"[]", "message: "),
        (b"null", "message: "),
        (b"{", "message: Invalid JSON"),
        (b"\xff\xfe", "message: "),
        (b"", "message: Invalid JSON"),
    ],
)
def test_what_breaks_the_contract_is_told_with_its_property(line: Any, reason: Any) -> None:
    with pytest.raises(ContractError) as told:
        parse(line)
    assert reason in str(told.value)


def test_many_findings_are_counted_the_first_are_named() -> None:
    line = broken(title="", year=1, position=0, key="", gallery=3)
    with pytest.raises(ContractError, match=r"^movie_list_entry\.gallery: .*; .*; .*; and 2 more$"):
        parse(line)


@pytest.mark.parametrize("date", ["1982", "1982-06", "1982-06-25"])
def test_a_date_is_cut_to_what_is_known(date: str) -> None:
    assert MovieFacts(release_date=date).release_date == date


@pytest.mark.parametrize("date", ["82", "1982-13", "1982-06-32", "1982-6", "25.06.1982", "1982-06-25T00", "", "198٢"])
def test_a_date_of_another_form_is_none(date: str) -> None:
    with pytest.raises(ValueError, match="release_date"):
        MovieFacts(release_date=date)


@pytest.mark.parametrize(("amount", "written"), [("5000000", "5000000"), ("3.99", "3.99"), ("0", "0")])
def test_money_is_written_as_people_do(amount: Any, written: Any) -> None:
    assert f'"amount":{written}' in Money(amount=Decimal(amount)).model_dump_json()


def test_a_message_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ChunkDone(run="r1", position=1).position = 2  # type: ignore[misc]
