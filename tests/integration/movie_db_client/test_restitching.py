"""A changed policy changes the films without a request; and where sources disagree can be listed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from movie_db.conflicts import Conflict, Tally, conflicts
from movie_db.contract.errors import UsageError
from movie_db.contract.messages import Credit
from movie_db.contract.settings import Settings
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.ingest import ingest_once
from movie_db.movie_db_client.pinning import pin
from movie_db.movie_db_client.preferences import preferences
from movie_db.movie_db_client.repository import views
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.restitching import BATCH, restitch
from movie_db.stitching.policy import DEFAULTS, Preferences


@pytest.fixture
def engine(database_url: str) -> Any:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def units(engine: Engine) -> Callable[..., Any]:
    store = SqlStore(engine)
    return lambda how=DEFAULTS: SqlUnitOfWork(store, how)


@pytest.fixture
def told(units: Any, write: Any, make: Any) -> None:
    """A database of one film, on whose running time and people three sources disagree."""
    ann, bo = Credit(name="Ann Lee"), Credit(name="Bo Ek")
    records = (
        make.record("justwatch", "tm1", title="Alien", runtime=117, directors=(ann,), genres=("Drama",)),
        make.record("wikidata", "Q1", title="Alien!", runtime=90, directors=(ann, bo), genres=("western film",)),
        make.record("wikipedia", "Alien", {"wikidata": "Q1"}, runtime=90, plot="Longer."),
    )
    ingest_once(units, write(make.item("justwatch:tm1", *records)))


def chosen(tmp_path: Path, text: str) -> Preferences:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    return preferences(Settings(policy=file))


def runtimes(engine: Engine) -> list[Any]:
    return [movie["runtime"] for movie in views.all_movies(engine)]


def test_another_policy_stitches_anew_from_what_was_said(
    told: None, units: Any, engine: Engine, tmp_path: Path, snapshot: Any
) -> None:
    how = chosen(tmp_path, '[runtime]\nrule = "agreed"')
    assert list(restitch(lambda: units(how), views.film_numbers(engine))) == [(1, [])]
    assert runtimes(engine) == [90]
    first = snapshot(units)
    list(restitch(lambda: units(how), views.film_numbers(engine)))
    assert snapshot(units) == first
    list(restitch(units, views.film_numbers(engine)))
    assert runtimes(engine) == [117]


def test_what_changed_is_told_by_the_policy_in_force(
    told: None, units: Any, write: Any, make: Any, tmp_path: Path
) -> None:
    how = chosen(tmp_path, '[runtime]\norder = ["wikipedia"]')
    later = make.record("justwatch", "tm1", days=1, title="Alien", runtime=118)
    page = make.record("wikipedia", "Alien", {"wikidata": "Q1"}, days=1, runtime=91, plot="Longer.")
    ingest_once(lambda: units(how), write(make.item("justwatch:tm1", later, page)))
    with units() as unit:
        changed = unit.repository.read("changes", field=["runtime"])
    assert [(row["old"], row["new"], row["source"]) for row in changed] == [(90, 91, "wikipedia")]


def test_it_goes_in_batches(units: Any, engine: Engine, write: Any, make: Any) -> None:
    films = [make.item(f"justwatch:tm{n}", make.record("justwatch", f"tm{n}", title=f"T {n}")) for n in range(300)]
    ingest_once(units, write(*films))
    assert [films for films, _ in restitch(units, views.film_numbers(engine))] == [BATCH, 300 - BATCH]


def test_a_policy_that_can_not_be_read_is_told_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"policy.toml can't be used: there is no field 'titel'"):
        chosen(tmp_path, '[titel]\nrule = "first"')
    with pytest.raises(UsageError, match="can't be read"):
        preferences(Settings(policy=tmp_path / "none.toml"))


def test_conflicts_are_the_values_that_contradict_the_golden_one(told: None, engine: Engine) -> None:
    tally = Tally()
    found = {c.field: c for c in conflicts(engine, tally)}
    assert found.keys() == {"runtime", "directors"}
    assert str(found["runtime"]) == "Alien, film 1: runtime 117 (justwatch), not 90 (wikipedia, wikidata)"
    assert str(found["directors"]) == "Alien, film 1: directors Ann Lee (justwatch), not Ann Lee, Bo Ek (wikidata)"
    assert json.loads(found["runtime"].json())["beaten"][0] == {
        "source": "wikipedia",
        "source_id": "Alien",
        "value": 90,
    }
    assert tally.told["runtime", "justwatch"] == 1
    assert tally.outvoted == {("runtime", "wikidata"): 1, ("runtime", "wikipedia"): 1, ("directors", "wikidata"): 1}


def test_conflicts_of_one_field_or_one_source(told: None, engine: Engine) -> None:
    def fields(*narrowed: Any) -> list[str]:
        found: list[Conflict] = list(conflicts(engine, Tally(), *narrowed))
        return [c.field for c in found]

    assert fields("runtime") == ["runtime"]
    assert fields(None, "wikipedia") == ["runtime"]
    assert fields(None, "justwatch") == []
    with pytest.raises(UsageError, match="no field 'length' to disagree on: the fields are title,"):
        fields("length")


def test_what_is_pinned_outvotes_the_sources(told: None, units: Any, engine: Engine, make: Any) -> None:
    with units() as unit:
        pin(unit.repository, "1", {"runtime": "116"}, make.AT)
        unit.commit()
    (found,) = conflicts(engine, Tally(), "runtime")
    assert (found.source, [one["source"] for one in found.against]) == ("pin", ["wikipedia", "wikidata"])
