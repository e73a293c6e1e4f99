"""Does every film get its own page? `python benchmarks/matching.py [WORLD] [--case hidden|years|titles] [--limit N]`

Builds on the stand-in web, scored against the world's gold: the gallery, of whose films some bear no id (`hidden`);
a CSV of the titles and years of all its films (`years`); a CSV of their titles alone (`titles`). Beside them stands,
on the same stand-in, the usual script: the first search's film whose name is most like the title.
"""

import argparse
import asyncio
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from movie_db.contract.messages import MovieListEntry
from movie_db.crawling_module.galleries.own_list import OwnList
from standin import SHARED, StandIn, standin

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
CASES = ("hidden", "years", "titles")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "max")
    parser.add_argument("--gallery", default=GALLERY)
    parser.add_argument("--case", choices=CASES, action="append", help="Only this one (may be given again)")
    parser.add_argument("--limit", type=int, help="Only so many films of the lists")
    parser.add_argument("--folder", type=Path, help="Where to work; kept afterwards")
    arguments = parser.parse_args()
    gold = [json.loads(line) for line in (arguments.world / "gold.jsonl").read_text("utf-8").splitlines()]
    gold = gold[: arguments.limit]
    with tempfile.TemporaryDirectory() as temporary, standin(arguments.world) as web:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for case in arguments.case or CASES:
            if case == "hidden":
                measure(case, arguments.gallery, gold, folder, web)
            else:
                usual = "year" if case == "years" else None
                baseline(arguments.world / "gold.jsonl", web, usual)
                measure(case, write_list(gold, folder / f"{case}.csv", with_years=case == "years"), gold, folder, web)


def write_list(gold: list[dict[str, Any]], path: Path, with_years: bool) -> str:
    """A user's own list of the gold's films, without any id."""
    with open(path, "w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(("title", "year"))
        rows.writerows((film["title"], film["year"] if with_years else "") for film in gold)
    return str(path)


def measure(case: str, gallery: str, gold: list[dict[str, Any]], folder: Path, web: StandIn) -> None:
    """Builds a list or gallery, and prints how its films' links stand."""
    db, export = f"sqlite:///{folder}/{case}.sqlite", folder / f"{case}.jsonl"
    environment = {**os.environ, "MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
    command = [sys.executable, "-m", "movie_db.cli"]
    web.reset()
    started = time.monotonic()
    built = [*command, "build", gallery, "--db", db, "--data", str(folder / case)]
    with open(folder / f"{case}.log", "w", encoding="utf-8") as log:
        subprocess.run(built, env=environment, check=True, stdout=log, stderr=log)
    took = time.monotonic() - started
    hosts = web.control("stats")["hosts"]
    searches = sum(n for path, n in hosts["en.wikipedia.org"]["by_path"].items() if "search" in path)
    subprocess.run([*command, "export", "--db", db, str(export)], check=True, stdout=subprocess.DEVNULL)
    if case != "hidden":
        bear_gold_ids(export, gallery, gold)
    gold_file = folder / "gold.jsonl"
    gold_file.write_text("".join(json.dumps(film) + "\n" for film in gold), "utf-8")
    scorer = [sys.executable, str(SHARED / "worlds" / "score.py"), str(export), str(gold_file)]
    scored = subprocess.run(
        [*scorer, "hidden" if case == "hidden" else "all"], check=True, capture_output=True, text=True
    )
    print(f"{case:<8} {scored.stdout.strip()}\n         wrong: {scored.stderr.strip()}")
    print(f"         {took:.0f} s, {searches} searches", flush=True)


def bear_gold_ids(export: Path, listed: str, gold: list[dict[str, Any]]) -> None:
    """Gives the films of an own list the gold's ids, by the title and year that the list told of them."""
    bearers: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    with open(listed, newline="", encoding="utf-8") as rows:
        for film, row in zip(gold, csv.DictReader(rows), strict=True):
            bearers[row["title"], int(row["year"]) if row["year"] else None].append(film["justwatch_id"])
    told = {entry.key: bearers[entry.title, entry.year] for entry in asyncio.run(entries(listed))}
    movies = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    for movie in movies:
        keys = [f"own_list:{value}" for value in as_list(movie["ids"].get("own_list"))]
        movie["ids"]["justwatch"] = [bearer for key in keys for bearer in told[key]]
    export.write_text("".join(json.dumps(movie) + "\n" for movie in movies), "utf-8")


def as_list(value: Any) -> list[Any]:
    """Some namespaces give one id, some several."""
    return value if isinstance(value, list) else [] if value is None else [value]


async def entries(listed: str) -> list[MovieListEntry]:
    """The own list as the crawler reads it."""

    asks_nobody: Any = None
    films = OwnList(listed, Path(listed)).films(asks_nobody, "benchmark")
    return [entry async for entry in films if isinstance(entry, MovieListEntry)]


def baseline(gold: Path, web: StandIn, usual: str | None) -> None:
    """What the usual script gets of the same films."""
    command = [
        sys.executable,
        str(SHARED / "worlds" / "usual_script.py"),
        web.url,
        str(gold),
        *([usual] if usual else []),
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(f"usual script ({'title and year' if usual else 'title'}): {told.strip()}", flush=True)


if __name__ == "__main__":
    main()
