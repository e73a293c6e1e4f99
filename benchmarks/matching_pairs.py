"""Is it the same film? On other people's labelled pairs, beside plain ways and Splink, in one run.

    MOVIE_DB_SHARED=FOLDER python benchmarks/matching_pairs.py [imdb_thenumbers] [D5] [D10]

Every way links the two whole lists, knowing no label. `imdb_thenumbers` has 600 labelled pairs, matches and others: a
labelled pair counts as found if the way says `same` of it, by the threshold that is its own; all other pairs that it
finds are not judged. `D5` and `D10` have gold links: whatever else is found counts as wrong there (gold links without a
title on both sides aside, which nobody can find, and the people and episodes of D5 have none of the other evidence).
`tuned` is the best F1 that any threshold would have given, found by the labels: what the own threshold loses to it
is what choosing it without labels costs. Seconds are of a process of its own from its start to its end, imports and
reading included.

Splink is used as its documentation says: DuckDB reads the files, SQL cleans them (small letters without accents, signs
and articles; the numbers in years and runtimes; stars as a list), which column is what being written down for it; then
u by sampling, m by expectation maximisation over two blockings, and blocks that are as wide as ours. The plain ways
read the lists as `movie-db match` does.
"""

import csv
import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from movie_db.matching.films import Row

# What only one of the ways needs is imported there, since a way's seconds hold its imports.
Ids = tuple[str, str]
Scores = Mapping[Ids, float]
"""By pair how sure a way is, from 0 to 1; pairs that are not there it does not find at all."""


class Task(NamedTuple):
    """Two lists, and what is known of pairs of them."""

    name: str
    left: Path
    right: Path
    links: frozenset[Ids]
    judged: frozenset[Ids] | None
    """The pairs that count; None if all do."""


class Way(NamedTuple):
    name: str
    find: Callable[[Task], Scores]
    thresholds: tuple[float, ...]
    """Those it is measured at; none: the judge's own."""


class Figures(NamedTuple):
    precision: float
    recall: float
    f1: float


def task(name: str, folder: Path) -> Task:
    if name == "imdb_thenumbers":
        with (folder / name / "G.csv").open(encoding="utf-8") as file:
            # Labels count rows from 0, we from 1.
            rows = {
                (str(int(r["ltable_id"]) + 1), str(int(r["rtable_id"]) + 1)): r["gold"] for r in csv.DictReader(file)
            }
        same = frozenset(pair for pair, gold in rows.items() if gold == "1")
        return Task(name, folder / name / "imdb.csv", folder / name / "thenumbers.csv", same, frozenset(rows))
    other = {"D5": "tmdb", "D10": "dbpedia"}[name]
    left, right = folder / name / "imdb.csv", folder / name / f"{other}.csv"
    with (folder / name / "gt.csv").open(encoding="utf-8") as file:
        gold = {(r["D1"], r["D2"]) for r in csv.DictReader(file, delimiter="|")}
    titled = [{row.id for row in read(path) if row.film.titles} for path in (left, right)]
    return Task(name, left, right, frozenset(p for p in gold if p[0] in titled[0] and p[1] in titled[1]), None)


def read(path: Path) -> "list[Row]":
    from movie_db.matching.films import films
    from movie_db.matching.tables import open_table

    with open_table(str(path), "left", {}) as rows:
        return [row for row in films(rows) if row]


def ours(task: Task) -> Scores:
    """`movie-db match --all`."""
    from movie_db.matching import ListSide, match

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pairs.csv"
        pair = ListSide("left", str(task.left), {}), ListSide("right", str(task.right), {})
        match(pair, out, "csv", everything=True, show=lambda *_: None)
        with out.open(encoding="utf-8") as file:
            return {(r["left"], r["right"]): float(r["probability"]) for r in csv.DictReader(file)}


def exact(task: Task) -> Scores:
    """The same title, letter by letter but for capitals, and the same year."""
    where: dict[tuple[str, int | None], list[str]] = {}
    for row in read(task.left):
        where.setdefault((row.title.casefold(), row.year), []).append(row.id)
    return {
        (left, r.id): 1.0 for r in read(task.right) for left in where.get((r.title.casefold(), r.year), ()) if r.title
    }


