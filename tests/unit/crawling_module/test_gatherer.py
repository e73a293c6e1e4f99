"""The gatherer on the shipped recording: every film finds its records, whatever fails or breaks off on the way."""

import asyncio
from itertools import takewhile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request

from movie_db.contract.messages import ChunkDone, MovieItem, MovieListEntry, PersonItem, ReviewItem, dump
from movie_db.crawling_module.gathering import gatherer
from movie_db.crawling_module.gathering.database_api import UNDECIDED, Decisions
from movie_db.crawling_module.gathering.gatherer import Gatherer
from movie_db.crawling_module.gathering.list_order import order


def messages(
    web: Any,
    entries: Any,
    *,
    before: Any = (),
    start: Any = 0,
    country: Any = "US",
    decisions: Any = UNDECIDED,
    wiki_api: Any = None,
) -> Any:
    """All that is gathered from `start` on, after `before` was told already."""

    async def everything() -> Any:
        gatherer = Gatherer(web.fetcher(), web.fetcher(), wiki_api, "r1", country, decisions)
        for message in before:
            gatherer.remember(message)
        reply = [message async for message in gatherer.gather(sorted(entries, key=order), start)]
        return reply, gatherer

    return asyncio.run(everything())


def items(reply: Any) -> Any:
    return {m.entry.key: m for m in reply if isinstance(m, MovieItem)}


def plain(reply: Any) -> Any:
    """Messages without the time of asking, which differs between two runs."""
    drop = {"retrieved_at"}
    return [
        m.model_dump(
            exclude={"origin": drop, "records": {"__all__": drop}, "candidate": drop}
        )
        for m in reply
        if not isinstance(m, ChunkDone)
    ]  # fmt: skip


def records(item: Any) -> Any:
    return {r.source: r for r in item.records}


def test_every_film_of_the_recording_is_linked_to_its_item_and_page(
    recorded_web: Any, entries: Any, known: Any
) -> None:
    reply, gatherer = messages(recorded_web(), entries)
    found = items(reply)
    assert len(found) == len(entries) == 120
    truth = {k: n["content"]["externalIds"]["imdbId"] for k, n in known.nodes.items()}
    for key, item in found.items():
        found_in = {source for source, outcome in item.outcomes.items() if outcome == "found"}
        assert found_in == {"justwatch", "wikidata", "wikipedia"}, key
        of = records(item)
        told_by_item = of["wikidata"].ids.get("imdb")
        told_by_justwatch = item.entry.ids.get("imdb") or truth[item.entry.ids["justwatch"]]
        assert not told_by_justwatch or told_by_item == told_by_justwatch
        assert of["wikipedia"].ids["wikipedia"] == of["wikidata"].ids["wikipedia"]
        assert {link.source_id for link in item.links} == {of["wikidata"].source_id, of["wikipedia"].source_id}
    assert len({records(i)["wikidata"].source_id for i in found.values()}) == 120
    assert not [m for m in reply if isinstance(m, ReviewItem)]
    assert gatherer.sources()["wikidata"].outcomes == {"found": 120}
    assert gatherer.movies == 120


def test_requests_are_shared_by_many_films(recorded_web: Any, entries: Any) -> None:
    web = recorded_web()
    messages(web, entries)
    assert web.asked.total() < 60
    assert web.asked["apis.justwatch.com"] == 3


def test_people_are_told_once_and_before_the_films_that_name_them(
    recorded_web: Any, entries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatherer, "CHUNK", 30)
    reply, _ = messages(recorded_web(), entries)
    people = [m.ids["wikidata"] for m in reply if isinstance(m, PersonItem)]
    assert len(people) == len(set(people)) > 100
    named: set[str] = set()
    for message in reply:
        if isinstance(message, PersonItem):
            named.add(message.ids["wikidata"])
        elif isinstance(message, MovieItem):
            directors = {c.ids.get("wikidata") for c in records(message)["wikidata"].facts.directors}
            assert directors <= named


