"""JustWatch's gallery pages: the second door."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from movie_db.contract.errors import BadPage, Blocked
from movie_db.crawling_module.galleries import justwatch_html
from movie_db.crawling_module.galleries.justwatch import JustWatchGallery
from movie_db.crawling_module.sources.base import Answer, Ask


def page(first, last, total="1,234 titles"):
    cards = "".join(
        f'<div class="title-list-grid__item" data-id="tm{n}" data-title="Film &amp; {n}">'
        f'<a href="/us/movie/{n}"></a></div>'
        for n in range(first, last)
    )
    series = '<div class="title-list-grid__item" data-id="ts1" data-title="Series"><a href="/us/tv-show/1"></a></div>'
    return f'<h1>Movies on HBO Max</h1><div class="total-titles">{total}</div>{cards}{series}'.encode()


def answer(body, ask=None):
    return Answer(ask or Ask("justwatch", "https://x"), "https://x", datetime(2026, 11, 23, tzinfo=UTC), body)


def test_a_page_tells_its_films_and_how_many_there_are():
    told = justwatch_html.parse(answer(page(1, 3)))
    assert (told.declared, told.provider) == (1234, "HBO Max")
    assert told.entries["tm1"]["title"] == "Film & 1"
    assert told.entries["tm1"]["url"] == "https://www.justwatch.com/us/movie/1"
    assert told.entries.keys() == {"tm1", "tm2"}


@pytest.mark.parametrize("body", [b"", b"<html>Just a moment", b"\xff\xfe"])
def test_another_page_is_no_gallery(body):
    with pytest.raises(BadPage, match="format has changed"):
        justwatch_html.parse(answer(body))


def test_where_graphql_is_closed_the_pages_serve():
    async def read(ask, parse):
        if "graphql" in ask.url:
            raise Blocked("403")
        number = int(parse_qs(urlsplit(ask.url).query)["page"][0])
        return parse(answer(page(40 * number - 39, min(40 * number, 90) + 1, "90 titles"), ask))

    async def everything():
        gallery = JustWatchGallery.at("https://www.justwatch.com/us/provider/max/movies")
        return [m async for m in gallery.films(read, "r1")]

    *films, end = asyncio.run(everything())
    assert len(films) == end.found == end.declared == 90
    assert (end.door, end.provider) == ("pages", "HBO Max")
    assert "no years, no ids" in end.note
