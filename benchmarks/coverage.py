"""How much of what a world's files hold comes out of a build, and how right: `python benchmarks/coverage.py [WORLD]`.

All sources on (with keys, which the stand-in does not check, and IMDb's files). What the files hold is counted by
`world_truth.py`, which knows nothing of the project's code. A value is right if a source of the film says it; of lists,
each item counts. `--folder DIR` keeps the build, and takes it from there if it has one.
"""

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from standin import SHARED, standin
from world_truth import Told, World, claims, fold, moment

GALLERY: Final = "https://www.justwatch.com/us/provider/max/movies"
SUMS: Final = frozenset(("budget", "box_office"))
ADDRESSES: Final = frozenset(("poster_url", "trailer_url", "homepage"))
PARTIES: Final = ("directors", "writers", "cast", "studios", "distributors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "max")
    parser.add_argument("--folder", type=Path, help="Where to build; kept afterwards")
    parser.add_argument("--show", metavar="FIELD", help="Print what was lost of a field, and what is wrong")
    asked = parser.parse_args()
    if not (asked.world / "gold.jsonl").exists():
        sys.exit(f"There is no world at {asked.world}: set MOVIE_DB_SHARED, or name one.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        if not (folder / "export.jsonl").exists():
            build(asked.world, folder)
        compare(World(asked.world), folder, asked.show)


def build(world: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    db = f"sqlite:///{folder}/movie_db.sqlite"
    command = [sys.executable, "-m", "movie_db.cli"]
    with standin(world, "--omdb-daily", "1000000") as web:
        sources = {
            "MOVIE_DB_UPSTREAM": web.url,
            "MOVIE_DB_PACE": "unlimited",
            "MOVIE_DB_TMDB_KEY": "any",
            "MOVIE_DB_OMDB_KEY": "any",
            "MOVIE_DB_OMDB_DAILY": "1000000",
            "MOVIE_DB_IMDB_FILES": str(world / "imdb"),
        }
        data = str(folder / "data")
        subprocess.run(
            [*command, "build", GALLERY, "--db", db, "--data", data], check=True, env={**os.environ, **sources}
        )
    subprocess.run([*command, "export", "--db", db, str(folder / "export.jsonl")], check=True)


def compare(world: World, folder: Path, show: str | None) -> None:
    movies = {}
    with sqlite3.connect(folder / "movie_db.sqlite") as database:
        others = alternative_titles(database)
        for line in (folder / "export.jsonl").read_text("utf-8").splitlines():
            movie = json.loads(line)
            movies[movie["ids"].get("justwatch")] = movie | {
                "alternative_titles": others.get(movie["ids"]["justwatch"])
            }
    held: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    values: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for film in world.gold:
        told, movie = world.told(film), movies.get(film["justwatch_id"], {})
        alternatives(told, movie)
        found = dict(flat(movie))
        for field in told.keys() | found.keys():
            said = {value for of_source in told[field].values() for value in of_source}
            has = [value for value in found.get(field, ()) if value not in (None, "")]
            held[field] += bool(said)
            kept[field] += bool(said and has)
            values[field] += len(has)
            good = [value for value in has if agrees(field, value, said)]
            right[field] += len(good)
            if show == field and (bool(said) != bool(has) or len(good) < len(has)):
                print(film["justwatch_id"], film["title"], [v for v in has if v not in good], dict(told[field]))
    print(f"\n{'field':26}{'held':>8}{'kept':>8}{'lost':>6}{'values':>9}{'right':>9}")
    for field in sorted(held, key=lambda f: (ORDER.index(f) if f in ORDER else 99, f)):
        if not held[field] and not values[field] and field not in ORDER:
            continue
        share = right[field] / values[field] if values[field] else 1
        lost = held[field] - kept[field]
        print(f"{field:26}{held[field]:>8,}{kept[field]:>8,}{lost:>6}{values[field]:>9,}{share:>9.2%}")
    total, lost = right.total() / values.total(), held.total() - kept.total()
    print(f"{'all':26}{held.total():>8,}{kept.total():>8,}{lost:>6}{values.total():>9,}{total:>9.2%}")
    off = sum(abs((movies.get(f["justwatch_id"], {}).get("year") or 0) - (f["year"] or 0)) > 1 for f in world.gold)
    print(f"films of a year that is more than one off from the gold's: {off}")
    people(world, folder, show)


ORDER: Final = (
    "title original_title alternative_titles tagline plot languages countries release_date year runtime budget"
    " box_office rating rating_count directors writers studios distributors cast roles genres poster_url trailer_url"
    " age_rating imdb_id tmdb_id homepage"
).split()


def alternatives(told: Told, movie: dict[str, Any]) -> None:
    """A title that any source says and that is neither of the two shown is another title."""
    shown = {fold(movie.get("title") or ""), fold(movie.get("original_title") or "")}
    for field in ("title", "original_title"):
        for source, titles in told[field].items():
            told["alternative_titles"][source] += [title for title in titles if title not in shown]
    for source, titles in list(told["alternative_titles"].items()):
        told["alternative_titles"][source] = [title for title in titles if title not in shown]
    for rater in ("imdb", "tmdb", "rotten tomatoes", "metacritic", "justwatch"):
        for part, field in (("rating", "rating"), ("votes", "rating_count")):
            for source, said in told[f"{part} of {rater}"].items():
                told[field][source] += said


def alternative_titles(database: sqlite3.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = database.execute(
        "SELECT value, title FROM alternative_titles JOIN external_ids ON entity_id = movie_id"
        " WHERE entity = 'movie' AND namespace = 'justwatch'"
    )
    for key, title in rows:
        found.setdefault(key, []).append(title)
    return found


def flat(movie: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """A movie's values, field by field, in the form that the truth has."""
    for field in ("title", "original_title", "tagline", "plot", "age_rating"):
        yield field, [fold(movie.get(field) or "")]
    for field in ("release_date", "year", "runtime", "budget", "box_office", "rating", "rating_count", *ADDRESSES):
        yield field, [movie.get(field)]
    for field in ("alternative_titles", "genres"):
        yield field, [fold(value) for value in movie.get(field) or []]
    for field in ("languages", "countries"):
        yield field, movie.get(field) or []
    for field in PARTIES:
        yield field, [fold(party["name"]) for party in movie.get(field) or []]
    yield "roles", [fold(credit.get("role") or "") for credit in movie.get("cast") or []]
    yield from ((f"rating of {r['source']}", [r["score"]]) for r in movie.get("ratings") or [])
    yield from ((f"votes of {r['source']}", [r["votes"]]) for r in movie.get("ratings") or [] if r.get("votes"))
    for namespace in ("imdb", "tmdb"):
        yield f"{namespace}_id", [movie.get("ids", {}).get(namespace)]


def agrees(field: str, value: Any, said: set[Any]) -> bool:
    if value in said:
        return True
    if field in ADDRESSES:
        # JustWatch's posters are templates, TMDB's are paths, a trailer is its video's id.
        return any(re.sub(r"\{\w+\}|\W", "", str(one))[-12:] == re.sub(r"\W", "", value)[-12:] for one in said) or any(
            str(one).split("{")[0] in value for one in said
        )
    if field in {"plot", "genres", "roles"}:
        # A section of prose may have lost a mark of emphasis; a genre may stand for two; a role is told up to a comma.
        return any(value in one or one in value for one in said if one)
    if field.startswith("rating") and isinstance(value, float):
        return any(abs(value - one) < 0.051 for one in said)
    return False


def people(world: World, folder: Path, show: str | None) -> None:
    """What is told of people and companies that the films' records name, by their ids at Wikidata and IMDb."""
    told: dict[tuple[str, str, str], Any] = {}
    for film in world.gold:
        item = world.wikidata.get(film["wikidata_id"])
        for pid, entity in (("P57", "director"), ("P58", "writer"), ("P161", "actor"), ("P272", "studio")):
            for value in claims(item, pid) if item else ():
                told |= {(entity, value["id"], f): v for f, v in of_item(world, value["id"])}
        rows = world.imdb.get(film.get("imdb_id") or "") or {}
        for row in rows.get("title.principals", ()):
            kinds = {"director": "director", "writer": "writer", "actor": "actor", "actress": "actor", "self": "actor"}
            if kind := kinds.get(row.get("category", "")):
                told |= {(kind, row["nconst"], f): v for f, v in of_name(world, row["nconst"])}
        for row in rows.get("title.crew", ()):
            for entity in ("director", "writer"):
                for nconst in row.get(f"{entity}s", "").split(","):
                    told |= {(entity, nconst, f): v for f, v in of_name(world, nconst)}
    held: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    right: Counter[str] = Counter()
    with sqlite3.connect(folder / "movie_db.sqlite") as database:
        database.row_factory = sqlite3.Row
        rows_of = {
            (row["entity"], row["value"]): row["entity_id"]
            for row in database.execute("SELECT * FROM external_ids WHERE namespace IN ('wikidata', 'imdb')")
        }
        tables = {
            entity: {row[0]: dict(row) for row in database.execute(f"SELECT * FROM {entity}s")}
            for entity in ("director", "writer", "actor", "studio")
        }
    for (entity, key, field), value in told.items():
        found = tables[entity].get(rows_of.get((entity, key), 0), {}).get(field)
        name = f"{entity}: {field}"
        held[name] += 1
        kept[name] += found not in (None, "")
        right[name] += found == value or (field == "bio" and bool(found))
        if show == name and found != value:
            print(key, value, found)
    print(f"\n{'of people and companies':26}{'told':>8}{'kept':>8}{'alike':>9}")
    for name in sorted(held):
        print(f"{name:26}{held[name]:>8,}{kept[name]:>8,}{right[name] / held[name]:>9.2%}")


def of_item(world: World, qid: str) -> Iterator[tuple[str, Any]]:
    item = world.wikidata.get(qid)
    if item is None:
        return
    for pid, field in (("P569", "birth_year"), ("P570", "death_year"), ("P571", "founded_year")):
        for value in claims(item, pid)[:1]:
            yield field, int(moment(value)[:4])
            if field == "birth_year" and value["precision"] == 11:
                yield "dob", moment(value)
    if (told := item.get("descriptions", {}).get("en")) and "Q5" in {v["id"] for v in claims(item, "P31")}:
        yield "bio", told["value"]
    for pid, field in (("P27", "nationality"), ("P159", "location")):
        for value in claims(item, pid)[:1]:
            yield field, world.wikidata[value["id"]]["labels"]["en"]["value"]


def of_name(world: World, nconst: str) -> Iterator[tuple[str, Any]]:
    row = world.names.get(nconst, {})
    for column, field in (("birthYear", "birth_year"), ("deathYear", "death_year")):
        if row.get(column, "").isdecimal():
            yield field, int(row[column])


if __name__ == "__main__":
    main()
