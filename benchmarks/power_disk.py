"""A disk whose power can be cut: an ext4 file system in a file, mounted by a loop device.

`PowerDisk.cut` shuts the file system down without flushing its journal (the ioctl `EXT4_IOC_SHUTDOWN`), copies the
image, kills all programs that were started on the disk, and mounts the copy. Whatever was synced before is there;
whatever was not may be lost. Nothing is reordered or torn, so a real disk may lose more, never less.

Needs Linux, root, loop devices and mkfs.ext4: `why_not` tells what is missing.
"""

import array
import contextlib
import ctypes
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final

SHUTDOWN: Final = 0x8004587D
"""EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32)."""
NO_LOG_FLUSH: Final = 2
_SUBREAPER: Final = 36
"""PR_SET_CHILD_SUBREAPER: orphans of what we start become our children, so that we can find and kill them."""
_WRITE_AND_WAIT: Final = 7
SPARED: Final[set[int]] = set()
"""Processes that go on when the power is cut, with all that they started."""
_libc = ctypes.CDLL(None, use_errno=True)


class PowerDisk:
    """A disk under `folder`, mounted at `at`; a context manager that leaves nothing mounted.

    Args:
        options: mount options: `noauto_da_alloc` takes away ext4's help for renames without a sync, `commit=1` commits
            metadata each second.
        writeback: have the kernel write random files early, as it may at any time.
    """

    def __init__(self, folder: Path, megabytes: int, options: str, writeback: bool, chance: random.Random) -> None:
        self.at = folder.absolute() / "disk"
        self._image = folder.absolute() / "disk.img"
        self._megabytes = megabytes
        self._options = options
        self._writeback = writeback
        self._chance = chance
        self._still = threading.Event()
        self._writer: threading.Thread | None = None
        _libc.prctl(_SUBREAPER, 1, 0, 0, 0)

    def __enter__(self) -> "PowerDisk":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.at.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would leave the disk mounted
        self._stop_writeback()
        kill_all()
        self._unmount()
        self._image.unlink(missing_ok=True)

    def begin(self, seed: Path | None = None) -> None:
        """Makes the disk anew: empty, or with what is in `seed`, synced."""
        self._unmount()  # what a killed run left
        with open(self._image, "wb") as file:
            file.truncate(self._megabytes * 2**20)
        made = ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(self._image)]
        subprocess.run(made, check=True)
        self._mount()
        if seed:
            shutil.copytree(seed, self.at, dirs_exist_ok=True, symlinks=True)
        self.sync()
        if self._writeback:
            self._still.clear()
            self._writer = threading.Thread(target=self._write_back, daemon=True)
            self._writer.start()

    def sync(self) -> None:
        subprocess.run(["sync", "-f", str(self.at)], check=True)

    def start(self, command: Sequence[str], out: IO[str], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """Starts a program in the root of the disk."""
        return subprocess.Popen(
            command,
            cwd=self.at,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env),
            start_new_session=True,
        )

    def cut(self) -> float:
        """Cuts the power and gives it back; the moment (monotonic seconds) before which all was before the cut."""
        self._stop_writeback()
        root = os.open(self.at, os.O_RDONLY)
        moment = time.monotonic()
        fcntl.ioctl(root, SHUTDOWN, array.array("I", [NO_LOG_FLUSH]))
        os.close(root)
        left = self._image.with_suffix(".cut")
        subprocess.run(["cp", "--sparse=always", str(self._image), str(left)], check=True)
        kill_all()
        self._unmount()
        left.replace(self._image)
        self._mount()
        return moment

    def _mount(self) -> None:
        options = ",".join(filter(None, ["loop", self._options]))
        subprocess.run(["mount", "-t", "ext4", "-o", options, str(self._image), str(self.at)], check=True)

    def _unmount(self) -> None:
        for _ in range(250):
            if not os.path.ismount(self.at):
                return
            subprocess.run(["umount", str(self.at)], stderr=subprocess.DEVNULL, check=False)
            time.sleep(0.02)
        raise SystemExit(f"{self.at} can't be unmounted: something still uses it.")

    def _stop_writeback(self) -> None:
        self._still.set()
        if self._writer:
            self._writer.join()
            self._writer = None

    def _write_back(self) -> None:
        while not self._still.wait(self._chance.uniform(0.02, 0.4)):
            with contextlib.suppress(OSError):
                files = [path for path in self.at.rglob("*") if path.is_file()]
                whole = not files or self._chance.random() < 0.3
                one = os.open(self.at if whole else self._chance.choice(files), os.O_RDONLY)
                if whole:
                    _libc.syncfs(one)
                else:
                    _libc.sync_file_range(one, ctypes.c_int64(0), ctypes.c_int64(0), _WRITE_AND_WAIT)
                os.close(one)


def why_not() -> str | None:
    """Why this machine can't cut the power of a disk, in a sentence; None if it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "Power cuts need Linux and root: they mount a disk of their own."
    if missing := [tool for tool in ("mkfs.ext4", "mount", "umount") if not shutil.which(tool)]:
        return f"Power cuts need {' and '.join(missing)}: apt-get install e2fsprogs mount."
    with tempfile.TemporaryDirectory() as folder:
        try:
            with PowerDisk(Path(folder), 16, "", False, random.Random(1)) as disk:
                disk.begin()
                disk.cut()
        except (OSError, subprocess.CalledProcessError) as error:
            return f"Power cuts need loop devices and ext4, which this machine does not give ({error})."
    return None


def kill_all() -> None:
    """Kills all processes that this one started, and theirs, but those that are spared."""
    for _ in range(500):
        ours = _descendants()
        if not ours:
            return
        for process in ours:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        for process in ours:
            with contextlib.suppress(OSError):
                os.waitpid(process, os.WNOHANG)
        time.sleep(0.02)


def _descendants() -> set[int]:
    parents = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            status = Path("/proc", process, "stat").read_text().rpartition(")")[2]
            parents[int(process)] = int(status.split()[1])
    found: set[int] = set()
    new = {os.getpid()}
    while new:
        new = {process for process, parent in parents.items() if parent in new} - found - SPARED
        found |= new
    return found
