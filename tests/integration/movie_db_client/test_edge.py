"""What every answer of the client's API has in common, whatever is asked."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from starlette.testclient import TestClient

from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.server import make_app, make_service

LARGE = "/v1/contract"


@pytest.fixture
def client(new_database: Callable[..., str]) -> TestClient:
    return _client(new_database("sqlite"))


def _client(url: str, rate: int = 1000) -> TestClient:
    client = TestClient(make_app(make_service(make_engine(url), lambda: False, rate)), raise_server_exceptions=False)
    client.headers["Accept-Encoding"] = "identity"
    return client


@pytest.mark.parametrize("path", ["/v1/movies", "/v1/nothing", "/v1/movies?limit=0", "/docs"])
def test_an_answer_bears_the_id_that_was_sent_or_a_new_one(path: str, client: TestClient) -> None:
    assert client.get(path, headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"
    assert len({client.get(path).headers["x-request-id"] for _ in range(3)}) == 3
    assert client.get(path, headers={"X-Request-ID": "no id"}).headers["x-request-id"] != "no id"


def test_an_answer_that_is_still_the_same_is_not_sent_again(client: TestClient) -> None:
    first = client.get(LARGE)
    again = client.get(LARGE, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["access-control-allow-origin"] == "*"
    assert client.get(LARGE, headers={"If-None-Match": '"other"'}).status_code == 200


def test_what_must_not_be_stored_has_no_tag(client: TestClient) -> None:
    assert "etag" not in client.get("/v1/health").headers


@pytest.mark.parametrize(("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_a_large_answer_is_compressed_for_who_asks(
    coding: str, unpack: Callable[[bytes], bytes], client: TestClient
) -> None:
    plain = client.get(LARGE)
    with client.stream("GET", LARGE, headers={"Accept-Encoding": f"{coding};q=0.8, other"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == coding
    assert unpack(raw) == plain.content
    assert len(raw) == int(packed.headers["content-length"]) < len(plain.content) / 3
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    again = client.get(LARGE, headers={"If-None-Match": packed.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("taken", ["identity", "gzip;q=0", "br;q=0.0, gzip;q=0"])
def test_who_takes_no_compression_gets_none(taken: str, client: TestClient) -> None:
    assert "content-encoding" not in client.get(LARGE, headers={"Accept-Encoding": taken}).headers


def test_a_small_answer_is_not_compressed(client: TestClient) -> None:
    assert "content-encoding" not in client.get("/v1/ready", headers={"Accept-Encoding": "gzip"}).headers


def test_one_request_too_many_is_refused_until_the_minute_is_over(new_database: Callable[..., str]) -> None:
    client = _client(new_database("sqlite"), rate=2)
    left = [client.get("/v1/ready").headers["ratelimit-remaining"] for _ in range(2)]
    refused = client.get("/v1/ready")
    assert left == ["1", "0"]
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
    assert refused.headers["ratelimit-limit"] == "2"
    assert refused.headers["access-control-allow-origin"] == "*"
    assert client.options("/v1/ready").status_code == 204


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("limt=5", "There is no parameter 'limt'. Parameters: "),
        ("limit=5&limit=6", "limit is given more than once"),
        ("limit=%ff", "UTF-8"),
        ("limit=%00", "limit must be a whole number"),
    ],
)
def test_a_query_that_can_not_be_is_told_what_is_wrong(query: str, told: str, client: TestClient) -> None:
    answer = client.get(f"/v1/movies?{query}")
    assert answer.status_code == 400
    assert told in answer.json()["detail"]
    assert all(fault.keys() == {"where", "detail"} for fault in answer.json()["errors"])


def test_head_is_answered_as_get_without_its_body(client: TestClient) -> None:
    head, got = client.head(LARGE), client.get(LARGE)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-length"] == got.headers["content-length"]
