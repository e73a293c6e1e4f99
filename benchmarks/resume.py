"""Kills builds at random moments and has the same command go on: `benchmarks/resume.py [WORLD] [--moments N] …`.

Of each kind of kill (`kill -9` of the whole tree, of each process alone; Ctrl-C), prints how often the database came
out as an undisturbed build's, row for row, how many requests were asked twice, and how long any process lived on.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psutil

from compare import Rows, differences, snapshot
from standin import SHARED, StandIn, standin

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
OVER = "Next: movie-db"
"""What a build says last: who is killed after it, was killed too late."""
KILLS = ("tree", "cli", "crawling_module", "web_gateway", "wiki_api", "movie_db_client", "Ctrl-C")


@dataclass
class Tally:
    """What came of one kind of kill."""

    killed: int = 0
    same: int = 0
    twice: list[int] = field(default_factory=list)
    outlived: float = 0.0
    said: set[str] = field(default_factory=set)
    differing: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "sample")
    parser.add_argument("--gallery", default=GALLERY)
    parser.add_argument("--moments", type=int, default=20, help="Kills of each kind")
    parser.add_argument("--only", choices=KILLS, action="append", help="These kinds of kill only")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and hand that on
    with tempfile.TemporaryDirectory() as temporary, standin(arguments.world) as web:
        began = time.monotonic()
        whole, asked = undisturbed(Path(temporary) / "whole", arguments.gallery, web)
        took = time.monotonic() - began
        print(f"undisturbed: {asked:,} requests, {took:.1f} s\n")
        print(f"{'killed':<16} {'times':>5} {'same':>5} {'twice, most':>11} {'of all':>7} {'outlived':>9}")
        for kind in arguments.only or KILLS:
            tally = Tally()
            for number in count():  # a build that is over before its moment does not count
                if tally.killed == arguments.moments:
                    break
                folder = Path(temporary) / f"{kind}-{number}"
                one_kill(kind, chance.uniform(0.3, took), folder, arguments.gallery, web, whole, asked, tally)
            share = sum(tally.twice) / max(1, asked * len(tally.twice))
            print(
                f"{kind:<16} {tally.killed:>5} {tally.same:>5} {max(tally.twice, default=0):>11} {share:>7.2%} "
                f"{tally.outlived:>7.1f} s",
                flush=True,
            )
            for line in sorted(tally.said) + tally.differing:
                print(f"    {line}", flush=True)


def command(folder: Path, gallery: str) -> list[str]:
    """The build, as a user would type it."""
    options = ["--db", f"sqlite:///{folder}/movie_db.sqlite", "--data", str(folder / "data")]
    return [sys.executable, "-m", "movie_db.cli", "build", gallery, *options]


def start(folder: Path, gallery: str, web: StandIn) -> "subprocess.Popen[str]":
    """A build under way, in a group of processes of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
    return subprocess.Popen(
        command(folder, gallery),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def requests(web: StandIn) -> int:
    return sum(told.get("requests", 0) for told in web.control("stats")["hosts"].values())


def undisturbed(folder: Path, gallery: str, web: StandIn) -> tuple[Rows, int]:
    """What the database is like when nothing happens, and how many requests that takes."""
    web.reset()
    process = start(folder, gallery, web)
    _, errors = process.communicate()
    if process.returncode:
        sys.exit(f"The undisturbed build failed: {errors.splitlines()[-1]}")
    return snapshot(f"sqlite:///{folder}/movie_db.sqlite"), requests(web)


def one_kill(
    kind: str, moment: float, folder: Path, gallery: str, web: StandIn, whole: Rows, asked: int, tally: Tally
) -> None:
    """Kills one build after `moment` seconds, starts it again at once, and notes what came of it."""
    web.reset()
    process = start(folder, gallery, web)
    time.sleep(moment)
    family = kill(kind, process)
    gone = time.monotonic()
    out, errors = process.communicate()
    if not family or OVER in out:
        return  # the build was faster
    tally.killed += 1
    if process.returncode > 0:
        tally.said.add(errors.splitlines()[-1].replace(str(folder), "…"))
    again = start(folder, gallery, web)
    left = psutil.wait_procs(family, timeout=15)[1]
    tally.outlived = max(tally.outlived, time.monotonic() - gone)
    if left:
        tally.differing.append(f"after {moment:.2f} s: still there: {[' '.join(p.cmdline()[1:4]) for p in left]}")
    _, errors = again.communicate()
    if again.returncode:
        tally.differing.append(f"after {moment:.2f} s: exit code {again.returncode}: {errors.splitlines()[-1]}")
        return
    found = differences(whole, snapshot(f"sqlite:///{folder}/movie_db.sqlite"))
    tally.same += not found
    tally.twice.append(requests(web) - asked)
    for table, (missing, extra) in found.items():
        tally.differing.append(f"after {moment:.2f} s: {table}: {len(missing)} missing, {len(extra)} more")


def kill(kind: str, process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Kills one process of a build (as soon as it is there) or all; tells which processes it had, none if too late."""
    chosen: list[psutil.Process] = []
    while not chosen:
        if process.poll() is not None:
            return []
        try:
            root = psutil.Process(process.pid)
            family = [root, *root.children(recursive=True)]
            if kind == "Ctrl-C":
                os.killpg(process.pid, signal.SIGINT)
                return family
            chosen = [p for p in family if kind == "tree" or f"movie_db.{kind}" in p.cmdline()]
        except (psutil.Error, ProcessLookupError):
            process.wait()
            return []
        time.sleep(0.02)
    for one in chosen:
        with suppress(psutil.Error):
            one.kill()
    return family


if __name__ == "__main__":
    main()
