"""A refresh on the shipped recording: what is as it was is not told again, and what changed is, whoever fails."""

import asyncio
import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import ChunkDone, MovieItem, PersonItem, RecordsUnchanged, RunStarted
from movie_db.contract.runs import Run
from movie_db.contract.state import state_of
from movie_db.crawling_module import galleries
from movie_db.crawling_module.gathering.gatherer import Gatherer
from movie_db.crawling_module.gathering.list_order import ListedFilms, order
from movie_db.crawling_module.refreshing.plan import Plan, PlannedMovie, PlannedRecord
from movie_db.crawling_module.refreshing.refresh import Refresher
from movie_db.crawling_module.sources import graphql

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def gathered(recorded_web: Any, entries: Any) -> Any:
    """The items that a build of the recorded films gives."""

    async def everything() -> Any:
        web = recorded_web()
        gatherer = Gatherer(web.fetcher(), web.fetcher(), None, "r1", "US")
        return [m async for m in gatherer.gather(sorted(entries, key=order), 0) if isinstance(m, MovieItem)]

    return {item.entry.key: item for item in asyncio.run(everything())}


def plan_of(items: Any, *, due: Any = True, left: Any = (), people: Any = None) -> Any:
    """What the database knows after such a build."""
    films = {
        key: PlannedMovie(
            item.entry,
            key in left,
            tuple(
                PlannedRecord(r.source, r.source_id, r.ids.get(r.source, r.source_id), r.retrieved_at, state_of(r), due)
                for r in item.records
            ),
            search=False,
        )
        for key, item in items.items()
    }
    return Plan(films, people or {}, {})


@pytest.fixture
def refreshed(tmp_path: Path) -> Any:
    """`refreshed(web, plan, entries, start=None)`: all that is told, and the refresher."""

    def refresh(web: Any, plan: Any, entries: Any, start: Any = None) -> Any:
        run = Run(RunStarted(run="r2", gallery=GALLERY, started_at=NOW, refresh="pages"), tmp_path)
        with SegmentWriter(run.list_segment) as log:
            log.write(*entries)

        async def everything() -> Any:
            fetcher, gallery = web.fetcher(), galleries.find(GALLERY)
            gatherer = Gatherer(fetcher, web.fetcher(), None, "r2", "US")
            refresher = Refresher(fetcher, gatherer, gallery, run, plan, ListedFilms(run.list_segment))
            return [m async for m in refresher.messages(start)], refresher

        return asyncio.run(everything())

    return refresh


def entries_of(items: Any) -> Any:
    return [item.entry.model_copy(update={"run": "r2"}) for item in items.values()]


def items_of(reply: Any) -> Any:
    return {m.entry.key: m for m in reply if isinstance(m, MovieItem)}


def test_what_is_as_it_was_is_told_unchanged_for_few_requests(recorded_web: Any, gathered: Any, refreshed: Any) -> None:
    web = recorded_web()
    reply, refresher = refreshed(web, plan_of(gathered), entries_of(gathered))
    assert items_of(reply) == {}
    unchanged = {(m.source, i) for m in reply if isinstance(m, RecordsUnchanged) for i in m.source_ids}
    assert unchanged == {(r.source, r.source_id) for item in gathered.values() for r in item.records}
    # Three, and two more that an archive would have.
    assert web.asked == {"apis.justwatch.com": 3, "query.wikidata.org": 1, "en.wikipedia.org": 3}
    counts = refresher.sources()
    assert {s: (c.due, c.unchanged, c.changed) for s, c in counts.items() if c.due} == {
        source: (len(gathered), len(gathered), 0) for source in ("justwatch", "wikidata", "wikipedia")
    }


def test_what_is_not_due_is_not_asked_for_but_comes_with_the_list(
    recorded_web: Any, gathered: Any, refreshed: Any
) -> None:
    web = recorded_web()
    refreshed(web, plan_of(gathered, due=False), entries_of(gathered))
    assert web.asked == {"apis.justwatch.com": 3}


def changed_node(known: Any, key: str, **scoring: Any) -> Any:
    web_knows = copy.copy(known)
    web_knows.nodes = copy.deepcopy(known.nodes)
    web_knows.nodes[key]["content"]["scoring"] |= scoring
    return web_knows


def test_another_rating_is_told_alone(recorded_web: Any, gathered: Any, refreshed: Any, known: Any) -> None:
    web = recorded_web()
    key = next(iter(gathered))
    web.known = changed_node(known, key.removeprefix("justwatch:"), imdbScore=1.1)
    reply, _ = refreshed(web, plan_of(gathered), entries_of(gathered))
    (item,) = items_of(reply).values()
    assert (item.type, item.entry.key, item.outcomes) == ("record_item", key, {"justwatch": "found"})
    (record,) = item.records
    assert next(r.score for r in record.facts.ratings if r.source == "imdb") == 1.1
    assert item.links == ()


def test_a_film_whose_page_was_edited_is_gathered_again(recorded_web: Any, gathered: Any, refreshed: Any) -> None:
    plan = plan_of(gathered)
    key, film = next(iter(plan.films.items()))
    records = tuple(r._replace(state="1") if r.source == "wikipedia" else r for r in film.records)
    plan.films[key] = PlannedMovie(film.entry, False, records, False)
    reply, _ = refreshed(recorded_web(), plan, entries_of(gathered))
    (item,) = items_of(reply).values()
    assert (item.type, item.entry.key) == ("movie_item", key)
    assert {r.source for r in item.records} == {"justwatch", "wikidata", "wikipedia"}
    assert item.links == gathered[key].links


