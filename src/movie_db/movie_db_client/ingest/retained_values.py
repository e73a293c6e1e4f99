"""Retains values that a source no longer gives, in case its format changed or our parser is wrong.

`SourceRecord.kept` says when the source last gave each retained value. The stitching decides how long they count.
"""

from typing import Final

from movie_db.contract.messages import MovieFacts, SourceRecord

_FIELDS: Final = tuple(name for name in MovieFacts.model_fields if name != "offers")
"""Offers are left out: the ledger handles offers that are no longer given."""


def retain(record: SourceRecord, former: SourceRecord) -> SourceRecord:
    """Adds to a record the values that only a former one has. The latest of several former values wins."""
    values, times = {}, dict(record.kept)
    for name in _FIELDS:
        value = getattr(former.facts, name)
        if value in (None, ()):
            continue
        silent = getattr(record.facts, name) in (None, ())
        last_given = former.kept.get(name, former.retrieved_at)
        if (silent and _fits(name, former, record)) or (name in record.kept and last_given > record.kept[name]):
            values[name], times[name] = value, last_given
    if not values:
        return record
    return record.model_copy(update={"facts": record.facts.model_copy(update=values), "kept": times})


def without_retained(record: SourceRecord) -> SourceRecord:
    """Returns the record as the source last gave it, without retained values."""
    if not record.kept:
        return record
    empty = {name: MovieFacts.model_fields[name].default for name in record.kept}
    return record.model_copy(update={"facts": record.facts.model_copy(update=empty), "kept": {}})


def _fits(name: str, former: SourceRecord, record: SourceRecord) -> bool:
    """Whether a value fits the new record: a release date has to match its year, unless both came together before."""
    year, date = record.facts.year, former.facts.release_date
    return name != "release_date" or date is None or year in (None, former.facts.year, int(date[:4]))
