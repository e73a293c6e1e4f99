"""A database that is there asks again: for what is due, and keeps what changed and when."""

import copy
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

GALLERY = "https://www.justwatch.com/us/provider/max/movies"


@pytest.fixture
def place(workplace: Any, whole: Any) -> Any:
    """A copy of the database of the recorded gallery, with its data folder."""
    shutil.copytree(whole[0].folder, workplace.folder, dirs_exist_ok=True)
    return workplace


@pytest.fixture
def rows(snapshot: Any) -> Any:
    """`rows(place)`: all rows of its database; a refresh is a run more."""
    return lambda place: {table: found for table, found in snapshot(place.database).items() if table != "runs"}


def refresh(place: Any, upstream: Any, *options: Any) -> Any:
    return place.run("refresh", *options, MOVIE_DB_UPSTREAM=upstream, MOVIE_DB_PACE="unlimited")


def told(place: Any, since: Any) -> Any:
    """What changed since then."""
    lines = place.run("changes", "--since", since, "--format", "jsonl").out.splitlines()
    return [(event["what"], event["field"], event["old"], event["new"]) for event in map(json.loads, lines)]


def test_a_refresh_of_nothing_says_what_to_do(workplace: Any) -> None:
    ended = workplace.run("refresh")
    assert ended.code == 2
    assert len(ended.said) == 1
    assert workplace.run("db", "upgrade").code == 0
    ended = workplace.run("refresh")
    assert (ended.code, ended.said) == (
        2,
        ["movie-db: The database has no gallery to refresh. Fill it with movie-db build ADDRESS first."],
    )


def test_what_is_not_due_is_not_asked_for(place: Any, web: Any, whole: Any, rows: Any) -> None:
    ended = refresh(place, web.url)
    assert ended.code == 0, ended.said
    assert web.asked == {}
    assert ended.said[0].startswith(f"{GALLERY}: listed ")
    assert ended.said[1] == "Nothing is due. To refresh anyway, run movie-db refresh --all."
    assert rows(place) == rows(whole[0])


def test_a_refresh_after_nothing_changed_changes_nothing_for_few_requests(
    place: Any, web: Any, whole: Any, rows: Any
) -> None:
    ended = refresh(place, web.url, "--pages")
    assert ended.code == 0, ended.said
    assert web.asked == {"apis.justwatch.com": 3, "query.wikidata.org": 1, "en.wikipedia.org": 3}
    assert rows(place) == rows(whole[0])
    assert "HBO Max (US): 120 of 120 declared" in ended.out
    for source in ("justwatch", "wikidata", "wikipedia"):
        line = next(line for line in ended.out.splitlines() if source in line)
        assert [cell.strip() for cell in line.split("│")[2:5]] == ["120", "120", "0"]
    assert "Movies: 0 arrived, 0 left. Offers: 0 began, 0 ended. Values changed: 0." in ended.out
    ended = refresh(place, web.url)
    assert "Nothing is due." in ended.said[-1]
    assert sum(web.asked.values()) == 7, "a second one asks nobody"


def offered(node: Any) -> Any:
    """A title's offers, each provider by its name."""
    return [offer | {"package": offer["package"]["clearName"].strip()} for offer in node["offers"]]


def test_what_changed_is_told_and_a_killed_refresh_goes_on(place: Any, web: Any, rows: Any) -> None:
    known = web.recorded.known = copy.copy(web.recorded.known)
    known.nodes, known.listed = copy.deepcopy(known.nodes), dict(known.listed)
    first, second, *_ = known.nodes
    known.nodes[first]["content"]["scoring"]["imdbScore"] = 1.1
    gone = known.nodes.pop(second)
    known.listed.pop(second)
    since = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    killed = place.start("refresh", "--all", MOVIE_DB_UPSTREAM=web.url, MOVIE_DB_PACE="unlimited")
    family = place.wait_for(killed, lambda: any("due" in p.parts for p in place.folder.glob("movie_data/due/*.json")))
    for process in family:
        process.kill()
    place.end(killed)
    ended = refresh(place, web.url, "--all")
    assert ended.code == 0, ended.said
    assert any(line.startswith("Continuing run ") for line in ended.said)
    assert sorted(told(place, since), key=str)[0][:3] == ("changed", "rating", pytest.approx(7, abs=3))
    offers = len({tuple(o[k] for k in ("package", "monetizationType", "presentationType")) for o in offered(gone)})
    events = sorted(what[:2] for what in told(place, since))
    assert events == [("changed", "rating"), ("left", "gallery"), *[("left", "offers")] * offers]
    assert f"Movies: 0 arrived, 1 left. Offers: 0 began, {offers} ended. Values changed: 1." in ended.out
    assert not list(place.folder.glob("movie_data/due/*.json"))
    known.nodes[second], known.listed[second] = gone, gone
    ended = refresh(place, web.url, "--all")
    assert "Movies: 1 arrived, 0 left." in ended.out


def test_sources_that_fail_empty_nothing(place: Any, web: Any, whole: Any, rows: Any) -> None:
    for host in ("apis.justwatch.com", "query.wikidata.org", "www.wikidata.org", "en.wikipedia.org"):
        web.faults[host] = lambda _asked, _answer: (403, {}, b"")
    ended = refresh(place, web.url, "--pages")
    assert rows(place) == rows(whole[0])
    assert ended.code == 1
    assert ended.said[-1].startswith("movie-db: ")


@pytest.mark.world
def test_a_refresh_tells_what_a_world_changed_and_nothing_else(
    place: Any, shared: Any, stand_in: Any, tmp_path: Path
) -> None:
    world = shared / "worlds" / "sample"
    later = tmp_path / "later"
    shutil.copytree(world, later, ignore=shutil.ignore_patterns("justwatch.jsonl"))
    subprocess.run([sys.executable, shared / "worlds" / "later.py", world, later], check=True)
    truth = json.loads((later / "changes.json").read_text("utf-8"))
    since = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    ended = refresh(place, stand_in(later), "--all")
    assert ended.code == 0, ended.said
    events = told(place, since)
    assert len(truth["left"]) > 2
    assert len(truth["rating"]) > 2
    assert sum(e[:2] == ("left", "gallery") for e in events) == len(truth["left"])
    assert sum(e[:2] == ("left", "offers") for e in events) == len(truth["left"])
    assert sorted(e[2:] for e in events if e[1] == "rating") == sorted(map(tuple, truth["rating"].values()))
    assert len(events) == 2 * len(truth["left"]) + len(truth["came"]) + len(truth["rating"])
