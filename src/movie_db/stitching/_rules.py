"""The rules of survivorship: what the sources say of a field, best source first → the value that wins."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from movie_db.contract.messages import Company, Credit, Money, Rating, SourceRecord
from movie_db.stitching.agreement import agree
from movie_db.stitching.credits import MergedContributor, roles_first, united
from movie_db.stitching.genres import genre_names
from movie_db.stitching.policy import Rule

CREDITS: Final = ("directors", "writers", "cast")
PARTIES: Final = (*CREDITS, "studios", "distributors")

Said = tuple[Any, SourceRecord]
"""What a record says of a field."""


@dataclass(frozen=True, slots=True)
class WinningValue:
    value: Any
    record: SourceRecord
    rivals: tuple[Said, ...]


def _first(_: str, said: list[Said]) -> int:
    return 0


def _agreed(name: str, said: list[Said]) -> int:
    """The value that most sources give; a year agrees with every date in it, but is none of them itself."""
    told = [plain(value) for value, _ in said]
    houses = [record.source.partition("_")[0] for _, record in said]
    dates = told if name == "release_date" else []
    exact = [n for n, one in enumerate(told) if not any(d != one and d.startswith(one) for d in dates)]

    def voters(n: int) -> int:
        return len({house for house, other in zip(houses, told, strict=True) if agree(name, told[n], other)})

    return max(exact, key=lambda n: (voters(n), -n))


def _newest(_: str, said: list[Said]) -> int:
    return max(range(len(said)), key=lambda n: (said[n][1].retrieved_at, -n))


def _longest(_: str, said: list[Said]) -> int:
    return max(range(len(said)), key=lambda n: (_length(said[n][0]), -n))


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, str | tuple) else value.amount if isinstance(value, Money) else value


def _most_precise(_: str, said: list[Said]) -> int:
    years = [int(date[:4]) for date, _ in said]

    def voters(n: int) -> int:
        return len(
            {r.source.partition("_")[0] for y, (_, r) in zip(years, said, strict=True) if abs(y - years[n]) <= 1}
        )

    first = 0
    if max(years) - min(years) > 1:
        # A film shown anew has later dates; a year that nobody else tells is a slip.
        told = [n for n in range(len(said)) if voters(n) > 1]
        first = min(told, key=lambda n: (years[n], n), default=0)
    near = [n for n, year in enumerate(years) if abs(year - years[first]) <= 1]
    return max(near, key=lambda n: (len(said[n][0]), -n))


def _choosing(choice: Callable[[str, list[Said]], int]) -> Callable[[str, list[Said]], WinningValue]:
    """The rule by which one source's value wins; of people and companies, with what the others know of them."""

    def rule(name: str, said: list[Said]) -> WinningValue:
        best = choice(name, said)
        (value, record), rivals = said[best], (*said[:best], *said[best + 1 :])
        if name in PARTIES:
            value = as_credits(name, united([value, *(credits for credits, _ in rivals)], everybody=False))
        elif name == "genres":
            value = tuple(dict.fromkeys(genre for told in value for genre in genre_names(told)))
        return WinningValue(value, record, rivals)

    return rule


def _union(name: str, said: list[Said]) -> WinningValue | None:
    together: dict[Any, Any] = {}
    for value, _ in said:
        for one in value:
            for item in genre_names(one) if name == "genres" else (one,):
                together.setdefault(_key(item), item)
    return WinningValue(tuple(together.values()), said[0][1], tuple(said[1:])) if together else None


def _key(item: Any) -> Any:
    if isinstance(item, Rating):
        return item.source
    return item.casefold() if isinstance(item, str) else item


def _all_credits(name: str, said: list[Said]) -> WinningValue:
    lists = roles_first(credits for credits, _ in said)
    ordered = sorted(said, key=lambda s: next(n for n, credits in enumerate(lists) if credits is s[0]))
    return WinningValue(as_credits(name, united(lists, everybody=True)), ordered[0][1], tuple(ordered[1:]))


def as_credits(name: str, parties: Iterable[MergedContributor]) -> tuple[Credit, ...] | tuple[Company, ...]:
    if name not in CREDITS:
        return tuple(Company(name=p.name, ids=p.ids) for p in parties)
    return tuple(
        Credit(name=p.name, ids=p.ids, role=role, billing=p.billing) for p in parties for role in p.roles or ("",)
    )


RULES: Final[Mapping[Rule, Callable[[str, list[Said]], WinningValue | None]]] = {
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


def named(value: Any) -> Any:
    """The value as JSON has it, people and companies by their names alone."""
    if isinstance(value, tuple) and value and isinstance(value[0], Credit | Company):
        return list(dict.fromkeys(party.name for party in value))
    return plain(value)


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    return [plain(item) for item in value] if isinstance(value, tuple) else value
