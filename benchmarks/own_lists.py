"""Films of lists as people write them: `python benchmarks/own_lists.py [WORLD] [--titles] [--without SHARE]`

Of every film of the world's gallery a list has one row, written in one of the ways below, by chance. It is built on the
stand-in web, without any id, and told by way how many films were linked to the right item, to a wrong one, to none.

`--titles` leaves the years out. `--without SHARE` takes that share of the films out of Wikidata and Wikipedia, all that
is there of them: whatever is linked of those is wrong, however much it looks like the film.
"""

import argparse
import asyncio
import csv
import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from made_films import accents, article_behind, misspelt, numeral
from matching import entries
from standin import SHARED, standin


class Told(NamedTuple):
    """A film as a row of the list tells it."""

    title: str
    year: int | None


def _subtitle(title: str) -> str:
    return re.split(r": | - | – ", title)[0]


def _other_and(title: str) -> str:
    return title.replace(" & ", " and ") if " & " in title else re.sub(r"\band\b", "&", title)


def _punctuation(title: str) -> str:
    return " ".join(re.sub(r"[^\w\s&]", " ", title).split())


WAYS: Final[Mapping[str, Callable[[Told, str, random.Random], Told]]] = {
    "as it is": lambda told, *_: told,
    "article behind": lambda told, *_: told._replace(title=article_behind(told.title)),
    "article lost": lambda told, *_: told._replace(title=re.sub(r"^(The|An?) ", "", told.title)),
    "original title": lambda told, original, _: told._replace(title=original),
    "misspelt": lambda told, _, chance: told._replace(title=misspelt(told.title, chance)),
    "HTML": lambda told, *_: told._replace(title=html.escape(told.title).replace("&#x27;", "&#39;")),
    "year before": lambda told, *_: told._replace(year=told.year and told.year - 1),
    "year behind": lambda told, *_: told._replace(year=told.year and told.year + 1),
    "year in brackets": lambda told, *_: Told(f"{told.title} ({told.year})" if told.year else told.title, None),
    "subtitle lost": lambda told, *_: told._replace(title=_subtitle(told.title)),
    "small letters": lambda told, *_: told._replace(title=told.title.lower()),
    "no signs": lambda told, *_: told._replace(title=_punctuation(told.title)),
    "accents lost": lambda told, _, chance: told._replace(title=accents(told.title, chance)),
    "and, &": lambda told, *_: told._replace(title=_other_and(told.title)),
    "numeral": lambda told, _, chance: told._replace(title=numeral(told.title, chance)),
}
EVERYWHERE: Final = ("as it is", "misspelt", "year before", "year behind", "year in brackets", "small letters")
"""Ways that fit nearly all films; the others are taken where they change something."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "max")
    parser.add_argument("--titles", action="store_true", help="Leave out the years")
    parser.add_argument("--without", type=float, default=0, metavar="SHARE", help="Take so many films out of the world")
    parser.add_argument("--limit", type=int, help="Only so many films")
    parser.add_argument("--folder", type=Path, help="Where to work; kept afterwards")
    arguments = parser.parse_args()
    chance = random.Random(5)
    gold = [json.loads(line) for line in (arguments.world / "gold.jsonl").read_text("utf-8").splitlines()]
    gold = gold[: arguments.limit]
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        world, gone = arguments.world, set[str]()
        if arguments.without:
            gone = {film["wikidata_id"] for film in gold if chance.random() < arguments.without}
            world = without(world, gone, folder / "world")
        originals = dict(_originals(arguments.world))
        rows = [written(film, originals, chance, arguments.titles) for film in gold]
        path = folder / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("title", "year"), *(told for _, told in rows)])
        found = links(path, world, folder)
    score(gold, rows, found, gone)


def _originals(world: Path) -> Iterator[tuple[str, str]]:
    for line in (world / "justwatch.jsonl").read_text("utf-8").splitlines():
        film = json.loads(line)
        yield film["id"], film.get("originalTitle") or film["title"]


def without(world: Path, gone: set[str], to: Path) -> Path:
    """The world without these items and their pages."""
    shutil.copytree(world, to, dirs_exist_ok=True)
    for name, key in (("wikidata", "id"), ("wikipedia", "wikidata")):
        lines = (world / f"{name}.jsonl").read_text("utf-8").splitlines()
        kept = [line for line in lines if json.loads(line).get(key) not in gone]
        (to / f"{name}.jsonl").chmod(0o644)
        (to / f"{name}.jsonl").write_text("\n".join(kept) + "\n", "utf-8")
    return to


def written(
    film: Mapping[str, Any], originals: Mapping[str, str], chance: random.Random, titles: bool
) -> tuple[str, Told]:
    """One of the ways that change this film's row, and the row."""
    plain = Told(film["title"], None if titles else film["year"])
    changed = {
        way: told
        for way, write in WAYS.items()
        if (told := write(plain, originals[film["justwatch_id"]], chance)) != plain or way == "as it is"
    }
    rare = [way for way in changed if way not in EVERYWHERE]
    way = chance.choice(rare if rare and chance.random() < 0.7 else [w for w in changed if w in EVERYWHERE])
    return way, changed[way]


