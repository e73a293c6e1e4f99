"""Finds statements of Wikidata whose values can't be used, so that they are counted when they are left out."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from movie_db.contract.parts import LeftOut
from movie_db.crawling_module.sources.base import left_out
from movie_db.crawling_module.sources.wikidata_entity import Entity, amount, qid_of, unit_of
from movie_db.stitching import values

_ITEMS: Final = ("P31", "P57", "P58", "P136", "P161", "P272", "P364", "P495", "P725", "P750")
_TEXTS: Final = ("P345", "P444", "P856", "P3383", "P4947", "P4985")
_MINUTES: Final = {"Q7727": Decimal(1), "Q25235": Decimal(60), "Q11574": Decimal(1) / 60}


def day(value: Any) -> str | None:
    """Return a time as a partial date, by its precision (9 year, 10 month, 11 day); None if it is vaguer."""
    if not isinstance(value, dict) or not isinstance(time := value.get("time"), str) or not time.startswith("+"):
        return None
    precision = value.get("precision")
    if not isinstance(precision, int) or precision < 9:
        return None
    try:
        year, month, date = (int(n) for n in time[1:].partition("T")[0].split("-"))
    except ValueError:
        return None
    return values.partial_date(year, month if precision >= 10 else 0, date if precision >= 11 else 0)


def minutes(value: Any) -> int | None:
    """Return a duration in minutes, from 1 to 6,000."""
    factor, number = _MINUTES.get(unit_of(value) or ""), amount(value)
    found = round(number * factor) if factor and number else 0
    return found if 1 <= found <= 6000 else None


def _is_day(value: Any) -> bool:
    """A time that is vaguer than a year, such as a decade, is no fault of the statement."""
    precision = value.get("precision") if isinstance(value, dict) else None
    return day(value) is not None or (isinstance(precision, int) and 0 <= precision < 9)


def _is_title(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(text := value.get("text"), str) and values.name(text) is not None


_CHECKS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    **dict.fromkeys(_ITEMS, (lambda value: qid_of(value) is not None, "it is not an item")),
    **dict.fromkeys(_TEXTS, (lambda value: isinstance(value, str), "it is not a text")),
    **dict.fromkeys(("P569", "P570", "P571", "P577"), (_is_day, "it is not a date")),
    **dict.fromkeys(("P2130", "P2142"), (lambda value: amount(value) is not None, "it is not an amount")),
    "P1476": (_is_title, "it is not a title"),
    "P2047": (lambda value: minutes(value) is not None, "it is not a duration of 1 to 6,000 minutes"),
}


def unusable(entity: Entity) -> Iterator[LeftOut]:
    """Yield the entity's malformed statements, and those of its best statements whose values can't be used."""
    yield from entity.malformed
    for pid, (usable, reason) in _CHECKS.items():
        for number, statement in enumerate(entity.best(pid)):
            if not usable(statement.value):
                yield left_out(f"claims.{pid}.{number}", reason, statement.value)
