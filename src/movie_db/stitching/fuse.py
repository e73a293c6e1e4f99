"""Records → golden record: every value with its provenance and the values it beat. Pure, and blind to order."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from movie_db.contract.messages import Company, Count, Credit, MovieFacts, SourceRecord
from movie_db.stitching._rules import PARTIES, RULES, Said, WinningValue, as_credits, named
from movie_db.stitching.credits import united
from movie_db.stitching.policy import ENGLISH, POLICY, TEXTS, Order, Policy, Rule, house

KEPT: Final = timedelta(days=90)
"""So long a value that its source no longer tells counts as if it still did: time enough to mend how it is read."""
SEVERAL: Final[Mapping[str, str]] = {"runtime": "runtimes", "budget": "budgets", "box_office": "box_offices"}
"""Fields of which a source may tell several values, and where in its record they are."""
_NOTHING: Final = (None, ())
_TOLD_OTHERWISE: Final = frozenset(("release_date", "alternative_titles", *SEVERAL))
"""Fields of which a record may tell something though it says nothing in their place."""
PIN: Final = "pin"
"""The source of a value that a person pinned."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from. `beaten`: the other sources' values, as `{"source", "source_id", "value"}`.

    Beaten is whatever is not the value itself: of values that were brought together, too, so that each part of them
    can be traced to its source. People and companies are named there; a rating bears its `rater`, a text its
    `language`, if that is another.
    """

    source: str
    source_id: str
    url: str
    retrieved_at: datetime
    licence: str
    beaten: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Golden:
    """One film, stitched. `values` has the fields of `MovieFacts` that anybody knows, rating and rating_count, and
    `age_rating_system`.

    Credits are `Credit`s (a person with two roles is there twice), companies `Company`s, amounts `Money`;
    `release_date` is an ISO date cut to what is known, and never only a year: that is in `year`, and may be another
    where sources only tell the day of a later showing.
    """

    values: Mapping[str, Any]
    provenance: Mapping[str, Provenance]


@dataclass(frozen=True, slots=True)
class Pin:
    """A value that a person gave a field, and when; None empties the field."""

    value: Any
    pinned_at: datetime


class Pinnable(MovieFacts):
    """What can be pinned: the facts, and the film's own rating (on 0 to 10) with its votes."""

    rating: Annotated[float, Field(ge=0, le=10)] | None = None
    rating_count: Count | None = None


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
    policy: Policy = POLICY,
    languages: Sequence[str] = ENGLISH,
) -> Golden:
    """The golden record of one film's records.

    Args:
        records: in any order; of several records of one (source, source_id) the newest counts.
        pins: field → the value a person gave it: it wins over every source.
        languages: those in which texts are wanted, best first.
    """
    current = newest(records)
    values: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    anew: WinningValue | None = None
    for name in policy:
        won = _won(name, _said(name, current, policy), policy[name].rule, languages)
        if won is not None:
            values[name] = won.value
            provenance[name] = _provenance(name, won)
            if name == "release_date":
                anew = _shown_anew(won)
    _split_date(values, provenance)
    if anew is not None and "release_date" not in values:
        values["release_date"], provenance["release_date"] = anew.value, _provenance("release_date", anew)
    _split_rating(values, provenance)
    _drop_title_from_alternatives(values, provenance)
    for name, pin in (pins or {}).items():
        said = _said(name, current, policy) if name in PARTIES else []
        _pin(name, pin, values, provenance, [credits for credits, _ in said])
    _settle_year(pins or {}, values, provenance)
    _tell_system(current, values, provenance)
    return Golden(values, provenance)


def _said(name: str, records: Sequence[SourceRecord], policy: Policy) -> list[Said]:
    """What the records say of a field, best source first, without those that say nothing.

    Who tells no date, but a year, says that; who tells a date of another year, as of a film shown anew, says both. A
    rating's order is one of raters, not of records. Behind the other titles
    stand those that each source shows: what is not the title is another one. Behind the sums and running times stand
    those of other cuts and countries that a source tells besides.
    """
    if name == "rating":
        ratings = [(r, record) for told, record in _said("ratings", records, policy) for r in told]
        order = policy[name].order
        return sorted(ratings, key=lambda s: (place(s[0].source, order), s[0].source))
    order = policy[name].order if name in policy else ()
    if name not in _TOLD_OTHERWISE:
        records = [record for record in records if getattr(record.facts, name) not in _NOTHING]
    ordered = sorted(records, key=lambda r: (_is_stale(r, name), place(_house(r, order), order)))
    if name == "release_date":
        dated = ((r.facts.release_date or (r.facts.year and f"{r.facts.year:04}"), r) for r in ordered)
        return [*((date, r) for date, r in dated if date), *((f"{r.facts.year:04}", r) for r in ordered if _torn(r))]
    said = [(value, record) for record in ordered if (value := getattr(record.facts, name)) not in _NOTHING]
    if name in SEVERAL:
        said += [(value, record) for record in ordered for value in _others(name, record)]
    if name == "alternative_titles":
        titled = ((tuple(filter(None, (r.facts.title, r.facts.original_title))), r) for r in ordered)
        said += [(titles, record) for titles, record in titled if titles]
    return said


def _torn(record: SourceRecord) -> bool:
    """Whether a record's date is of another time than its year."""
    date, year = record.facts.release_date, record.facts.year
    return bool(date and year and abs(int(date[:4]) - year) > 1)


def _is_stale(record: SourceRecord, name: str) -> bool:
    """Whether the source has not told the field for long: then it counts only where nobody else tells it."""
    told = _kept(record, name)
    return told is not None and record.retrieved_at - told > KEPT


def _kept(record: SourceRecord, name: str) -> datetime | None:
    """When the source told a field last that it tells no more; None if it does."""
    return record.kept.get("ratings" if name == "rating" else name)


