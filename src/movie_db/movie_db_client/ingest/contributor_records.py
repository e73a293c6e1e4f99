"""Source records of people and companies, stored by their ids. They may arrive before or after the movies."""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from movie_db.contract.clock import rank
from movie_db.contract.messages import CompanyItem, PersonItem
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.policy import BIO, PEOPLE, Order, base_source

RecordKind = Literal["person", "company"]
_FACTS: Final = frozenset(("born", "died", "nationality", "bio", "location", "founded"))
"""Facts that stay true even if a source no longer gives them."""
_NOT_KEPT: Final = frozenset({"run"})


class ContributorUpdates(NamedTuple):
    """What a batch changes about people or companies: all affected ids, and the new records by record id."""

    ids: AbstractSet[Pair]
    records: Mapping[int, Row]


NO_UPDATES: Final = ContributorUpdates(frozenset(), MappingProxyType({}))


def apply_contributor_items(
    repository: Repository, kind: RecordKind, items: Sequence[PersonItem | CompanyItem]
) -> ContributorUpdates:
    """Stores the newest record of each (source, source_id), and returns the records that changed."""
    new: dict[Pair, Row] = {}
    for item in items:
        row = _row(kind, item)
        name = (row["source"], row["source_id"])
        new[name] = _newest(row, new[name]) if name in new else row
    if not new:
        return NO_UPDATES
    stored = {
        (row["source"], row["source_id"]): row
        for row in repository.read(
            "source_records", entity=[kind], source={s for s, _ in new}, source_id={i for _, i in new}
        )
    }
    added = [row for name, row in new.items() if name not in stored]
    both = {name: _newest(row, stored[name]) for name, row in new.items() if name in stored}
    changed = [
        row | {"record_id": stored[name]["record_id"]}
        for name, row in both.items()
        if (row["retrieved_at"], row["record"]) != (stored[name]["retrieved_at"], stored[name]["record"])
    ]
    for row, number in zip(added, repository.insert("source_records", added), strict=True):
        row["record_id"] = number
    repository.update("source_records", changed)
    repository.delete("source_record_ids", record_id=[row["record_id"] for row in changed])
    rows = added + changed
    repository.insert(
        "source_record_ids",
        [
            {"entity": kind, "namespace": namespace, "value": value, "record_id": row["record_id"]}
            for row in rows
            for namespace, value in row["record"]["ids"].items()
        ],
    )
    before = [stored[r["source"], r["source_id"]] for r in changed]
    ids = {pair for row in rows + before for pair in row["record"]["ids"].items()}
    return ContributorUpdates(ids, {row["record_id"]: row for row in rows})


def _row(kind: RecordKind, item: PersonItem | CompanyItem) -> Row:
    origin = item.origin
    return {
        "entity": kind,
        "movie_id": None,
        "source": origin.source,
        "source_id": origin.source_id,
        "url": origin.url,
        "retrieved_at": origin.retrieved_at,
        "licence": origin.licence,
        "language": origin.language,
        "probability": None,
        "evidence": None,
        "record": item.model_dump(mode="json", exclude_none=True, exclude=set(_NOT_KEPT)),
    }


def _newest(one: Row, other: Row) -> Row:
    """Returns the newer of two records with the same name, completed with fields that only the other one has.

    `kept` in the record says when the source last gave a field that it no longer gives.
    """
    newer, older = sorted((one, other), key=_age, reverse=True)
    record, kept = dict(newer["record"]), dict(newer["record"].get("kept", {}))
    for field in _FACTS & older["record"].keys():
        last_given = older["record"].get("kept", {}).get(field, older["retrieved_at"].isoformat())
        if field not in record or (field in kept and last_given > kept[field]):
            record[field], kept[field] = older["record"][field], last_given
    return newer | {"record": record | ({"kept": kept} if kept else {})}


