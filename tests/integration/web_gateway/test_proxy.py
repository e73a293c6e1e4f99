"""What clients see: an ordinary HTTP proxy."""

import asyncio
import gzip
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

PAGE = "http://en.wikipedia.org/w/api.php?titles=A%C3%A9|B&x=a+b%7C"
GRAPHQL = "http://apis.justwatch.com/graphql"


def raw(gateway: Any, request: str) -> Any:
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(request.encode())
        return connection.makefile("rb").read().decode()


def test_the_answer_comes_with_its_address_and_time(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[PAGE] = [
        answer(gzip.compress(b"\xffbody"), "200 OK", "text/x", "Content-Encoding: gzip", 'ETag: "1"')
    ]
    got = gateway.ask(PAGE)
    assert (got.status_code, got.content) == (200, b"\xffbody")
    assert got.headers["content-type"] == "text/x"
    assert got.headers["etag"] == '"1"'
    assert "content-encoding" not in got.headers
    assert got.headers["content-location"] == PAGE.replace("http:", "https:")
    assert abs(parsedate_to_datetime(got.headers["date"]).timestamp() - time.time()) < 5
    assert (got.headers["x-cache"], got.headers["age"]) == ("miss", "0")


def test_the_source_is_asked_in_our_name_and_told_only_what_matters(
    start: Any, source: Any, tmp_path: Path, answer: Any
) -> None:
    source.answers[GRAPHQL] = [answer(b"{}", "200 OK", "application/json")]
    gateway = start("--data", tmp_path, MOVIE_DB_UPSTREAM=source.url, MOVIE_DB_CONTACT="me@example.org")
    gateway.ask(
        GRAPHQL, "POST", json={"q": 1}, headers={"Cookie": "a=b", "Authorization": "x", "Accept-Language": "de"}
    )
    (head,) = source.heads[GRAPHQL]
    assert head["user-agent"].startswith("movie_db/")
    assert "(me@example.org) aiohttp/" in head["user-agent"]
    assert (head["accept-language"], head["content-type"], head["host"]) == (
        "de",
        "application/json",
        "apis.justwatch.com",
    )
    assert not head.keys() & {"cookie", "authorization", "proxy-connection", "x-forwarded-for", "via"}
    assert source.bodies[GRAPHQL] == [b'{"q":1}']


def test_the_archive_answers_only_if_the_client_lets_it(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[PAGE] = [answer(b"one"), answer(b"two"), answer(b"three")]

    def ask(control: str) -> Any:
        return gateway.ask(PAGE, headers={"Cache-Control": control})

    assert ask("only-if-cached").status_code == 504
    assert ask("max-age=60").text == "one"
    hit = ask("max-age=60")
    assert (hit.text, hit.headers["x-cache"]) == ("one", "hit")
    assert ask("only-if-cached").text == "one"
    assert gateway.ask(PAGE).text == "two"
    assert ask("max-age=60").text == "two"
    assert ask("no-cache").text == "three"
    time.sleep(1.1)
    aged = ask("max-age=60")
    assert int(aged.headers["age"]) >= 1
    assert ask("max-age=0").headers["x-cache"] == "miss"
    assert source.seen[PAGE] == 4


def test_an_answer_outlives_the_gateway_and_kill_9(start: Any, source: Any, tmp_path: Path, answer: Any) -> None:
    source.answers[PAGE] = [answer(b"one")]
    settings = {"MOVIE_DB_UPSTREAM": source.url, "MOVIE_DB_PACE": "unlimited"}
    first = start("--data", tmp_path, **settings)
    first.ask(PAGE)
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    got = start("--data", tmp_path, **settings).ask(PAGE, headers={"Cache-Control": "max-age=60"})
    assert (got.text, got.headers["x-cache"]) == ("one", "hit")


def test_equal_requests_at_the_same_time_ask_once(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[PAGE] = [answer(b"one", "503 Busy"), answer(b"two")]
    with ThreadPoolExecutor(10) as pool:
        texts = [got.text for got in pool.map(lambda _: httpx2.get(PAGE, proxy=gateway.url), range(10))]
    assert texts == ["two"] * 10
    assert source.seen[PAGE] == 2


def test_a_host_is_asked_by_so_many_at_once_and_no_more(gateway: Any, source: Any, answer: Any) -> None:
    urls = [f"http://en.wikipedia.org/w/api.php?n={n}" for n in range(30)]
    for url in urls:
        source.answers[url] = [answer(b"busy", "500 Oops"), answer(b"x")] if url.endswith("5") else [answer(b"x")]
    with ThreadPoolExecutor(30) as pool:
        assert {got.text for got in pool.map(lambda url: httpx2.get(url, proxy=gateway.url), urls)} == {"x"}
    assert source.most == 3


def test_the_rate_is_kept_when_polite(start: Any, source: Any, tmp_path: Path, answer: Any) -> None:
    gateway = start("--data", tmp_path, MOVIE_DB_UPSTREAM=source.url)
    urls = [f"http://en.wikipedia.org/w/api.php?n={n}" for n in range(4)]
    for url in urls:
        source.answers[url] = [answer(b"x")]
    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda url: httpx2.get(url, proxy=gateway.url), urls))
    assert time.monotonic() - begun >= 1.0


def test_what_is_asked_is_finished_and_kept_even_if_the_client_leaves(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[PAGE] = [answer(b"", "503 Busy"), answer(b"kept")]
    with pytest.raises(httpx2.TimeoutException):
        httpx2.get(PAGE, proxy=gateway.url, timeout=0.1)
    time.sleep(1)
    assert gateway.ask(PAGE, headers={"Cache-Control": "max-age=60"}).text == "kept"
    assert source.seen[PAGE] == 2


@pytest.mark.parametrize(
    ("request_line", "status", "code"),
    [
        ("CONNECT en.wikipedia.org:443", 501, "method-not-supported"),
        ("DELETE http://en.wikipedia.org/", 501, "method-not-supported"),
        ("GET http://me:pw@en.wikipedia.org/", 400, "bad-request"),
        ("GET http://127.0.0.1:22/", 403, "host-not-allowed"),
        ("GET http://metadata.google.internal/", 403, "host-not-allowed"),
        ("GET /wiki/Alien", 400, "bad-request"),
    ],
)
def test_what_we_do_not_do_is_refused_clearly(
    gateway: Any, source: Any, request_line: Any, status: Any, code: Any
) -> None:
    got = raw(gateway, f"{request_line} HTTP/1.1\r\nHost: en.wikipedia.org\r\nConnection: close\r\n\r\n")
    assert got.startswith(f"HTTP/1.1 {status} ")
    assert f"X-Gateway-Error: {code}" in got
    assert "application/problem+json" in got
    assert not source.seen


def test_a_body_that_is_too_large_is_refused(gateway: Any, source: Any) -> None:
    got = gateway.ask(GRAPHQL, "POST", content=bytes(2**20 + 1))
    assert (got.status_code, got.headers["x-gateway-error"]) == (413, "too-large")
    assert not source.seen


def test_robots_txt_rules_pages_and_is_asked_once(gateway: Any, source: Any, answer: Any) -> None:
    source.answers["http://www.justwatch.com/robots.txt"] = [answer(b"User-agent: *\nDisallow: /secret\n")]
    source.answers["http://www.justwatch.com/us"] = [answer(b"page")]
    assert gateway.ask("http://www.justwatch.com/us").text == "page"
    refused = gateway.ask("http://www.justwatch.com/secret/x")
    assert (refused.status_code, refused.headers["x-gateway-error"]) == (403, "robots")
    assert source.seen == {"http://www.justwatch.com/robots.txt": 1, "http://www.justwatch.com/us": 1}


def test_without_a_robots_txt_all_pages_are_open(gateway: Any, source: Any, answer: Any) -> None:
    source.answers["http://www.justwatch.com/us"] = [answer(b"page")]
    assert gateway.ask("http://www.justwatch.com/us").text == "page"


def test_a_robots_txt_behind_a_redirect_is_found(gateway: Any, source: Any, answer: Any) -> None:
    home = "http://www.justwatch.com/robots.txt"
    source.answers[home] = [answer(b"", "301 Moved", "text/plain", "Location: /us/robots.txt")]
    source.answers["http://www.justwatch.com/us/robots.txt"] = [answer(b"User-agent: movie_db\nDisallow: /\n")]
    assert gateway.ask("http://www.justwatch.com/us").headers["x-gateway-error"] == "robots"


def test_redirects_are_followed_and_the_final_address_told(gateway: Any, source: Any, answer: Any) -> None:
    start, end = "http://en.wikipedia.org/w/api.php?1", "http://www.wikidata.org/w/api.php?2"
    source.answers[start] = [answer(b"", "302 Found", "text/plain", f"Location: {end.replace('http', 'https')}")]
    source.answers[end] = [answer(b"end")]
    for _ in range(2):
        got = gateway.ask(start, headers={"Cache-Control": "max-age=60"})
        assert (got.text, got.headers["content-location"]) == ("end", "https://www.wikidata.org/w/api.php?2")
    assert source.seen[start] == source.seen[end] == 1


def test_a_post_becomes_a_get_only_where_http_says_so(gateway: Any, source: Any, answer: Any) -> None:
    for status, method in (("303 See Other", "GET"), ("307 Temporary Redirect", "POST")):
        url, end = f"{GRAPHQL}?{status[:3]}", f"{GRAPHQL}/end{status[:3]}"
        source.answers[url] = [answer(b"", status, "text/plain", f"Location: {end.replace('http', 'https')}")]
        source.answers[end] = [answer(b"end")]
        assert gateway.ask(url, "POST", content=b"q").text == "end"
        assert source.heads[end][0]["method"] == method
        assert source.bodies[end] == [b"q" if method == "POST" else b""]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "https://evil.example/", "https://en.wikipedia.org:8443/", "?1"]
)
def test_redirects_to_elsewhere_or_in_a_circle_are_refused(gateway: Any, source: Any, answer: Any, target: str) -> None:
    url = "http://en.wikipedia.org/w/api.php?1"
    source.answers[url] = [answer(b"", "302 Found", "text/plain", f"Location: {target}")]
    got = gateway.ask(url)
    assert (got.status_code, got.headers["x-gateway-error"]) == (502, "redirect-refused")
    assert source.seen.keys() == {url}