def _others(name: str, record: SourceRecord) -> Iterable[Any]:
    """What a record tells of a field besides: other cuts, other sums."""
    told = record.several and name in SEVERAL and getattr(record.several, SEVERAL[name])
    return (value for value in told or () if value != getattr(record.facts, name))


def place(source: str, order: Order) -> int:
    """Where a source or rater stands in an order; the unnamed stand last."""
    return order.index(source) if source in order else len(order)


def _house(record: SourceRecord, order: Order) -> str:
    """The source that an order ranks."""
    return record.source if record.source in order else house(record.source)


def _won(name: str, said: list[Said], rule: Rule, languages: Sequence[str]) -> WinningValue | None:
    """The value that wins, of a text in the best language there is, and all others."""
    if not said:
        return None
    if name not in TEXTS:
        return RULES[rule](name, said)
    ranks = [_rank(record, languages) for _, record in said]
    best = [s for s, rank in zip(said, ranks, strict=True) if rank == min(ranks)]
    won = RULES[rule](name, best)
    foreign = sorted((rank, n) for n, rank in enumerate(ranks) if rank != min(ranks))
    return won and replace(won, rivals=(*won.rivals, *(said[n] for _, n in foreign)))


def _rank(record: SourceRecord, languages: Sequence[str]) -> int:
    """The place of a record's language; one that tells none is taken for the best."""
    return 0 if record.language is None else place(record.language, tuple(languages))


def _provenance(name: str, won: WinningValue) -> Provenance:
    record, told = won.record, named(won.value)
    beaten = []
    for value, rival in won.rivals:
        if (lost := named(value)) != told:
            beaten.append({"source": rival.source, "source_id": rival.source_id, "value": lost})
            if name in TEXTS and rival.language != record.language:
                beaten[-1]["language"] = rival.language
    at = _kept(record, name) or record.retrieved_at
    return Provenance(record.source, record.source_id, record.url, at, record.licence, tuple(beaten))


def _shown_anew(won: WinningValue) -> WinningValue | None:
    """The day of a later showing that two sources tell, where nobody tells the day of the first: better than none."""
    full = [(date, record) for date, record in won.rivals if len(won.value) == 4 and len(date) == 10]
    for day, record in full:
        if len({other.source.partition("_")[0] for date, other in full if date == day}) > 1:
            rivals = tuple(said for said in won.rivals if said[0] != day)
            return WinningValue(day, record, ((won.value, won.record), *rivals))
    return None


def _split_date(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    """The year has its own field; a date that is only a year is none."""
    date = values.get("release_date")
    if date is None:
        return
    told, year = provenance["release_date"], int(date[:4])
    others = tuple({**b, "value": int(b["value"][:4])} for b in told.beaten)
    values["year"] = year
    provenance["year"] = replace(told, beaten=tuple(b for b in others if b["value"] != year))
    if len(date) == 4:
        del values["release_date"], provenance["release_date"]


def _split_rating(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    rating = values.get("rating")
    if rating is None:
        return
    told = provenance["rating"]
    values["rating"], provenance["rating"] = rating.score, replace(told, beaten=_of_raters(told, "score"))
    if rating.votes is not None:
        values["rating_count"] = rating.votes
        provenance["rating_count"] = replace(told, beaten=_of_raters(told, "votes"))


def _of_raters(told: Provenance, part: str) -> tuple[dict[str, Any], ...]:
    """One number of the ratings that were beaten."""
    ratings = ((b, b["value"]) for b in told.beaten)
    return tuple({**b, "value": r[part], "rater": r["source"]} for b, r in ratings if part in r)


def _tell_system(records: Iterable[SourceRecord], values: dict[str, Any], provenance: Mapping[str, Provenance]) -> None:
    """Whose the age rating is, as the record says from which it comes."""
    told = provenance.get("age_rating")
    for record in records:
        if told and (record.source, record.source_id) == (told.source, told.source_id) and record.several:
            systems = (c.system for c in record.several.certificates if c.rating == values.get("age_rating"))
            if system := next(filter(None, systems), None):
                values["age_rating_system"] = system


def _drop_title_from_alternatives(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    shown = {values[n].casefold() for n in ("title", "original_title") if n in values}
    others = tuple(t for t in values.pop("alternative_titles", ()) if t.casefold() not in shown)
    if others:
        values["alternative_titles"] = others
    else:
        provenance.pop("alternative_titles", None)


def _pin(
    name: str,
    pin: Pin,
    values: dict[str, Any],
    provenance: dict[str, Provenance],
    lists: Sequence[Sequence[Credit] | Sequence[Company]],
) -> None:
    """Gives a field the pinned value; people and companies get the ids that the sources' `lists` know of them."""
    before = provenance.get(name)
    beaten: tuple[dict[str, Any], ...] = ()
    if before is not None:
        value = named(values[name])
        beaten = ({"source": before.source, "source_id": before.source_id, "value": value}, *before.beaten)
    values.pop(name, None)
    if pin.value is not None:
        value = getattr(Pinnable.model_validate({name: pin.value}), name)
        values[name] = as_credits(name, united([value, *lists], everybody=False)) if name in PARTIES else value
    provenance[name] = Provenance(PIN, name, "", pin.pinned_at, "", beaten)


def _settle_year(pins: Mapping[str, Pin], values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    """A pinned date has its year with it, and a pinned year no date of another."""
    date = values.get("release_date")
    if date is None or not pins.keys() & {"release_date", "year"}:
        return
    if "year" not in pins:
        values["year"], provenance["year"] = int(date[:4]), provenance["release_date"]
    elif values.get("year") != int(date[:4]):
        del values["release_date"], provenance["release_date"]
        return
    if len(date) == 4:
        del values["release_date"]
