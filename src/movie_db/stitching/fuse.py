"""Source records → golden record: every value with its provenance and the values it beat. The order does not matter."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from movie_db.contract.messages import Company, Count, Credit, MovieFacts, SourceRecord
from movie_db.stitching._rules import (
    CONTRIBUTORS,
    RULES,
    SourceValue,
    WinningValue,
    as_credits,
    publisher,
    without_ids,
)
from movie_db.stitching.credits import merge_credits
from movie_db.stitching.policy import ENGLISH, POLICY, TEXTS, Order, Policy, Rule, base_source

RETENTION: Final = timedelta(days=90)
"""How long a value counts in full after its source stopped giving it. The time allows for repairing a parser."""
SEVERAL: Final[Mapping[str, str]] = {"runtime": "runtimes", "budget": "budgets", "box_office": "box_offices"}
"""Fields for which a source may give several values, and where its record has them."""
_ABSENT: Final = (None, ())
_ALSO_ELSEWHERE: Final = frozenset(("release_date", "alternative_titles", *SEVERAL))
"""Fields for which a record may have values though the field itself is absent."""
PIN: Final = "pin"
"""The source of a pinned value."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from. `beaten`: the other sources' values, as `{"source", "source_id", "value"}`.

    Every source value that differs from the golden one is listed, also for merged fields, so that each part can be
    traced to its source. Contributors are listed by name; a rating has its `rater`, and a text its `language` if that
    differs.
    """

    source: str
    source_id: str
    url: str
    retrieved_at: datetime
    licence: str
    beaten: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class GoldenRecord:
    """One film, merged from its records. `values` has the fields of `MovieFacts` that are not absent, and `rating`,
    `rating_count` and `age_rating_system`.

    Credits are `Credit`s (a person with two roles has two), companies `Company`s, amounts `Money`. `release_date` is
    an ISO date of the known precision, but never only a year, which is in `year`. The years differ where sources give
    only the day of a reissue.
    """

    values: Mapping[str, Any]
    provenance: Mapping[str, Provenance]


@dataclass(frozen=True, slots=True)
class PinnedValue:
    """A value that a person gave a field, and when. None empties the field."""

    value: Any
    pinned_at: datetime


class PinnableFacts(MovieFacts):
    """The fields that can be pinned: the facts, and the film's own rating (0 to 10) with its number of votes."""

    rating: Annotated[float, Field(ge=0, le=10)] | None = None
    rating_count: Count | None = None


def newest(records: Iterable[SourceRecord]) -> list[SourceRecord]:
    """The newest record of each (source, source_id), sorted by that pair."""
    latest: dict[tuple[str, str], SourceRecord] = {}
    for record in records:
        rival = latest.get((record.source, record.source_id))
        if rival is None or _age(record) > _age(rival):
            latest[record.source, record.source_id] = record
    return [latest[key] for key in sorted(latest)]


def _age(record: SourceRecord) -> tuple[datetime, str]:
    return record.retrieved_at, json.dumps(record.model_dump(mode="json"), sort_keys=True)


def fuse(
    records: Iterable[SourceRecord],
    pins: Mapping[str, PinnedValue] | None = None,
    policy: Policy = POLICY,
    languages: Sequence[str] = ENGLISH,
) -> GoldenRecord:
    """Merges the records of one film into its golden record.

    Args:
        records: in any order. Of several records of one (source, source_id), the newest counts.
        pins: pinned values by field. They win over every source.
        languages: the languages of texts, by preference.
    """
    current = newest(records)
    values: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    reissue: WinningValue | None = None
    for name in policy:
        won = _winner(name, _source_values(name, current, policy), policy[name].rule, languages)
        if won is not None:
            values[name] = won.value
            provenance[name] = _provenance(name, won)
            if name == "release_date":
                reissue = _reissue(won)
    _split_date(values, provenance)
    if reissue is not None and "release_date" not in values:
        values["release_date"], provenance["release_date"] = reissue.value, _provenance("release_date", reissue)
    _split_rating(values, provenance)
    _drop_title_from_alternatives(values, provenance)
    for name, pin in (pins or {}).items():
        given = _source_values(name, current, policy) if name in CONTRIBUTORS else []
        _pin(name, pin, values, provenance, [credits for credits, _ in given])
    _settle_year(pins or {}, values, provenance)
    _add_rating_system(current, values, provenance)
    return GoldenRecord(values, provenance)


