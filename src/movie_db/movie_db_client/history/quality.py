"""Compares a run with earlier ones: coverage of the database, and sources that give fewer values than before.

A source's counts cover what it answered in the run. The database can't show this, because it retains values that a
source no longer gives, so that a changed format removes nothing.
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
"""A field whose share falls by more than this fraction raises an alarm."""
FEW: Final = 10
"""Minimum number of movies of a source for a share to be meaningful."""
REMEMBERED: Final = 5
"""Number of earlier runs to compare with, so that a fall is reported more than once."""
_FAILED: Final = frozenset(("blocked", "failed", "not_asked"))
"""Outcomes that say nothing about how well a source is parsed."""

SourceCounts = Mapping[str, Mapping[str, Any]]
"""`runs.sources`: source → its `SourceCount`."""


class Alarm(NamedTuple):
    """A field that a source gives for fewer of its movies. Shares are fractions; `found` is among the requested
    movies.
    """

    source: str
    field: str
    before: float
    now: float

    def __str__(self) -> str:
        before, now = round(100 * self.before), round(100 * self.now)
        whose = "the movies it was requested for" if self.field == "found" else "its movies"
        where = f"sources/{base_source(self.source)}.py may no longer parse its answers"
        return f"{self.source}: {self.field} fell from {before} % to {now} % of {whose}: {where}"


class Quality(NamedTuple):
    """`filled_before` is `now.filled` at the end of the previous run; None for the first run."""

    now: Coverage
    filled_before: Mapping[str, int] | None
    alarms: list[Alarm]


def quality(engine: Engine, run: str) -> Quality:
    """Returns the figures of an ingested run next to earlier ones, and stores its coverage."""
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


def _refreshed(sources: SourceCounts) -> bool:
    """Whether a run was a refresh, which gathers only a few movies, so that its shares say nothing."""
    return any(count.get("due") or count.get("unchanged") for count in sources.values())


class _Shares(NamedTuple):
    """The number of a source's movies, and the share that has each field."""

    films: int
    of: Mapping[str, float]


def alarms(now: SourceCounts, before: Sequence[SourceCounts]) -> Iterator[Alarm]:
    """Yields the fields that sources give for clearly fewer movies than in the best of the earlier runs.

    Runs with fewer than half or more than twice the movies are not compared.
    """
    for shares in (_found, _fields):
        mine = shares(now)
        best: dict[tuple[str, str], float] = {}
        for run in before:
            for source, theirs in shares(run).items():
                if source in mine and mine[source].films / 2 <= theirs.films <= mine[source].films * 2:
                    for field, share in theirs.of.items():
                        best[source, field] = max(share, best.get((source, field), 0.0))
        for (source, field), share in sorted(best.items()):
            if (fallen := mine[source].of.get(field, 0.0)) < share * (1 - FALL):
                yield Alarm(source, field, share, fallen)


def _found(counts: SourceCounts) -> dict[str, _Shares]:
    """Returns by source the share of movies found among those it answered for."""
    outcomes = {source: count.get("outcomes", {}) for source, count in counts.items()}
    answered = {source: sum(n for o, n in counted.items() if o not in _FAILED) for source, counted in outcomes.items()}
    return {
        source: _Shares(films, {"found": outcomes[source].get("found", 0) / films})
        for source, films in answered.items()
        if films >= FEW
    }


def _fields(counts: SourceCounts) -> dict[str, _Shares]:
    """Returns by source the share of its movies with each field."""
    found = {source: count.get("outcomes", {}).get("found", 0) for source, count in counts.items()}
    filled = {source: count.get("filled", {}) for source, count in counts.items()}
    return {
        source: _Shares(found[source], {field: films / found[source] for field, films in counted.items()})
        for source, counted in filled.items()
        if counted and found[source] >= FEW
    }
