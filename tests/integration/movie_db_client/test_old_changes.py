"""Changes that older versions kept as texts: what becomes of them, and what is shown of them, on both databases."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from movie_db.contract.messages import Credit, Money, Rating
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import downgrade, upgrade
from movie_db.movie_db_client.history import changes
from movie_db.movie_db_client.server import make_app, make_service

OLD: dict[str, Any] = {
    "budget": "11000000 USD",
    "box_office": "dear",
    "cast": ["Ann Lee as Ripley", "Known as Kid", "Anon as One as Two", "Plain"],
    "directors": ["Known as Kid", "Ridley Scott"],
    "studios": ["Shot as One"],
    "rating": 8.1,
    "ratings": {"tmdb": 6.1},
    "genres": ["Drama"],
    "offers": {"provider": "Max", "country": "US", "kind": "rent"},
}
NEW = {
    "budget": {"amount": 11_000_000, "currency": "USD"},
    "box_office": {"text": "dear"},
    "cast": [
        {"name": "Ann Lee", "role": "Ripley"},
        {"name": "Known as Kid"},
        {"text": "Anon as One as Two"},
        {"name": "Plain"},
    ],
    "directors": [{"text": "Known as Kid"}, {"name": "Ridley Scott"}],
    "studios": [{"name": "Shot as One"}],
}


def kept(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT field, old FROM changes ORDER BY change_id")).all()
    return {field: json.loads(old) if isinstance(old, str) and old[:1] in '{["' else old for field, old in rows}


@pytest.fixture
def engine(database_url: str, make: Any, write: Any) -> Iterator[Engine]:
    """A database of the version before, with a film and its changes."""
    from movie_db.movie_db_client.ingest.ingest import ingest_once
    from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

    engine = make_engine(database_url)
    store = SqlStore(engine)
    cast = (
        Credit(name="Ann Lee", role="Ripley", billing=4, ids={"imdb": "nm0000001"}),
        Credit(name="Known as Kid", billing=5),
    )
    facts: dict[str, Any] = {"cast": cast, "budget": Money(amount=1, currency="EUR"), "title": "Alien"}
    facts["ratings"] = (Rating(source="imdb", score=8.5, votes=9), Rating(source="tmdb", score=6.1, votes=7))
    record = make.record("wikidata", "Q1", **facts)
    ingest_once(lambda: SqlUnitOfWork(store), write(make.item("a", record)))
    downgrade(database_url, "0015")
    with engine.begin() as connection:
        for field, old in OLD.items():
            row = {"field": field, "old": json.dumps(old), "at": (make.AT + timedelta(days=3)).replace(tzinfo=None)}
            value = "CAST(:old AS jsonb)" if engine.dialect.name == "postgresql" else ":old"
            sql = f"INSERT INTO changes (movie_id, field, old, source, at) VALUES (1, :field, {value}, 's', :at)"
            connection.execute(text(sql), row)
    yield engine
    engine.dispose()


def test_what_can_be_read_exactly_becomes_objects_and_the_rest_is_marked(engine: Engine, database_url: str) -> None:
    upgrade(database_url)
    assert kept(engine) == OLD | NEW
    downgrade(database_url, "0015")
    assert kept(engine) == OLD


def test_changes_read_the_same_before_and_after(engine: Engine, database_url: str, make: Any) -> None:
    upgrade(database_url)
    assert {event.field: event.old for event in changes.changes(engine, make.AT)} == OLD


def test_a_film_of_then_is_shown_as_far_as_it_is_known(engine: Engine, database_url: str) -> None:
    upgrade(database_url)
    with TestClient(make_app(make_service(engine, lambda: False))) as api:
        then = api.get("/v1/movies/1?as_of=2026-11-02T00:00:00Z").json()
    assert then["cast"] == [
        {"actor_id": 1, "name": "Ann Lee", "role": "Ripley", "billing": 4},
        {"actor_id": 2, "name": "Known as Kid", "role": None, "billing": 5},
        {"actor_id": None, "name": "Anon as One as Two", "role": None, "billing": None},
        {"actor_id": None, "name": "Plain", "role": None, "billing": None},
    ]
    assert then["directors"] == [
        {"director_id": None, "name": "Known as Kid"},
        {"director_id": None, "name": "Ridley Scott"},
    ]
    assert (then["budget"], then["budget_currency"], then["box_office"]) == (11_000_000, "USD", None)
    assert (then["rating"], then["rating_count"], then["genres"]) == (8.1, None, ["Drama"])
    assert then["ratings"] == [
        {"source": "imdb", "score": 8.1, "votes": None, "original": None},
        {"source": "tmdb", "score": 6.1, "votes": 7, "original": None},
    ]


def test_what_this_version_keeps_is_text_again_after_a_downgrade(
    engine: Engine, database_url: str, make: Any, tmp_path: Any
) -> None:
    from movie_db.contract.log import SegmentWriter
    from movie_db.movie_db_client.ingest.ingest import ingest_once
    from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

    upgrade(database_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM changes"))
    store = SqlStore(engine)
    ratings = (Rating(source="imdb", score=8.5, votes=10), Rating(source="tmdb", score=6.2, votes=7))
    record = make.record(
        "wikidata",
        "Q1",
        days=5,
        title="Alien",
        ratings=ratings,
        budget=Money(amount="2.5"),
        cast=(Credit(name="Known as Kid", role="Kid", billing=1),),
    )
    with SegmentWriter(tmp_path / "item_list" / "later-001.jsonl") as writer:
        writer.write(make.item("a", record))
    ingest_once(lambda: SqlUnitOfWork(store), tmp_path)
    shown = {event.field: event.old for event in changes.changes(engine, make.AT)}
    assert shown["cast"] == ["Ann Lee as Ripley", "Known as Kid"]
    downgrade(database_url, "0015")
    assert kept(engine) == shown
    assert kept(engine)["budget"] == "1 EUR"
    assert kept(engine)["ratings"] == {"tmdb": 6.1}
