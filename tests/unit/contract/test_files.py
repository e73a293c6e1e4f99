"""Files appear whole or not at all; links stay links, and devices and pipes are written to."""

import multiprocessing
import os
import resource
import signal
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.files import atomic_file, is_stdout, make_folder, write_atomically

_FORK = multiprocessing.get_context("fork")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_has_the_permissions_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a", "é")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == "é".encode()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whoever_breaks_off_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, error: Any) -> None:
    (tmp_path / "a").write_text("old")

    def break_off() -> None:
        with atomic_file(tmp_path / "a") as part:
            part.write_text("half")
            part.with_name(f"{part.name}-wal").write_text("half")
            raise error

    with pytest.raises(error):
        break_off()
    assert (names(tmp_path), (tmp_path / "a").read_text()) == ({"a"}, "old")


def test_a_file_is_synced_before_it_takes_its_name_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: Any) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def replaced(self: Path, target: Any) -> Any:
        order.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    write_atomically(tmp_path / "a", b"x")
    assert order == ["file", "rename", "folder"]
    order.clear()
    make_folder(tmp_path / "b" / "c")
    assert order == ["folder", "folder"], "each folder is kept by the one above it"


def test_a_link_stays_a_link_also_to_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to("far/target")
    (tmp_path / "second").symlink_to("link")
    for path in ("link", "second"):
        write_atomically(tmp_path / path, path)
        assert (tmp_path / path).is_symlink()
        assert (tmp_path / "far" / "target").read_text() == path
    assert (names(tmp_path), names(tmp_path / "far")) == ({"far", "link", "second"}, {"target"})


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_atomically(tmp_path / "pipe", b"x" * 100_000)
    reader.join(10)
    assert read == [b"x" * 100_000]
    assert (tmp_path / "pipe").is_fifo()
    assert names(tmp_path) == {"pipe"}


def test_a_device_is_written_to_and_stays_a_device(tmp_path: Path) -> None:
    ours, terminal = os.openpty()
    (tmp_path / "link").symlink_to(os.ttyname(terminal))
    write_atomically(tmp_path / "link", b"text")
    assert os.read(ours, 10) == b"text"
    assert stat.S_ISCHR((tmp_path / "link").stat().st_mode)
    assert (tmp_path / "link").is_symlink()
    os.close(ours)
    os.close(terminal)


def test_an_open_file_is_written_to_where_it_stands(tmp_path: Path) -> None:
    with open(tmp_path / "a", "wb", buffering=0) as file:
        file.write(b"before ")
        (tmp_path / "link").symlink_to(f"/proc/self/fd/{file.fileno()}")
        for path in (Path(f"/dev/fd/{file.fileno()}"), tmp_path / "link"):
            write_atomically(path, b"within ")
        file.write(b"after")
        number = (tmp_path / "a").stat().st_ino
        assert os.fstat(file.fileno()).st_ino == number
    assert (tmp_path / "a").read_bytes() == b"before within within after"
    assert is_stdout(Path("/dev/stdout"))
    assert not is_stdout(tmp_path / "a")


def test_a_device_without_room_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"^/dev/full can't be written: No space left on device\.$"):
        write_atomically(Path("/dev/full"), b"x")


def test_a_file_that_outgrows_the_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    failures = _FORK.SimpleQueue()

    def write() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_atomically(tmp_path / "a", b"x" * 5000)
        except UnavailableError as error:
            failures.put(str(error))

    child = _FORK.Process(target=write)
    child.start()
    child.join()
    assert failures.get() == f"{tmp_path}/a can't be written: File too large."
    assert (names(tmp_path), (tmp_path / "a").read_text()) == ({"a"}, "old")


def test_what_a_killed_writer_left_goes_with_the_next_write_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    begun = _FORK.Event()

    def write() -> None:
        with atomic_file(tmp_path / "a") as part:
            part.with_name(f"{part.name}-journal").write_text("half")
            begun.set()
            signal.pause()

    child = _FORK.Process(target=write)
    child.start()
    assert begun.wait(10)
    write_atomically(tmp_path / "a", "second")
    assert len(names(tmp_path)) == 3, "the first one is still at work"
    child.kill()
    child.join()
    write_atomically(tmp_path / "other", "third")
    assert len(names(tmp_path)) == 4, "these are leftovers of another file"
    write_atomically(tmp_path / "a", "fourth")
    assert names(tmp_path) == {"a", "other"}


@pytest.mark.parametrize("name", ["x" * 255, "é" * 127, ".hidden", "a b?#%41*[x]", "-"])
def test_any_name_that_a_file_can_have_is_written(tmp_path: Path, name: Any) -> None:
    write_atomically(tmp_path / name, "text")
    assert names(tmp_path) == {name}


@pytest.mark.parametrize(("path", "said"), [(".", "is a folder"), ("nowhere/a", "does not exist"), ("a/b", "exist")])
def test_a_path_without_a_folder_is_refused(tmp_path: Path, path: Path, said: Any) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(UsageError, match=said):
        write_atomically(tmp_path / path, "x")
    assert names(tmp_path) == {"a"}


def test_a_file_system_that_can_not_sync_folders_is_done_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def without_folders(descriptor: Any) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", without_folders)
    write_atomically(tmp_path / "a", "text")
    assert names(tmp_path) == {"a"}
