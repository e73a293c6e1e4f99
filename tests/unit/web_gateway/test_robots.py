"""How a robots.txt is read, whatever bytes and status it comes with."""

import asyncio
from typing import Any

import pytest

from movie_db.web_gateway.addresses import admit
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.exchange import ProxyResponse
from movie_db.web_gateway.robots import LARGEST, Robots

FORBIDS = "User-agent: *\nDisallow: /secret\n"


def judge(body: Any, path: Any = "/secret/x", status: Any = 200) -> Any:
    """None if robots.txt allows the path, else the code of the refusal."""

    async def ask(question: Any) -> Any:
        assert question.address.url == "https://www.justwatch.com/robots.txt"
        return ProxyResponse(status, (), body, question.address.url, 1)

    try:
        asyncio.run(Robots(ask).check(admit(f"http://www.justwatch.com{path}")))
    except GatewayError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    "body",
    [
        FORBIDS.encode(),
        FORBIDS.encode("utf-8-sig"),
        b"\xef\xbb\xbf" * 2 + FORBIDS.encode(),
        FORBIDS.encode("utf-16"),
        b"\xfe\xff" + FORBIDS.encode("utf-16-be"),
        FORBIDS.encode("utf-16-le"),
        FORBIDS.encode("utf-16-be"),
        FORBIDS.encode("utf-32"),
        FORBIDS.replace("\n", "\r\n").encode(),
        FORBIDS.replace("\n", "\r").encode(),
        b"# caf\xe9\n" + FORBIDS.encode(),
        FORBIDS.encode() + b"#" * 2 * LARGEST,
        b"\xef\xbb\xbfUser-agent: movie_db\r\nDisallow: /secret",
        b"user-AGENT : *\n disallow : /secret # all of it",
    ],
)
def test_it_is_obeyed_whatever_its_bytes(body: Any) -> None:
    assert judge(body) == "robots"
    assert judge(body, "/us") is None


def test_bytes_that_are_no_utf_8_forbid_the_path_that_they_spell() -> None:
    assert judge(b"User-agent: *\nDisallow: /caf\xe9\n", "/caf%E9") == "robots"


def test_a_rule_cut_in_two_by_the_limit_is_none() -> None:
    start = FORBIDS.encode() + b"Allow: /secret/open\n"
    body = start + b"#" * (LARGEST - len(start) - 12) + b"\nDisallow: /us/films\n"
    assert len(body) > LARGEST
    assert judge(body, "/us") is None
    assert judge(body) == "robots"


@pytest.mark.parametrize(
    "path", ["/us/..%2fsecret", "/us/../secret", "//secret", "/us;a/%2e%2e/secret", "/us\\..\\secret"]
)
def test_no_detour_leads_into_what_is_forbidden(path: str) -> None:
    assert judge(FORBIDS.encode(), path) == "robots"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_host_without_one_forbids_nothing(status: int) -> None:
    assert judge(FORBIDS.encode(), status=status) is None


@pytest.mark.parametrize("status", [500, 503, 520, 524, 429, 408, 425, 301, 304])
def test_a_host_that_can_not_give_it_now_is_not_asked(status: int) -> None:
    assert judge(b"", status=status) == "unreachable"


def test_a_wall_is_no_robots_txt() -> None:
    assert judge(b"", status=202) == "unreachable"
