"""The rules of survivorship: from the values that sources give for a field, best source first, to the winning value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from movie_db.contract.messages import Company, Credit, Money, Rating, SourceRecord
from movie_db.stitching.agreement import agree
from movie_db.stitching.credits import MergedContributor, merge_credits, roles_first
from movie_db.stitching.genres import genre_names
from movie_db.stitching.policy import Rule

CREDITS: Final = ("directors", "writers", "cast")
CONTRIBUTORS: Final = (*CREDITS, "studios", "distributors")

SourceValue = tuple[Any, SourceRecord]
"""A value of a field, and the record that gives it."""


@dataclass(frozen=True, slots=True)
class WinningValue:
    """The value of the golden record, the record it comes from, and the values it beat."""

    value: Any
    record: SourceRecord
    rivals: tuple[SourceValue, ...]


def publisher(record: SourceRecord) -> str:
    """Who publishes a record. `justwatch` and `justwatch_page` are one, and so have one vote."""
    return record.source.partition("_")[0]


def _first(_: str, values: list[SourceValue]) -> int:
    return 0


def _agreed(name: str, values: list[SourceValue]) -> int:
    """The value that most publishers give. A year supports every date in it, but does not win against one."""
    given = [plain(value) for value, _ in values]
    publishers = [publisher(record) for _, record in values]
    dates = given if name == "release_date" else []
    exact = [n for n, one in enumerate(given) if not any(d != one and d.startswith(one) for d in dates)]

    def votes(n: int) -> int:
        return len({who for who, other in zip(publishers, given, strict=True) if agree(name, given[n], other)})

    return max(exact, key=lambda n: (votes(n), -n))


def _newest(_: str, values: list[SourceValue]) -> int:
    return max(range(len(values)), key=lambda n: (values[n][1].retrieved_at, -n))


def _longest(_: str, values: list[SourceValue]) -> int:
    return max(range(len(values)), key=lambda n: (_length(values[n][0]), -n))


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, str | tuple) else value.amount if isinstance(value, Money) else value


def _most_precise(_: str, values: list[SourceValue]) -> int:
    years = [int(date[:4]) for date, _ in values]

    def votes(n: int) -> int:
        return len({publisher(r) for year, (_, r) in zip(years, values, strict=True) if abs(year - years[n]) <= 1})

    first = 0
    if max(years) - min(years) > 1:
        # Reissues have later dates. A year that only one publisher gives may be an error.
        confirmed = [n for n in range(len(values)) if votes(n) > 1]
        first = min(confirmed, key=lambda n: (years[n], n), default=0)
    near = [n for n, year in enumerate(years) if abs(year - years[first]) <= 1]
    return max(near, key=lambda n: (len(values[n][0]), -n))


def _choosing(choice: Callable[[str, list[SourceValue]], int]) -> Callable[[str, list[SourceValue]], WinningValue]:
    """A rule that chooses one source's value. Contributors keep the ids that the other sources give."""

    def rule(name: str, values: list[SourceValue]) -> WinningValue:
        best = choice(name, values)
        (value, record), rivals = values[best], (*values[:best], *values[best + 1 :])
        if name in CONTRIBUTORS:
            value = as_credits(name, merge_credits([value, *(credits for credits, _ in rivals)], everybody=False))
        elif name == "genres":
            value = tuple(dict.fromkeys(genre for written in value for genre in genre_names(written)))
        return WinningValue(value, record, rivals)

    return rule


def _union(name: str, values: list[SourceValue]) -> WinningValue | None:
    together: dict[Any, Any] = {}
    for value, _ in values:
        for one in value:
            for item in genre_names(one) if name == "genres" else (one,):
                together.setdefault(_key(item), item)
    return WinningValue(tuple(together.values()), values[0][1], tuple(values[1:])) if together else None


def _key(item: Any) -> Any:
    if isinstance(item, Rating):
        return item.source
    return item.casefold() if isinstance(item, str) else item


def _all_credits(name: str, values: list[SourceValue]) -> WinningValue:
    lists = roles_first(credits for credits, _ in values)
    ordered = sorted(values, key=lambda v: next(n for n, credits in enumerate(lists) if credits is v[0]))
    return WinningValue(as_credits(name, merge_credits(lists, everybody=True)), ordered[0][1], tuple(ordered[1:]))


def as_credits(name: str, contributors: Iterable[MergedContributor]) -> tuple[Credit, ...] | tuple[Company, ...]:
    """Merged contributors as the contract has them: a person with two roles has two credits."""
    if name not in CREDITS:
        return tuple(Company(name=c.name, ids=c.ids) for c in contributors)
    return tuple(
        Credit(name=c.name, ids=c.ids, role=role, billing=c.billing) for c in contributors for role in c.roles or ("",)
    )


RULES: Final[Mapping[Rule, Callable[[str, list[SourceValue]], WinningValue | None]]] = {
    "first": _choosing(_first),
    "agreed": _choosing(_agreed),
    "newest": _choosing(_newest),
    "longest": _choosing(_longest),
    "most_precise": _choosing(_most_precise),
    "score": _choosing(_first),
    "credits": _choosing(_first),
    "all_credits": _all_credits,
    "union": _union,
}


def without_ids(value: Any) -> Any:
    """The value as JSON has it, with only the names of contributors."""
    if isinstance(value, tuple) and value and isinstance(value[0], Credit | Company):
        return list(dict.fromkeys(contributor.name for contributor in value))
    return plain(value)


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    return [plain(item) for item in value] if isinstance(value, tuple) else value
