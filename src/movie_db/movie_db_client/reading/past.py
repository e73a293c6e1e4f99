"""A film as it stood at a past time, as far as what is kept of changes can tell.

What sources told otherwise since is put back (`changes`), and so is what a person pinned since, to what the sources
say; offers are those of the ledger then. What nobody kept is told as it is now: ids, counts of votes, what a source
said that was asked for the first time since, and pins that are gone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, func, select

from movie_db.movie_db_client.data_model.bookkeeping import Change, FieldProvenance, GalleryEntry, SourceRecord
from movie_db.movie_db_client.data_model.tables import Movie, Offer, Pin
from movie_db.movie_db_client.reading.documents import ALWAYS, EXTRA, documents, parts
from movie_db.movie_db_client.reading.offers import offers

Film = dict[str, Any]


def came(connection: Connection, number: int) -> datetime:
    """Since when the film is known, by all that bears a time."""
    seen = (GalleryEntry.first_seen, SourceRecord.retrieved_at, Offer.first_seen, Change.at)
    firsts = [select(func.min(at)).where(at.class_.movie_id == number).scalar_subquery() for at in seen]
    made, *times = connection.execute(select(Movie.created_at, *firsts).where(Movie.movie_id == number)).one()
    known: list[datetime] = [made.replace(tzinfo=UTC), *filter(None, times)]
    return min(known)


def film_at(connection: Connection, number: int, at: datetime, told: Sequence[str]) -> Film:
    """The film as it was then: of its parts those that are named."""
    (now,) = orjson.loads(orjson.dumps(documents(connection, [number], parts(ALWAYS, EXTRA))))
    olds = _pinned_since(connection, number, at) | _changed_since(connection, number, at)
    then = {**now, "offers": offers(connection, number, at)}
    for field in sorted(olds):  # `rating` before `ratings`: these have the rating that counts, too
        then |= _SHAPED.get(field, _plain)(field, olds[field], then)
    then["provenance"] = [one for one in now["provenance"] if one["field"] not in olds]
    return {name: then[name] for name in ("movie_id", *told)}


def _changed_since(connection: Connection, number: int, at: datetime) -> dict[str, Any]:
    """The fields that changed since, as they were before they changed first."""
    asked = select(Change.field, Change.old).where(Change.movie_id == number, Change.at > at, Change.field != "offers")
    newest_first = connection.execute(asked.order_by(Change.at.desc(), Change.change_id.desc()))
    return {row.field: row.old for row in newest_first}


def _pinned_since(connection: Connection, number: int, at: datetime) -> dict[str, Any]:
    """The fields that were pinned since, as the sources tell them."""
    same = and_(FieldProvenance.movie_id == Pin.movie_id, FieldProvenance.field == Pin.field)
    asked = select(Pin.field, FieldProvenance.beaten).join(FieldProvenance, same)
    rows = connection.execute(asked.where(Pin.movie_id == number, Pin.pinned_at > at))
    return {field: beaten[0]["value"] if beaten else None for field, beaten in rows}


def _plain(field: str, old: Any, _then: Film) -> Film:
    return {field: old}


def _list(field: str, old: list[str] | None, _then: Film) -> Film:
    return {field: old or []}


def _sum(field: str, old: Any, _then: Film) -> Film:
    if isinstance(old, str):
        amount, _, currency = old.partition(" ")
        old = {"amount": orjson.loads(amount), "currency": currency or None}
    return {field: old and old["amount"], f"{field}_currency": old and old.get("currency")}


def _rating(_field: str, old: float | None, then: Film) -> Film:
    counts = _counting(then)
    was = [] if counts is None or old is None else [counts | {"score": old, "votes": None, "original": None}]
    return {"rating": old, "rating_count": None, "ratings": was + [one for one in then["ratings"] if one != counts]}


def _ratings(_field: str, old: dict[str, float] | None, then: Film) -> Film:
    """The ratings that do not count, as they were; the one that counts stays."""
    counts, known = _counting(then), {(one["source"], one["score"]): one for one in then["ratings"]}
    unknown = {"votes": None, "original": None}
    was = [known.get(pair, {"source": pair[0], "score": pair[1], **unknown}) for pair in (old or {}).items()]
    return {"ratings": ([counts] if counts else []) + was}


def _counting(then: Film) -> Any:
    """The rating that counts as the film's; None without one."""
    return next((one for one in then["ratings"] if one["score"] == then["rating"]), None)


def _parties(field: str, old: list[str] | None, then: Film) -> Film:
    """People or companies by their names; who is of the film still has the number as well."""
    key = f"{field[:-1]}_id"
    numbers = {one["name"]: one[key] for one in then[field]}
    return {field: [{key: numbers.get(name), "name": name} for name in old or ()]}


def _cast(_field: str, old: list[str] | None, then: Film) -> Film:
    """The same of actors, with their roles: `Harrison Ford as Rick Deckard`."""
    known = {f"{one['name']} as {one['role']}" if one["role"] else one["name"]: one for one in then["cast"]}
    numbers = {one["name"]: one["actor_id"] for one in then["cast"]}
    was = []
    for text in old or ():
        name, _, role = (text, "", "") if text in numbers else text.partition(" as ")
        told = {"actor_id": numbers.get(name), "name": name, "role": role or None, "billing": None}
        was.append(known.get(text, told))
    return {"cast": was}


_SHAPED: Final[Mapping[str, Callable[[str, Any, Film], Film]]] = {
    **dict.fromkeys(("genres", "languages", "countries", "alternative_titles"), _list),
    **dict.fromkeys(("budget", "box_office"), _sum),
    **dict.fromkeys(("directors", "writers", "studios", "distributors"), _parties),
    "cast": _cast,
    "rating": _rating,
    "ratings": _ratings,
}
"""What `changes` and `beaten` write otherwise than the API."""
