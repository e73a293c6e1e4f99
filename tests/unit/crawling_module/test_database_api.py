"""Before its first request the crawler learns what the database takes and persons decided; or takes the last copy."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.messages import RunStarted
from movie_db.contract.runs import Run
from movie_db.contract.settings import Settings
from movie_db.crawling_module.gathering.database_api import (
    UNDECIDED,
    Decisions,
    decisions_of,
    read_decisions,
    read_live_contract,
)
from movie_db.crawling_module.refreshing.plan import read_plan

ROWS = [
    {"verdict": "same", "entry_key": "a", "other_key": None, "source": "wikipedia", "source_id": "A (film)"},
    {"verdict": "same", "entry_key": "a", "other_key": None, "source": "wikidata", "source_id": "Q1"},
    {"verdict": "different", "entry_key": "a", "other_key": None, "source": "wikidata", "source_id": "Q2"},
    {"verdict": "different", "entry_key": "b", "other_key": "c", "source": None, "source_id": None},
    {"verdict": "different", "entry_key": "b", "other_key": None, "source": "justwatch", "source_id": "tm1"},
]
SERVED = {
    "/v1/decisions": {"decisions": ROWS},
    "/v1/contract": {"schemas": {"movie": {}}},
    "/v1/jobs/plan": {"films": [], "people": {"Q1": "7"}, "companies": {}},
}


@pytest.fixture
def client() -> Iterator[Any]:
    """A client that serves decisions and a contract; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(SERVED[self.path.partition("?")[0]]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_item_counts_before_a_page_and_other_pairs_are_not_the_crawlers() -> None:
    assert decisions_of(ROWS) == Decisions({"a": "Q1"}, {"a": frozenset({"Q2"})})


def test_the_last_copy_serves_while_the_client_is_down(client: Any, tmp_path: Path) -> None:
    up = Settings(client_api=client, data=tmp_path)
    down = Settings(client_api="http://127.0.0.1:9", data=tmp_path)
    assert read_decisions(down) == UNDECIDED
    assert read_live_contract(down) is None
    reply = read_decisions(up), read_live_contract(up)
    assert reply == (decisions_of(ROWS), {"movie": {}})
    assert (read_decisions(down), read_live_contract(down)) == reply


@pytest.mark.parametrize("damaged", ["", "{", "null", "[]", '{"schemas": [], "decisions": {}}', "\udcff"])
def test_a_copy_that_can_not_be_read_counts_as_none_and_is_fetched_again(
    client: Any, tmp_path: Path, damaged: str
) -> None:
    up = Settings(client_api=client, data=tmp_path)
    down = Settings(client_api="http://127.0.0.1:9", data=tmp_path)
    for name in ("contract", "decisions"):
        (tmp_path / f"{name}.json").write_bytes(damaged.encode("utf-8", "surrogateescape"))
    assert (read_decisions(down), read_live_contract(down)) == (UNDECIDED, None)
    reply = read_decisions(up), read_live_contract(up)
    assert reply == (decisions_of(ROWS), {"movie": {}})
    assert (read_decisions(down), read_live_contract(down)) == reply
    assert {path.name for path in tmp_path.iterdir()} == {"contract.json", "decisions.json"}


def test_a_plan_that_can_not_be_read_is_asked_for_again(client: Any, tmp_path: Path) -> None:
    run = Run(RunStarted(run="r1", gallery="https://g.example/", started_at=datetime.now(UTC)), tmp_path)
    settings = Settings(client_api=client, data=tmp_path)
    plan = read_plan(settings, run)
    assert plan.people == {"Q1": "7"}
    (path,) = tmp_path.glob("due/*.json")
    for damaged in ("", "{", "[]", "null", '{"films": 1}'):
        path.write_text(damaged)
        assert read_plan(settings, run) == plan
        assert json.loads(path.read_text()) == SERVED["/v1/jobs/plan"]
