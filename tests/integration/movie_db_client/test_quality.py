"""The figures of each run stay in the database, and the next run is held against them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from movie_db.contract.messages import RunFinished, RunStarted, SourceCount
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.history.quality import quality
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork


@pytest.fixture
def run(database_url: str, write: Any, make: Any) -> Callable[..., Any]:
    """`run("r1", 1, films, gallery, **filled)`: the quality after a run on a day."""
    engine = make_engine(database_url)
    store = SqlStore(engine)

    def after(name: str, day: int, *films: Any, gallery: str = "https://g.example/", **filled: int) -> Any:
        at = make.AT + timedelta(days=day)
        counts = {"justwatch": SourceCount(requests=1, outcomes={"found": 20}, filled=filled)}
        ended = RunFinished(run=name, finished_at=at, movies=20, sources=counts)
        log = write(RunStarted(run=name, gallery=gallery, started_at=at), *films, ended)
        ingest_once(lambda: SqlUnitOfWork(store), log)
        return quality(engine, name)

    return after


def test_what_moved_since_the_last_run_and_from_which_source(run: Any, make: Any) -> None:
    first = run("r1", 1, make.item("a", make.record("justwatch", "tm1", title="A", runtime=90)), title=20)
    assert first.filled_before is None
    assert (first.now.filled["runtime"], first.now.sources["runtime"]) == (1, {"justwatch": 1})
    film = make.item(
        "b", make.record("justwatch", "tm2", title="B"), make.record("wikipedia", "B", title="B", runtime=80, plot="P")
    )
    second = run("r2", 2, film, title=20)
    assert second.filled_before["runtime"] == 1
    assert (second.now.filled["runtime"], second.now.sources["runtime"]) == (2, {"justwatch": 1, "wikipedia": 1})
    assert second.alarms == []


def test_a_fall_within_a_gallery_raises_an_alarm_and_another_gallery_does_not_count(run: Any) -> None:
    run("r1", 1, title=20, runtime=18)
    assert run("r2", 2, gallery="https://other.example/", title=20).alarms == []
    (alarm,) = run("r3", 3, title=20, runtime=2).alarms
    assert (alarm.source, alarm.field, alarm.before, alarm.now) == ("justwatch", "runtime", 0.9, 0.1)
    assert run("r1", 1, title=20, runtime=18).alarms == [], "an old run looks back, not ahead"
