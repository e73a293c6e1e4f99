"""What records say of people and companies, kept by their ids: it may arrive before or after the films."""

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

Kind = Literal["person", "company"]
_FACTS: Final = frozenset(("born", "died", "nationality", "bio", "location", "founded"))
"""What a source may no longer tell though it is as true as before."""
_NOT_KEPT: Final = frozenset({"run"})


class News(NamedTuple):
    """What a batch newly says of people or companies: the ids it speaks of, and its records, by their numbers."""

    ids: AbstractSet[Pair]
    records: Mapping[int, Row]


NO_NEWS: Final = News(frozenset(), MappingProxyType({}))


def apply_said(repository: Repository, kind: Kind, items: Sequence[PersonItem | CompanyItem]) -> News:
    """Keeps the newest record of each (source, source_id); returns those that changed anything."""
    new: dict[Pair, Row] = {}
    for item in items:
        row = _row(kind, item)
        name = (row["source"], row["source_id"])
        new[name] = _newest(row, new[name]) if name in new else row
    if not new:
        return NO_NEWS
    known = {
        (row["source"], row["source_id"]): row
        for row in repository.read(
            "source_records", entity=[kind], source={s for s, _ in new}, source_id={i for _, i in new}
        )
    }
    added = [row for name, row in new.items() if name not in known]
    both = {name: _newest(row, known[name]) for name, row in new.items() if name in known}
    changed = [
        row | {"record_id": known[name]["record_id"]}
        for name, row in both.items()
        if (row["retrieved_at"], row["record"]) != (known[name]["retrieved_at"], known[name]["record"])
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
    before = [known[r["source"], r["source_id"]] for r in changed]
    ids = {pair for row in rows + before for pair in row["record"]["ids"].items()}
    return News(ids, {row["record_id"]: row for row in rows})


def _row(kind: Kind, item: PersonItem | CompanyItem) -> Row:
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
    """The newer of two records of one name, with what only the other tells: of each field the latest word stays.

    `kept` in the record says when a field that is no longer told was told last.
    """
    newer, older = sorted((one, other), key=_age, reverse=True)
    record, kept = dict(newer["record"]), dict(newer["record"].get("kept", {}))
    for field in _FACTS & older["record"].keys():
        told = older["record"].get("kept", {}).get(field, older["retrieved_at"].isoformat())
        if field not in record or (field in kept and told > kept[field]):
            record[field], kept[field] = older["record"][field], told
    return newer | {"record": record | ({"kept": kept} if kept else {})}


def _age(row: Row) -> tuple[Any, str]:
    """How new a record is; what is kept of older ones plays no part."""
    record = row["record"]
    kept = record.get("kept", {})
    told = {name: value for name, value in record.items() if name != "kept" and name not in kept}
    return rank(row["retrieved_at"]), json.dumps(told, sort_keys=True)


class BatchRecords:
    """The records of one kind that a batch needs, by id; read once each, and not at all what the batch itself said."""

    def __init__(self, repository: Repository, kind: Kind, news: News) -> None:
        self._repository = repository
        self._kind = kind
        self._news = news.records
        self._asked: set[Pair] = set()
        self._by_id: dict[Pair, dict[int, Row]] = {}
        self._with: dict[Pair, set[Pair]] = {}

    def load(self, pairs: Iterable[Pair]) -> None:
        """Reads the records of these ids, and of the ids in them."""
        fresh = set(pairs) - self._asked
        while fresh:
            self._asked |= fresh
            found = self._repository.read("source_record_ids", entity=[self._kind], value={value for _, value in fresh})
            numbers = {row["record_id"] for row in found if (row["namespace"], row["value"]) in fresh}
            near: set[Pair] = set()
            rows = [self._news[number] for number in numbers & self._news.keys()]
            rows += self._repository.read("source_records", record_id=numbers - self._news.keys())
            for row in rows:
                together = set(row["record"]["ids"].items())
                for pair in together:
                    self._by_id.setdefault(pair, {})[row["record_id"]] = row
                    self._with.setdefault(pair, set()).update(together)
                near |= together
            fresh = near - self._asked

    def ids_with(self, pair: Pair) -> AbstractSet[Pair]:
        """The ids that records which bear this id bear beside it; it among them, if there is any."""
        return self._with.get(pair, frozenset())

    def facts(self, ids: Iterable[Pair], table: str) -> Row:
        """The columns of `table` that the records of these ids fill."""
        rows = {number: row for pair in ids for number, row in self._by_id.get(pair, {}).items()}
        told = _Told(list(rows.values()), self._repository.preferences.languages)
        return _company(told, table) if self._kind == "company" else _person(told)


class _Told(NamedTuple):
    """The records of one person or company, and the languages in which texts are wanted, best first."""

    rows: Sequence[Row]
    languages: Sequence[str]

    def first(self, field: str, order: Order = PEOPLE) -> Any:
        """The value in the best language, then of the first source that has one; of one source, by its id."""
        having = [row for row in self.rows if row["record"].get(field)]
        if len(having) > 1:
            rank = {source: n for n, source in enumerate(order)}
            having.sort(
                key=lambda r: (
                    _tongue(r, self.languages),
                    rank.get(base_source(r["source"]), len(rank)),
                    r["source"],
                    r["source_id"],
                )
            )
        return having[0]["record"][field] if having else None


def _tongue(row: Row, languages: Sequence[str]) -> int:
    """The place of a record's language; one that tells none is taken for English."""
    language = row["language"] or "en"
    return languages.index(language) if language in languages else len(languages)


def _person(told: _Told) -> Row:
    born, died = told.first("born"), told.first("died")
    facts = {
        "dob": _day(born),
        "birth_year": _year(born),
        "death_date": _day(died),
        "death_year": _year(died),
        "nationality": told.first("nationality"),
        "bio": told.first("bio", BIO),
    }
    return facts | _named(told)


def _company(told: _Told, table: str) -> Row:
    facts: Row = {"location": told.first("location")}
    if table == "studios":
        founded = told.first("founded")
        facts |= {"founded": _day(founded), "founded_year": _year(founded)}
    return facts | _named(told)


def _named(told: _Told) -> Row:
    name = told.first("name")
    return {"name": name} if name else {}


def _day(partial: str | None) -> date | None:
    """The day, if it is known; a day that no calendar has is not."""
    try:
        return date.fromisoformat(partial) if partial and len(partial) == 10 else None
    except ValueError:
        return None


def _year(partial: str | None) -> int | None:
    return int(partial[:4]) if partial else None
