"""The web as it is: behind a forward proxy, behind Cloudflare, on another engine. The rows are as on any other day."""

import random
from typing import Any

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
JSON = {"Content-Type": "application/json"}
PASSING = (520, 521, 522, 523, 524, 408, 425)
SOURCES = ("apis.justwatch.com", "query.wikidata.org", "www.wikidata.org", "en.wikipedia.org")


def without_runs(rows: Any) -> Any:
    return {table: found for table, found in rows.items() if table != "runs"}


def test_a_build_through_a_forward_proxy_makes_the_same_rows(
    workplace: Any, web: Any, tunnels: Any, authority: Any, whole: Any, snapshot: Any
) -> None:
    authority.secure(web)
    proxy = tunnels(web)
    proxy.password = "me:s3cret"
    address = f"http://me:s3cret@{proxy.address}"
    # Between our own services, no proxy stands: this one would refuse all that is no tunnel.
    everywhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), address)
    ended = workplace.run("build", GALLERY, SSL_CERT_FILE=str(authority.file), **everywhere)
    assert ended.code == 0, ended.said
    assert "No answer came" not in ended.out
    assert {f"{host}:443" for host in SOURCES} <= set(proxy.opened)
    assert not proxy.refused
    assert without_runs(snapshot(workplace.database)) == without_runs(snapshot(whole[0].database))
    logs = b"".join(path.read_bytes() for path in workplace.folder.rglob("*") if path.is_file())
    assert b"s3cret" not in logs + "".join(ended.said).encode() + ended.out.encode()


def test_a_build_that_meets_passing_errors_at_every_third_request_makes_the_same_rows(
    workplace: Any, web: Any, whole: Any, snapshot: Any
) -> None:
    chance, met = random.Random(7), []

    def faulty(_request: Any, body: Any) -> Any:
        if chance.random() > 0.3:
            return 200, JSON, body
        met.append(chance.choice(PASSING))
        return met[-1], {"Content-Type": "text/html"}, b"<html>error</html>"

    web.faults |= dict.fromkeys(SOURCES, faulty)
    ended = workplace.build_from(web)
    assert ended.code == 0, ended.said
    assert "No answer came" not in ended.out
    assert len(set(met)) >= 4
    assert without_runs(snapshot(workplace.database)) == without_runs(snapshot(whole[0].database))


def test_a_query_service_that_takes_hints_for_statements_is_sent_none_and_the_rows_are_the_same(
    workplace: Any, web: Any, whole: Any, snapshot: Any
) -> None:
    web.recorded.hints = False
    ended = workplace.build_from(web)
    assert ended.code == 0, ended.said
    assert without_runs(snapshot(workplace.database)) == without_runs(snapshot(whole[0].database))
