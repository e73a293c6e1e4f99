"""Records → golden record: every value with its provenance and the values it beat. Pure, and blind to order."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from movie_db.contract.messages import Company, Credit, MovieFacts, Rating, SourceRecord
from movie_db.stitching.credits import Party, roles_first, united
from movie_db.stitching.genres import genre_names
from movie_db.stitching.policy import POLICY, Survivorship

PIN: Final = "pin"
"""The source of a value that a person pinned."""
CREDITS: Final = ("directors", "writers", "cast")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from. `beaten`: the other sources' values, as `{"source", "source_id", "value"}`."""

    source: str
    source_id: str
    url: str
    retrieved_at: datetime
    licence: str
    beaten: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Golden:
    """One film, stitched. `values` has the fields of `MovieFacts` that anybody knows, and rating and rating_count.

    Credits are `Credit`s (a person with two roles is there twice), companies `Company`s, amounts `Money`;
    `release_date` is an ISO date cut to what is known, and never only a year: that is in `year`.
    """

    values: Mapping[str, Any]
    provenance: Mapping[str, Provenance]


@dataclass(frozen=True, slots=True)
class Pin:
    """A value that a person gave a field, and when; None empties the field."""

    value: Any
    pinned_at: datetime


@dataclass(frozen=True, slots=True)
class _Won:
    value: Any
    record: SourceRecord
    rivals: tuple[tuple[Any, SourceRecord], ...] = ()


def newest(records: Iterable[SourceRecord]) -> list[SourceRecord]:
    """The newest record of each (source, source_id), sorted by these."""
    kept: dict[tuple[str, str], SourceRecord] = {}
    for record in records:
        rival = kept.get((record.source, record.source_id))
        if rival is None or _age(record) > _age(rival):
            kept[record.source, record.source_id] = record
    return [kept[key] for key in sorted(kept)]


def _age(record: SourceRecord) -> tuple[datetime, str]:
    return record.retrieved_at, json.dumps(record.model_dump(mode="json"), sort_keys=True)


def fuse(
    records: Iterable[SourceRecord],
    pins: Mapping[str, Pin] | None = None,
    policy: Mapping[str, Survivorship] = POLICY,
) -> Golden:
    """The golden record of one film's records.

    Args:
        records: in any order; of several records of one (source, source_id) the newest counts.
        pins: field → the value a person gave it: it wins over every source.
    """
    current = newest(records)
    values: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    for name, survivorship in policy.items():
        won = _RULES[survivorship.rule](name, _ordered(current, survivorship))
        if won is not None:
            values[name] = won.value
            provenance[name] = _provenance(won)
    _split_date(values, provenance)
    _split_rating(values, provenance)
    _drop_title_from_alternatives(values, provenance)
    for name, pin in (pins or {}).items():
        _pin(name, pin, values, provenance)
    return Golden(values, provenance)


def _ordered(records: Sequence[SourceRecord], survivorship: Survivorship) -> list[SourceRecord]:
    """Best source first. A rating's order is one of raters, not of records."""
    order = POLICY["ratings"].order if survivorship.rule == "score" else survivorship.order
    rank = {source: n for n, source in enumerate(order)}
    return sorted(records, key=lambda r: rank.get(r.source, len(rank)))


def _said(name: str, records: Iterable[SourceRecord]) -> list[tuple[Any, SourceRecord]]:
    """What the records say of a field, without those that say nothing."""
    said = ((getattr(record.facts, name), record) for record in records)
    return [(value, record) for value, record in said if value not in (None, ())]


def _first(name: str, records: list[SourceRecord]) -> _Won | None:
    said = _said(name, records)
    return _Won(*said[0], rivals=tuple(said[1:])) if said else None


def _most_precise(name: str, records: list[SourceRecord]) -> _Won | None:
    said: list[tuple[Any, SourceRecord]] = []
    for record in records:
        date = getattr(record.facts, name) or (record.facts.year and f"{record.facts.year:04}")
        if date:
            said.append((date, record))
    if not said:
        return None
    year = int(said[0][0][:4])
    won = max((s for s in said if abs(int(s[0][:4]) - year) <= 1), key=lambda s: len(s[0]))
    return _Won(*won, rivals=tuple(s for s in said if s is not won))


