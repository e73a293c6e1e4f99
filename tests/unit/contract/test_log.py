"""The log: whole lines or none, one writer, any number of readers."""

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.contract import log
from movie_db.contract.errors import ContractError, UnavailableError, UsageError
from movie_db.contract.log import SegmentCutError, SegmentWriter, end_of_lines, left_out, read, segments, set_aside
from movie_db.contract.messages import ChunkDone, parse


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    return tmp_path / "item_list" / "r1-movies.jsonl"


def chunk(position: int) -> ChunkDone:
    return ChunkDone(run="r1", position=position)


def position_of(raw: bytes) -> int:
    message = parse(raw)
    assert isinstance(message, ChunkDone)
    return message.position


def positions(path: Path, offset: int = 0) -> list[int]:
    return [position_of(line.raw) for line in read(path, offset)]


def test_what_is_written_is_read_in_order(segment: Path) -> None:
    with SegmentWriter(segment) as writer:
        writer.write(chunk(1), chunk(2))
        writer.write(chunk(3))
    assert positions(segment) == [1, 2, 3]


def test_reading_goes_on_behind_any_line(segment: Path) -> None:
    with SegmentWriter(segment) as writer:
        writer.write(*map(chunk, range(5)))
    for number, line in enumerate(read(segment)):
        assert positions(segment, line.end) == list(range(number + 1, 5))


@given(torn=st.binary(min_size=1, max_size=200_000).filter(lambda b: b"\n" not in b), whole=st.integers(0, 3))
def test_a_torn_last_line_is_never_read_and_cut_when_the_segment_is_opened_again(
    tmp_path_factory: pytest.TempPathFactory, torn: bytes, whole: int
) -> None:
    segment = tmp_path_factory.mktemp("log") / "r1-movies.jsonl"
    with SegmentWriter(segment) as writer:
        writer.write(*map(chunk, range(whole)))
    with open(segment, "ab") as file:
        file.write(torn)
    assert positions(segment) == list(range(whole))
    with SegmentWriter(segment) as writer:
        writer.write(chunk(99))
    assert positions(segment) == [*range(whole), 99]


def test_a_second_writer_is_told_to_wait(segment: Path) -> None:
    with SegmentWriter(segment), pytest.raises(UsageError, match=r"Another run is writing .* wait for it, or stop it"):
        SegmentWriter(segment)
    SegmentWriter(segment).close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "item_list").write_text("a file in its place")
    with pytest.raises(UnavailableError, match="can't be written"):
        SegmentWriter(tmp_path / "item_list" / "r1-movies.jsonl")


