"""How an answer's status and headers become an answer, or an error that says what to do."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response

from movie_db.contract.errors import (
    BlockedError,
    NotFoundError,
    RetryLaterError,
    SourceError,
    UnavailableError,
    UnreadableError,
)
from movie_db.crawling_module.gathering.fetcher import CLOSED_AFTER, Fetcher
from movie_db.crawling_module.sources.base import SourceRequest
from presence import present

ASK = SourceRequest("wikidata", "https://www.wikidata.org/w/api.php?ids=Q1", None, (("Accept", "application/json"),))
GATEWAY = "http://127.0.0.1:9"


class Web:
    """Gives prepared answers, one after the other, the last for ever; remembers the requests."""

    def __init__(self, *answers: Any) -> None:
        self.answers = [a if isinstance(a, BaseException) else answer(**a) for a in answers]
        self.requests: list[Request] = []

    async def download(self, request: Request) -> Any:
        self.requests.append(request)
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, BaseException):
            raise given
        return given

    def fetcher(self, gateway: Any = GATEWAY, since: Any = None) -> Any:
        return Fetcher(self.download, gateway, since or datetime.now(UTC))


def answer(status: Any = 200, body: Any = b"good", **headers: Any) -> Any:
    return Response("http://x", status, {k.replace("_", "-"): v for k, v in headers.items()}, body)


def good(reply: Any) -> Any:
    """Reads an answer whose body is `good`, as a parser would."""
    if reply.body != b"good":
        raise UnreadableError("not good")
    return reply.body


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (202, b"", BlockedError),
        (401, b"x", BlockedError),
        (403, b"x", BlockedError),
        (451, b"x", BlockedError),
        (404, b"x", NotFoundError),
        (410, b"x", NotFoundError),
        (429, b"x", RetryLaterError),
        (408, b"x", RetryLaterError),
        (425, b"x", RetryLaterError),
        (520, b"x", RetryLaterError),
        (524, b"x", RetryLaterError),
        (500, b"x", RetryLaterError),
        (503, b"x", RetryLaterError),
        (504, b"x", RetryLaterError),
        (301, b"x", UnreadableError),
        (304, b"", UnreadableError),
        (400, b"x", UnreadableError),
        (422, b"x", UnreadableError),
    ],
)
def test_a_status_says_what_to_do(status: Any, body: Any, error: Any) -> None:
    web = Web({"status": status, "body": body})
    with pytest.raises(error, match=r"https://www\.wikidata\.org/w/api\.php"):
        asyncio.run(web.fetcher().fetch(ASK))


@pytest.mark.parametrize(
    ("status", "body", "error", "texts"),
    [
        (401, b'{"Response":"False","Error":"Invalid API key!"}', BlockedError, "Invalid API key!"),
        (
            401,
            b'{"status_code":7,"status_message":"Invalid API key: You must","success":false}',
            BlockedError,
            "You must",
        ),
        (503, b'{"status_code":46,"status_message":"Under\\nmaintenance."}', RetryLaterError, r"\(Under maintenance\)"),
        (429, b'{"error":{"code":"ratelimited","info":"too fast"}}', RetryLaterError, "too fast"),
        (400, b'{"message":"no","detail":"x"}', UnreadableError, r"\(no\)"),
        (403, b"[" * 9000, BlockedError, r": 403\.$"),
        (403, b'{"error":[1]}', BlockedError, r": 403\.$"),
    ],
)
def test_a_refusal_is_told_in_the_sources_own_words(status: Any, body: Any, error: Any, texts: Any) -> None:
    with pytest.raises(error, match=texts):
        asyncio.run(Web({"status": status, "body": body}).fetcher().fetch(ASK))


def test_what_the_gateway_says_is_handed_on() -> None:
    with pytest.raises(BlockedError, match="robots-txt"):
        asyncio.run(Web({"status": 403, "X_Gateway_Error": "robots-txt"}).fetcher().fetch(ASK))


def test_an_answer_tells_when_and_where_it_was_given() -> None:
    web = Web({"Date": "Sat, 21 Nov 2026 10:00:00 GMT", "Content_Location": "https://www.wikidata.org/other"})
    reply = asyncio.run(web.fetcher().fetch(ASK))
    assert reply.retrieved_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert reply.url == "https://www.wikidata.org/other"
    assert reply.body == b"good"


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}, {"Date": "\xff"}])
def test_an_answer_without_a_date_was_given_now(headers: Any) -> None:
    reply = asyncio.run(Web(headers).fetcher().fetch(ASK))
    assert datetime.now(UTC) - reply.retrieved_at < timedelta(seconds=5)
    assert reply.url == ASK.url


def test_the_gateway_is_asked_for_http_and_for_what_is_no_older_than_the_run() -> None:
    web = Web({})
    asyncio.run(web.fetcher(since=datetime.now(UTC) - timedelta(hours=1)).fetch(ASK))
    (request,) = web.requests
    assert request.url == "http://www.wikidata.org/w/api.php?ids=Q1"
    assert (request.method, request.meta["proxy"]) == ("GET", GATEWAY)
    assert request.headers["Accept"] == b"application/json"
    assert 3600 <= int(present(request.headers["Cache-Control"]).removeprefix(b"max-age=")) <= 3605


def test_a_body_is_posted() -> None:
    web = Web({})
    asyncio.run(web.fetcher().fetch(ASK._replace(body=b"{}")))
    assert (web.requests[0].method, web.requests[0].body) == ("POST", b"{}")


def test_a_service_of_ours_is_asked_directly() -> None:
    web = Web({})
    asyncio.run(web.fetcher(gateway=None).fetch(ASK))
    assert web.requests[0].url == ASK.url
    assert "proxy" not in web.requests[0].meta


def test_an_answer_that_cannot_be_read_is_asked_for_again_past_the_archive() -> None:
    web = Web({"body": b"bad"}, {"body": b"bad"}, {})
    assert asyncio.run(web.fetcher().read(ASK, good)) == b"good"
    requests_ = [r.headers["Cache-Control"] for r in web.requests]
    assert present(requests_[0]).startswith(b"max-age=")
    assert requests_[1:] == [b"no-cache", b"no-cache"]


def test_an_answer_that_can_never_be_read_is_given_up() -> None:
    web = Web({"body": b"bad"})
    with pytest.raises(UnreadableError):
        asyncio.run(web.fetcher().read(ASK, good))
    assert len(web.requests) == 3


def test_trouble_that_the_gateway_could_not_wait_out_is_tried_once_more() -> None:
    web = Web({"status": 503})
    with pytest.raises(RetryLaterError):
        asyncio.run(web.fetcher().read(ASK, good))
    assert len(web.requests) == 2


@pytest.mark.parametrize("status", [403, 404])
def test_a_plain_no_is_not_asked_again(status: int) -> None:
    web = Web({"status": status})
    with pytest.raises((BlockedError, NotFoundError)):
        asyncio.run(web.fetcher().read(ASK, good))
    assert len(web.requests) == 1


def test_a_source_that_refuses_again_and_again_is_left_alone() -> None:
    web = Web({"status": 403})
    fetcher = web.fetcher()

    async def ask(count: Any, url: Any = ASK.url) -> Any:
        return [await fetcher.read_all([ASK._replace(url=url)], good) for _ in range(count)]

    asyncio.run(ask(CLOSED_AFTER + 4))
    assert len(web.requests) == CLOSED_AFTER
    assert fetcher.requests["wikidata"] == CLOSED_AFTER
    ((_, bad),) = asyncio.run(ask(1))
    assert "this run skips it" in str(bad[0][1])
    asyncio.run(ask(1, url="https://query.wikidata.org/sparql"))
    assert len(web.requests) == CLOSED_AFTER + 1


def test_a_refusal_now_and_then_closes_nothing() -> None:
    web = Web(*[{"status": 403}, {"status": 403}, {}] * 3, {})
    fetcher = web.fetcher()
    for _ in range(9):
        asyncio.run(fetcher.read_all([ASK], good))
    assert asyncio.run(fetcher.read(ASK, good)) == b"good"


@pytest.mark.parametrize("error", [DownloadFailedError("reset"), DownloadTimeoutError("slow")])
def test_no_answer_is_worth_another_try(error: Any) -> None:
    web = Web(error, {})
    assert asyncio.run(web.fetcher().read(ASK, good)) == b"good"


def test_a_gateway_that_is_down_is_ours_to_mend() -> None:
    with pytest.raises(UnavailableError, match=r"The service at .* isn.t running"):
        asyncio.run(Web(DownloadConnectionRefusedError("no")).fetcher().read_all([ASK], good))


def test_of_many_the_good_ones_are_read_and_the_others_told() -> None:
    web = Web({}, {"status": 404}, {})
    asks = [ASK._replace(url=f"https://www.wikidata.org/{n}") for n in range(3)]
    found, bad = asyncio.run(web.fetcher().read_all(asks, good))
    assert found == [b"good", b"good"]
    assert [(ask.url[-1], type(error)) for ask, error in bad] == [("1", NotFoundError)]


def test_a_bug_of_ours_is_not_taken_for_a_source_that_fails() -> None:
    def broken(reply: Any) -> None:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        asyncio.run(Web({}).fetcher().read_all([ASK], broken))


def test_those_who_are_asked_learn_for_which_run() -> None:
    web = Web({"body": b"good"})
    asyncio.run(Fetcher(web.download, GATEWAY, datetime.now(UTC), "r1").fetch(ASK))
    assert web.requests[0].headers["X-Movie-Db-Run"] == b"r1"


@pytest.mark.parametrize("status", [403, 503])
def test_what_could_not_be_had_is_in_the_log(caplog: pytest.LogCaptureFixture, status: int) -> None:
    with pytest.raises(SourceError):
        asyncio.run(Web({"status": status}).fetcher().read(ASK, good))
    assert [record.levelname for record in caplog.records] == ["WARNING"]
