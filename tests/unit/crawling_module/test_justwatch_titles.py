"""JustWatch's titles by their ids, when it answers in part: what came is kept, and what failed is asked for again."""

import asyncio
import copy
import json
from typing import Any

import pytest
from scrapy import Request

from movie_db.contract.errors import RetryLaterError, UnreadableError
from movie_db.crawling_module.gathering.justwatch_titles import fetch_titles
from movie_db.crawling_module.sources import graphql


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql, "PAUSES", (0.0, 0.0))


@pytest.fixture
def ids(known: Any) -> Any:
    return sorted(known.nodes)[:3]


@pytest.fixture
def fetch(recorded_web: Any, ids: Any) -> Any:
    """`fetch(spoil, times)`: three titles, and what was asked; the first answers go through `spoil(data, name)`."""

    def fetched(spoil: Any, times: Any = 10**6) -> Any:
        web, requests_ = recorded_web(), []
        complete = web.answers["apis.justwatch.com"]

        def answer(request: Request) -> Any:
            reply = copy.deepcopy(complete(request))
            requests_.append(json.loads(request.body)["query"])
            if len(requests_) > times or ids[1] not in requests_[-1]:
                return reply
            name = next(name for name, node in reply["data"].items() if node and node["id"] == ids[1])
            error = spoil(reply["data"], name)
            return reply | {"errors": [error]} if error else reply

        web.answers["apis.justwatch.com"] = answer
        return asyncio.run(fetch_titles(web.fetcher(), ids, "US")), requests_

    return fetched


def failure(*path: Any, code: Any = "INTERNAL_ERROR") -> Any:
    return {"message": "internal system error", "path": list(path), "extensions": {"code": code}}


def null_title(data: Any, name: Any) -> Any:
    data[name] = None
    return failure(name)


def null_content(data: Any, name: Any) -> Any:
    data[name]["content"] = None
    return failure(name, "content")


def null_offers(data: Any, name: Any) -> Any:
    data[name]["offers"] = None
    return failure(name, "offers")


def silent(data: Any, name: Any) -> None:
    data[name]["content"] = None


def null_credits(data: Any, name: Any) -> Any:
    data[name]["content"]["credits"] = None
    return failure(name, "content", "credits")


@pytest.mark.parametrize("spoil", [null_title, null_content, null_offers, null_credits, silent])
def test_a_title_that_failed_for_a_while_is_asked_for_again_alone(fetch: Any, ids: Any, spoil: Any) -> None:
    complete, _ = fetch(lambda *_: None)
    reply, requests_ = fetch(spoil, times=2)
    assert {key: record.facts for key, record in reply.records.items()} == {
        key: record.facts for key, record in complete.records.items()
    }
    assert not reply.failed
    assert not reply.gone
    assert len(requests_) == 3
    assert not any(f'"{key}"' in query for query in requests_[1:] for key in (ids[0], ids[2]))


@pytest.mark.parametrize("spoil", [null_title, null_content, null_offers, silent])
def test_a_title_that_never_comes_has_failed_and_the_others_are_there(fetch: Any, ids: Any, spoil: Any) -> None:
    reply, requests_ = fetch(spoil)
    assert set(reply.records) == {ids[0], ids[2]}
    assert {key: error.outcome for key, error in reply.failed.items()} == {ids[1]: "failed"}
    assert isinstance(reply.failed[ids[1]], RetryLaterError)
    assert len(requests_) <= 1 + 2 * len(graphql.PAUSES)


def test_a_title_of_which_only_a_part_failed_is_kept_without_that_part(fetch: Any, ids: Any) -> None:
    reply, _ = fetch(null_credits)
    assert reply.records[ids[1]].facts.title
    assert reply.records[ids[1]].facts.cast == ()


def test_what_no_pause_mends_is_not_asked_for_again(fetch: Any, ids: Any) -> None:
    def refused(data: Any, name: Any) -> Any:
        data[name] = None
        return failure(name, code="BAD_USER_INPUT")

    reply, requests_ = fetch(refused)
    assert isinstance(reply.failed[ids[1]], UnreadableError)
    assert len(requests_) == 1


def test_a_title_that_is_gone_is_not_one_that_failed(fetch: Any, ids: Any) -> None:
    def gone(data: Any, name: Any) -> None:
        data[name] = None

    reply, requests_ = fetch(gone)
    assert (reply.gone, reply.failed, len(requests_)) == ({ids[1]}, {}, 1)


def test_a_title_in_another_format_is_not_gone(fetch: Any, ids: Any) -> None:
    def renamed(data: Any, name: Any) -> None:
        data[name]["content_v2"] = data[name].pop("content")

    reply, _ = fetch(renamed)
    assert isinstance(reply.failed[ids[1]], UnreadableError)
    assert not reply.gone