def links(path: Path, world: Path, folder: Path) -> dict[Told, str | None]:
    """Builds the list, and returns by row the item that it was linked to."""
    db, export = f"sqlite:///{folder}/movies.sqlite", folder / "movies.jsonl"
    command = [sys.executable, "-m", "movie_db.cli"]
    with standin(world) as web, (folder / "build.log").open("w", encoding="utf-8") as log:
        environment = {**os.environ, "MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
        build = [*command, "build", str(path), "--db", db, "--data", str(folder / "data")]
        subprocess.run(build, env=environment, check=True, stdout=log, stderr=log)
    subprocess.run([*command, "export", "--db", db, str(export)], check=True, stdout=subprocess.DEVNULL)
    items: dict[str, str | None] = {}
    for line in export.read_text("utf-8").splitlines():
        ids = json.loads(line)["ids"]
        own = ids.get("own_list") or []
        items |= dict.fromkeys(own if isinstance(own, list) else [own], ids.get("wikidata"))
    listed = {entry.position: entry for entry in asyncio.run(entries(str(path)))}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(dict.fromkeys((row["title"], row["year"]) for row in csv.DictReader(file)))
    if len(listed) != len(rows):
        print(f"{len(rows) - len(listed)} rows were read as another's film.", file=sys.stderr)
    by_title = {(entry.title, entry.year): items.get(entry.ids["own_list"]) for entry in listed.values()}
    return {
        Told(title, int(year) if year else None): by_title.get(read_as(title, int(year) if year else None))
        for title, year in rows
    }


def read_as(title: str, year: int | None) -> tuple[str, int | None]:
    """A row as the crawler reads it alone."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("title", "year"), (title, year)])
        file.flush()
        (entry,) = asyncio.run(entries(file.name))
    return entry.title, entry.year


def score(
    gold: list[dict[str, Any]], rows: list[tuple[str, Told]], found: Mapping[Told, str | None], gone: set[str]
) -> None:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    truths: dict[Told, set[str]] = defaultdict(set)
    for film, (_, told) in zip(gold, rows, strict=True):
        truths[told].add(film["wikidata_id"])
    for film, (way, told) in zip(gold, rows, strict=True):
        item, missing = found.get(told), film["wikidata_id"] in gone
        right = item in truths[told] and item not in gone
        outcome = "none" if item is None else "right" if right else "wrong"
        for group in (f"{way}{' (missing)' if missing else ''}", "all missing" if missing else "all"):
            counted[group][outcome] += 1
        if outcome == "wrong":
            print(f"wrong: {way}: {told.title} ({told.year}) of {film['title']} ({film['year']}): {item}")
    print(f"{'way':28} {'films':>6} {'right':>6} {'wrong':>6} {'none':>6} {'linked %':>9} {'wrong %':>8}")
    for way in sorted(counted, key=lambda way: (way.startswith("all"), way)):
        n = counted[way]
        linked = n["right"] + n["wrong"]
        share = f"{100 * n['right'] / n.total():9.1f} {100 * n['wrong'] / max(1, linked):8.2f}"
        print(f"{way:28} {n.total():6} {n['right']:6} {n['wrong']:6} {n['none']:6} {share}")


if __name__ == "__main__":
    main()
