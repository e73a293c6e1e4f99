"""JustWatch's galleries: which addresses are taken, how a provider is found, and when a list is not to be trusted."""

import asyncio
import copy
import json
from typing import Any

import pytest
from scrapy import Request

from movie_db.contract.errors import UnreadableError, UsageError
from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem
from movie_db.crawling_module import galleries
from movie_db.crawling_module.galleries.justwatch import JustWatchGallery
from movie_db.crawling_module.galleries.justwatch_list import provider_of
from movie_db.crawling_module.sources import graphql
from presence import present

MAX = "https://www.justwatch.com/us/provider/max/movies"


def listed(web: Any, address: Any = MAX) -> Any:
    async def everything() -> Any:
        return [m async for m in present(JustWatchGallery.at(address)).films(web.fetcher().read, "r1")]

    return asyncio.run(everything())


def test_the_recorded_gallery_is_whole(recorded_web: Any, known: Any) -> None:
    *films, end = listed(recorded_web())
    assert isinstance(end, GalleryListed)
    assert (end.declared, end.found, end.provider, end.country, end.door) == (120, 120, "HBO Max", "US", "GraphQL")
    assert end.note is None
    assert {m.ids["justwatch"] for m in films} == known.listed.keys()
    assert [m.position for m in films] == list(range(1, 121))
    matrix = next(m for m in films if m.key == "justwatch:tm10")
    assert (matrix.title, matrix.year, matrix.runtime) == ("The Matrix", 1999, 136)
    assert matrix.ids == {"justwatch": "tm10", "imdb": "tt0133093", "tmdb": "603"}


@pytest.mark.parametrize("requests_", ["hbo-max", "max", "mxx", "HBO-Max"])
def test_a_provider_is_found_by_any_of_its_names(known: Any, requests_: str) -> None:
    assert provider_of(known.packages, requests_) == ("mxx", "HBO Max")


def test_an_unknown_provider_names_the_closest(known: Any) -> None:
    with pytest.raises(UsageError, match=r"no provider 'netflicks' .*netflix"):
        provider_of(known.packages, "netflicks")


def test_a_filter_that_is_off_is_noticed(recorded_web: Any, known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {k: {**n, "offers": [{"package": {"shortName": "nfx"}}]} for k, n in known.listed.items()}
    monkeypatch.setattr(known, "listed", other)
    web = recorded_web()
    with pytest.raises(UnreadableError, match="its filter is off"):
        listed(web)
    assert web.asked["apis.justwatch.com"] == 4  # the packages, and the list thrice


def test_one_film_that_cannot_be_one_is_rejected_and_the_others_are_listed(
    recorded_web: Any, known: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {"title": None, "fullPath": None, "originalReleaseYear": None, "runtime": None}
    bad = {**known.listed["tm10"], "content": content}
    monkeypatch.setattr(known, "listed", {**known.listed, "tm10": bad})
    reply = listed(recorded_web())
    assert [m.reason[:12] for m in reply if isinstance(m, RejectedItem)] == ["tm10: title:"]
    assert sum(isinstance(m, MovieListEntry) for m in reply) == 119


def test_an_empty_gallery_is_told(recorded_web: Any, known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "listed", {})
    (end,) = listed(recorded_web())
    assert (end.declared, end.found) == (0, 0)


def test_a_page_order_that_shifts_between_pages_loses_no_film(
    recorded_web: Any, known: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = recorded_web()
    requests_ = []

    def shifted(request: Request) -> Any:
        reply = web.justwatch_titles(request)
        requests_.append(request)
        if len(requests_) == 3:  # the second page, at the first round: everything moved on by ten
            return {
                "data": {"popularTitles": {"totalCount": 120, "edges": reply["data"]["popularTitles"]["edges"][10:]}}
            }
        return reply

    web.justwatch_titles = web.answers["apis.justwatch.com"]
    web.answers["apis.justwatch.com"] = lambda r: (
        shifted(r) if b"GetPopularTitles" in r.body else web.justwatch_titles(r)
    )
    assert listed(web)[-1].found == 120


class Asked:
    """Remembers the variables of list requests."""

    def __init__(self, web: Any) -> None:
        self.filters: list[tuple[Any, Any]] = []
        self._answer = web.answers["apis.justwatch.com"]
        web.answers["apis.justwatch.com"] = self

    def __call__(self, request: Request) -> Any:
        requests_ = json.loads(request.body)
        if requests_["operationName"] == "GetPopularTitles":
            self.filters.append((requests_["variables"]["country"], requests_["variables"]["filter"]))
        return self._answer(request)


def test_filters_of_the_address_are_asked_for(recorded_web: Any) -> None:
    web = recorded_web()
    requests_ = Asked(web)
    listed(
        web, f"{MAX.replace('/us/', '/uk/')}?genres=act,cmy&release_year_from=1999&release_year_until=2005&utm_source=x"
    )
    country, filters = requests_.filters[0]
    assert country == "GB"
    assert filters["genres"] == ["act", "cmy"]
    assert filters["releaseYear"] == {"min": 1999, "max": 2005}
    assert filters["packages"] == ["mxx"]
    assert filters["objectTypes"] == ["MOVIE"]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://justwatch.com/us/provider/max", MAX),
        ("http://www.justwatch.com/us/provider/max/movies/", MAX),
        ("https://www.justwatch.com/US/provider/Max/movies?utm_source=x#top", MAX),
        ("https://justwatch.com/de/anbieter/Netflix/filme/", "https://www.justwatch.com/de/anbieter/netflix/filme"),
        ("https://www.justwatch.com/us", "https://www.justwatch.com/us/movies"),
        (f"{MAX}?release_year_from=1999&genres=act", f"{MAX}?genres=act&release_year_from=1999"),
    ],
)
def test_a_gallery_has_one_address_however_it_is_written(address: Any, canonical: Any) -> None:
    assert galleries.find(address).address == galleries.find(canonical).address == canonical


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("https://www.justwatch.com/us/provider/max/tv-shows", "series"),
        ("https://user:pw@www.justwatch.com/us/provider/max/movies", "no user, password or port"),
        ("https://:pw@www.justwatch.com/us/provider/max/movies", "no user, password or port"),
        ("https://www.justwatch.com:8080/us/provider/max/movies", "no user, password or port"),
        ("https://www.justwatch.com:0/us/provider/max/movies", "no user, password or port"),
        ("https://127.0.0.1/us/provider/max/movies", "No gallery is known at"),
        ("https://www.justwatch.com.evil.org/us/provider/max/movies", "No gallery is known at"),
        ("https://www.justwatch.com:99999/us", "No gallery is known at"),
        ("https://www.justwatch.com/", "names no country"),
        ("https://www.justwatch.com/us/provider/a/b/movies", "looks like"),
        (f"{MAX}?providers=nfx", "'providers' is not supported"),
        (f"{MAX}?genres=act%26x", "no genre 'act&x'"),
        (f"{MAX}?release_year_from=99", "a year of four digits"),
    ],
)
def test_an_address_that_cannot_be_right_is_told_so(address: Any, reply: Any) -> None:
    with pytest.raises(UsageError, match=reply):
        galleries.find(address)


