"""Linking a list of n films to another of n, for n = 10,000, 100,000 and, if asked, 1,000,000: how long, how well.

    MOVIE_DB_SHARED=FOLDER python benchmarks/million.py [n ...]

The films are made by `made_films.py`, and told to nobody but the two lists: four fifths of each list are in the other
too, damaged there; the rest have no partner. There are no ids and no actors. `movie-db match` runs as a process of its
own. Minutes are those of the clock; CPU those of all processors together, which others on the machine change less;
memory is what the command and its helpers have, shared pages counted in parts (PSS), at the most. Precision is of the
pairs written as `same`, recall of all films that are in both lists. Growth is from the run before: n to which power.
"""

import csv
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from made_films import Made, damaged, films


class Result(NamedTuple):
    """Of one run: seconds, those of all processors together, memory in bytes, and shares of 1."""

    number: int
    seconds: float
    processors: float
    memory: int
    precision: float
    recall: float


def main() -> None:
    numbers = [int(n.replace(",", "")) for n in sys.argv[1:]] or [10_000, 100_000]
    results: list[Result] = []
    print(f"{'films':>10} {'minutes':>8} {'CPU':>8} {'memory':>8} {'P':>7} {'R':>7}  growth of CPU, of memory")
    for number in sorted(numbers):
        with tempfile.TemporaryDirectory() as folder:
            results.append(run(Path(os.environ["MOVIE_DB_SHARED"]), number, Path(folder)))
        print(_line(results), flush=True)


def _line(results: list[Result]) -> str:
    now = results[-1]
    figures = f"{now.number:10,} {now.seconds / 60:8.2f} {now.processors / 60:8.2f} {now.memory / 2**20:5,.0f} MB"
    growth = ""
    if len(results) > 1:
        before = results[-2]
        times = math.log(now.number / before.number)
        longer, larger = math.log(now.processors / before.processors), math.log(now.memory / before.memory)
        growth = f"n^{longer / times:.2f}, n^{larger / times:.2f}"
    return f"{figures} {now.precision:7.4f} {now.recall:7.4f}  {growth}"


def run(shared: Path, number: int, folder: Path) -> Result:
    """Makes both lists, links them, and counts."""
    chance = random.Random(2)
    alone = number // 5
    made = films(shared, number + alone)
    _write(folder / "left.csv", "l", numbered(made[:number], 0))
    right = [(n, damaged(film, chance)) for n, film in numbered(made[alone:], alone)]
    chance.shuffle(right)
    _write(folder / "right.csv", "r", right)
    both = number - alone
    del made, right
    seconds, processors, memory = _measured(
        [sys.executable, "-m", "movie_db.cli", "match", "left.csv", "right.csv", "--out", "pairs.csv"], folder
    )
    with (folder / "pairs.csv").open(encoding="utf-8") as file:
        said = [row["left"][1:] == row["right"][1:] for row in csv.DictReader(file)]
    return Result(number, seconds, processors, memory, sum(said) / max(1, len(said)), sum(said) / both)


def numbered(made: list[Made], first: int) -> list[tuple[int, Made]]:
    return list(enumerate(made, first))


def _write(path: Path, side: str, made: list[tuple[int, Made]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "title", "year", "director", "runtime"))
        writer.writerows((f"{side}{n}", f.title, f.year, f.director, f.minutes) for n, f in made)


def _measured(command: list[str], folder: Path) -> tuple[float, float, int]:
    """Seconds that a command takes, those of all processors, and the most memory of it and its children at once."""
    began, used, most = time.monotonic(), os.times(), 0
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    root = psutil.Process(process.pid)
    while process.poll() is None:
        with suppress(psutil.Error):  # ended meanwhile
            most = max(most, sum(p.memory_full_info().pss for p in (root, *root.children(recursive=True))))
        time.sleep(0.25)
    if process.returncode:
        sys.exit(f"{' '.join(command[2:])} ended with {process.returncode}.")
    now = os.times()
    return time.monotonic() - began, sum(now[2:4]) - sum(used[2:4]), most


if __name__ == "__main__":
    main()