def fuzzy(task: Task) -> Scores:
    """The most similar title (rapidfuzz's ratio) among films of the year before, of, and after.

    Where a year is missing: among those with the same first letter.
    """
    from rapidfuzz import fuzz, process

    years: dict[int, list[Row]] = {}
    letters: dict[str, list[Row]] = {}
    for row in read(task.left):
        if row.title:
            letters.setdefault(row.title[0].casefold(), []).append(row)
            if row.year:
                years.setdefault(row.year, []).append(row)
    found: dict[Ids, float] = {}
    for row in read(task.right):
        if row.title:
            near = [c for apart in (-1, 0, 1) for c in years.get(row.year + apart, ())] if row.year and years else None
            choices = near if near is not None else letters.get(row.title[0].casefold(), [])
            best = process.extractOne(
                row.title.casefold(), [c.title.casefold() for c in choices], scorer=fuzz.ratio, score_cutoff=60
            )
            if best:
                found[choices[best[2]].id, row.id] = best[1] / 100
    return found


def splink(task: Task) -> Scores:
    """Splink on DuckDB: Fellegi and Sunter's model, trained without labels."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.disable(logging.WARNING)
    database = DuckDBAPI()
    sides = [_splink_table(path, told) for path, told in zip((task.left, task.right), _SPLINK[task.name], strict=True)]
    known = {name for name in sides[0].column_names if all(side[name].null_count < len(side) for side in sides)}
    comparisons: list[Any] = [compare.JaroWinklerAtThresholds("title", [0.95, 0.88])]
    if "year" in known:
        comparisons.append(compare.CustomComparison(_near("year", 1, 3), output_column_name="year"))
    if "director" in known:
        comparisons.append(compare.JaroWinklerAtThresholds("director", [0.92]))
    if "people" in known:
        comparisons.append(compare.ArrayIntersectAtSizes("people", [2, 1]))
    if "runtime" in known:
        comparisons.append(compare.CustomComparison(_near("runtime", 1, 5), output_column_name="runtime"))
    rules: list[Any] = [block_on("title"), block_on("substr(title, 1, 7)")]
    rules += [block_on("year", "director")] if {"year", "director"} <= known else []
    rules += [block_on("year", "substr(title, -5)")] if "year" in known else []
    settings = SettingsCreator(
        link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules
    )
    linker = Linker([database.register(side) for side in sides], settings, log_level=logging.ERROR)
    certain = block_on("title", "year") if "year" in known else block_on("title")
    linker.training.estimate_probability_two_random_records_match([certain], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    second = next((n for n in ("director", "runtime", "year") if n in known), "title")
    for rule in (block_on("title"), block_on("year", "director") if len(rules) > 3 else block_on(second)):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.001).as_dict()
    return {
        (left[1:], right[1:]): probability
        for left, right, probability in zip(
            found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True
        )
    }


_SPLINK: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "imdb_thenumbers": ({"title": "title", "year": "year", "director": "director", "people": "stars",
                         "runtime": "runtime"},) * 2,
    "D5": (
        {"id": "id", "title": "https://www.scads.de/movieBenchmark/ontology/title",
         "year": "https://www.scads.de/movieBenchmark/ontology/startYear",
         "runtime": "https://www.scads.de/movieBenchmark/ontology/runtimeMinutes"},
        {"id": "id", "title": "https://www.scads.de/movieBenchmark/ontology/title",
         "year": "https://www.scads.de/movieBenchmark/ontology/release_year",
         "runtime": "http://dbpedia.org/ontology/runtime"},
    ),
    "D10": (
        {"id": "id", "title": "title", "people": "starring"},
        {"id": "id", "title": "title", "year": "year", "turned": "actor name"},
    ),
}  # fmt: skip
"""What Splink is told of the columns of either list; without an id it counts the rows."""
_WORDS: Final = r"nullif(trim(regexp_replace(strip_accents(lower({})), '[^\w]+', ' ', 'g')), '')"
_NUMBER: Final = r"try_cast(regexp_extract({}, '\d+') as bigint)"
_FORENAME_FIRST: Final = r"regexp_replace({}, '^([^,]+), ([^(]+).*$', '\2 \1')"
_ARTICLE: Final = "The|An?|El|L[aeo]s?|Il|Der|Die|Das"
_BARE: Final = rf"regexp_replace(regexp_replace({{}}, ' *[(][0-9]+.*[)]$', ''), '^(.+), ({_ARTICLE})$', '\2 \1')"
_CLEANED: Final = {
    "title": f"regexp_replace({_WORDS.format(_BARE)}, '^(the|a|an) ', '')",
    "year": _NUMBER,
    "director": _WORDS,
    "people": f"nullif(list_filter([{_WORDS.format('name')} for name in string_split({{}}, ',')],"
    " lambda name: name <> '1'), [])",
    "runtime": _NUMBER,
}
_TURNED: Final = f"nullif([{_WORDS.replace('{}', _FORENAME_FIRST)}], [null])"
"""A cell of one name, the surname first."""


def _splink_table(path: Path, told: Mapping[str, str]) -> Any:
    """A list as Splink's users make it ready: read and cleaned by DuckDB."""
    import duckdb

    from movie_db.stitching.columns import delimiter

    types = {"title": "varchar", "year": "bigint", "director": "varchar", "people": "varchar[]", "runtime": "bigint"}
    said = {field: clean.replace("{}", f'"{told[field]}"') for field, clean in _CLEANED.items() if field in told}
    if "turned" in told:
        said["people"] = _TURNED.replace("{}", f'"{told["turned"]}"')
    fields = ", ".join(f"{said.get(field, f'null::{kind}')} as {field}" for field, kind in types.items())
    row = "id" if "id" in told else "row_number() over ()"
    with path.open(encoding="utf-8") as file:
        between = delimiter(file.readline())
    rows = "read_csv(?, delim = ?, header = true, all_varchar = true, quote = '\"', strict_mode = false)"
    query = f"select 'x' || {row} as unique_id, {fields} from {rows}"
    return duckdb.sql(query, params=[str(path), between]).to_arrow_table()


