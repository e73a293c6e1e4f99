"""What the gateway makes of a web that misbehaves."""

import gzip
import json
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from movie_db.contract.service_log import RUN_HEADER
from movie_db.web_gateway import addresses
from movie_db.web_gateway.host_policy import row_of
from presence import present

URL = "http://en.wikipedia.org/w/api.php?action=query"
FRESH = {"Cache-Control": "max-age=60"}
JSON = "application/json"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table whose rows wait less, and try less often."""
    monkeypatch.setattr(
        addresses,
        "row_of",
        lambda host: replace(present(row_of(host)), first_idle=0.1, idle=0.3, timeout=0.8, patience=6.0, tries=3),
    )


def damaged(answer: Any) -> Any:
    body = b'{"query": {"pages": [1, 2, 3]}}' * 50
    packed = gzip.compress(body)
    return {
        "cut off": answer(body)[:-100],
        "cut off in its head": answer(body)[:30],
        "garbage gzip": answer(b"\x1f\x8b\x08\x00" + bytes(range(200)), "200 OK", JSON, "Content-Encoding: gzip"),
        "gzip cut off": answer(packed[:-20], "200 OK", JSON, "Content-Encoding: gzip"),
        "half a JSON": answer(body[:-5], "200 OK", JSON),
        "no HTTP": b"\x00\x01garbage\r\n\r\n",
        "nothing": b"",
        "reset": "reset",
        "500": answer(b"", "500 Oops"),
        "502": answer(b"", "502 Oops"),
        "503": answer(b"", "503 Oops", "text/plain", "Retry-After: 0"),
        "504": answer(b"", "504 Oops"),
        "429": answer(b"", "429 Slow down", "text/plain", "Retry-After: 1"),
        "maxlag": answer(b'{"error": {}}', "200 OK", JSON, "MediaWiki-API-Error: maxlag", "Retry-After: 1"),
    }


FAULTS = list(damaged(lambda *_: b""))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_passing_fault_is_not_noticed(gateway: Any, source: Any, answer: Any, fault: Any) -> None:
    source.answers[URL] = [damaged(answer)[fault], answer(b'{"good": 1}', "200 OK", JSON)]
    begun = time.monotonic()
    assert gateway.ask(URL).json() == {"good": 1}
    assert source.seen[URL] == 2
    if fault in {"429", "maxlag"}:
        assert time.monotonic() - begun >= 1, "what the source asks for is waited for"
    assert gateway.stats()["en.wikipedia.org"]["retries"] == 1


@pytest.mark.parametrize("fault", [*FAULTS, "hang", "drip"])
def test_a_lasting_fault_ends_in_a_clear_error_that_is_not_kept(
    hasty: Any, gateway: Any, source: Any, answer: Any, fault: Any
) -> None:
    source.answers[URL] = [damaged(answer).get(fault, fault)]
    got = gateway.ask(URL)
    assert source.seen[URL] == 3
    if fault.isdecimal():
        assert got.status_code == int(fault), "what the source said is passed on"
    else:
        code = {"hang": "timed-out", "drip": "timed-out", "maxlag": "host-down"}.get(fault, "unreachable")
        assert got.headers["x-gateway-error"] == code
        assert got.status_code in {502, 503, 504}
        assert got.json()["detail"].startswith("https://en.wikipedia.org/w/api.php?action=query can't be had: ")
    assert gateway.ask(URL, headers={"Cache-Control": "only-if-cached"}).status_code == 504


@pytest.mark.parametrize("status", ["403 Forbidden", "401 Unauthorized", "400 Bad", "451 Law"])
def test_a_refusal_is_passed_on_at_once_and_asked_again_next_time(
    gateway: Any, source: Any, answer: Any, status: str
) -> None:
    source.answers[URL] = [answer(b"no", status)]
    for _ in range(2):
        got = gateway.ask(URL, headers=FRESH)
        assert (got.status_code, got.text, got.headers["x-cache"]) == (int(status[:3]), "no", "miss")
    assert source.seen[URL] == 2


def test_an_empty_202_is_a_wall_and_never_given_again(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[URL] = [answer(b"", "202 Accepted")]
    for _ in range(2):
        got = gateway.ask(URL, headers=FRESH)
        assert (got.status_code, got.content, got.headers["x-cache"]) == (202, b"", "miss")


def test_a_missing_page_is_an_answer(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[URL] = [answer(b"gone", "404 Not Found")]
    assert [gateway.ask(URL, headers=FRESH).headers["x-cache"] for _ in range(2)] == ["miss", "hit"]


def test_html_where_json_was_due_is_asked_again(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[URL] = [answer(b"<html>wait</html>", "200 OK", "text/html"), answer(b"{}", "200 OK", JSON)]
    assert gateway.ask(URL, headers={"Accept": JSON}).json() == {}


def test_a_wait_that_is_too_long_shuts_the_host(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[URL] = [answer(b"slow", "429 Slow down", "text/plain", "Retry-After: 3600")]
    begun = time.monotonic()
    assert gateway.ask(URL).status_code == 429
    refused = gateway.ask(URL + "&x")
    assert (refused.status_code, refused.headers["x-gateway-error"]) == (503, "host-down")
    assert int(refused.headers["retry-after"]) > 3500
    assert time.monotonic() - begun < 1
    assert source.seen == {URL: 1}


def test_a_host_that_is_down_is_given_up_and_the_others_are_not(
    hasty: Any, gateway: Any, source: Any, answer: Any
) -> None:
    for n in range(12):
        source.answers[f"{URL}&n={n}"] = [answer(b"", "500 Oops")]
    other = "http://www.wikidata.org/w/api.php"
    source.answers[other] = [answer(b"fine")]
    outcomes = [gateway.ask(f"{URL}&n={n}") for n in range(12)]
    assert outcomes[0].status_code == 500
    assert outcomes[-1].headers["x-gateway-error"] == "host-down"
    assert gateway.ask(other).text == "fine"
    assert gateway.stats()["en.wikipedia.org"]["errors"]["host-down"] >= 1


def test_nobody_there_is_said_so(hasty: Any, gateway: Any, source: Any) -> None:
    source.shutdown()
    source.server_close()
    got = gateway.ask(URL)
    assert (got.status_code, got.headers["x-gateway-error"]) == (502, "unreachable")


def test_a_replay_gives_the_same_answers_and_asks_nobody(
    start: Any, gateway: Any, source: Any, answer: Any, tmp_path: Path
) -> None:
    from movie_db.web_gateway.warc import export_warc

    graphql = "http://apis.justwatch.com/graphql"
    source.answers[graphql] = [answer(b"\xffone", "200 OK", JSON + "x"), answer(b"two", "200 OK", JSON + "x")]
    source.answers[URL] = [answer(b"", "301 Moved", "text/plain", "Location: ?moved")]
    source.answers["http://en.wikipedia.org/w/api.php?moved"] = [answer(b"page")]
    source.answers["http://www.justwatch.com/robots.txt"] = [answer(b"User-agent: *\nDisallow: /no\n")]
    source.answers["http://www.justwatch.com/us"] = [answer(b"denied", "403 Forbidden")]
    asked = [
        (graphql, "POST", {"content": b"q1\xff"}),
        (graphql, "POST", {"content": b"q2"}),
        (URL, "GET", {}),
        ("http://www.justwatch.com/us", "GET", {}),
        ("http://www.justwatch.com/no", "GET", {}),
    ]
    live = [gateway.ask(url, method, **more) for url, method, more in asked]
    assert export_warc(tmp_path / "archive.sqlite", tmp_path / "a.warc.gz") == 5
    before = sum(source.seen.values())
    replay = start("--replay", tmp_path / "a.warc.gz", "--data", tmp_path / "unused", MOVIE_DB_UPSTREAM=source.url)
    for (url, method, more), first in zip(asked, live, strict=True):
        second = replay.ask(url, method, **more)
        assert (second.status_code, second.content) == (first.status_code, first.content)
        for name in ("content-type", "content-location", "date", "x-gateway-error"):
            if name != "date" or "x-gateway-error" not in first.headers:
                assert second.headers.get(name) == first.headers.get(name), name
    absent = replay.ask(graphql, "POST", content=b"q3")
    assert (absent.status_code, absent.headers["x-gateway-error"]) == (504, "not-in-replay")
    assert replay.stats()["apis.justwatch.com"]["hits"] == 2
    assert sum(source.seen.values()) == before
    assert not (tmp_path / "unused").exists()
    assert replay.stop() == 0


def test_a_full_archive_is_told(gateway: Any, monkeypatch: pytest.MonkeyPatch, source: Any, answer: Any) -> None:
    from movie_db.contract.errors import UnavailableError
    from movie_db.web_gateway.archive import Archive

    def full(*_: Any) -> None:
        raise UnavailableError("The archive a.sqlite can't be used: database or disk is full.")

    monkeypatch.setattr(Archive, "store", full)
    source.answers[URL] = [answer(b"x")]
    got = gateway.ask(URL)
    assert (got.status_code, got.headers["x-gateway-error"]) == (507, "archive")
    assert got.json()["detail"].endswith("database or disk is full.")


def test_a_failed_try_is_logged_with_the_run_that_asked(start: Any, source: Any, answer: Any, tmp_path: Path) -> None:
    source.answers[URL] = [answer(b"", "502 Oops"), answer(b"x")]
    gateway = start("--data", tmp_path, MOVIE_DB_UPSTREAM=source.url, MOVIE_DB_PACE="unlimited")
    assert gateway.ask(URL, headers={RUN_HEADER: "r1"}).content == b"x"
    gateway.process.terminate()
    said = [json.loads(line) for line in gateway.process.communicate(timeout=20)[1].splitlines()]
    assert [line["run"] for line in said if "502" in line["message"]] == ["r1"]


@pytest.mark.world
def test_the_stand_ins_own_faults_are_not_noticed(shared: Any, start: Any, tmp_path: Path) -> None:
    command = [str(shared / "web" / "serve.sh"), "--world", str(shared / "worlds" / "sample"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        try:
            upstream = present(serving.stdout).readline().split()[1]
            kinds = [
                {"kind": "status", "status": 503, "retry_after": 1, "p": 0.1},
                {"kind": "truncate", "p": 0.1},
                {"kind": "reset", "p": 0.1},
                {"kind": "gzip_garbage", "p": 0.1},
                {"kind": "malformed", "p": 0.1},
            ]
            httpx2.post(f"{upstream}/_control/faults", json={"host": "*", "seed": 7, "rules": kinds}).raise_for_status()
            gateway = start("--data", tmp_path, MOVIE_DB_UPSTREAM=upstream, MOVIE_DB_PACE="unlimited")
            for word in ("Alien", "Star", "Man", "Night", "Love", "House", "King", "War", "City", "Girl"):
                url = f"http://en.wikipedia.org/w/rest.php/v1/search/page?q={word}&limit=5"
                assert "pages" in gateway.ask(url).json()
            counted = httpx2.get(f"{upstream}/_control/stats?host=en.wikipedia.org").json()
            assert "missing_user_agent': 0" in str(counted)
            assert gateway.stats()["en.wikipedia.org"]["retries"] >= 3
        finally:
            serving.terminate()
