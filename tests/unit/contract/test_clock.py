"""Times of a clock that ran ahead decide nothing: neither the run to go on with, nor what is fresh or due."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from movie_db.contract.clock import is_ahead, later
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import GalleryListed, RunFinished, RunStarted, SourceCount, now
from movie_db.contract.runs import Run, is_recent, newest, start_or_resume
from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.sources.base import SourceRequest
from movie_db.movie_db_client.history.due import Listed
from movie_db.movie_db_client.history.freshness import MONTH, is_requested
from movie_db.web_gateway.archive import Archive, Entry
from movie_db.web_gateway.exchange import Key, ProxyResponse

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
AHEAD = [timedelta(hours=3), timedelta(days=2), timedelta(days=400)]


def begun(data: Any, ahead: Any, *, finished: Any) -> Any:
    """A run that began when the clock was so far ahead."""
    at = now() + ahead
    run = Run(RunStarted(run=f"{at:%Y%m%dT%H%M%S}-x", gallery=GALLERY, started_at=at), data)
    with SegmentWriter(run.list_segment) as writer:
        writer.write(run.started, GalleryListed(run=run.id, gallery=GALLERY, found=3, door="d"))
    if finished:
        failed = {"wikidata": SourceCount(outcomes={"failed": 1})}
        with SegmentWriter(run.item_segment) as writer:
            writer.write(RunFinished(run=run.id, finished_at=at, movies=3, sources=failed))
    return run


@pytest.mark.parametrize("ahead", AHEAD)
def test_an_interrupted_run_is_gone_on_with_whatever_an_earlier_one_was_dated(tmp_path: Path, ahead: Any) -> None:
    begun(tmp_path, ahead, finished=True)
    mine = begun(tmp_path, timedelta(), finished=False)
    assert newest(tmp_path, GALLERY) == mine
    assert start_or_resume(tmp_path, GALLERY, None) == (mine, True)


@pytest.mark.parametrize("ahead", AHEAD)
def test_an_interrupted_run_of_the_future_is_gone_on_with(tmp_path: Path, ahead: Any) -> None:
    mine = begun(tmp_path, ahead, finished=False)
    assert start_or_resume(tmp_path, GALLERY, None) == (mine, True)


@pytest.mark.parametrize("ahead", AHEAD)
def test_answers_of_the_future_fill_no_gaps(tmp_path: Path, ahead: Any) -> None:
    begun(tmp_path, ahead, finished=True)
    run, again = start_or_resume(tmp_path, GALLERY, None)
    assert not again
    assert run.started.answers_since is None
    assert not is_recent(now() + ahead)


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_was_asked_for_in_the_future_is_due(ahead: Any) -> None:
    at = now() + ahead
    assert all(is_requested(how, at, now(), MONTH, at - timedelta(days=3000)) for how in ("due", "all", "pages"))
    assert Listed(GALLERY, at, None).due_at("due") <= now() + timedelta(seconds=2)


@pytest.mark.parametrize("ahead", AHEAD)
def test_an_answer_of_the_future_is_not_fresh_but_still_in_a_recording(tmp_path: Path, ahead: Any) -> None:
    url = "https://en.wikipedia.org/wiki/Alien"
    at = int((now() + ahead).timestamp())
    with Archive(tmp_path / "archive.sqlite") as archive:
        archive.store(Entry("GET", url, b"", ProxyResponse(200, (), b"page", url, at)))
        key, hour_ago = Key.of("GET", url, b""), now().timestamp() - 3600
        assert archive.find(key, not_before=hour_ago) is None
        assert archive.find(key), "who takes any age takes this one"
        archive.store(Entry("GET", url, b"", ProxyResponse(200, (), b"page", url, int(now().timestamp()))))
        assert archive.find(key, not_before=hour_ago)


async def never(_request: Request) -> Response:
    raise AssertionError("nothing is to be asked for")


@pytest.mark.parametrize("ahead", AHEAD)
def test_no_request_takes_answers_of_a_negative_age(ahead: Any) -> None:
    asked = Fetcher(never, None, now() + ahead)._request(SourceRequest("wikidata", "https://www.wikidata.org/"))
    assert asked.headers["Cache-Control"] == b"max-age=1"


def test_clocks_of_two_machines_may_be_minutes_apart() -> None:
    assert not is_ahead(now() + timedelta(minutes=5))
    assert later(now() + timedelta(minutes=5), now())
    assert later(now(), now() + timedelta(hours=1))
    assert later(now() + timedelta(days=2), now() + timedelta(days=1))
