"""The judge decides whether records are the same film: same, different, or a case for review, with the evidence.

It follows the record linkage model of Fellegi and Sunter. Each agreement or disagreement has a match weight in bits
(`weights.toml`). The sum of a prior and all weights gives a probability. Plot texts are never evidence, since sources
copy them from each other.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from movie_db.stitching._film import ID_NAMESPACES, FilmFeatures, of_entry, of_record
from movie_db.stitching._levels import findings
from movie_db.stitching._weights import weights

__all__ = [
    "ID_NAMESPACES", "PRIOR", "PRIOR_OF_ALL", "REVIEW_THRESHOLD", "SAME_THRESHOLD",
    "Evidence", "FilmFeatures", "Verdict", "bits", "judge", "of_entry", "of_record", "weigh",
]  # fmt: skip

SAME_THRESHOLD: Final = 0.985
"""From this probability on, two records count as the same film."""
REVIEW_THRESHOLD: Final = 0.20
"""Between this probability and `SAME_THRESHOLD`, a pair goes to review."""
PRIOR: Final = -2.4
"""Bits for two records that share a title or a search result, before any evidence."""
PRIOR_OF_ALL: Final = 1.2
"""The same for a film of equal title, if the candidates are all existing films of that title."""
RIVAL: Final = 4.0
"""Bits by which a candidate may be behind while its renown still counts against another candidate."""


class Evidence(NamedTuple):
    """One finding: what was compared, what was found, and its weight in bits (negative: against)."""

    what: str
    seen: str
    bits: float

    def __str__(self) -> str:
        return f"{self.what}: {self.seen} ({self.bits:+.1f})"


def weigh(left: FilmFeatures, right: FilmFeatures) -> list[Evidence]:
    """Compares two films, and returns all findings. A feature that one side lacks gives no evidence."""
    table = weights()
    return [Evidence(f.feature, f.seen, table[f.feature][f.level]) for f in findings(left, right)]


def bits(evidence: Iterable[Evidence], prior: float = PRIOR) -> float:
    return prior + sum(e.bits for e in evidence)


@dataclass(frozen=True)
class Verdict:
    """The judge's result for a film and its candidates. The status `ask` means review.

    `best` is the index of the likeliest candidate (None without candidates), and `probability` that this one, and no
    other, is the film. `runner_up` is the index of the next candidate, and `margin` how many bits it is behind.
    """

    status: Literal["same", "ask", "different"]
    best: int | None = None
    probability: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    runner_up: int | None = None
    margin: float | None = None


def judge(film: FilmFeatures, candidates: Sequence[FilmFeatures], *, all_of_title: bool = False) -> Verdict:
    """Decides which candidate is this film, if any. A wrong film is worse than a missing one, so doubt means `ask`.

    Args:
        all_of_title: the candidates are all existing films of this title (around this year). A single candidate is
            then likely to be the film, unless little more than its title is known, since lists name few such films.
    """
    if not candidates:
        return Verdict("different")
    weighed = [weigh(film, candidate) for candidate in candidates]
    sums = [
        bits(e, PRIOR_OF_ALL if all_of_title and _of_title(e) and not candidate.is_stub else PRIOR)
        for e, candidate in zip(weighed, candidates, strict=True)
    ]
    renown = _renown(sums, candidates)
    weighed = [[*e, r] if r else e for e, r in zip(weighed, renown, strict=True)]
    sums = [min(40.0, total + (r.bits if r else 0)) for total, r in zip(sums, renown, strict=True)]
    odds = [2.0**total for total in sums]
    ranked = sorted(range(len(candidates)), key=lambda i: (-odds[i], i))
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    probability = odds[best] / (1 + sum(odds))
    status: Literal["same", "ask", "different"] = "different"
    if probability >= SAME_THRESHOLD:
        status = "same"
    elif probability >= REVIEW_THRESHOLD or odds[best] / (1 + odds[best]) >= SAME_THRESHOLD:
        status = "ask"
    margin = None if second is None else round(sums[best] - sums[second], 3)
    return Verdict(status, best, probability, tuple(weighed[best]), second, margin)


def _of_title(evidence: Iterable[Evidence]) -> bool:
    return any(e.what == "title" and e.seen.startswith("equal") for e in evidence)


def _renown(sums: Sequence[float], candidates: Sequence[FilmFeatures]) -> list[Evidence | None]:
    """The evidence against each candidate that has a better known rival with about the same evidence."""
    table = weights()["renown"]
    pages = [None if c.sitelinks is None else table["sitelinks"] * math.log2(1 + c.sitelinks) for c in candidates]
    found: list[Evidence | None] = []
    for i, total in enumerate(sums):
        rivals = [j for j, other in enumerate(sums) if other >= total - RIVAL]
        behind = table["stub"] if candidates[i].is_stub and not all(candidates[j].is_stub for j in rivals) else 0.0
        own = pages[i]
        if own is not None:
            behind += own - max(p for j in rivals if (p := pages[j]) is not None)
        found.append(Evidence("renown", "a better known film fits as well", behind) if behind else None)
    return found
