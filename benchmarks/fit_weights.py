"""Fits the judge's weights to gold data: `python benchmarks/fit_weights.py [WORLD ...] [--write] [--picture FILE.svg]`

Pairs are a gallery's record and an item or article that is the film (gold) or is hard to tell from it: films of the
same or nearly the same title, or of the same director. Sources that share data agree too easily, so records are
damaged at random before they are compared, weights are kept near the middle of their bounds, and levels in their order.
Ids are no part of it: gold data is made by them. Cross-validated by film (all copies of one stand in
the same part), it prints how right the judge is when it is
how sure. `--write` puts the weights into weights.toml. Needs the extra `bench`.
"""

import argparse
import random
import re
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
from scipy.optimize import minimize

from movie_db.stitching import match
from movie_db.stitching._levels import findings
from movie_db.stitching.match import FilmFeatures, judge
from standin import SHARED
from worlds import World, load, neighbours

TOML = Path(match.__file__).with_name("weights.toml")
FOLDS = 5
STIFFNESS = 0.002
"""How much a bit squared off the middle of a weight's bounds costs, beside the mean loss in nats."""
EDGES = (0.0, 0.2, 0.5, 0.8, 0.9, 0.95, 0.985, 0.995, 0.999, 1.0)
Level = tuple[str, str]
Weights = Mapping[str, Mapping[str, float]]


class Question(NamedTuple):
    """A film of a gallery, its candidates, and which of them it is (None: it is not among them); `key` is the film's
    item, whichever of its damaged copies is asked about."""

    key: str
    film: FilmFeatures
    candidates: Sequence[FilmFeatures]
    truth: int | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", nargs="*", type=Path, default=[SHARED / "worlds" / w for w in ("max", "sample")])
    parser.add_argument("--write", action="store_true", help="Put the weights into weights.toml")
    parser.add_argument("--picture", type=Path, help="Draw the reliability curve into this file")
    arguments = parser.parse_args()
    chance = random.Random(7)
    asked = [q for path in arguments.worlds for q in questions(load(path), chance)]
    print(f"{len(asked):,} films with {sum(len(q.candidates) for q in asked):,} candidates")
    table = tomllib.loads(TOML.read_text("utf-8"))
    folds = folded(asked)
    told = []
    for i, held_out in enumerate(folds):
        fitted = fit(table, [q for j, fold in enumerate(folds) if j != i for q in fold])
        told += list(verdicts(fitted, held_out))
    reliability = bins(told)
    print_bins(reliability)
    print_speed(asked)
    if arguments.picture:
        draw(reliability, arguments.picture)
    if arguments.write:
        write(fit(table, asked))


def questions(world: World, chance: random.Random) -> Iterator[Question]:
    """Every film of the world's gold among its neighbours, as it is and damaged thrice; now and then it is missing."""
    for listed, qid in world.gold:
        around = neighbours(world, listed, qid)
        for times in range(4):
            film = damaged(listed, chance, 0.0 if times == 0 else 0.35)
            missing = chance.random() < 0.2
            keys = around if missing else [qid, *around]
            candidates = [damaged(world.film(key, chance.random() < 0.5), chance, 0.1) for key in keys]
            if candidates:
                yield Question(qid, film, candidates, None if missing else 0)


def folded(asked: Sequence[Question]) -> list[list[Question]]:
    """As many parts as there are folds; all questions about a film are in one of them."""
    keys = sorted({q.key for q in asked})
    random.Random(11).shuffle(keys)
    fold = {key: i % FOLDS for i, key in enumerate(keys)}
    return [[q for q in asked if fold[q.key] == i] for i in range(FOLDS)]


def damaged(film: FilmFeatures, chance: random.Random, often: float) -> FilmFeatures:
    """A film without ids, and as another source may tell of it: less, under another title, a year off."""

    def drops() -> bool:
        return chance.random() < often

    none: frozenset[str] = frozenset()
    years = frozenset(y + chance.choice((-1, 1)) for y in film.years) if drops() else film.years
    main = film.main
    if others := sorted(film.titles - film.main):
        main = frozenset([chance.choice(others)]) if chance.random() < often / 2 else main
    elif chance.random() < often / 4:
        main = frozenset(slip(title, chance) for title in sorted(main))
    return film._replace(
        ids=frozenset(),
        titles=main if drops() else film.titles | main,
        main=main,
        years=frozenset() if chance.random() < often / 3 else years,
        directors=none if drops() else film.directors,
        cast=none if drops() else film.cast,
        runtimes=frozenset() if drops() else film.runtimes,
        countries=none if drops() else film.countries,
    )


def slip(title: str, chance: random.Random) -> str:
    """The title with a letter left out."""
    at = chance.randrange(len(title))
    return " ".join((title[:at] + title[at + 1 :]).split()) or title


