"""A changed policy changes the films without a request; and where sources disagree can be listed."""

from collections.abc import Callable
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine
from starlette.testclient import TestClient

from movie_db.cli.terminal.conflict_table import Tally, conflicts
from movie_db.contract.errors import UsageError
from movie_db.contract.messages import Credit
from movie_db.contract.settings import Settings
from movie_db.movie_db_client.editing.pins import pin_movie
from movie_db.movie_db_client.editing.restitch import BATCH, restitch_movies
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.ingest.preferences import preferences
from movie_db.movie_db_client.reading.conflicts import FIELDS, ConflictFilter
from movie_db.movie_db_client.reading.documents import numbered_movies
from movie_db.movie_db_client.repository import views
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app, make_service
from movie_db.stitching.policy import DEFAULTS, Preferences


@pytest.fixture
def units(engine: Engine) -> Callable[..., Any]:
    store = SqlStore(engine)
    return lambda how=DEFAULTS: SqlUnitOfWork(store, how)


@pytest.fixture
def result(units: Any, write: Any, make: Any) -> None:
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
    return [movie["runtime"] for _, movie in numbered_movies(engine)]


def test_another_policy_stitches_anew_from_what_was_said(
    result: Any, units: Any, engine: Engine, tmp_path: Path, snapshot: Any
) -> None:
    how = chosen(tmp_path, '[runtime]\nrule = "agreed"')
    assert list(restitch_movies(lambda: units(how), views.film_numbers(engine))) == [(1, [])]
    assert runtimes(engine) == [90]
    first = snapshot(units)
    list(restitch_movies(lambda: units(how), views.film_numbers(engine)))
    assert snapshot(units) == first
    list(restitch_movies(units, views.film_numbers(engine)))
    assert runtimes(engine) == [117]


def test_what_changed_is_told_by_the_policy_in_force(
    result: Any, units: Any, write: Any, make: Any, tmp_path: Path
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
    assert [films for films, _ in restitch_movies(units, views.film_numbers(engine))] == [BATCH, 300 - BATCH]


def test_a_policy_that_can_not_be_read_is_told_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"policy.toml can't be used: there is no field 'titel'"):
        chosen(tmp_path, '[titel]\nrule = "first"')
    with pytest.raises(UsageError, match="can't be read"):
        preferences(Settings(policy=tmp_path / "none.toml"))


def test_conflicts_are_the_values_that_contradict_the_golden_one(result: Any, engine: Engine) -> None:
    found = {c.field: c for c in conflicts(engine, ConflictFilter())}
    assert found.keys() == {"runtime", "directors"}
    assert str(found["runtime"]) == "Alien, movie 1: runtime 117 (justwatch), not 90 (wikipedia, wikidata)"
    assert str(found["directors"]) == "Alien, movie 1: directors Ann Lee (justwatch), not Ann Lee, Bo Ek (wikidata)"
    assert found["runtime"].as_json()["beaten"][0] == {"source": "wikipedia", "source_id": "Alien", "value": 90}
    tally = Tally()
    for conflict in found.values():
        tally.add(conflict)
    tally.count(engine, ConflictFilter().fields)
    assert tally.given["runtime", "justwatch"] == 1
    assert tally.outvoted == {("runtime", "wikidata"): 1, ("runtime", "wikipedia"): 1, ("directors", "wikidata"): 1}


def test_conflicts_of_one_field_or_one_source(result: Any, engine: Engine) -> None:
    def fields(*narrowed: Any) -> list[str]:
        return [c.field for c in conflicts(engine, ConflictFilter(*narrowed))]

    assert fields("runtime") == ["runtime"]
    assert fields(None, "wikipedia") == ["runtime"]
    assert fields(None, "justwatch") == []
    assert fields(None, "wiki") == []
    assert fields(None, None, 1) == ["directors", "runtime"]
    assert fields(None, None, 2) == []
    with pytest.raises(UsageError, match="no field 'length' with conflicts: the fields are title,"):
        fields("length")


def test_what_is_pinned_outvotes_the_sources(result: Any, units: Any, engine: Engine, make: Any) -> None:
    with units() as unit:
        pin_movie(unit, "1", {"runtime": "116"}, make.AT)
    (found,) = conflicts(engine, ConflictFilter("runtime"))
    assert (found.source, [one["source"] for one in found.beaten]) == ("pin", ["wikipedia", "wikidata"])


@pytest.fixture
def api(engine: Engine) -> TestClient:
    return TestClient(make_app(make_service(engine, lambda: False)), raise_server_exceptions=False)


def followed(api: TestClient, query: str) -> list[list[tuple[int, str]]]:
    """What each page has, to the last."""
    pages, cursor = [], ""
    while True:
        result = api.get(f"/v1/conflicts?{query}{cursor}").json()
        pages.append([(one["movie_id"], one["field"]) for one in result["conflicts"]])
        if result["next"] is None:
            return pages
        cursor = f"&cursor={result['next']}"


def test_the_api_lists_conflicts_page_by_page(
    units: Any, write: Any, make: Any, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bo = Credit(name="Ann Lee"), Credit(name="Bo Ek")
    for n in range(1, 4):
        shop = make.record("justwatch", f"tm{n}", title=f"T {n}", runtime=90 + n, directors=(ann,))
        item = make.record("wikidata", f"Q{n}", title=f"T {n}", runtime=60, directors=(ann, bo) if n == 2 else (ann,))
        ingest_once(units, write(make.item(f"justwatch:tm{n}", shop, item)))
    both = [(1, "runtime"), (2, "directors"), (2, "runtime"), (3, "runtime")]
    assert followed(api, "") == [both]
    assert followed(api, "limit=2") == [both[:2], both[2:]]
    assert followed(api, "limit=3") == [both[:3], both[3:]]
    assert followed(api, "field=directors") == [[(2, "directors")]]
    assert followed(api, "movie_id=3&source=wikidata") == [[(3, "runtime")]]
    assert followed(api, "source=justwatch") == [[]]
    monkeypatch.setattr("movie_db.movie_db_client.reading.conflicts._ROWS", 1)
    monkeypatch.setattr("movie_db.movie_db_client.reading.conflicts._LOOKS", 1)
    short = followed(api, "")
    assert list(chain(*short)) == both, "pages that end before they are full lead on"
    assert len(short) > 4
    (result,) = api.get("/v1/conflicts?field=directors").json()["conflicts"]
    beaten = {"source": "wikidata", "source_id": "Q2", "value": ["Ann Lee", "Bo Ek"]}
    assert result == {
        "movie_id": 2,
        "title": "T 2",
        "year": None,
        "field": "directors",
        "value": ["Ann Lee"],
        "source": "justwatch",
        "beaten": [beaten],
    }


def test_only_what_can_be_a_conflict_is_a_field_to_ask_for(api: TestClient) -> None:
    result = yaml.safe_load((files("movie_db.movie_db_client") / "openapi.yaml").read_bytes())
    (field, *_) = result["paths"]["/v1/conflicts"]["get"]["parameters"]
    assert field["schema"]["enum"] == list(FIELDS)
    assert "one of title," in api.get("/v1/conflicts?field=length").json()["detail"]
    assert api.get("/v1/conflicts?cursor=abc").status_code == 404