@pytest.mark.parametrize("chunk", [7, 50])
def test_where_a_chunk_ends_changes_nothing(
    recorded_web: Any, entries: Any, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    complete, _ = messages(recorded_web(), entries)
    monkeypatch.setattr(gatherer, "CHUNK", chunk)
    cut, _ = messages(recorded_web(), entries)

    def by_key(reply: Any) -> Any:
        return sorted(plain(reply), key=str)

    assert by_key(cut) == by_key(complete)
    assert [m.position for m in cut if isinstance(m, ChunkDone)] == [*range(chunk, 120, chunk), 120]


def test_after_a_checkpoint_it_goes_on_as_if_undisturbed(
    recorded_web: Any, entries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatherer, "CHUNK", 40)
    complete, undisturbed = messages(recorded_web(), entries)
    before = [*takewhile(lambda m: not isinstance(m, ChunkDone), complete)]
    after, resumed = messages(recorded_web(), entries, before=before, start=40)
    assert plain(before) + plain(after) == plain(complete)
    assert resumed.movies == undisturbed.movies
    assert resumed.sources()["wikidata"].outcomes == undisturbed.sources()["wikidata"].outcomes


def test_why_a_source_was_not_asked_is_known_after_a_checkpoint_too(recorded_web: Any, entries: Any) -> None:
    complete, undisturbed = messages(recorded_web(), entries)
    _, resumed = messages(recorded_web(), entries, before=complete, start=len(entries))
    reply = {source: count.note for source, count in undisturbed.sources().items()}
    assert reply["omdb"]
    assert {source: count.note for source, count in resumed.sources().items()} == reply


@pytest.mark.parametrize(
    ("host", "status", "outcome"),
    [
        ("en.wikipedia.org", 403, "blocked"),
        ("en.wikipedia.org", 503, "failed"),
        ("en.wikipedia.org", 400, "unreadable"),
    ],
)
def test_without_wikipedia_the_other_sources_serve(
    recorded_web: Any, entries: Any, host: Any, status: Any, outcome: Any
) -> None:
    found = items(messages(recorded_web(**{host: status}), entries)[0])
    assert {i.outcomes["wikipedia"] for i in found.values()} == {outcome}
    assert {i.outcomes["justwatch"] for i in found.values()} == {"found"}
    assert sum(i.outcomes["wikidata"] == "found" for i in found.values()) > 100
    assert all("wikipedia" not in records(i) for i in found.values())


@pytest.mark.parametrize(("status", "outcome"), [(403, "blocked"), (503, "failed")])
def test_without_justwatch_the_list_itself_serves(recorded_web: Any, entries: Any, status: Any, outcome: Any) -> None:
    found = items(messages(recorded_web(**{"apis.justwatch.com": status}), entries)[0])
    assert {i.outcomes["justwatch"] for i in found.values()} == {outcome}
    assert {i.outcomes["wikidata"] for i in found.values() if i.entry.ids.keys() & {"imdb", "tmdb"}} == {"found"}
    for item in found.values():
        assert records(item)["own_list"].facts.title == item.entry.title


@pytest.mark.parametrize(("status", "outcome"), [(403, "blocked"), (500, "failed")])
def test_without_wikidata_nothing_is_called_absent(recorded_web: Any, entries: Any, status: Any, outcome: Any) -> None:
    broken = {"query.wikidata.org": status, "www.wikidata.org": status, "en.wikipedia.org": status}
    found = items(messages(recorded_web(**broken), entries)[0])
    assert {i.outcomes["wikidata"] for i in found.values()} == {outcome}
    assert all(records(i).keys() == {"justwatch"} for i in found.values())


def test_a_page_that_two_entries_claim_stays_with_the_likelier(entry: Any, recorded_web: Any, known: Any) -> None:
    node = next(n for n in known.listed.values() if n["content"]["externalIds"]["imdbId"])
    sure = entry(node["id"], node["content"])
    guess = entry(node["id"], node["content"], key="own_list:0000000000000001", ids={"own_list": "0000000000000001"})
    found = items(messages(recorded_web(), [guess, sure])[0])
    assert found[sure.key].outcomes["wikidata"] == "found"
    # The recording's titles were asked of Wikidata for films without ids only; a page name is guessed instead.
    assert found[guess.key].outcomes["wikidata"] in {"unsure", "not_found"}
    assert not found[guess.key].links


def test_entries_that_share_an_id_keep_the_film_together(entry: Any, recorded_web: Any, known: Any) -> None:
    node = next(n for n in known.listed.values() if n["content"]["externalIds"]["imdbId"])
    one = entry(node["id"], node["content"])
    two = entry(node["id"], node["content"], key="justwatch:tm999999999", ids={**one.ids, "justwatch": "tm999999999"})
    found = items(messages(recorded_web(), [one, two])[0])
    linked = [{link.source_id for link in found[e.key].links} for e in (one, two)]
    assert linked[0] == linked[1] != set()
    assert found[two.key].outcomes["justwatch"] == "not_found"


def test_who_is_not_found_is_searched_for_in_other_words_and_nobody_else_is(
    recorded_web: Any, entries: Any, entry: Any, known: Any
) -> None:
    node = next(iter(known.listed.values()))
    lost = entry("tm9", node["content"], title="Zzyzx", year=1903, directors=("Ann Bee",), ids={"justwatch": "tm9"})
    web, queries = recorded_web(), []

    def search(request: Request) -> Any:
        queries.append(parse_qs(urlsplit(request.url).query)["title"][0])
        return {"how_many": 0, "movies": []}

    web.answers["wiki.example"] = search
    reply, _ = messages(web, [*entries, lost], wiki_api="http://wiki.example")
    assert queries == ["Zzyzx 1903", "Zzyzx", "Zzyzx ann bee"]
    assert items(reply)[lost.key].outcomes["wikidata"] == "not_found"


def test_a_film_is_found_by_another_spelling_or_by_its_words_alone(recorded_web: Any, known: Any, entry: Any) -> None:
    requests_ = {row["asked"]["value"] for row in known.rows if "asked" in row}
    lists = [n for n in known.listed.values() if (t := n["content"]["title"]) in requests_ and " " in t and t.istitle()]
    node, ids = lists[0], {"own_list": "0000000000000002"}
    title = node["content"]["title"]
    for written in (title.lower(), f"{title.replace(' ', ' - ')}!"):
        web = recorded_web()
        web.answers["wiki.example"] = lambda request: {"how_many": 0, "movies": []}
        lost = entry(node["id"], node["content"], key="own_list:0000000000000002", title=written, ids=ids, url=None)
        reply, _ = messages(web, [lost], wiki_api="http://wiki.example")
        assert records(items(reply)[lost.key])["wikidata"].facts.title == title


def test_what_a_person_called_the_same_is_fetched_without_a_search(recorded_web: Any, known: Any, entry: Any) -> None:
    node = next(n for n in known.listed.values() if n["content"]["externalIds"]["imdbId"])
    ids = {"own_list": "0000000000000001"}
    guess = entry(node["id"], node["content"], key="own_list:0000000000000001", title="Some title", year=1903, ids=ids)
    qid = next(q for q, e in known.entities.items() if imdb_of(e) == node["content"]["externalIds"]["imdbId"])
    web = recorded_web()
    reply, _ = messages(web, [guess], decisions=Decisions({guess.key: qid}))
    item = items(reply)[guess.key]
    assert records(item)["wikidata"].source_id == qid
    assert records(item)["wikipedia"].ids["wikidata"] == qid
    assert "a person confirmed it" in item.links[0].evidence[0]
    assert web.asked["query.wikidata.org"] == 0
    assert not [m for m in reply if isinstance(m, ReviewItem)]


def test_what_a_person_called_another_film_is_neither_linked_nor_asked_again(recorded_web: Any, entries: Any) -> None:
    reply, _ = messages(recorded_web(), entries[:1])
    (linked,) = items(reply).values()
    refused = frozenset(link.source_id for link in linked.links)
    reply, _ = messages(recorded_web(), entries[:1], decisions=Decisions({}, {linked.entry.key: refused}))
    (item,) = items(reply).values()
    assert linked.links
    assert not item.links
    assert not [m for m in reply if isinstance(m, ReviewItem)]


def imdb_of(entity: Any) -> Any:
    claims = entity.get("claims", {}).get("P345", [])
    return claims[0]["mainsnak"].get("datavalue", {}).get("value") if claims else None


def test_a_film_that_nobody_knows_is_not_found_and_told_by_its_list(recorded_web: Any) -> None:
    own = MovieListEntry(
        run="r1", gallery="file:/tmp/a.csv", key="own_list:00000000000000aa", position=1, title="Zzyzx"
    )
    (item,) = items(messages(recorded_web(), [own], country=None)[0]).values()
    assert item.outcomes.items() >= {"justwatch": "not_asked", "wikidata": "not_found"}.items()
    assert item.outcomes.items() >= {"wikipedia": "not_found", "tmdb": "not_asked"}.items()
    assert [(r.source, r.url) for r in item.records] == [("own_list", "file:///a.csv")]


def test_films_with_ids_come_first_and_the_order_is_kept(entries: Any) -> None:
    bearing = ["imdb" in e.ids or "tmdb" in e.ids for e in sorted(entries, key=order)]
    assert bearing == sorted(bearing, reverse=True)
    assert set(bearing) == {True, False}
    backwards = entries[::-1]
    assert sorted(entries, key=order) == sorted(backwards, key=order)


def test_every_message_fits_the_contract(recorded_web: Any, entries: Any) -> None:
    reply, _ = messages(recorded_web(), entries[:10])
    assert all(dump(message) for message in reply)
