"""How a build learns why one of its services ended: from the service's report, or from its exit code."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import MovieDbError, UnavailableError, UsageError
from movie_db.contract.exit_report import REPORT_TO, ExitReport, read_report, report
from movie_db.pipeline.progress import GatheredMovies, all_ingested
from movie_db.pipeline.supervisor import CONTINUES, Child, why_ended

USAGE = ExitReport(kind="usage", reason="There is no archive.")
UNAVAILABLE = ExitReport(kind="unavailable", reason="Port 5000 is taken.")
CRASH = ExitReport(kind="crash", reason="ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("code", "found", "kind", "sentence"),
    [
        (2, USAGE, UsageError, "There is no archive."),
        (1, UNAVAILABLE, UnavailableError, "Port 5000 is taken."),
        (1, CRASH, UnavailableError, f"The web gateway crashed ({CRASH.reason}); see x.log. {CONTINUES}"),
        (1, None, UnavailableError, f"The web gateway ended with exit code 1; see x.log. {CONTINUES}"),
        (-9, None, UnavailableError, f"The web gateway was killed (Killed). {CONTINUES}"),
        (0, None, UnavailableError, f"The web gateway was stopped. {CONTINUES}"),
        (130, None, UnavailableError, f"The web gateway was stopped. {CONTINUES}"),
    ],
)
def test_the_end_of_a_service_is_one_sentence(code: Any, found: Any, kind: Any, sentence: Any) -> None:
    error = why_ended("web_gateway", code, found, Path("x.log"))
    assert (type(error), str(error)) == (kind, sentence)


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (UsageError("Give a title."), "usage", "Give a title."),
        (UnavailableError("Zwei\nZeilen, ä \ud800."), "unavailable", "Zwei\nZeilen, ä ?."),
        (ValueError("two\nlines"), "crash", "ValueError: two lines"),
        (KeyError(), "crash", "KeyError"),
        (UsageError("x" * 200_000), "usage", "x" * 4000 + "…"),
    ],
)
def test_a_report_arrives_as_it_was_sent(error: Any, kind: Any, reason: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    monkeypatch.setenv(REPORT_TO, str(writing))
    report(error)
    assert read_report(reading) == ExitReport(kind=kind, reason=reason)
    report(error)
    assert read_report(reading) is None, "a process reports once"
    os.close(reading)
    os.close(writing)


def test_a_report_that_nobody_reads_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    monkeypatch.setenv(REPORT_TO, str(writing))
    report(ValueError("unread"))
    os.close(writing)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """`start(module, *arguments, **environment)` starts a service as a build does."""
    started: list[Child] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def child(module: str, *arguments: str, **environment: str) -> Child:
        given = {"MOVIE_DB_DATA": str(tmp_path), "MOVIE_DB_LOGS": str(tmp_path / "logs")} | environment
        started.append(Child(module, list(arguments), given, tmp_path / f"{module}.log", listening))
        started[-1].begin()
        return started[-1]

    yield child
    for one in started:
        one.stop()
    listening.close()


def reason(child: Child) -> tuple[type[MovieDbError], str]:
    with pytest.raises(MovieDbError) as raised:
        child.wait_until_ready()
    return type(raised.value), str(raised.value)


def test_a_service_that_refuses_its_settings_says_why_through_the_pipe(start: Any) -> None:
    child = start("web_gateway", MOVIE_DB_PACE="unlimited")
    kind, sentence = reason(child)
    assert kind is UsageError
    assert sentence.startswith("MOVIE_DB_PACE=unlimited needs MOVIE_DB_UPSTREAM")


def test_what_a_service_logs_at_its_end_is_not_taken_for_the_reason(start: Any, tmp_path: Path) -> None:
    child = start("web_gateway", "--nonsense")
    kind, sentence = reason(child)
    assert "No such option" in (tmp_path / "web_gateway.log").read_text()
    assert (kind, sentence) == (
        UnavailableError,
        f"The web gateway ended with exit code 2; see {tmp_path}/web_gateway.log. {CONTINUES}",
    )


def test_a_service_that_crashes_reports_its_exception(start: Any, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import asyncio\ndef broken(*_, **__):\n    raise ZeroDivisionError('on purpose')\nasyncio.run = broken\n"
    )
    kind, sentence = reason(start("web_gateway", PYTHONPATH=str(tmp_path)))
    assert kind is UnavailableError
    assert sentence == (
        f"The web gateway crashed (ZeroDivisionError: on purpose); see {tmp_path}/web_gateway.log. {CONTINUES}"
    )


def test_a_killed_service_is_reported_as_killed(start: Any) -> None:
    child = start("web_gateway")
    child.wait_until_ready()
    child.process.kill()
    assert str(child.error()) == f"The web gateway was killed (Killed). {CONTINUES}"


def test_waiting_for_a_service_that_never_starts_has_a_limit(start: Any, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import time\ntime.sleep(60)\n")
    child = start("web_gateway", PYTHONPATH=str(tmp_path))
    began = time.monotonic()
    with pytest.raises(UnavailableError, match=r"The web gateway did not start within 0 s; see .*web_gateway\.log"):
        child.wait_until_ready(0.3)
    assert time.monotonic() - began < 5


def test_movies_are_counted_by_their_messages_however_these_are_written(tmp_path: Path) -> None:
    segment = tmp_path / "r1-movies.jsonl"
    lines = [
        b'{"v":1,"run":"r1","type":"movie_item","entry":{}}\n',
        b'{"type": "movie_item", "v": 1, "run": "r1", "entry": {"title": "a \\"type\\":\\"record_item\\""}}\n',
        b'{"v":1,"run":"r1","type":"record_item","entry":{"note":"{\\"v\\":1,\\"type\\":\\"movie_item\\"}"}}\n',
        b'{"v":1,"run":"r1","type":"chunk_done"}\n',
        b"damaged\n",
        b'{"v":1,"run":"r1","type":"movie_item"',
    ]
    gathered = GatheredMovies(segment)
    gathered.follow()
    assert gathered.ends == []
    segment.write_bytes(b"".join(lines))
    gathered.follow()
    first, second = len(lines[0]), len(lines[0] + lines[1])
    assert gathered.ends == [first, second]
    assert [gathered.ingested(position) for position in (0, first, second - 1, second + 9)] == [0, 1, 1, 2]
    with open(segment, "ab") as file:
        file.write(b"}\n")
    gathered.follow()
    gathered.follow()
    assert len(gathered.ends) == 3
    segment.write_bytes(lines[0])
    gathered.follow()
    assert len(gathered.ends) == 3, "a segment that was cut is reported by the ingest"


def test_a_line_that_nobody_will_complete_is_not_waited_for(tmp_path: Path) -> None:
    segment = tmp_path / "movie_list" / "r1-list.jsonl"
    segment.parent.mkdir()
    segment.write_bytes(b'{"v":1}\n{"v":1}\n{"v":')
    assert all_ingested({"movie_list/r1-list.jsonl": 16}, tmp_path)
    assert not all_ingested({"movie_list/r1-list.jsonl": 8}, tmp_path)
    assert not all_ingested({}, tmp_path)
