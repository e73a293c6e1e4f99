import random
from typing import Any

import pytest

from movie_db.web_gateway.addresses import admit
from movie_db.web_gateway.exchange import Freshness, ProxyRequest, ProxyResponse
from movie_db.web_gateway.retry import (
    LONGEST_PAUSE,
    Trouble,
    http_date,
    is_reusable,
    pause,
    retry_after,
    trouble_of,
)
from presence import present

NOW = 1_800_000_000


def question(accept: Any = "*/*") -> Any:
    return ProxyRequest("GET", admit("http://en.wikipedia.org/w/api.php"), b"", (("Accept", accept),))


def answer(status: Any = 200, body: Any = b"x", **headers: Any) -> Any:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return ProxyResponse(status, named, body, "https://en.wikipedia.org/w/api.php", NOW)


@pytest.mark.parametrize("status", [200, 204, 202, 301, 400, 401, 403, 404, 410, 451, 501])
def test_these_are_final(status: int) -> None:
    assert trouble_of(question(), answer(status)) is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, *range(520, 528), 529, 530])
def test_these_may_pass(status: Any) -> None:
    trouble = present(trouble_of(question(), answer(status, Retry_After="7")))
    assert trouble.wait == 7
    assert present(trouble.answer).status == status
    assert trouble.everyone is (status == 429), "too many requests is about all of ours, a 503 about this one"


def test_a_busy_mediawiki_says_so_with_status_200() -> None:
    trouble = present(trouble_of(question(), answer(200, b"{}", MediaWiki_API_Error="maxlag", Retry_After="5")))
    assert (trouble.code, trouble.wait, trouble.answer) == ("host-down", 5, None)


@pytest.mark.parametrize(
    "code",
    ["ratelimited", "readonly", "internal_api_error_DBQueryError", "cirrussearch-too-busy-error", "pool-queuefull"],
)
def test_what_passes_at_mediawiki_is_asked_again_and_only_its_limit_is_about_all_of_ours(code: str) -> None:
    trouble = present(trouble_of(question(), answer(200, b"{}", MediaWiki_API_Error=code)))
    assert code in trouble.reason
    assert trouble.everyone is (code == "ratelimited")


@pytest.mark.parametrize("code", ["nosuchpageid", "badvalue", "blocked", "cirrussearch-parse-error", ""])
def test_what_mediawiki_will_say_again_is_final(code: str) -> None:
    assert trouble_of(question(), answer(200, b"{}", MediaWiki_API_Error=code)) is None


@pytest.mark.parametrize("kind", ["application/json", "application/sparql-results+json; charset=utf-8"])
def test_what_is_declared_as_json_must_be_json(kind: str) -> None:
    assert trouble_of(question(), answer(200, b'{"a": 1', Content_Type=kind))
    assert trouble_of(question(), answer(200, b"", Content_Type=kind))
    assert trouble_of(question(), answer(200, b'{"a": "\xc3\xa9"}', Content_Type=kind)) is None


def test_html_where_json_was_due_is_trouble_and_else_a_page() -> None:
    page = answer(200, b"<html>", Content_Type="text/html; charset=utf-8")
    assert trouble_of(question("application/json"), page)
    assert trouble_of(question("application/json, */*"), page) is None
    assert trouble_of(question("text/html,application/json"), page) is None


def test_only_good_answers_and_firm_denials_are_reusable() -> None:
    assert [s for s in (200, 202, 206, 301, 403, 404, 410, 429, 500) if is_reusable(answer(s))] == [
        200,
        202,
        206,
        404,
        410,
    ]
    assert not is_reusable(answer(202, b"")), "a wall"
    assert is_reusable(answer(404, b""))


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after("120", NOW) == 120
    assert retry_after(http_date(NOW + 90), NOW) == 90
    assert retry_after(http_date(NOW - 90), NOW) == 0
    assert retry_after("", NOW) is None
    assert retry_after("soon", NOW) is None
    assert retry_after("-5", NOW) is None


def test_the_pause_doubles_with_jitter_and_is_bounded() -> None:
    chance, trouble = random.Random(1), Trouble("unreachable", "")
    pauses = [[pause(attempt, trouble, 0, chance) for _ in range(50)] for attempt in range(1, 12)]
    for attempt, drawn in enumerate(pauses):
        longest = min(LONGEST_PAUSE, 0.5 * 2**attempt)
        assert longest / 2 <= min(drawn) < max(drawn) <= longest


def test_a_time_out_counts_as_part_of_the_pause() -> None:
    assert pause(3, Trouble("timed-out", ""), 10, random.Random(1)) == 0


def test_what_the_source_asks_for_is_never_undercut() -> None:
    assert pause(1, Trouble("unreachable", "", wait=30), 10, random.Random(1)) >= 30


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", Freshness(None)),
        ("max-age=60", Freshness(60)),
        ("Max-Age=0", Freshness(0)),
        ("no-cache, max-age=60", Freshness(None)),
        ("no-store", Freshness(None)),
        ("max-age=soon", Freshness(None)),
        ("only-if-cached", Freshness(None, only_if_cached=True)),
        ('max-age="60", only-if-cached', Freshness(60, only_if_cached=True)),
    ],
)
def test_cache_control_of_a_request(header: Any, expected: Any) -> None:
    assert Freshness.of(header) == expected