def _near(column: str, *steps: int) -> list[Any]:
    import splink.comparison_level_library as level

    apart = [level.CustomLevel(f"abs({column}_l - {column}_r) <= {step}") for step in steps]
    return [level.NullLevel(column), level.ExactMatchLevel(column), *apart, level.ElseLevel()]


WAYS: Final = (
    Way("movie-db match", ours, ()),
    Way("exact title and year", exact, (0.5,)),
    Way("rapidfuzz, year ±1", fuzzy, (0.9,)),
    Way("Splink", splink, (0.5, 0.9)),
)


def figures(task: Task, scores: Scores, threshold: float) -> Figures:
    found = {pair for pair, score in scores.items() if score >= threshold}
    if task.judged is not None:
        found &= task.judged
    right = len(found & task.links)
    precision, recall = right / max(1, len(found)), right / len(task.links)
    return Figures(precision, recall, 2 * precision * recall / max(1e-9, precision + recall))


def tuned(task: Task, scores: Scores) -> tuple[float, Figures]:
    """The threshold with the best F1, and what it gives."""
    judged = [s for pair, s in scores.items() if task.judged is None or pair in task.judged]
    steps = sorted(set(judged))
    steps = steps[:: max(1, len(steps) // 300)] or [1.0]
    return max(((step, figures(task, scores, step)) for step in steps), key=lambda found: found[1].f1)


def main() -> None:
    from movie_db.stitching.match import SAME_THRESHOLD

    folder = Path(os.environ["MOVIE_DB_SHARED"]) / "data" / "matching"
    for name in sys.argv[1:] or ["imdb_thenumbers", "D5", "D10"]:
        asked = task(name, folder)
        judged = "all pairs" if asked.judged is None else f"{len(asked.judged):,} labelled pairs"
        print(f"\n{name}: {judged}, {len(asked.links):,} of them links")
        print(f"{'way':24} {'threshold':>10} {'P':>7} {'R':>7} {'F1':>7} {'loses':>7} {'seconds':>8} {'CPU':>7}")
        for way in WAYS:
            scores, seconds, used = _measured(way, asked)
            best, at_best = tuned(asked, scores)
            for threshold in way.thresholds or (SAME_THRESHOLD,):
                now = figures(asked, scores, threshold)
                print(_line(way.name, threshold, now, f"{at_best.f1 - now.f1:7.4f} {seconds:8.2f} {used:7.2f}"))
            print(_line("  tuned by the labels", best, at_best, ""), flush=True)


def _line(name: str, threshold: float, now: Figures, rest: str) -> str:
    return f"{name:24} {threshold:10.3f} {now.precision:7.4f} {now.recall:7.4f} {now.f1:7.4f} {rest}"


def _measured(way: Way, asked: Task) -> tuple[Scores, float, float]:
    """What a way finds, its seconds, and the seconds of all processors that it used."""
    began = time.monotonic()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        scores, ended, used = pool.submit(_timed, way.find, asked).result()
    return scores, ended - began, used


def _timed(find: Callable[[Task], Scores], asked: Task) -> tuple[Scores, float, float]:
    """What it finds, when it was done, and the processors' seconds since the process began."""
    scores = dict(find(asked))
    return scores, time.monotonic(), sum(os.times()[:4])


if __name__ == "__main__":
    main()