def fit(table: Mapping[str, Mapping[str, Mapping[str, float]]], asked: Sequence[Question]) -> Weights:
    """The weights that make the pairs likeliest, within their bounds and in their order; rounded to tenths of a bit."""
    levels = [(s, name) for s, section in table.items() for name, told in section.items() if "min" in told]
    bounds = [(table[s][name]["min"], table[s][name]["max"]) for s, name in levels]
    fixed = {(s, n): told["bits"] for s, section in table.items() for n, told in section.items() if "min" not in told}
    rows, known, same, counts = matrix(levels, fixed, asked)
    # Pairs weigh so that the share of the same film among them is what the prior says.
    share = counts * np.where(same, 2.0**match.PRIOR / counts[same].sum(), 1.0 / counts[~same].sum())
    share /= share.sum()
    middle = np.array([(low + high) / 2 for low, high in bounds])
    sign = np.where(same, -1.0, 1.0)

    def loss(bits: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.log(2) * (known + rows @ bits) * sign
        off = bits - middle
        slope = share * sign * np.log(2) / (1 + np.exp(-z))
        value = float(share @ np.logaddexp(0, z) + STIFFNESS * off @ off)
        return value, rows.T @ slope + 2 * STIFFNESS * off

    order = np.zeros((0, len(levels)))
    for i, ((one, _), (other, _)) in enumerate(pairwise(levels)):
        if one == other:
            step = np.zeros(len(levels))
            step[i], step[i + 1] = -1, 1
            order = np.vstack((order, step))
    ordered = {"type": "ineq", "fun": lambda bits: order @ bits, "jac": lambda bits: order}
    found = minimize(loss, middle, jac=True, method="SLSQP", bounds=bounds, constraints=ordered)
    if not found.success:
        raise SystemExit(f"The weights can't be fitted: {found.message}.")
    result = {s: {name: told["bits"] for name, told in section.items()} for s, section in table.items()}
    for (section, name), bits in zip(levels, found.x, strict=True):
        result[section][name] = round(float(bits), 1)
    return result


def matrix(
    levels: Sequence[Level], fixed: Mapping[Level, float], asked: Sequence[Question]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every kind of pair once: which levels it shows, the bits that are known of it, whether it is the same film, and
    how often it occurs."""
    seen: Counter[tuple[frozenset[Level], bool]] = Counter()
    for _, film, candidates, truth in asked:
        for i, candidate in enumerate(candidates):
            seen[frozenset((f.feature, f.level) for f in findings(film, candidate)), i == truth] += 1
    place = {level: i for i, level in enumerate(levels)}
    rows = np.zeros((len(seen), len(levels)))
    known = np.full(len(seen), match.PRIOR)
    for row, (shown, _) in enumerate(seen):
        for level in shown:
            if level in place:
                rows[row, place[level]] = 1
            else:
                known[row] += fixed[level]
    same = np.array([is_same for _, is_same in seen])
    return rows, known, same, np.array(list(seen.values()), dtype=float)


def verdicts(table: Weights, asked: Sequence[Question]) -> Iterator[tuple[float, bool]]:
    """How sure the judge is of its best candidate with these weights, and whether it is right."""
    with patch.object(match, "weights", lambda: table):
        for _, film, candidates, truth in asked:
            verdict = judge(film, candidates)
            yield verdict.probability, verdict.best == truth


def bins(told: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """By bin: the mean of what was predicted, how often it was right, and how many there are."""
    binned: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, right in told:
        binned[max(i for i, edge in enumerate(EDGES[:-1]) if probability >= edge)].append((probability, right))
    return [
        (sum(p for p, _ in b) / len(b), sum(right for _, right in b) / len(b), len(b))
        for _, b in sorted(binned.items())
    ]


def print_bins(reliability: Sequence[tuple[float, float, int]]) -> None:
    print("\npredicted  observed       n")
    for predicted, observed, n in reliability:
        print(f"{predicted:9.4f} {observed:9.4f} {n:7,}")


def print_speed(asked: Sequence[Question]) -> None:
    some = asked[:: max(1, len(asked) // 3000)]
    started = time.process_time()
    for _, film, candidates, _ in some:
        judge(film, candidates)
    took = time.process_time() - started
    print(f"\n{sum(len(q.candidates) for q in some) / took:,.0f} pairs a second")


def draw(reliability: Sequence[tuple[float, float, int]], path: Path) -> None:
    """The reliability curve: what was predicted against what was observed."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot((0, 1), (0, 1), color="grey", linewidth=1, label="perfect")
    axes.plot([p for p, _, _ in reliability], [o for _, o, _ in reliability], marker="o", label="the judge")
    for predicted, observed, n in reliability:
        axes.annotate(f"{n:,}", (predicted, observed), textcoords="offset points", xytext=(6, -10), fontsize=7)
    axes.set(xlabel="predicted: probability of the best candidate", ylabel="observed: share that is the film")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def write(fitted: Weights) -> None:
    """Puts the weights into weights.toml; all else there stays."""
    lines, section = [], ""
    for said in TOML.read_text("utf-8").splitlines():
        line = said
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
        if (level := re.match(r"(\w+) +=", line)) and "min" in line:
            line = re.sub(r"bits = [-\d.]+", f"bits = {fitted[section][level[1]]:.1f}", line)
        lines.append(line)
    TOML.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
