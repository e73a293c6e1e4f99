"""A record is known again by its source's revision, else by what it says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from movie_db.contract.messages import MovieFacts, Rating, SourceRecord
from movie_db.contract.state import state_of, state_of_json

AT = datetime(2026, 11, 1, tzinfo=UTC)


def record(**changes: Any) -> Any:
    told = {
        "source": "justwatch",
        "source_id": "tm1",
        "url": "https://j.example/tm1",
        "retrieved_at": AT,
        "licence": "x",
        "facts": MovieFacts(title="Alien", ratings=(Rating(source="imdb", score=8.5),)),
    }
    return SourceRecord(**told | changes)


def kept(one: Any) -> Any:
    """A record as the database has it."""
    return json.loads(one.model_dump_json(exclude_defaults=True))


def test_the_same_word_at_another_time_is_the_same_state() -> None:
    assert state_of(record()) == state_of(record(retrieved_at=AT + timedelta(days=1))) == state_of_json(kept(record()))


def test_another_value_or_id_is_another_state() -> None:
    states = {
        state_of(record()),
        state_of(record(facts=MovieFacts(title="Alien", ratings=(Rating(source="imdb", score=8.6),)))),
        state_of(record(ids={"imdb": "tt0078748"})),
    }
    assert len(states) == 3


def test_a_revision_says_more_than_what_is_said() -> None:
    assert state_of(record(revision="7")) == "7" == state_of(record(revision="7", facts=MovieFacts(title="Aliens")))


def test_what_is_kept_of_a_former_record_is_not_said_now() -> None:
    facts = MovieFacts(title="Alien", plot="A crew.", ratings=(Rating(source="imdb", score=8.5),))
    assert state_of_json(kept(record(facts=facts, kept={"plot": AT}))) == state_of(record())