def test_the_daily_quota_is_kept_across_restarts(start: Any, source: Any, tmp_path: Path, answer: Any) -> None:
    settings = {"MOVIE_DB_UPSTREAM": source.url, "MOVIE_DB_PACE": "unlimited"}
    start("--data", tmp_path, **settings).stop()
    with sqlite3.connect(tmp_path / "archive.sqlite") as archive:
        today = datetime.now(UTC).date().isoformat()
        archive.execute("INSERT INTO quotas VALUES ('www.omdbapi.com', ?, 999)", (today,))
    archive.close()
    gateway, url = start("--data", tmp_path, **settings), "http://www.omdbapi.com/?i=tt1&apikey=k3y"
    source.answers[url] = [answer(b"{}", "200 OK", "application/json")]
    assert gateway.stats()["www.omdbapi.com"]["quota_left"] == 1
    got = gateway.ask(url)
    assert (got.status_code, got.headers["content-location"]) == (200, "https://www.omdbapi.com/?i=tt1")
    assert got.headers["x-quota"] == "0/1000"
    assert source.heads[url], "the source itself gets the key"
    refused = gateway.ask(url)
    assert (refused.status_code, refused.headers["x-gateway-error"]) == (429, "quota")
    assert gateway.ask(url, headers={"Cache-Control": "max-age=60"}).status_code == 200, "the archive costs nothing"
    assert gateway.stats()["www.omdbapi.com"]["quota_left"] == 0
    assert b"k3y" not in (tmp_path / "archive.sqlite").read_bytes() + (tmp_path / "archive.sqlite-wal").read_bytes()


