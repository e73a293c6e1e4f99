"""The judge: are two records the same film? Same, different, or ask a person; with the evidence.

Evidence adds up as in the record linkage model of Fellegi and Sunter: each agreement or disagreement weighs so many
bits for or against; their sum, above a prior, gives a probability. Plot texts are never evidence: sources copy them
from one another.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from rapidfuzz import fuzz

from movie_db.contract.ids import MovieNamespace
from movie_db.contract.messages import MovieListEntry, SourceRecord, WorkKind
from movie_db.stitching.kind import FILM_KINDS
from movie_db.stitching.names import fold_name, fold_title

SAME: Final = 0.985
"""From this probability on two records are taken for the same film."""
ASK: Final = 0.20
"""Between this and `SAME` a person shall decide."""
PRIOR: Final = -2.4
"""Bits against two records that were brought together by a title or a search, before any evidence."""
_INSTALMENT: Final = re.compile(r" (?:part|vol|volume|chapter|episode) (\d{1,2})\b| (\d{1,2})$")
ID_NAMESPACES: Final = ("imdb", "tmdb", "wikidata", "justwatch")


class Evidence(NamedTuple):
    """One finding: what was compared, what was seen, and its weight in bits (negative: against)."""

    what: str
    seen: str
    bits: float

    def __str__(self) -> str:
        return f"{self.what}: {self.seen} ({self.bits:+.1f})"


@dataclass(frozen=True)
class Film:
    """A film as the judge sees it: everything folded, everything a set, since sources may give several."""

    titles: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    directors: frozenset[str] = frozenset()
    cast: frozenset[str] = frozenset()
    runtimes: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    ids: frozenset[tuple[str, str]] = frozenset()
    kind: WorkKind | None = None

    def __or__(self, other: "Film") -> "Film":
        """Both records as one film, for records that are known to be of one."""
        return Film(
            self.titles | other.titles,
            self.years | other.years,
            self.directors | other.directors,
            self.cast | other.cast,
            self.runtimes | other.runtimes,
            self.countries | other.countries,
            self.ids | other.ids,
            self.kind or other.kind,
        )


def of_entry(entry: MovieListEntry) -> Film:
    return Film(
        titles=_titles((entry.title, entry.original_title)),
        years=_numbers((entry.year,)),
        directors=frozenset(map(fold_name, entry.directors)),
        runtimes=_numbers((entry.runtime,)),
        ids=_ids(entry.ids),
    )


def of_record(record: SourceRecord) -> Film:
    facts = record.facts
    released = int(facts.release_date[:4]) if facts.release_date else None
    return Film(
        titles=_titles((facts.title, facts.original_title, *facts.alternative_titles)),
        years=_numbers((facts.year, released)),
        directors=frozenset(fold_name(c.name) for c in facts.directors),
        cast=frozenset(fold_name(c.name) for c in facts.cast),
        runtimes=_numbers((facts.runtime,)),
        countries=frozenset(facts.countries),
        ids=_ids(record.ids),
        kind=record.kind,
    )


def _titles(titles: Iterable[str | None]) -> frozenset[str]:
    return frozenset(filter(None, (fold_title(t) for t in titles if t)))


def _numbers(numbers: Iterable[int | None]) -> frozenset[int]:
    return frozenset(n for n in numbers if n)


def _ids(ids: Mapping[MovieNamespace, str]) -> frozenset[tuple[str, str]]:
    return frozenset((n, v) for n, v in ids.items() if n in ID_NAMESPACES)


def weigh(left: Film, right: Film) -> list[Evidence]:
    """All findings of comparing two films; what either side does not tell is no evidence."""
    found = [_ids_evidence(left, right), _title_evidence(left, right), _year_evidence(left, right)]
    found += [_people_evidence(left, right), _runtime_evidence(left, right), _country_evidence(left, right)]
    if (left.kind or "film") not in FILM_KINDS or (right.kind or "film") not in FILM_KINDS:
        found.append(Evidence("kind", f"{left.kind or 'film'} / {right.kind or 'film'}", -25))
    return [e for e in found if e]


def _ids_evidence(left: Film, right: Film) -> Evidence | None:
    shared = left.ids & right.ids
    if shared:
        return Evidence("ids", "shared " + ", ".join(sorted(f"{n} {v}" for n, v in shared)), 16)
    spaces = {n for n, _ in left.ids} & {n for n, _ in right.ids}
    if spaces:
        return Evidence("ids", f"other {', '.join(sorted(spaces))}", -12)
    return None


def _title_evidence(left: Film, right: Film) -> Evidence | None:
    if not left.titles or not right.titles:
        return None
    shared = left.titles & right.titles
    ours, theirs = _instalments(left.titles), _instalments(right.titles)
    if ours and theirs and not ours & theirs:
        return Evidence("title", f"other number, {min(ours)} / {min(theirs)}", -14)
    if shared:
        longest = max(shared, key=lambda title: (len(title.split()), title))
        return Evidence("title", f"equal, {longest!r}", min(7.0, 4.0 + len(longest.split())))
    best, a, b = max((_alike(a, b), a, b) for a in left.titles for b in right.titles)
    if _number(a) != _number(b):
        return Evidence("title", f"other number, {a!r} / {b!r}", -14)
    if best >= 92:
        return Evidence("title", f"alike, {best:.0f} %", 1)
    if any(x.startswith(f"{y} ") or y.startswith(f"{x} ") for x in left.titles for y in right.titles):
        return Evidence("title", "one begins the other", -5)
    return Evidence("title", f"different, {best:.0f} % alike", -13)


def _alike(a: str, b: str) -> float:
    """In per cent; it doesn't matter which words are first, or which are written together."""
    return max(fuzz.token_sort_ratio(a, b), fuzz.ratio(a.replace(" ", ""), b.replace(" ", "")))


