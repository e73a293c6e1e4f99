"""What a source no longer tells of a film is kept: perhaps only its format changed, or our reading of it is at fault.

Kept values say when they were told last (`SourceRecord.kept`); how long they count is the stitching's business.
"""

from typing import Final

from movie_db.contract.messages import MovieFacts, SourceRecord

_FIELDS: Final = tuple(name for name in MovieFacts.model_fields if name != "offers")
"""Offers have their ledger: one that is no longer told has ended."""


def retain(record: SourceRecord, former: SourceRecord) -> SourceRecord:
    """The record with what only a former one of its kind tells; of several, in any order, the latest word is kept."""
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
    """The record as the source told it last, without what is kept."""
    if not record.kept:
        return record
    empty = {name: MovieFacts.model_fields[name].default for name in record.kept}
    return record.model_copy(update={"facts": record.facts.model_copy(update=empty), "kept": {}})


def _fits(name: str, former: SourceRecord, record: SourceRecord) -> bool:
    """Whether a value goes with what is told now: a date is of its year, or that year was told beside it before."""
    year, date = record.facts.year, former.facts.release_date
    return name != "release_date" or date is None or year in (None, former.facts.year, int(date[:4]))
