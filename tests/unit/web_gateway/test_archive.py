import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import UnavailableError
from movie_db.web_gateway.archive import Archive, Entry
from movie_db.web_gateway.exchange import Key, ProxyResponse
from presence import present

URL = "https://en.wikipedia.org/wiki/Alien"


def entry(
    status: Any = 200,
    body: Any = b"\xff\xfe\x00page",
    at: Any = 1000,
    url: Any = URL,
    method: Any = "GET",
    request_body: Any = b"",
) -> Any:
    return Entry(
        method, url, request_body, ProxyResponse(status, (("Content-Type", "text/html"),), body, url + "#final", at)
    )


def key(url: Any = URL, method: Any = "GET", request_body: Any = b"") -> Any:
    return Key.of(method, url, request_body)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Any]:
    with Archive(tmp_path / "archive.sqlite") as opened:
        yield opened


def test_an_answer_comes_back_as_it_was(archive: Any) -> None:
    archive.store(entry())
    assert archive.find(key()) == entry().answer


def test_requests_differ_by_method_address_and_body(archive: Any) -> None:
    archive.store(entry(method="POST", request_body=b"a", body=b"A"))
    archive.store(entry(method="POST", request_body=b"b", body=b"B"))
    assert archive.find(key(method="POST", request_body=b"a")).body == b"A"
    assert archive.find(key(method="POST", request_body=b"b")).body == b"B"
    assert archive.find(key()) is None
    assert archive.find(key(URL + "?")) is None


def test_the_newest_answer_wins(archive: Any) -> None:
    archive.store(entry(body=b"old", at=1000))
    archive.store(entry(body=b"new", at=2000))
    assert archive.find(key()).body == b"new"
    assert len(list(archive.used_since())) == 1


def test_an_older_answer_than_wanted_is_none(archive: Any) -> None:
    archive.store(entry(at=1000))
    assert archive.find(key(), not_before=1001) is None
    assert archive.find(key(), not_before=1000)


@pytest.mark.parametrize("status", [403, 301, 400])
def test_what_may_not_be_given_again_is_kept_but_not_given(archive: Any, status: int) -> None:
    archive.store(entry(status))
    assert archive.find(key()) is None
    assert archive.find(key(), any_answer=True).status == status


def test_a_refusal_does_not_take_away_the_page_we_had(archive: Any) -> None:
    archive.store(entry(200, b"page", 1000))
    archive.store(entry(403, b"go away", 2000))
    assert archive.find(key()).body == b"page"
    archive.store(entry(404, b"gone", 3000))
    assert archive.find(key()).status == 404


def test_used_since_knows_what_was_stored_or_given_since(archive: Any) -> None:
    archive.store(entry(url=URL + "b"))
    archive.store(entry(url=URL + "a"))
    time.sleep(0.01)
    start = time.time()
    assert list(archive.used_since(start)) == []
    archive.find(key(URL + "b"))
    archive.store(entry(url=URL + "c"))
    assert [e.url[-1] for e in archive.used_since(start)] == ["b", "c"]
    assert [e.url[-1] for e in archive.used_since()] == ["a", "b", "c"]


def test_a_quota_is_counted_by_day_and_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    with Archive(path) as archive:
        assert [archive.take("www.omdbapi.com", "2026-11-23", 2) for _ in range(4)] == [True, True, False, False]
    with Archive(path) as archive:
        assert archive.take("www.omdbapi.com", "2026-11-23", 2) is False
        assert archive.take("www.omdbapi.com", "2026-11-24", 2) is True
        assert archive.counted("www.omdbapi.com", "2026-11-23") == 2


def test_an_answer_is_stored_whole_or_not_at_all(archive: Any) -> None:
    def stop_half_way() -> None:
        with archive.transaction():
            archive.add(entry())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert archive.find(key()) is None


def test_others_read_and_write_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    with Archive(path) as one, Archive(path) as two:
        one.store(entry(url=URL + "1"))
        reading = two.used_since()
        assert next(reading).url == URL + "1"
        one.store(entry(url=URL + "2"))
        two.store(entry(url=URL + "3"))
        assert one.find(key(URL + "3"))


WRITER = """
import sys, pathlib
from movie_db.web_gateway.archive import Archive, Entry
from movie_db.web_gateway.exchange import ProxyResponse
archive = Archive(pathlib.Path(sys.argv[1]))
for n in range(10**6):
    url = f"https://en.wikipedia.org/{n}"
    archive.store(Entry("GET", url, b"", ProxyResponse(200, (), str(n).encode() * 5000, url, n)))
    print(n, flush=True)
"""


def test_kill_9_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            output = present(writer.stdout)
            told = [int(output.readline()) for _ in range(60)]
            os.kill(writer.pid, signal.SIGKILL)
            told += [int(line) for line in output.read().split(b"\n")[:-1]]
        with Archive(path) as archive:
            for n in told:
                found = present(archive.find(Key.of("GET", f"https://en.wikipedia.org/{n}", b"")))
                assert found.body == str(n).encode() * 5000
        assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    path.write_bytes(b"GIF89a" * 1000)
    with pytest.raises(UnavailableError, match="not an archive of movie_db"):
        Archive(path)
    assert path.read_bytes() == b"GIF89a" * 1000
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE cats (name)")
    other.close()
    with pytest.raises(UnavailableError, match="another program"):
        Archive(path)


def test_an_archive_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    Archive(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(UnavailableError, match="version 99"):
        Archive(path)


def test_places_that_can_not_hold_an_archive_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(UnavailableError, match="can't be made"):
        Archive(tmp_path / "file" / "archive.sqlite")
    with pytest.raises(UnavailableError, match="can't be used"):
        Archive(tmp_path / "folder.sqlite")
    with pytest.raises(UnavailableError, match="There is no archive"):
        Archive(tmp_path / "absent.sqlite", must_exist=True)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """The connections that archives opened from now on use."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def spy(*args: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", spy)
    return opened


def test_a_full_disk_is_told_in_one_sentence(connection: list[sqlite3.Connection], tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive.sqlite")
    connection[0].execute("PRAGMA max_page_count = 20")
    with pytest.raises(UnavailableError, match=r"can't be used \(database or disk is full\)"):
        archive.store(entry(body=os.urandom(200_000)))
    connection[0].execute("PRAGMA max_page_count = 100000")
    archive.store(entry())
    assert archive.find(key())


def test_a_note_of_use_leaves_the_next_answer_and_count_synced(
    connection: list[sqlite3.Connection], tmp_path: Path
) -> None:
    archive = Archive(tmp_path / "archive.sqlite")
    archive.store(entry())
    assert archive.find(key())
    assert connection[0].execute("PRAGMA synchronous").fetchone() == (2,)
