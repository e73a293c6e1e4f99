"""Reads people, companies and genres: lists and single rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func, select

from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.contributor_tables import ContributorPinRow
from movie_db.movie_db_client.data_model.tables import ExternalIdRow

_T: Final = Base.metadata.tables
_PERSON: Final = ("name", "dob", "birth_year", "death_date", "death_year", "nationality", "bio")
_COMPANY: Final = ("name", "location")


class ContributorKind(NamedTuple):
    """One kind of row: its table, the table that links it to movies, and its columns."""

    entity: str
    table: str
    links: str
    columns: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.entity}_id"


CONTRIBUTOR_KINDS: Final[Mapping[str, ContributorKind]] = {
    kind.table: kind
    for kind in (
        ContributorKind("director", "directors", "movie_directors", _PERSON),
        ContributorKind("writer", "writers", "movie_writers", _PERSON),
        ContributorKind("actor", "actors", "cast", _PERSON),
        ContributorKind("studio", "studios", "movie_studios", (*_COMPANY, "founded", "founded_year")),
        ContributorKind("distributor", "distributors", "movie_distributors", _COMPANY),
        ContributorKind("genre", "genres", "movie_genres", ("name",)),
    )
}


def listed(
    connection: Connection, kind: ContributorKind, name: str | None, after: tuple[str, int] | None, limit: int
) -> list[dict[str, Any]]:
    """Returns up to `limit` rows sorted by name, after the given name and number."""
    table = _T[kind.table]
    number: Any = table.c[kind.key]
    called: Any = table.c.name.collate("C") if connection.dialect.name == "postgresql" else table.c.name
    query = select(*(table.c[column] for column in (kind.key, *kind.columns)))
    if name:
        query = query.where(func.lower(table.c.name).startswith(name.lower(), autoescape=True))
    if after is not None:
        query = query.where(called >= after[0], (called > after[0]) | (number > after[1]))
    rows = connection.execute(query.order_by(called, number).limit(limit)).mappings().all()
    return _with_ids_and_counts(connection, kind, [dict(row) for row in rows])


def one(connection: Connection, kind: ContributorKind, number: int) -> dict[str, Any] | None:
    """Returns one row; None if there is none."""
    table = _T[kind.table]
    query = select(*(table.c[column] for column in (kind.key, *kind.columns))).where(table.c[kind.key] == number)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return next(iter(_with_ids_and_counts(connection, kind, rows)), None)


def pins(connection: Connection, kind: ContributorKind, number: int) -> list[dict[str, Any]]:
    """Returns the pins of a row, sorted by field."""
    same = (ContributorPinRow.entity == kind.entity, ContributorPinRow.entity_id == number)
    query = select(
        ContributorPinRow.field, ContributorPinRow.value, ContributorPinRow.told, ContributorPinRow.pinned_at
    ).where(*same)
    rows = connection.execute(query.order_by(ContributorPinRow.field)).mappings()
    return [dict(row) for row in rows]


def films_of(kind: ContributorKind, number: int) -> Select[Any]:
    """Selects the ids of the movies linked to a row."""
    links = _T[kind.links]
    return select(links.c.movie_id).where(links.c[kind.key] == number)


def _with_ids_and_counts(
    connection: Connection, kind: ContributorKind, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Adds external ids and the number of movies to the rows."""
    numbers = [row[kind.key] for row in rows]
    links = _T[kind.links]
    key = links.c[kind.key]
    counted = select(key, func.count(links.c.movie_id.distinct())).where(key.in_(numbers)).group_by(key)
    films: dict[int, int] = {row[0]: row[1] for row in connection.execute(counted)}
    ids: dict[int, dict[str, list[str]]] = {}
    same = (ExternalIdRow.entity == kind.entity, ExternalIdRow.entity_id.in_(numbers))
    ids_query = select(ExternalIdRow.entity_id, ExternalIdRow.namespace, ExternalIdRow.value).where(*same)
    for number, namespace, value in sorted(connection.execute(ids_query).all()):
        ids.setdefault(number, {}).setdefault(namespace, []).append(value)
    for row in rows:
        row["films"] = films.get(row[kind.key], 0)
        if kind.entity != "genre":
            row["ids"] = ids.get(row[kind.key], {})
    return list(rows)
