"""Makes mishaps on purpose and counts what is lost: `python benchmarks/mishaps.py [KIND …] [--rounds N] [--seed S]`.

backup    `db backup` killed at a random moment: the file is whole or not there; a damaged one is not restored
segment   a segment of the log cut at a random byte: it is set aside, and the same command ends with the same rows
builders  a second build of the same database with another data folder is refused; killed, the first makes room for it
replaced  the database file moved away, replaced or put back while a client writes: no film that was answered is lost
clock     a build whose clock is 400 days ahead, killed or not: the same command goes on, and a refresh ends

All builds replay the sample; only the kind `clock` asks the stand-in web (`$MOVIE_DB_SHARED`). Its clock is set ahead
by a small library, which needs a C compiler. Prints for each kind the rounds, how many rows were lost and doubled, how
many files were left over, and what was said. Exit code 0: nothing was wrong.
"""

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import psutil

from compare import Rows, differences, snapshot
from power_checks import WrongResultError, tables
from power_servers import Writer
from resume import GALLERY, kill
from standin import SHARED, standin

RECORDING: Final = Path(__file__).resolve().parents[1] / "sample" / "max.warc.gz"
BUILD: Final = ("build", GALLERY, "--replay", str(RECORDING))
RUNS: Final = ("runs", "builds")
"""Tables that tell how often something was done, which a mishap may change."""
AHEAD: Final = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <semaphore.h>
#include <sys/time.h>
#include <time.h>
#define AHEAD (400 * 86400)
int clock_gettime(clockid_t id, struct timespec *at) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, at);
    if (!result && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += AHEAD;
    return result;
}
int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return result;
}
time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    int (*real)(sem_t *, const struct timespec *) = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec then = {until->tv_sec - AHEAD, until->tv_nsec};
    return real(semaphore, &then);
}
"""


class Place:
    """A folder with a database and a data folder, and the command in it."""

    def __init__(self, folder: Path, data: str = "movie_data", **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.data, self.environment = folder, data, environment

    @property
    def database(self) -> Path:
        return self.folder / "movie_db.sqlite"

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "movie_db.cli", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment, "MOVIE_DB_DATA": self.data, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, list[str]]:
        """Exit code, standard output, and the lines on standard error of a command."""
        process = self.start(*arguments, **environment)
        try:
            out, errors = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            killed(process)
            raise
        return process.returncode, out, errors.splitlines()

    def rows(self) -> Rows:
        return rows_of(self.database)


class Tally:
    """What came of the rounds of one kind."""

    def __init__(self) -> None:
        self.lost = self.doubled = self.left = 0
        self.wrong: list[str] = []
        self.said: Counter[str] = Counter()

    def compare(self, expected: Rows, found: Rows, when: str) -> None:
        for table, (missing, more) in differences(expected, found).items():
            self.lost += len(missing)
            self.doubled += len(more)
            self.wrong.append(f"{when}: {table}: {len(missing)} missing, {len(more)} more")

    def must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)

    def hear(self, lines: list[str], *words: str) -> None:
        """Keeps a line with one of these words, as a kind: without numbers and names of folders."""
        for line in lines:
            if any(word in line for word in words):
                self.said[re.sub(r"/\S*/|\d[\d:TZ.-]*|[0-9A-Z]{20,}", "…", line)[:230]] += 1


def killed(process: "subprocess.Popen[str]") -> bool:
    """Kills a command and all that it started; False if it was over already."""
    family = kill("tree", process)
    psutil.wait_procs(family, timeout=10)
    process.communicate()
    return bool(family)


class Mishaps:
    """One method for each kind. A round gets its number and a chance of its own."""

    def __init__(self, work: Path, seed: int) -> None:
        self.work, self.chance = work, random.Random(seed)
        self.whole = Place(work / "whole")
        began = time.monotonic()
        code, _, said = self.whole.run(*BUILD)
        if code:
            sys.exit(f"The undisturbed build failed: {said[-1]}")
        self.took = time.monotonic() - began
        self.expected = self.whole.rows()

    def copy(self, name: str) -> Place:
        shutil.copytree(self.whole.folder, self.work / name)
        return Place(self.work / name)

    def backup(self, number: int, tally: Tally) -> None:
        place = self.copy(f"backup-{number}")
        began = time.monotonic()
        tally.must(not place.run("db", "backup", "good.sqlite")[0], f"{number}: no backup")
        took = time.monotonic() - began
        file, before = place.folder / "100%41?.sqlite", set(place.folder.iterdir())
        process = place.start("db", "backup", file.name)
        time.sleep(self.chance.uniform(0, took))
        if not killed(process) or file.exists():
            tally.must(tables(file) == tables(place.database), f"{number}: the backup is not whole")
            file.unlink()
        code, _, said = place.run("db", "backup", file.name)
        tally.must(not code, f"{number}: the same command ended with {code}: {said[-1:]}")
        left = set(place.folder.iterdir()) - before - {file}
        tally.left += len(left)
        tally.must(not left, f"{number}: left over: {sorted(path.name for path in left)}")
        good, restored = file.read_bytes(), place.folder / "restored.sqlite"
        for damaged in (b"", good[: self.chance.randrange(1, len(good))]):
            (place.folder / "damaged.sqlite").write_bytes(damaged)
            code, _, said = place.run("db", "restore", "damaged.sqlite", "--db", f"sqlite:///{restored.name}")
            tally.must(code != 0, f"{number}: a backup of {len(damaged)} of {len(good)} bytes was restored")
            tally.must(not restored.exists(), f"{number}: the refused restore left a database")
            tally.hear(said, "backup", "damaged")
        code, _, said = place.run("db", "restore", file.name, "--db", f"sqlite:///{restored.name}")
        tally.must(not code, f"{number}: the backup is not restored: {said[-1:]}")
        tally.compare(self.expected, rows_of(restored), f"{number}: restored")

    def segment(self, number: int, tally: Tally) -> None:
        finished, stage = number % 2 == 0, ("movie_list", "item_list")[number // 2 % 2]
        place = self.copy(f"segment-{number}") if finished else Place(self.work / f"segment-{number}")
        while not (segments := [p for p in place.folder.glob(f"movie_data/{stage}/*.jsonl") if p.stat().st_size]):
            process = place.start(*BUILD)
            time.sleep(self.chance.uniform(0.5, 1) * self.took)
            killed(process)
        chosen = self.chance.choice(sorted(segments))
        os.truncate(chosen, self.chance.randrange(chosen.stat().st_size))
        code, _, said = place.run(*BUILD)
        tally.must(not code, f"{number}: the build ended with {code}: {said[-1:]}")
        tally.hear(said, "shorter")
        tally.compare(self.expected, place.rows(), f"{number}: {stage}")

    def builders(self, number: int, tally: Tally) -> None:
        first = Place(self.work / f"builders-{number}")
        second = Place(first.folder, "other_data")
        process = first.start(*BUILD)
        while not list(first.folder.glob("*-builder")):
            time.sleep(0.02)
        code, _, said = second.run(*BUILD)
        if code:
            tally.must(f"process {process.pid} " in said[-1], f"{number}: who builds is not told: {said[-1]}")
            tally.hear(said[-1:], "process")
        else:
            tally.must(process.poll() is not None, f"{number}: two builds at a time")
            tally.said["(the second build waited until the first one had ended)"] += 1
        time.sleep(self.chance.uniform(0, self.took / 4))
        killed(process)
        for place in (second, first):
            code, _, said = place.run(*BUILD)
            tally.must(not code, f"{number}: after the kill, {place.data} ended with {code}: {said[-1:]}")
        tally.left += len(list(first.folder.glob("*-builder")))
        tally.must(not list(first.folder.glob("*-builder")), f"{number}: the lease is still there")
        tally.compare(self.expected, first.rows(), str(number))

    def replaced(self, number: int, tally: Tally) -> None:
        place, fault = self.copy(f"replaced-{number}"), ("moved away", "replaced", "put back")[number % 3]
        key, moved = place.run("key", "create", "writer")[1].split()[-1], place.folder / "moved"
        moved.mkdir()
        with serving(place) as url:
            writer = Writer(url, key, by_messages=False)
            writing = threading.Thread(target=writer.work)  # until it is refused
            writing.start()
            time.sleep(self.chance.uniform(0.2, 1))
            for path in place.folder.glob("movie_db.sqlite*"):
                path.rename(moved / path.name)
            if fault == "replaced":
                shutil.copy(self.whole.database, place.database)
            writing.join(60)
            tally.must(not writing.is_alive(), f"{number}: still writing a minute after the database was {fault}")
            writer.stop.set()
            try:
                with urllib.request.urlopen(f"{url}/v1/health", timeout=30):
                    tally.must(False, f"{number}: health says that all is well")
            except urllib.error.HTTPError as error:
                told = json.load(error)["detail"]
                tally.must(error.code == 503 and "while it was open" in told, f"{number}: health: {error.code} {told}")
                tally.hear([told], "open")
            if fault == "put back":
                for path in moved.iterdir():
                    path.rename(place.folder / path.name)
                writer.one(10**6)
        there = stored(moved / place.database.name) | stored(place.database)
        lost = writer.answered.keys() - there
        tally.lost += len(lost)
        tally.must(not lost, f"{number}: {len(lost)} of {len(writer.answered)} answered films are gone")

    def clock(self, number: int, tally: Tally) -> None:
        ahead = {"LD_PRELOAD": str(compiled(self.work))}
        with standin(SHARED / "worlds" / "sample") as web:
            place = Place(self.work / f"clock-{number}", MOVIE_DB_UPSTREAM=web.url, MOVIE_DB_PACE="unlimited")
            process = place.start("build", GALLERY, **ahead)
            if number % 2:
                time.sleep(self.chance.uniform(0.3, 1) * self.took)
                killed(process)
            else:
                process.communicate()
            code, out, said = place.run("build", GALLERY)
            tally.must(not code, f"{number}: the build ended with {code}: {said[-1:]}")
            tally.must("120" in out, f"{number}: the report does not tell of 120 movies")
            tally.compare(self.expected, place.rows(), f"{number}: built")
            code, _, said = place.run("refresh")
            tally.must(not code, f"{number}: the refresh ended with {code}: {said[-1:]}")
            tally.hear(said, "ahead", "future", "clock")
            code, _, said = place.run("refresh")
            tally.must(any("Nothing is due" in line for line in said), f"{number}: still due after a refresh: {said}")
            tally.compare(self.expected, place.rows(), f"{number}: refreshed")


@contextmanager
def serving(place: Place) -> Iterator[str]:
    """A service on a free port; its address."""
    process = place.start("serve", "--port", "0")
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(r"READY (http://\S+)", line):
                yield found[1].rstrip("/")
                return
        raise WrongResultError("The service did not start.")
    finally:
        process.terminate()
        process.communicate()


def rows_of(database: Path) -> Rows:
    """All rows of a database, but those of `RUNS`."""
    return {table: rows for table, rows in snapshot(f"sqlite:///{database}").items() if table not in RUNS}


def stored(database: Path) -> set[str]:
    """The titles in a database; none where there is no database."""
    if not database.exists():
        return set()
    with closing(sqlite3.connect(database)) as connection:
        return {title for (title,) in connection.execute("SELECT title FROM movies")}


def compiled(work: Path) -> Path:
    """The library that sets the clock ahead."""
    library = work / "ahead.so"
    if not library.exists():
        if not (compiler := shutil.which("cc")):
            sys.exit("The kind clock needs a C compiler, cc.")
        command = [compiler, "-shared", "-fPIC", "-o", str(library), "-xc", "-", "-ldl"]
        subprocess.run(command, input=AHEAD, text=True, check=True)
    return library


KINDS: Final[dict[str, Callable[[Mishaps, int, Tally], None]]] = {
    "backup": Mishaps.backup,
    "segment": Mishaps.segment,
    "builders": Mishaps.builders,
    "replaced": Mishaps.replaced,
    "clock": Mishaps.clock,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"Of {', '.join(KINDS)}; all without one")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="Of the random moments")
    arguments = parser.parse_args()
    if unknown := set(arguments.kinds) - KINDS.keys():
        parser.error(f"{', '.join(sorted(unknown))} is no kind; the kinds are {', '.join(KINDS)}")
    wrong = False
    with tempfile.TemporaryDirectory(prefix="movie_db_mishaps_") as temporary:
        mishaps = Mishaps(Path(temporary), arguments.seed)
        print(f"{'kind':<9} {'rounds':>6} {'lost':>6} {'doubled':>7} {'left over':>9} {'wrong':>6}")
        for kind in arguments.kinds or KINDS:
            tally = Tally()
            for number in range(arguments.rounds):
                try:
                    KINDS[kind](mishaps, number, tally)
                except (WrongResultError, OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
                    tally.wrong.append(f"{number}: broke off: {type(error).__name__}: {error}")
            counts = f"{arguments.rounds:>6} {tally.lost:>6} {tally.doubled:>7} {tally.left:>9} {len(tally.wrong):>6}"
            print(f"{kind:<9} {counts}", flush=True)
            for line, times in tally.said.most_common(4):
                print(f"    {times} × {line}", flush=True)
            for line in tally.wrong[:10]:
                print(f"    WRONG {line}", flush=True)
            wrong |= bool(tally.wrong)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