def test_a_quota_that_the_source_calls_used_up_is_for_the_day(
    start: Any, source: Any, tmp_path: Path, answer: Any
) -> None:
    settings = {"MOVIE_DB_UPSTREAM": source.url, "MOVIE_DB_PACE": "unlimited"}
    gateway, urls = start("--data", tmp_path, **settings), [f"http://www.omdbapi.com/?i=tt{n}&apikey=k" for n in (1, 2)]
    said = b'{"Response":"False","Error":"Request limit reached!"}'
    source.answers |= {url: [answer(said, "401 Unauthorized", "application/json")] for url in urls}
    refused = gateway.ask(urls[0])
    assert (refused.status_code, refused.headers["x-gateway-error"]) == (429, "quota")
    gateway.stop()
    gateway = start("--data", tmp_path, **settings)
    assert gateway.ask(urls[1]).headers["x-gateway-error"] == "quota"
    assert source.seen.keys() == {urls[0]}
    assert gateway.stats()["www.omdbapi.com"]["quota_left"] == 0


def test_a_key_that_grants_more_is_asked_with_as_often_as_its_user_says(
    start: Any, source: Any, tmp_path: Path
) -> None:
    gateway = start("--data", tmp_path, MOVIE_DB_UPSTREAM=source.url, MOVIE_DB_OMDB_DAILY="100000")
    assert gateway.stats()["www.omdbapi.com"]["quota_left"] == 100_000