def _number(title: str) -> list[str]:
    """The numbers in a title, but for a 1, which many leave out: a sequel is another film, however alike the rest."""
    return [word for word in title.split() if word.isdigit() and word != "1"]


def _instalments(titles: Iterable[str]) -> set[int]:
    """Which parts of a series the titles say they are, by a number at the end or behind `part` and its like.

    All parts of a series may share a name without any number.
    """
    return {int(named or last) for title in titles for named, last in _INSTALMENT.findall(title)}


def _year_evidence(left: Film, right: Film) -> Evidence | None:
    if not left.years or not right.years:
        return None
    apart = min(abs(a - b) for a in left.years for b in right.years)
    bits = {0: 4.0, 1: 2.0, 2: -1.0, 3: -3.0}.get(apart, -7.0)
    return Evidence("year", "equal" if not apart else f"{apart} apart", bits)


def _people_evidence(left: Film, right: Film) -> Evidence | None:
    """Directors and cast together: they are no independent witnesses."""
    directors, stars = _shared(left.directors, right.directors), _shared(left.cast, right.cast)
    if directors or stars:
        bits = (8.0 if directors else 0.0) + min(9.0, 4.0 * len(stars))
        seen = [f"director {min(directors)}"] if directors else []
        seen += [f"{len(stars)} of the cast"] if stars else []
        if not directors and left.directors and right.directors:
            bits -= 4.0
            seen.append("other director")
        return Evidence("people", ", ".join(seen), min(bits, 13.0))
    bits = -7.0 if left.directors and right.directors else 0.0
    if len(left.cast) > 2 and len(right.cast) > 2:
        bits -= 5.0
    return Evidence("people", "nobody shared", bits) if bits else None


def _shared(left: frozenset[str], right: frozenset[str]) -> set[str]:
    """Names in both, spelling mistakes and shortened middle names forgiven."""
    shared = set(left & right)
    for a in left - shared:
        if any(fuzz.ratio(a, b) >= 88 or fuzz.token_sort_ratio(a, b) >= 95 or _shortens(a, b) for b in right - shared):
            shared.add(a)
    return shared


def _shortens(a: str, b: str) -> bool:
    """Whether the names differ in middle names only, each an initial of the other's or left out."""
    if a[0] != b[0] or a[-2:] != b[-2:]:
        return False
    short, long = sorted((a.split(), b.split()), key=lambda words: (len(words), sum(map(len, words))))
    if len(long) < 3 or len(short) < 2 or (short[0], short[-1]) != (long[0], long[-1]):
        return False
    rest = iter(long[1:-1])
    return all(any(full.startswith(middle) for full in rest) for middle in short[1:-1])


def _runtime_evidence(left: Film, right: Film) -> Evidence | None:
    if not left.runtimes or not right.runtimes:
        return None
    apart = min(abs(a - b) for a in left.runtimes for b in right.runtimes)
    bits = 3.0 if apart <= 1 else 2.0 if apart <= 3 else 0.5 if apart <= 8 else -0.5 if apart <= 15 else -2.5
    return Evidence("runtime", "equal" if not apart else f"{apart} min apart", bits)


def _country_evidence(left: Film, right: Film) -> Evidence | None:
    if not left.countries or not right.countries:
        return None
    shared = left.countries & right.countries
    return Evidence("country", ", ".join(sorted(shared)) or "none shared", 0.7 if shared else -2.0)


def bits(evidence: Iterable[Evidence]) -> float:
    return PRIOR + sum(e.bits for e in evidence)


@dataclass(frozen=True)
class Verdict:
    """What the judge says of a film and its candidates.

    `best` is the index of the likeliest candidate (None without candidates), `probability` that it is the same film,
    the others being the alternatives; `runner_up` is the index of the next likely one.
    """

    says: Literal["same", "ask", "different"]
    best: int | None = None
    probability: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    runner_up: int | None = None


def judge(film: Film, candidates: Sequence[Film]) -> Verdict:
    """Which of the candidates is this film, if any. A wrong film is worse than a missing one: unsure is `ask`."""
    if not candidates:
        return Verdict("different")
    weighed = [weigh(film, candidate) for candidate in candidates]
    odds = [2.0 ** min(40.0, bits(evidence)) for evidence in weighed]
    ranked = sorted(range(len(candidates)), key=lambda i: (-odds[i], i))
    best = ranked[0]
    probability = odds[best] / (1 + sum(odds))
    says: Literal["same", "ask", "different"] = "different"
    if probability >= SAME:
        says = "same"
    elif probability >= ASK or odds[best] / (1 + odds[best]) >= SAME:
        says = "ask"
    return Verdict(says, best, probability, tuple(weighed[best]), ranked[1] if len(ranked) > 1 else None)