def _source_values(name: str, records: Sequence[SourceRecord], policy: Policy) -> list[SourceValue]:
    """The values that the records give for a field, best source first.

    - A rating is ordered by its rater, not by its record.
    - A record with a year and no date gives the year as its date. If the year differs from that of its date (a
      reissue), it gives both.
    - Titles that a record shows count as alternative titles, after those it calls so.
    - The running times and sums of other cuts and countries follow those in the facts.
    """
    if name == "rating":
        ratings = [(r, record) for given, record in _source_values("ratings", records, policy) for r in given]
        order = policy[name].order
        return sorted(ratings, key=lambda v: (place(v[0].source, order), v[0].source))
    order = policy[name].order if name in policy else ()
    if name not in _ALSO_ELSEWHERE:
        records = [record for record in records if getattr(record.facts, name) not in _ABSENT]
    ordered = sorted(records, key=lambda r: (_is_stale(r, name), place(_ranked_source(r, order), order)))
    if name == "release_date":
        dated = ((r.facts.release_date or (r.facts.year and f"{r.facts.year:04}"), r) for r in ordered)
        years = ((f"{r.facts.year:04}", r) for r in ordered if _has_other_year(r))
        return [*((date, r) for date, r in dated if date), *years]
    values = [(value, record) for record in ordered if (value := getattr(record.facts, name)) not in _ABSENT]
    if name in SEVERAL:
        values += [(value, record) for record in ordered for value in _others(name, record)]
    if name == "alternative_titles":
        titled = ((tuple(filter(None, (r.facts.title, r.facts.original_title))), r) for r in ordered)
        values += [(titles, record) for titles, record in titled if titles]
    return values


def _has_other_year(record: SourceRecord) -> bool:
    """Whether a record's year is more than one away from that of its date."""
    date, year = record.facts.release_date, record.facts.year
    return bool(date and year and abs(int(date[:4]) - year) > 1)


def _is_stale(record: SourceRecord, name: str) -> bool:
    """Whether the source stopped giving the field long ago. Then it counts only if no other source gives it."""
    last_given = _last_given(record, name)
    return last_given is not None and record.retrieved_at - last_given > RETENTION


def _last_given(record: SourceRecord, name: str) -> datetime | None:
    """When the source last gave a field that it no longer gives; None if it still does."""
    return record.kept.get("ratings" if name == "rating" else name)


def _others(name: str, record: SourceRecord) -> Iterable[Any]:
    """The further values that a record gives for a field: other cuts, other sums."""
    several = record.several and name in SEVERAL and getattr(record.several, SEVERAL[name])
    return (value for value in several or () if value != getattr(record.facts, name))


def place(source: str, order: Order) -> int:
    """Where a source or rater stands in an order; the unnamed stand last."""
    return order.index(source) if source in order else len(order)


def _ranked_source(record: SourceRecord, order: Order) -> str:
    """The name under which an order ranks a record's source."""
    return record.source if record.source in order else base_source(record.source)


def _winner(name: str, values: list[SourceValue], rule: Rule, languages: Sequence[str]) -> WinningValue | None:
    """The winning value and its rivals. Of texts, only those in the best available language compete."""
    if not values:
        return None
    if name not in TEXTS:
        return RULES[rule](name, values)
    ranks = [_rank(record, languages) for _, record in values]
    best = [v for v, rank in zip(values, ranks, strict=True) if rank == min(ranks)]
    won = RULES[rule](name, best)
    foreign = sorted((rank, n) for n, rank in enumerate(ranks) if rank != min(ranks))
    return won and replace(won, rivals=(*won.rivals, *(values[n] for _, n in foreign)))