@pytest.fixture
def in_part(recorded_web: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`in_part(spoil, times)`: the recorded web, whose first answers of the list go through `spoil(edges)`, which
    returns the errors to tell beside them."""
    monkeypatch.setattr(graphql, "PAUSES", (0.0, 0.0))

    def spoiled(spoil: Any, times: Any = 10**6) -> Any:
        web = recorded_web()
        complete, left = web.answers["apis.justwatch.com"], [times]

        def answer(request: Request) -> Any:
            reply = copy.deepcopy(complete(request))
            if "popularTitles" in reply["data"] and left[0] > 0:
                left[0] -= 1
                errors = spoil(reply["data"]["popularTitles"]["edges"])
                return reply | {"errors": errors} if errors else reply
            return reply

        web.answers["apis.justwatch.com"] = answer
        return web

    return spoiled


def failure(place: Any, *rest: Any, code: Any = "INTERNAL_ERROR") -> Any:
    path = ["popularTitles", "edges", place, *rest]
    return {"message": "internal system error", "path": path, "extensions": {"code": code}}


def null_edge(edges: Any) -> Any:
    edges[3] = None
    return [failure(3)]


def null_node(edges: Any) -> Any:
    edges[3]["node"] = None
    return [failure(3, "node")]


def null_content(edges: Any) -> Any:
    edges[3]["node"]["content"] = None
    return [failure(3, "node", "content")]


def null_without_a_word(edges: Any) -> None:
    edges[3]["node"]["content"] = None
    edges[5] = None


def null_ids(edges: Any) -> Any:
    edges[3]["node"]["content"]["externalIds"] = None
    return [failure(3, "node", "content", "externalIds")]


@pytest.mark.parametrize("spoil", [null_edge, null_node, null_content, null_without_a_word, null_ids])
def test_a_title_that_failed_for_a_while_is_asked_for_again(in_part: Any, recorded_web: Any, spoil: Any) -> None:
    undisturbed = [m.model_dump() for m in listed(recorded_web())]
    assert [m.model_dump() for m in listed(in_part(spoil, times=2))] == undisturbed


def test_a_title_that_the_list_never_tells_of_is_asked_for_by_its_id(in_part: Any, recorded_web: Any) -> None:
    *films, end = listed(in_part(null_content))
    assert (end.declared, end.found, end.note) == (120, 120, None)
    assert {m.key for m in films} == {m.key for m in listed(recorded_web())[:-1]}


def test_a_title_that_never_comes_is_named_and_the_others_are_listed(
    in_part: Any, monkeypatch: pytest.MonkeyPatch, known: Any
) -> None:
    gone = list(known.listed)[3]
    monkeypatch.setattr(known, "nodes", {k: n for k, n in known.nodes.items() if k != gone})
    *films, end = listed(in_part(null_content))
    assert (len(films), end.declared, end.found) == (119, 120, 119)
    assert f"returned no data for 1 movie in its list: {gone}." in end.note


def test_a_title_without_an_id_is_counted_as_missing(in_part: Any) -> None:
    *films, end = listed(in_part(null_edge))
    assert (len(films), end.declared, end.found) == (118, 120, 118)
    assert "returned no data for 2 movies in its list: 2 without an id" in end.note


def test_a_list_that_fails_as_a_whole_is_asked_for_again(in_part: Any, recorded_web: Any) -> None:
    web, left = in_part(lambda _: None), [3]
    complete = web.answers["apis.justwatch.com"]

    def answer(request: Request) -> Any:
        reply = complete(request)
        if "popularTitles" in reply["data"] and left[0]:
            left[0] -= 1
            return {"data": {"popularTitles": None}, "errors": [failure(0) | {"path": ["popularTitles"]}]}
        return reply

    web.answers["apis.justwatch.com"] = answer
    assert listed(web)[-1].found == 120


def test_blanks_around_a_providers_name_are_none_of_it(known: Any) -> None:
    packages = [{"shortName": "pax", "slug": "paramount", "clearName": "Paramount Plus Apple TV Channel "}]
    assert provider_of(packages, "paramount") == ("pax", "Paramount Plus Apple TV Channel")
