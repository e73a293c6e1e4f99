"""How the gateway reaches the internet through a forward proxy, and what it says where that is shut."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

URL = "http://en.wikipedia.org/w/api.php?action=query&n="


class _Internet(ThreadingHTTPServer):
    heads: list[dict[str, str]]


class _Page(BaseHTTPRequestHandler):
    server: _Internet
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b'{"path": "https://%s%s"}' % (self.headers["Host"].encode(), self.path.encode())
        self.server.heads.append(dict(self.headers))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def internet(authority: Any) -> Iterator[Any]:
    """A web that speaks TLS, as any of our hosts."""
    with _Internet(("127.0.0.1", 0), _Page) as serving:
        serving.heads = []
        authority.secure(serving)
        threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield serving
        serving.shutdown()


@pytest.fixture
def behind(start: Any, tmp_path: Path, authority: Any) -> Any:
    """`behind(HTTPS_PROXY=…)`: a gateway that trusts the test's authority."""
    return lambda **environment: start("--data", tmp_path, SSL_CERT_FILE=str(authority.file), **environment)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "MOVIE_DB_PROXY"])
def test_each_source_is_asked_through_a_tunnel_of_its_own(
    behind: Any, internet: Any, tunnels: Any, variable: str
) -> None:
    proxy = tunnels(internet)
    gateway = behind(**{variable: f"http://{proxy.address}"})
    assert gateway.ask(f"{URL}1").json() == {"path": "https://en.wikipedia.org/w/api.php?action=query&n=1"}
    assert gateway.ask("http://www.wikidata.org/w/api.php?x").status_code == 200
    assert set(proxy.opened) == {"en.wikipedia.org:443", "www.wikidata.org:443"}
    assert not any("proxy" in name.lower() for head in internet.heads for name in head)


def test_hosts_of_no_proxy_are_asked_directly(behind: Any, internet: Any, tunnels: Any) -> None:
    proxy = tunnels(internet)
    gateway = behind(HTTPS_PROXY=f"http://{proxy.address}", NO_PROXY="wikidata.org,en.wikipedia.org.evil.example")
    assert gateway.ask(f"{URL}1").status_code == 200
    with pytest.raises(httpx2.TimeoutException):  # nothing leads to the internet here, and that takes some tries
        gateway.ask("http://www.wikidata.org/w/api.php?x", timeout=1)
    assert set(proxy.opened) == {"en.wikipedia.org:443"}


def test_the_proxys_password_is_given_to_it_and_told_to_nobody(
    behind: Any, internet: Any, tunnels: Any, tmp_path: Path
) -> None:
    proxy = tunnels(internet)
    proxy.password = "me:s3cret@"
    gateway = behind(MOVIE_DB_PROXY=f"http://me:s3cret%40@{proxy.address}", MOVIE_DB_LOG_LEVEL="DEBUG")
    assert gateway.ask(f"{URL}1").status_code == 200
    proxy.password = "other"
    proxy.refusing = lambda target: 407 if "wikidata" in target else None
    refused = gateway.ask("http://www.wikidata.org/w/api.php?x")
    assert (refused.status_code, refused.headers["x-gateway-error"]) == (502, "proxy")
    assert f"the proxy {proxy.address} wants another user name and password (407)" in refused.json()["detail"]
    assert proxy.refused["www.wikidata.org:443"] == 1, "asking again would not help"
    gateway.process.terminate()
    said = "".join(gateway.process.communicate(timeout=20))
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("archive.sqlite*"))
    assert "s3cret" not in said + refused.text
    assert b"s3cret" not in kept


def test_a_proxy_that_refuses_a_host_is_quoted_and_one_that_has_trouble_is_asked_again(
    behind: Any, internet: Any, tunnels: Any
) -> None:
    proxy = tunnels(internet)
    proxy.refusing = lambda target: 403 if "wikidata" in target else 503 if proxy.refused[target] < 2 else None
    gateway = behind(HTTPS_PROXY=proxy.address)
    assert gateway.ask(f"{URL}1").status_code == 200
    assert proxy.refused["en.wikipedia.org:443"] == 2
    refused = gateway.ask("http://www.wikidata.org/w/api.php?x")
    assert refused.headers["x-gateway-error"] == "proxy"
    assert "www.wikidata.org can't be asked: the proxy" in refused.json()["detail"]
    assert "refuses the tunnel (403)" in refused.json()["detail"]
    assert proxy.refused["www.wikidata.org:443"] == 1


def test_a_certificate_that_is_not_trusted_is_said_at_once(
    start: Any, tmp_path: Path, internet: Any, tunnels: Any
) -> None:
    proxy = tunnels(internet)
    gateway = start("--data", tmp_path, HTTPS_PROXY=proxy.address)
    begun = time.monotonic()
    refused = gateway.ask(f"{URL}1")
    assert refused.headers["x-gateway-error"] == "unreachable"
    assert "en.wikipedia.org shows a certificate that this machine does not trust: SSL_CERT_FILE" in refused.text
    assert time.monotonic() - begun < 5


def test_no_address_outside_the_table_leads_through_the_proxy(behind: Any, internet: Any, tunnels: Any) -> None:
    proxy = tunnels(internet)
    gateway = behind(HTTPS_PROXY=proxy.address)
    for url in (
        "http://127.0.0.1/",
        "http://169.254.169.254/latest",
        "http://evil.example/",
        f"http://{proxy.address}/",
    ):
        assert gateway.ask(url).headers["x-gateway-error"] == "host-not-allowed"
    assert not proxy.opened + proxy.refused


def test_a_stand_in_web_is_asked_and_no_proxy_of_the_environment(
    start: Any, source: Any, answer: Any, tmp_path: Path
) -> None:
    source.answers[f"{URL}1"] = [answer(b"{}", "200 OK", "application/json")]
    gateway = start("--data", tmp_path, MOVIE_DB_UPSTREAM=source.url, HTTPS_PROXY="http://127.0.0.1:9", NO_PROXY="*")
    assert gateway.ask(f"{URL}1").json() == {}