class _Disk:
    """A file on a disk that is full while `full` is set: then it takes a part of what is written, or nothing."""

    full = False

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, data: memoryview) -> int:
        if self.full and len(data) < 50:
            raise OSError(28, "No space left on device")
        return int(self._file.write(data[: len(data) - 20] if self.full else data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_a_full_disk_is_told_and_leaves_whole_lines(segment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(log, "open", lambda *args, **options: _Disk(open(*args, **options)), raising=False)  # noqa: SIM115
        writer = SegmentWriter(segment)
    with writer:
        writer.write(chunk(1))
        monkeypatch.setattr(_Disk, "full", True)
        with pytest.raises(UnavailableError, match="No space left on device"):
            writer.write(chunk(2), chunk(3))
        monkeypatch.setattr(_Disk, "full", False)
        writer.write(chunk(4))
    assert positions(segment) == [1, 2, 4]


def test_a_segment_that_got_shorter_is_told(segment: Path) -> None:
    with SegmentWriter(segment) as writer:
        writer.write(chunk(1), chunk(2))
    end = list(read(segment))[-1].end
    os.truncate(segment, end - 1)
    with pytest.raises(SegmentCutError, match="shorter than what was already read"):
        list(read(segment, end))


def test_a_segment_that_got_shorter_and_grew_again_is_told(segment: Path) -> None:
    with SegmentWriter(segment) as writer:
        writer.write(chunk(1), chunk(2))
    end = list(read(segment))[-1].end
    os.truncate(segment, end // 2)
    with SegmentWriter(segment) as writer:
        writer.write(chunk(100), chunk(1000))
    with pytest.raises(SegmentCutError, match="other lines"):
        list(read(segment, end))


def test_a_segment_is_set_aside_under_a_name_of_its_own(segment: Path) -> None:
    for position in (1, 2, 3):
        with SegmentWriter(segment) as writer:
            writer.write(chunk(position))
        place = set_aside(segment)
        assert place is not None
        assert positions(place) == [position]
        assert not segment.exists()
    folder = segment.parent.parent / "set_aside" / "item_list"
    assert sorted(path.name for path in folder.iterdir()) == ["r1-movies.2.jsonl", "r1-movies.3.jsonl", segment.name]


def test_a_segment_that_is_being_written_stays_where_it_is(segment: Path) -> None:
    with SegmentWriter(segment) as writer:
        assert set_aside(segment) is None
        writer.write(chunk(1))
    assert positions(segment) == [1]


def test_what_is_no_file_is_no_segment(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    (tmp_path / "b.jsonl").mkdir()
    (tmp_path / "c.jsonl").symlink_to(tmp_path / "nowhere")
    assert segments(tmp_path) == [tmp_path / "a.jsonl"]
    assert [text.partition(" ")[0] for text in left_out(tmp_path)] == [
        f"{tmp_path}/b.jsonl",
        f"{tmp_path}/c.jsonl",
    ]


def test_a_segment_that_the_disk_can_not_read_counts_as_cut(segment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(log, "open", broken, raising=False)
    with pytest.raises(SegmentCutError, match=r"can't be read \(Input/output error\)"):
        list(read(segment))


def test_segments_come_oldest_run_first(tmp_path: Path) -> None:
    for name in ("20260102T000000-b-list.jsonl", "20260101T000000-a-list.jsonl", "notes.txt"):
        (tmp_path / name).touch()
    assert [p.name[:8] for p in segments(tmp_path)] == ["20260101", "20260102"]
    assert segments(tmp_path / "nowhere") == []


WRITER = """
import sys
from pathlib import Path
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import RejectedItem
with SegmentWriter(Path(sys.argv[1])) as writer:
    print("writing", flush=True)
    while True:
        writer.write(*(RejectedItem(run="r1", reason=str(n), raw="x" * 5000) for n in range(200)))
"""


def test_a_writer_killed_in_the_middle_leaves_whole_lines_only(segment: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(segment)], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    while segment.stat().st_size < 3_000_000:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    before = [parse(line.raw) for line in read(segment)]
    with SegmentWriter(segment) as writer:
        writer.write(chunk(7))
    after = [parse(line.raw) for line in read(segment)]
    assert after == [*before, chunk(7)]


def test_who_reads_while_it_is_written_sees_every_line_once(segment: Path) -> None:
    count = 3000
    seen: list[int] = []
    done = threading.Event()
    SegmentWriter(segment).close()

    def tail() -> None:
        offset, last = 0, False
        while not last:
            last = done.is_set()
            for line in read(segment, offset):
                offset = line.end
                seen.append(position_of(line.raw))

    reader = threading.Thread(target=tail)
    reader.start()
    with SegmentWriter(segment) as writer:
        for position in range(count):
            writer.write(chunk(position))
    done.set()
    reader.join()
    assert seen == list(range(count))


def test_a_line_without_sense_is_handed_on_for_its_reader_to_judge(segment: Path) -> None:
    segment.parent.mkdir()
    segment.write_bytes(b"garbage\n" + b'{"type":"chunk_done","v":1,"run":"r1","position":1}\n')
    first, second = log.read(segment)
    with pytest.raises(ContractError):
        parse(first.raw)
    assert parse(second.raw) == chunk(1)


@pytest.mark.parametrize(("lines", "torn"), [(0, b""), (0, b"torn"), (2, b""), (2, b"torn"), (2, b"x" * 200_000)])
def test_lines_end_before_what_was_never_written_to_its_end(segment: Path, lines: int, torn: bytes) -> None:
    with SegmentWriter(segment) as writer:
        writer.write(*map(chunk, range(lines)))
    whole = segment.stat().st_size
    segment.write_bytes(segment.read_bytes() + torn)
    assert end_of_lines(segment) == whole
    SegmentWriter(segment).close()
    assert segment.stat().st_size == whole
