"""A refresh on the stand-in web, measured: `python benchmarks/refresh.py [WORLD] [--folder DIR] [--kills N]`.

Builds the world's gallery, then: refreshes at once (nothing is due); with `--all`; a month later (the database's times
are put back), when all films are due; with `--pages`: each time with the requests, in percent of the build's, and what
in the database is otherwise. Then kills refreshes in the middle and goes on. At last the world some time later
(`worlds/later.py`): whether `movie-db changes` tells what came, left and moved in it, and nothing else.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from compare import Rows, differences, snapshot
from standin import SHARED, StandIn, standin

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
PROVIDER = "mxx"
MONTH = "-31 days"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "max")
    parser.add_argument("--folder", type=Path, help="Where to work; kept afterwards")
    parser.add_argument("--kills", type=int, default=5, help="Refreshes to kill")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        built = folder / "built"
        with standin(arguments.world) as web:
            first = requests_of(web, built, "build", GALLERY)
            told("build", first, first)
            whole = snapshot(database(built))
            for name, options, age in (
                ("refresh at once", (), None),
                ("refresh --all", ("--all",), None),
                ("refresh a month later", (), MONTH),
                ("refresh --pages", ("--pages",), None),
            ):
                place = copied(built, folder / name.replace(" ", ""), age)
                told(name, requests_of(web, place, "refresh", *options), first)
                compare(whole, place)
        later = folder / "later"
        # later.py links the files that stay as they are, and the stand-in reads none from outside of its world.
        shutil.copytree(arguments.world, later, ignore=shutil.ignore_patterns("justwatch.jsonl"))
        command = [sys.executable, str(SHARED / "worlds" / "later.py"), str(arguments.world), str(later)]
        subprocess.run(command, check=True)
        with standin(later) as web:
            place = copied(built, folder / "after")
            since = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
            began = time.monotonic()
            told("refresh --all, later", requests_of(web, place, "refresh", "--all"), first)
            took = time.monotonic() - began
            events = [json.loads(line) for line in run(place, "changes", "--since", since, "--format", "jsonl")]
            check(arguments.world, later, place, events)
            after = snapshot(database(place))
            chance = random.Random(arguments.seed)
            for number in range(arguments.kills):
                kill(web, copied(built, folder / f"killed{number}"), chance.uniform(0.5, took), after)


def database(place: Path) -> str:
    return f"sqlite:///{place}/movie_db.sqlite"


def command(place: Path, *arguments: str) -> list[str]:
    data = [] if arguments[0] == "changes" else ["--data", str(place / "data")]
    return [sys.executable, "-m", "movie_db.cli", *arguments, "--db", database(place), *data]


def run(place: Path, *arguments: str, **environment: str) -> list[str]:
    place.mkdir(exist_ok=True)
    done = subprocess.run(
        command(place, *arguments), env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed: {done.stderr}")
    return done.stdout.splitlines()


def requests_of(web: StandIn, place: Path, *arguments: str) -> dict[str, int]:
    """Runs a command and counts its requests by host, by the stand-in's own counters."""
    web.reset()
    run(place, *arguments, MOVIE_DB_UPSTREAM=web.url, MOVIE_DB_PACE="unlimited")
    hosts = web.control("stats")["hosts"]
    return {host: number for host, counted in hosts.items() if (number := counted.get("requests", 0))}


def told(name: str, asked: dict[str, int], first: dict[str, int]) -> None:
    share = sum(asked.values()) / sum(first.values())
    print(f"{name:<24} {sum(asked.values()):>5} requests, {share:>6.1%} {asked}", flush=True)


def copied(place: Path, to: Path, age: str | None = None) -> Path:
    """A copy of a built database with its data folder; its times put back by `age`."""
    shutil.copytree(place, to)
    if age:
        with closing(sqlite3.connect(to / "movie_db.sqlite")) as db, db:
            for table, column in list(moments(db)):
                db.execute(f"UPDATE {table} SET {column} = strftime('%Y-%m-%d %H:%M:%S.000000', {column}, '{age}')")
            for path in ("$.retrieved_at", "$.origin.retrieved_at"):
                moved = f"strftime('%Y-%m-%dT%H:%M:%SZ', json_extract(record, '{path}'), '{age}')"
                db.execute(f"UPDATE source_records SET record = json_replace(record, '{path}', {moved})")
    return to


def moments(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        for _, column, kind, *_ in db.execute(f"PRAGMA table_info('{table}')"):
            if kind == "TIMESTAMP":
                yield f'"{table}"', column


def compare(whole: Rows, place: Path) -> None:
    """Says what is otherwise; a run more is what every refresh leaves."""
    found = differences(whole, snapshot(database(place)))
    found.pop("runs", None)
    for table, (missing, extra) in found.items():
        print(f"    {table}: {len(missing)} missing, {len(extra)} more: {(missing + extra)[0][:300]}")
    print("    the database is otherwise" if found else "    the database is the same, row for row", flush=True)


def check(world: Path, later: Path, place: Path, events: Sequence[dict[str, Any]]) -> None:
    """Compares what `changes` told with what the worlds differ in."""
    truth = json.loads((later / "changes.json").read_text("utf-8"))
    lines = (world / "justwatch.jsonl").read_text("utf-8").splitlines()
    titles = {title["id"]: title for title in map(json.loads, lines)}
    with closing(sqlite3.connect(place / "movie_db.sqlite")) as db:
        asked = "SELECT entity_id, value FROM external_ids WHERE entity = 'movie' AND namespace = 'justwatch'"
        films = dict(db.execute(asked).fetchall())
    wanted: Counter[Any] = Counter(("left", "gallery", key) for key in truth["left"])
    wanted += Counter(("came", "gallery", key) for key in truth["came"])
    wanted += Counter(("changed", "rating", key, old, new) for key, (old, new) in truth["rating"].items())
    for key in truth["left"]:
        lost = {
            (o["monetizationType"], o["presentationType"]) for o in titles[key]["offers"] if o["package"] == PROVIDER
        }
        wanted["left", "offers", key] += len(lost)
    got: Counter[Any] = Counter()
    for event in events:
        key = films.get(event["movie_id"]) or (event["key"] or "").removeprefix("justwatch:")
        values = (event["old"], event["new"]) if event["what"] == "changed" else ()
        got[event["what"], event["field"], key, *values] += 1
    for what in ("left", "came", "changed"):
        for field in sorted({name[1] for name in (*wanted, *got) if name[0] == what}):
            told = Counter({name: n for name, n in got.items() if name[:2] == (what, field)})
            true = Counter({name: n for name, n in wanted.items() if name[:2] == (what, field)})
            missing, more = true - told, told - true
            print(f"    {what} {field}: {told.total()} told, {missing.total()} missing, {more.total()} wrong")
            for name in [*missing, *more][:5]:
                print(f"        {name}")


def kill(web: StandIn, place: Path, moment: float, after: Rows) -> None:
    """Kills a refresh and all its services in the middle, and gives the same command again."""
    environment = {**os.environ, "MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
    process = subprocess.Popen(
        command(place, "refresh", "--all"),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(moment)
    over = process.poll() is not None
    if not over:
        root = psutil.Process(process.pid)
        for one in (root, *root.children(recursive=True)):
            one.kill()
        process.wait()
    run(place, "refresh", "--all", MOVIE_DB_UPSTREAM=web.url, MOVIE_DB_PACE="unlimited")
    print(f"killed after {moment:.1f} s{' (it was over)' if over else ''}")
    compare(after, place)


if __name__ == "__main__":
    main()