def test_the_users_key_is_added_here_and_told_to_nobody(start: Any, source: Any, tmp_path: Path, answer: Any) -> None:
    settings = {"MOVIE_DB_UPSTREAM": source.url, "MOVIE_DB_PACE": "unlimited", "MOVIE_DB_TMDB_KEY": "s3 cret"}
    gateway, url = start("--data", tmp_path, **settings), "http://api.themoviedb.org/3/movie/1?language=en"
    source.answers[f"{url}&api_key=s3%20cret"] = [answer(b"{}", "200 OK", "application/json")]
    got = gateway.ask(url)
    assert (got.status_code, got.headers["content-location"]) == (200, url.replace("http:", "https:"))
    assert gateway.ask(url, headers={"Cache-Control": "max-age=60"}).headers["x-cache"] == "hit"
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("archive.sqlite*"))
    assert b"s3" not in kept
    refused = gateway.ask("http://www.omdbapi.com/?i=tt1")
    assert (refused.status_code, refused.headers["x-gateway-error"]) == (403, "no-key")
    assert "MOVIE_DB_OMDB_KEY" in refused.json()["detail"]


def test_stats_and_health_tell_what_happened(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[PAGE] = [answer(b"", "500 Oops"), answer(b"12345")]
    for _ in range(3):
        gateway.ask(PAGE, headers={"Cache-Control": "max-age=60"})
    assert httpx2.get(f"{gateway.url}/_gateway/health").json() == {"status": "ok", "mode": "upstream"}
    assert gateway.stats()["en.wikipedia.org"] == {
        "asked": 2,
        "hits": 2,
        "misses": 1,
        "retries": 1,
        "bytes": 5,
        "errors": {"500": 1},
        "trouble": "it answers 500",
        "quota_left": None,
    }


SPIDER = """
import sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Spider(scrapy.Spider):
    name = "s"
    async def start(self):
        for n in range(20):
            yield scrapy.Request(f"http://en.wikipedia.org/w/api.php?n={n}", meta={"proxy": sys.argv[1]})
        yield scrapy.Request("http://apis.justwatch.com/graphql", method="POST", body=b"q", meta={"proxy": sys.argv[1]})
    def parse(self, response):
        print(response.request.method, response.text, response.headers[b"Content-Location"].decode())

process = AsyncCrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
process.crawl(Spider)
process.start()
"""


def test_scrapy_goes_through(gateway: Any, source: Any, answer: Any) -> None:
    for n in range(20):
        source.answers[f"http://en.wikipedia.org/w/api.php?n={n}"] = [answer(b"x")]
    source.answers[GRAPHQL] = [answer(b"y")]
    told = subprocess.run(
        [sys.executable, "-c", SPIDER, gateway.url], capture_output=True, text=True, check=True
    ).stdout
    expected = {f"GET x https://en.wikipedia.org/w/api.php?n={n}" for n in range(20)}
    assert set(told.splitlines()) == expected | {"POST y https://apis.justwatch.com/graphql"}


def test_httpx2_goes_through_asynchronously(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[PAGE] = [answer(b"x")]

    async def ask() -> Any:
        async with httpx2.AsyncClient(proxy=gateway.url) as client:
            return await client.get(PAGE)

    assert asyncio.run(ask()).text == "x"


def test_a_stop_is_graceful_even_while_a_source_hangs(start: Any, source: Any, tmp_path: Path) -> None:
    gateway = start("--data", tmp_path, MOVIE_DB_UPSTREAM=source.url)
    source.answers[PAGE] = ["hang"]
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(lambda: httpx2.get(PAGE, proxy=gateway.url))
        time.sleep(0.3)
        begun = time.monotonic()
        assert gateway.stop() == 0
        assert time.monotonic() - begun < 6
        assert asking.exception() or asking.result().status_code >= 500


@pytest.mark.parametrize(
    ("options", "environment", "code", "told"),
    [
        ([], {"MOVIE_DB_PACE": "unlimited"}, 2, "MOVIE_DB_PACE=unlimited needs MOVIE_DB_UPSTREAM"),
        ([], {"MOVIE_DB_UPSTREAM": "ftp://x"}, 2, "MOVIE_DB_UPSTREAM takes the address of a stand-in web"),
        ([], {"MOVIE_DB_UPSTREAM": "http://x:99999"}, 2, "MOVIE_DB_UPSTREAM takes the address of a stand-in web"),
        ([], {"MOVIE_DB_CONTACT": "né"}, 2, "MOVIE_DB_CONTACT takes a mail address"),
        ([], {"MOVIE_DB_PACE": "fast"}, 2, "MOVIE_DB_PACE can't be read"),
        (["--port", "99999"], {}, 2, "99999"),
        (["--host", "192.0.2.1"], {}, 1, "can't listen on 192.0.2.1"),
        (["--replay", "absent.warc"], {}, 2, "The recording absent.warc can't be read: No such file"),
        (["--data", __file__], {}, 1, "can't be made"),
    ],
)
def test_what_can_not_be_is_said_in_one_sentence(
    tmp_path: Path, options: Any, environment: Any, code: Any, told: str
) -> None:
    command = [sys.executable, "-m", "movie_db.web_gateway", "--port", "0", "--data", str(tmp_path), *options]
    home = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    done = subprocess.run(
        command, env=home | environment, capture_output=True, text=True, timeout=20, cwd=tmp_path, check=False
    )
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


FILE = "http://datasets.imdbws.com/title.basics.tsv.gz"


def test_large_files_pass_through_unarchived_with_their_tags(
    gateway: Any, source: Any, answer: Any, tmp_path: Path
) -> None:
    body = gzip.compress(b"tconst\n") * 50_000
    source.answers[FILE] = [answer(body, "200 OK", "binary/octet-stream", 'ETag: "7"'), answer(b"", "304 Not Modified")]
    got = gateway.ask(FILE)
    assert (got.status_code, got.content, got.headers["etag"]) == (200, body, '"7"')
    assert gateway.ask(FILE, headers={"If-None-Match": '"7"'}).status_code == 304
    assert source.heads[FILE][1]["if-none-match"] == '"7"'
    with sqlite3.connect(tmp_path / "archive.sqlite") as archive:
        assert archive.execute("SELECT count(*) FROM answers").fetchone() == (0,)


def test_a_large_file_that_breaks_off_breaks_off_for_the_client_too(gateway: Any, source: Any, answer: Any) -> None:
    source.answers[FILE] = [answer(b"x" * 5000)[:-1000]]
    with pytest.raises(httpx2.RemoteProtocolError):
        gateway.ask(FILE)
    source.answers[FILE] = ["reset"]
    assert gateway.ask(FILE).headers["x-gateway-error"] == "unreachable"
