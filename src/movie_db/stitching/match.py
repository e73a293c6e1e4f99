"""The judge: are two records the same film? Same, different, or ask a person; with the evidence.

Evidence adds up as in the record linkage model of Fellegi and Sunter: each agreement or disagreement weighs so many
bits for or against (`weights.toml`); their sum, above a prior, gives a probability. Plot texts are never evidence:
sources copy them from one another.
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
"""From this probability on two records are taken for the same film."""
REVIEW_THRESHOLD: Final = 0.20
"""Between this and `SAME` a person shall decide."""
PRIOR: Final = -2.4
"""Bits against two records that were brought together by a title or a search, before any evidence."""
PRIOR_OF_ALL: Final = 1.2
"""The same for a film of the very title, where the candidates are all films there are of that title."""
RIVAL: Final = 4.0
"""Bits by which a candidate may fall behind, and its renown still counts against the other's."""


class Evidence(NamedTuple):
    """One finding: what was compared, what was seen, and its weight in bits (negative: against)."""

    what: str
    seen: str
    bits: float

    def __str__(self) -> str:
        return f"{self.what}: {self.seen} ({self.bits:+.1f})"


def weigh(left: FilmFeatures, right: FilmFeatures) -> list[Evidence]:
    """All findings of comparing two films; what either side does not tell is no evidence."""
    table = weights()
    return [Evidence(f.feature, f.seen, table[f.feature][f.level]) for f in findings(left, right)]


def bits(evidence: Iterable[Evidence], prior: float = PRIOR) -> float:
    return prior + sum(e.bits for e in evidence)


@dataclass(frozen=True)
class Verdict:
    """What the judge says of a film and its candidates.

    `best` is the index of the likeliest candidate (None without candidates), `probability` that it is the same film,
    the others being the alternatives; `runner_up` is the index of the next likely one, and `margin` by how many bits
    it falls behind.
    """

    status: Literal["same", "ask", "different"]
    best: int | None = None
    probability: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    runner_up: int | None = None
    margin: float | None = None


def judge(film: FilmFeatures, candidates: Sequence[FilmFeatures], *, all_of_title: bool = False) -> Verdict:
    """Which of the candidates is this film, if any. A wrong film is worse than a missing one: unsure is `ask`.

    `all_of_title` says that the candidates are all films there are of the film's title (and about its year): then one
    that stands alone is likely to be it, unless little more than its title is known: lists name few such films.
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
    """What speaks against each candidate since a rival on which the evidence agrees as well is better known."""
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