def _union(name: str, records: list[SourceRecord]) -> _Won | None:
    said = _said(name, records)
    if name == "alternative_titles":
        said += [(t, r) for r in records if (t := tuple(filter(None, (r.facts.title, r.facts.original_title))))]
    together: dict[Any, Any] = {}
    for value, _ in said:
        for one in value:
            for item in genre_names(one) if name == "genres" else (one,):
                together.setdefault(_key(item), item)
    return _Won(tuple(together.values()), said[0][1]) if together else None


def _key(item: Any) -> Any:
    if isinstance(item, Rating):
        return item.source
    return item.casefold() if isinstance(item, str) else item


def _credits(name: str, records: list[SourceRecord]) -> _Won | None:
    said = _said(name, records)
    if not said:
        return None
    parties = united([credits for credits, _ in said], everybody=False)
    rivals = tuple((tuple(c.name for c in credits), record) for credits, record in said[1:])
    return _Won(_as_credits(name, parties), said[0][1], rivals)


def _all_credits(name: str, records: list[SourceRecord]) -> _Won | None:
    said = _said(name, records)
    if not said:
        return None
    lists = roles_first(credits for credits, _ in said)
    best = next(record for credits, record in said if credits is lists[0])
    return _Won(_as_credits(name, united(lists, everybody=True)), best)


def _as_credits(name: str, parties: Iterable[Party]) -> tuple[Credit, ...] | tuple[Company, ...]:
    # The parts were checked when they came in: to check them again costs a third of a film's time.
    if name not in CREDITS:
        return tuple(Company.model_construct(name=p.name, ids=p.ids) for p in parties)  # type: ignore[arg-type]
    return tuple(
        Credit.model_construct(name=p.name, ids=p.ids, role=role, billing=p.billing)  # type: ignore[arg-type]
        for p in parties
        for role in p.roles or ("",)
    )


def _score(name: str, records: list[SourceRecord]) -> _Won | None:
    rank = {rater: n for n, rater in enumerate(POLICY[name].order)}
    said: list[tuple[Rating, SourceRecord]] = [
        (r, record) for ratings, record in _said("ratings", records) for r in ratings
    ]
    said.sort(key=lambda s: (rank.get(s[0].source, len(rank)), s[0].source))
    return _Won(*said[0], rivals=tuple((r.score, record) for r, record in said[1:])) if said else None


_RULES: Final = {
    "first": _first,
    "most_precise": _most_precise,
    "union": _union,
    "credits": _credits,
    "all_credits": _all_credits,
    "score": _score,
}


def _provenance(won: _Won) -> Provenance:
    record = won.record
    told = _plain(won.value)
    if isinstance(told, list) and won.rivals:
        told = [_plain(getattr(item, "name", item)) for item in won.value]
    beaten = tuple(
        {"source": r.source, "source_id": r.source_id, "value": _plain(value)}
        for value, r in won.rivals
        if _plain(value) != told
    )
    return Provenance(record.source, record.source_id, record.url, record.retrieved_at, record.licence, beaten)


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _split_date(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    """The year has its own field; a date that is only a year is none."""
    date = values.get("release_date")
    if date is None:
        return
    values["year"], provenance["year"] = int(date[:4]), provenance["release_date"]
    if len(date) == 4:
        del values["release_date"], provenance["release_date"]


def _split_rating(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    rating = values.get("rating")
    if rating is None:
        return
    values["rating"] = rating.score
    if rating.votes is not None:
        values["rating_count"], provenance["rating_count"] = rating.votes, provenance["rating"]


def _drop_title_from_alternatives(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    shown = {values[n].casefold() for n in ("title", "original_title") if n in values}
    others = tuple(t for t in values.pop("alternative_titles", ()) if t.casefold() not in shown)
    if others:
        values["alternative_titles"] = others
    else:
        provenance.pop("alternative_titles", None)


def _pin(name: str, pin: Pin, values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    before = provenance.get(name)
    beaten: tuple[dict[str, Any], ...] = ()
    if before is not None:
        value = _plain(values[name])
        beaten = ({"source": before.source, "source_id": before.source_id, "value": value}, *before.beaten)
    values.pop(name, None)
    if pin.value is not None:
        typed = name in MovieFacts.model_fields
        values[name] = getattr(MovieFacts.model_validate({name: pin.value}), name) if typed else pin.value
    provenance[name] = Provenance(PIN, name, "", pin.pinned_at, "", beaten)
