"""People's decisions. They win over ids, the judge and every later run."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from movie_db.movie_db_client.entity_resolution.by_id import Decided, Pair, pair_of
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.policy import base_source

DecisionVerdict = Literal["same", "different"]
VERDICTS: Final[tuple[DecisionVerdict, ...]] = ("same", "different")


def link_key(entry: str, source: str, source_id: str) -> str:
    """Returns the key of the question whether an entry is the movie of a source's record."""
    return f"{entry}|{source}:{source_id}"


def pair_key(one: str, other: str) -> str:
    """Returns the key of the question whether two entries are the same movie."""
    return " | ".join(pair_of(one, other))


@dataclass(frozen=True)
class Decider:
    """Who decides, when and why."""

    who: str
    at: datetime
    why: str | None = None

    def link(self, entry: str, source: str, source_id: str, verdict: DecisionVerdict) -> Row:
        """Returns a decision on an entry and a source's record."""
        return self._row(link_key(entry, source, source_id), verdict, entry, None, source, source_id)

    def pair(self, one: str, other: str, verdict: DecisionVerdict) -> Row:
        """Returns a decision on two entries."""
        first, second = pair_of(one, other)
        return self._row(pair_key(one, other), verdict, first, second, None, None)

    def _row(self, key: str, verdict: DecisionVerdict, *pair: str | None) -> Row:
        columns = dict(zip(("entry_key", "other_key", "source", "source_id"), pair, strict=True))
        return {
            "key": key,
            "verdict": verdict,
            "note": self.why,
            "decided_by": self.who,
            "decided_at": self.at,
        } | columns


def keep(repository: Repository, rows: Iterable[Row]) -> None:
    """Stores decisions and marks their questions as decided. A decision replaces an older one on the same pair."""
    decisions = {row["key"]: row for row in rows}
    stored = {row["key"]: row["decision_id"] for row in repository.read("decisions", key=decisions)}
    repository.insert("decisions", [row for key, row in decisions.items() if key not in stored])
    repository.update(
        "decisions", [row | {"decision_id": stored[key]} for key, row in decisions.items() if key in stored]
    )
    questions = repository.read("review_queue", key=decisions)
    repository.update("review_queue", [{"review_id": row["review_id"], "status": "decided"} for row in questions])


@dataclass
class StoredDecisions:
    """The decisions on the entries loaded so far.

    `links` maps each entry to the verdicts on records, by (source, source_id).
    """

    links: dict[str, dict[Pair, DecisionVerdict]] = field(default_factory=dict)
    _pairs: dict[Pair, tuple[datetime, DecisionVerdict]] = field(default_factory=dict)

    def load(self, repository: Repository, keys: Collection[str]) -> tuple[set[str], set[Pair]]:
        """Reads the decisions on these entries; returns the entries and records that were decided to be the same."""
        rows: list[dict[str, Any]] = repository.read("decisions", entry_key=keys)
        rows += repository.read("decisions", other_key=keys)
        entries: set[str] = set()
        records: set[Pair] = set()
        for row in rows:
            same = row["verdict"] == "same"
            if row["other_key"] is not None:
                self._pairs[row["entry_key"], row["other_key"]] = row["decided_at"], row["verdict"]
                entries |= {row["entry_key"], row["other_key"]} if same else set()
            else:
                name = (row["source"], row["source_id"])
                self.links.setdefault(row["entry_key"], {})[name] = row["verdict"]
                records |= {name} if same else set()
        return entries, records

    def allows(self, entry: str, name: Pair) -> bool:
        """Whether decisions allow linking a record to an entry.

        A decision on a source's record also applies to its texts in other languages, and excludes the source's other
        records.
        """
        decided = self.links.get(entry)
        if not decided:
            return True
        name = (base_source(name[0]), name[1])
        if name in decided:
            return decided[name] == "same"
        return not any(source == name[0] and verdict == "same" for (source, _), verdict in decided.items())

    def same(self, entry: str) -> set[Pair]:
        """Returns the records that were decided to be an entry's movie."""
        return {name for name, verdict in self.links.get(entry, {}).items() if verdict == "same"}

    def pairs(self) -> Decided:
        """Returns the decisions on pairs of entries."""
        newest: Sequence[Pair] = sorted(self._pairs, key=lambda pair: (self._pairs[pair][0], pair), reverse=True)
        verdicts = {pair: self._pairs[pair][1] for pair in newest}
        same = tuple(pair for pair, verdict in verdicts.items() if verdict == "same")
        return Decided(same, frozenset(pair for pair, verdict in verdicts.items() if verdict == "different"))