def _age(row: Row) -> tuple[Any, str]:
    """Returns a sort key for a record's age. Fields retained from older records don't count."""
    record = row["record"]
    kept = record.get("kept", {})
    given = {name: value for name, value in record.items() if name != "kept" and name not in kept}
    return rank(row["retrieved_at"]), json.dumps(given, sort_keys=True)


class ContributorRecords:
    """The records of one kind that a batch needs, by id. Each is read once; those of the batch itself are not read."""

    def __init__(self, repository: Repository, kind: RecordKind, updates: ContributorUpdates) -> None:
        self._repository = repository
        self._kind = kind
        self._updates = updates.records
        self._loaded: set[Pair] = set()
        self._by_id: dict[Pair, dict[int, Row]] = {}
        self._with: dict[Pair, set[Pair]] = {}

    def load(self, pairs: Iterable[Pair]) -> None:
        """Reads the records with these ids, and with the ids found in those records."""
        missing = set(pairs) - self._loaded
        while missing:
            self._loaded |= missing
            found = self._repository.read(
                "source_record_ids", entity=[self._kind], value={value for _, value in missing}
            )
            numbers = {row["record_id"] for row in found if (row["namespace"], row["value"]) in missing}
            near: set[Pair] = set()
            rows = [self._updates[number] for number in numbers & self._updates.keys()]
            rows += self._repository.read("source_records", record_id=numbers - self._updates.keys())
            for row in rows:
                together = set(row["record"]["ids"].items())
                for pair in together:
                    self._by_id.setdefault(pair, {})[row["record_id"]] = row
                    self._with.setdefault(pair, set()).update(together)
                near |= together
            missing = near - self._loaded

    def ids_with(self, pair: Pair) -> AbstractSet[Pair]:
        """Returns all ids that occur in a record together with this one, itself included."""
        return self._with.get(pair, frozenset())

    def facts(self, ids: Iterable[Pair], table: str) -> Row:
        """Returns the columns of `table` as filled by the records with these ids."""
        rows = {number: row for pair in ids for number, row in self._by_id.get(pair, {}).items()}
        records = _Records(list(rows.values()), self._repository.preferences.languages)
        return _company(records, table) if self._kind == "company" else _person(records)


class _Records(NamedTuple):
    """The records of one person or company, and the preferred languages, best first."""

    rows: Sequence[Row]
    languages: Sequence[str]

    def first(self, field: str, order: Order = PEOPLE) -> Any:
        """Returns the value in the best language, then from the first source in `order`, then by source id."""
        candidates = [row for row in self.rows if row["record"].get(field)]
        if len(candidates) > 1:
            rank = {source: n for n, source in enumerate(order)}
            candidates.sort(
                key=lambda r: (
                    _language_rank(r, self.languages),
                    rank.get(base_source(r["source"]), len(rank)),
                    r["source"],
                    r["source_id"],
                )
            )
        return candidates[0]["record"][field] if candidates else None


def _language_rank(row: Row, languages: Sequence[str]) -> int:
    """Returns the position of a record's language. Without one, the record counts as English."""
    language = row["language"] or "en"
    return languages.index(language) if language in languages else len(languages)


def _person(records: _Records) -> Row:
    born, died = records.first("born"), records.first("died")
    facts = {
        "dob": _day(born),
        "birth_year": _year(born),
        "death_date": _day(died),
        "death_year": _year(died),
        "nationality": records.first("nationality"),
        "bio": records.first("bio", BIO),
    }
    return facts | _name(records)


def _company(records: _Records, table: str) -> Row:
    facts: Row = {"location": records.first("location")}
    if table == "studios":
        founded = records.first("founded")
        facts |= {"founded": _day(founded), "founded_year": _year(founded)}
    return facts | _name(records)


def _name(records: _Records) -> Row:
    name = records.first("name")
    return {"name": name} if name else {}


def _day(partial: str | None) -> date | None:
    """Returns the date if the day is given and exists in the calendar."""
    try:
        return date.fromisoformat(partial) if partial and len(partial) == 10 else None
    except ValueError:
        return None


def _year(partial: str | None) -> int | None:
    return int(partial[:4]) if partial else None