def _rank(record: SourceRecord, languages: Sequence[str]) -> int:
    """The rank of a record's language. A record without a language ranks first."""
    return 0 if record.language is None else place(record.language, tuple(languages))


def _provenance(name: str, won: WinningValue) -> Provenance:
    record, winner = won.record, without_ids(won.value)
    beaten = []
    for value, rival in won.rivals:
        if (lost := without_ids(value)) != winner:
            beaten.append({"source": rival.source, "source_id": rival.source_id, "value": lost})
            if name in TEXTS and rival.language != record.language:
                beaten[-1]["language"] = rival.language
    at = _last_given(record, name) or record.retrieved_at
    return Provenance(record.source, record.source_id, record.url, at, record.licence, tuple(beaten))


def _reissue(won: WinningValue) -> WinningValue | None:
    """The day of a reissue that two publishers give, if no source gives the day of the first release."""
    full = [(date, record) for date, record in won.rivals if len(won.value) == 4 and len(date) == 10]
    for day, record in full:
        if len({publisher(other) for date, other in full if date == day}) > 1:
            rivals = tuple(value for value in won.rivals if value[0] != day)
            return WinningValue(day, record, ((won.value, won.record), *rivals))
    return None


def _split_date(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    """Fills `year` from the release date, and drops a date that is only a year."""
    date = values.get("release_date")
    if date is None:
        return
    dated, year = provenance["release_date"], int(date[:4])
    others = tuple({**b, "value": int(b["value"][:4])} for b in dated.beaten)
    values["year"] = year
    provenance["year"] = replace(dated, beaten=tuple(b for b in others if b["value"] != year))
    if len(date) == 4:
        del values["release_date"], provenance["release_date"]


def _split_rating(values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    """Replaces the rating by its score, and fills `rating_count`."""
    rating = values.get("rating")
    if rating is None:
        return
    rated = provenance["rating"]
    values["rating"], provenance["rating"] = rating.score, replace(rated, beaten=_of_raters(rated, "score"))
    if rating.votes is not None:
        values["rating_count"] = rating.votes
        provenance["rating_count"] = replace(rated, beaten=_of_raters(rated, "votes"))


def _of_raters(provenance: Provenance, part: str) -> tuple[dict[str, Any], ...]:
    """One number of each beaten rating: `score` or `votes`."""
    ratings = ((b, b["value"]) for b in provenance.beaten)
    return tuple({**b, "value": r[part], "rater": r["source"]} for b, r in ratings if part in r)


def _add_rating_system(
    records: Iterable[SourceRecord], values: dict[str, Any], provenance: Mapping[str, Provenance]
) -> None:
    """Fills `age_rating_system` from the record that the age rating comes from."""
    rated = provenance.get("age_rating")
    for record in records:
        if rated and (record.source, record.source_id) == (rated.source, rated.source_id) and record.several:
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
    pin: PinnedValue,
    values: dict[str, Any],
    provenance: dict[str, Provenance],
    lists: Sequence[Sequence[Credit] | Sequence[Company]],
) -> None:
    """Sets a field to its pinned value. Contributors get the ids that the sources' `lists` have for them."""
    before = provenance.get(name)
    beaten: tuple[dict[str, Any], ...] = ()
    if before is not None:
        value = without_ids(values[name])
        beaten = ({"source": before.source, "source_id": before.source_id, "value": value}, *before.beaten)
    values.pop(name, None)
    if pin.value is not None:
        value = getattr(PinnableFacts.model_validate({name: pin.value}), name)
        if name in CONTRIBUTORS:
            value = as_credits(name, merge_credits([value, *lists], everybody=False))
        values[name] = value
    provenance[name] = Provenance(PIN, name, "", pin.pinned_at, "", beaten)


def _settle_year(pins: Mapping[str, PinnedValue], values: dict[str, Any], provenance: dict[str, Provenance]) -> None:
    """Makes year and date agree after a pin: a pinned date sets the year, and a pinned year drops another date."""
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