def test_films_that_came_are_gathered_and_those_that_left_are_asked_for_once_more(
    recorded_web: Any, gathered: Any, refreshed: Any
) -> None:
    came, left, *_ = gathered
    plan = plan_of({key: item for key, item in gathered.items() if key != came}, due=False)
    web = recorded_web()
    web.known = copy.copy(web.known)
    web.known.nodes = {k: n for k, n in web.known.nodes.items() if k != left.removeprefix("justwatch:")}
    requests_ = []
    complete, known_nodes = web.download, recorded_web().known.nodes

    async def spied(request: Request) -> Any:
        if b"GetTitles" in request.body:
            requests_.append(request.body)
            web.known.nodes = known_nodes
        return await complete(request)

    web.download = spied
    reply, _ = refreshed(web, plan, entries_of({k: i for k, i in gathered.items() if k != left}))
    assert [key for key, item in items_of(reply).items() if item.type == "movie_item"] == [came]
    assert sum(left.removeprefix("justwatch:").encode() in body for body in requests_) == 1


def without(web: Any, *keys: Any) -> Any:
    """This web after JustWatch gave up the titles of these films."""
    gone = {key.removeprefix("justwatch:") for key in keys}
    web.known = copy.copy(web.known)
    web.known.nodes = {k: n for k, n in web.known.nodes.items() if k not in gone}
    web.known.listed = {k: n for k, n in web.known.listed.items() if k not in gone}
    return web


def test_of_a_film_that_justwatch_no_longer_has_the_offers_end_last_of_all(
    recorded_web: Any, gathered: Any, refreshed: Any
) -> None:
    came, gone, *_ = gathered
    plan = plan_of({key: item for key, item in gathered.items() if key != came}, due=False)
    entries = entries_of({k: i for k, i in gathered.items() if k != gone})
    reply, _ = refreshed(without(recorded_web(), gone), plan, entries)
    last = reply[-1]
    assert (last.type, last.entry.key, last.outcomes) == ("record_item", gone, {"justwatch": "not_found"})
    (record,) = last.records
    assert (record.source_id, record.facts.offers) == (gone.removeprefix("justwatch:"), ())
    assert [key for key, item in items_of(reply).items() if item.type == "movie_item"] == [came]


def test_a_film_that_justwatch_cannot_tell_of_now_keeps_its_offers(
    recorded_web: Any, gathered: Any, refreshed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphql, "PAUSES", (0.0,))
    gone = next(iter(gathered))
    web = without(recorded_web(), gone)
    complete = web.answers["apis.justwatch.com"]

    def failing(request: Request) -> Any:
        reply = complete(request)
        if b"GetTitles" not in request.body:
            return reply
        errors = [{"message": "x", "path": [n], "extensions": {"code": "INTERNAL_ERROR"}} for n in reply["data"]]
        return {"data": reply["data"], "errors": errors}

    web.answers["apis.justwatch.com"] = failing
    entries = entries_of({k: i for k, i in gathered.items() if k != gone})
    reply, _ = refreshed(web, plan_of(gathered, due=False), entries)
    assert items_of(reply) == {}


def test_sources_that_refuse_change_nothing(recorded_web: Any, gathered: Any, refreshed: Any) -> None:
    refusing = dict.fromkeys(("query.wikidata.org", "www.wikidata.org", "en.wikipedia.org"), 403)
    reply, refresher = refreshed(recorded_web(**refusing), plan_of(gathered), entries_of(gathered))
    assert items_of(reply) == {}
    assert {m.source for m in reply if isinstance(m, RecordsUnchanged)} == {"justwatch"}
    assert refresher.sources()["wikidata"].unchanged == 0


def test_people_that_are_due_are_asked_for_if_their_items_changed(
    recorded_web: Any, gathered: Any, refreshed: Any, known: Any
) -> None:
    person = next(
        c.ids["wikidata"] for i in gathered.values() for r in i.records for c in r.facts.cast if "wikidata" in c.ids
    )
    revision = str(known.entities[person]["lastrevid"])
    for state, people in ((revision, []), ("1", [person])):
        reply, _ = refreshed(recorded_web(), plan_of(gathered, due=False, people={person: state}), entries_of(gathered))
        assert [m.origin.source_id for m in reply if isinstance(m, PersonItem)] == people
        same = [i for m in reply if isinstance(m, RecordsUnchanged) and m.entity == "person" for i in m.source_ids]
        assert same == ([] if people else [person])


def test_what_was_told_before_an_interruption_is_not_told_again(
    recorded_web: Any, gathered: Any, refreshed: Any, known: Any
) -> None:
    web = recorded_web()
    web.known = changed_node(known, next(iter(gathered)).removeprefix("justwatch:"), imdbScore=1.1)
    reply, _ = refreshed(web, plan_of(gathered), entries_of(gathered))
    assert reply[-1] == ChunkDone(run="r2", position=0)
    again, _ = refreshed(web, plan_of(gathered), entries_of(gathered), start=0)
    assert again == []
