"""JustWatch's gallery pages: the second door."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from movie_db.contract.errors import BlockedError, UnreadableError
from movie_db.crawling_module.galleries import justwatch_html
from movie_db.crawling_module.galleries.justwatch import JustWatchGallery
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest
from presence import present

T = TypeVar("T")


def page(first: Any, last: Any, total: Any = "1,234 titles") -> Any:
    cards = "".join(
        f'<div class="title-list-grid__item" data-id="tm{n}" data-title="Film &amp; {n}">'
        f'<a href="/us/movie/{n}"></a></div>'
        for n in range(first, last)
    )
    series = '<div class="title-list-grid__item" data-id="ts1" data-title="Series"><a href="/us/tv-show/1"></a></div>'
    return f'<h1>Movies on HBO Max</h1><div class="total-titles">{total}</div>{cards}{series}'.encode()


def answer(body: Any, ask: Any = None) -> Any:
    return SourceAnswer(
        ask or SourceRequest("justwatch", "https://x"), "https://x", datetime(2026, 11, 23, tzinfo=UTC), body
    )


def test_a_page_tells_its_films_and_how_many_there_are() -> None:
    reply = justwatch_html.parse(answer(page(1, 3)))
    assert (reply.declared, reply.provider) == (1234, "HBO Max")
    assert reply.entries["tm1"]["title"] == "Film & 1"
    assert reply.entries["tm1"]["url"] == "https://www.justwatch.com/us/movie/1"
    assert reply.entries.keys() == {"tm1", "tm2"}


@pytest.mark.parametrize("body", [b"", b"<html>Just a moment", b"\xff\xfe"])
def test_another_page_is_no_gallery(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="format has changed"):
        justwatch_html.parse(answer(body))


def test_where_graphql_is_closed_the_pages_serve() -> None:
    async def read(request: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T:
        if "graphql" in request.url:
            raise BlockedError("403")
        number = int(parse_qs(urlsplit(request.url).query)["page"][0])
        return parse(answer(page(40 * number - 39, min(40 * number, 90) + 1, "90 titles"), request))

    async def everything() -> Any:
        gallery = present(JustWatchGallery.at("https://www.justwatch.com/us/provider/max/movies"))
        return [m async for m in gallery.films(read, "r1")]

    *films, end = asyncio.run(everything())
    assert len(films) == end.found == end.declared == 90
    assert (end.door, end.provider) == ("pages", "HBO Max")
    assert "without years and ids" in end.note


SEO = "https://www.justwatch.com/be/plateforme/rtbf-auvio"


def scraped(first: Any, last: Any, count: Any) -> Any:
    """A page as public scrapers of the site select from it: links and pictures, nothing else."""
    cards = "".join(
        f'<div class="title-list-grid__item"><a class="title-list-grid__item--link" href="/be/film/film-{n}">'
        f'<picture class="picture-comp title-poster__image"><img class="picture-comp__img" alt="Film {n}"></picture>'
        f"</a></div>"
        for n in range(first, last)
    )
    return (
        f'<h1>RTBF Auvio</h1><div class="title-list">{count}<div class="title-list-grid">{cards}</div></div>'.encode()
    )


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ('<div class="total-titles-seo"> 3 831 titres </div>', 3831),
        ('<div class="total-titles-seo"><b>3.831</b> títulos</div>', 3831),
        ('<p class="x total-titles">영화 3,831개</p>', 3831),
        ('<p class="total-titles-seo">3’831 Filme</p>', 3831),
        ("", None),
    ],
)
def test_the_number_of_titles_is_read_as_countries_write_it(written: Any, count: Any) -> None:
    assert justwatch_html.parse(answer(scraped(1, 3, written))).declared == count


def test_a_card_without_an_id_goes_by_its_path() -> None:
    reply = justwatch_html.parse(answer(scraped(1, 2, "")))
    assert reply.entries == {
        "/be/film/film-1": {"title": "Film 1", "ids": {}, "url": "https://www.justwatch.com/be/film/film-1"}
    }


def gathered(page_of: Any, address: Any = SEO, shut: Any = "403", kind: Any = BlockedError) -> Any:
    """What a gallery of these pages gives while GraphQL is shut, and the addresses asked for."""
    requests_ = []

    async def read(request: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T:
        if "graphql" in request.url:
            raise kind(shut)
        requests_.append(request.url)
        return parse(answer(page_of(int(parse_qs(urlsplit(request.url).query)["page"][0])), request))

    async def everything() -> Any:
        return [m async for m in present(JustWatchGallery.at(address)).films(read, "r1")]

    return asyncio.run(everything()), requests_


def test_the_page_asked_for_is_the_one_of_the_address_given() -> None:
    address = "https://www.justwatch.com/kr/동영상서비스/netflix/영화?genres=act"
    _, requests_ = gathered(lambda _: scraped(1, 3, '<i class="total-titles">2</i>'), address)
    assert requests_ == [f"https://www.justwatch.com{quote('/kr/동영상서비스/netflix/영화')}?page=1&genres=act"]


def test_without_a_count_pages_are_read_until_one_is_empty() -> None:
    *films, end = gathered(lambda n: scraped(30 * n - 29, min(30 * n, 70) + 1, ""))[0]
    assert len(films) == end.found == 70
    assert end.declared is None
    assert "read until one was empty" in end.note


def test_a_wall_among_the_pages_is_not_their_end() -> None:
    def page_of(number: Any) -> Any:
        return scraped(1, 31, "") if number == 1 else b"<html><h1>Just a moment...</h1></html>"

    with pytest.raises(BlockedError, match="is not a page of the gallery"):
        gathered(page_of)


def test_pages_are_as_large_as_they_are() -> None:
    count = '<i class="total-titles-seo">70</i>'
    *films, end = gathered(lambda n: scraped(25 * n - 24, min(25 * n, 70) + 1, count))[0]
    assert len(films) == end.found == end.declared == 70


def test_a_count_that_includes_series_calls_no_film_missing() -> None:
    def page_of(number: Any) -> Any:
        return scraped(1, 3, '<i class="total-titles-seo">3</i>').replace(b"/be/film/film-2", b"/be/serie/film-2")

    *films, end = gathered(page_of)[0]
    assert [m.title for m in films] == ["Film 1"]
    assert end.found == 1
    assert end.declared == 2, "a page that never shows the third title leaves it missing"


def test_pages_serve_where_the_format_of_graphql_has_changed() -> None:
    *films, end = gathered(
        lambda _: scraped(1, 3, '<i class="total-titles">2</i>'), shut="changed", kind=UnreadableError
    )[0]
    assert (len(films), end.door) == (2, "pages")


def test_where_both_doors_are_shut_one_sentence_names_both() -> None:
    with pytest.raises(BlockedError, match=r"GraphQL \(403\) nor by the gallery's pages .*minutes") as caught:
        gathered(lambda _: b"<html>Just a moment")
    assert str(caught.value).count(". ") == 0
