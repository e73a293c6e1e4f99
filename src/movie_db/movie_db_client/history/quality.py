"""How good a run was beside those before it: how full the database is now, and which source tells less than it did.

A source's figures are of what it answered in a run, not of what is in the database: values that it no longer tells
are kept there, so that a changed format takes nothing away, and for that very reason has to be told loudly.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine, select

from movie_db.contract.clock import later, rank
from movie_db.movie_db_client.data_model.bookkeeping import RunRow
from movie_db.movie_db_client.data_model.engine import writing
from movie_db.movie_db_client.repository.coverage import Coverage, coverage
from movie_db.stitching.policy import base_source

FALL: Final = 0.2
"""A field that falls by more than this part of what it was raises an alarm."""
FEW: Final = 10
"""Films of a source; of fewer, a share says nothing."""
REMEMBERED: Final = 5
"""Runs of a gallery that a run is compared with, so that a fall is told more than once."""
_FAILED: Final = frozenset(("blocked", "failed", "not_asked"))
"""Outcomes that tell nothing of how a source is read."""

Counts = Mapping[str, Mapping[str, Any]]
"""`runs.sources`: a source's `SourceCount` by its name."""


class Alarm(NamedTuple):
    """A field that a source tells of fewer films; the shares are of its films, `found` of those it was asked for."""

    source: str
    field: str
    before: float
    now: float

    def __str__(self) -> str:
        before, now = round(100 * self.before), round(100 * self.now)
        whose = "the films it was asked for" if self.field == "found" else "its films"
        where = f"sources/{base_source(self.source)}.py may not read its answers any more"
        return f"{self.source}: {self.field} fell from {before} % to {now} % of {whose}: {where}"


class Quality(NamedTuple):
    """`filled_before` is what `now.filled` was at the end of the run before; None if this is the first."""

    now: Coverage
    filled_before: Mapping[str, int] | None
    alarms: list[Alarm]


def quality(engine: Engine, run: str) -> Quality:
    """The figures of a run that is in the database, beside those before it; keeps them with the run."""
    now = coverage(engine)
    with writing(engine).begin() as connection:
        connection.execute(RunRow.__table__.update().where(RunRow.run == run).values(coverage=now.as_json()))  # type: ignore[attr-defined]
        finished = (
            select(RunRow).where(RunRow.finished_at.is_not(None)).order_by(RunRow.finished_at.desc(), RunRow.run.desc())
        )
        runs = [dict(row) for row in connection.execute(finished).mappings()]
    runs.sort(key=lambda row: rank(row["finished_at"]), reverse=True)
    mine = next((row for row in runs if row["run"] == run), None)
    others = [
        row for row in runs if row["run"] != run and (not mine or not later(row["finished_at"], mine["finished_at"]))
    ]
    last = next((row["coverage"] for row in others if row["coverage"]), None)
    same = [row["sources"] or {} for row in others if mine and row["gallery"] == mine["gallery"]]
    same = [sources for sources in same if not _refreshed(sources)]
    found = list(alarms(mine["sources"] or {}, same[:REMEMBERED])) if mine else []
    return Quality(now, last["filled"] if last else None, found)


def _refreshed(sources: Counts) -> bool:
    """Whether a run was a refresh: that gathers a few films only, whose shares say nothing of all."""
    return any(count.get("due") or count.get("unchanged") for count in sources.values())


class _Shares(NamedTuple):
    """Of so many films of a source, the share that has each field."""

    films: int
    of: Mapping[str, float]


def alarms(now: Counts, before: Sequence[Counts]) -> Iterator[Alarm]:
    """The fields that sources tell of clearly fewer of their films than in the best of the runs before.

    A run of far fewer films or far more, as a refresh of those that are due, is none to compare with.
    """
    for shares in (_found, _fields):
        mine = shares(now)
        best: dict[tuple[str, str], float] = {}
        for run in before:
            for source, told in shares(run).items():
                if source in mine and mine[source].films / 2 <= told.films <= mine[source].films * 2:
                    for field, share in told.of.items():
                        best[source, field] = max(share, best.get((source, field), 0.0))
        for (source, field), share in sorted(best.items()):
            if (fallen := mine[source].of.get(field, 0.0)) < share * (1 - FALL):
                yield Alarm(source, field, share, fallen)


def _found(counts: Counts) -> dict[str, _Shares]:
    """By source, the share of the films it answered about that it has."""
    outcomes = {source: count.get("outcomes", {}) for source, count in counts.items()}
    asked = {source: sum(n for o, n in told.items() if o not in _FAILED) for source, told in outcomes.items()}
    return {
        source: _Shares(films, {"found": outcomes[source].get("found", 0) / films})
        for source, films in asked.items()
        if films >= FEW
    }


def _fields(counts: Counts) -> dict[str, _Shares]:
    """By source, the share of its films of which it tells each field."""
    found = {source: count.get("outcomes", {}).get("found", 0) for source, count in counts.items()}
    filled = {source: count.get("filled", {}) for source, count in counts.items()}
    return {
        source: _Shares(found[source], {field: films / found[source] for field, films in told.items()})
        for source, told in filled.items()
        if told and found[source] >= FEW
    }
