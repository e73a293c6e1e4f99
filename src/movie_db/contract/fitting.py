"""Records and messages made to fit the contract: a bad part is left out and named, the rest is kept."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

import orjson
from pydantic import ValidationError

from movie_db.contract.errors import ContractError
from movie_db.contract.messages import (
    AnyMessage,
    CompanyItem,
    LenientPart,
    MovieItem,
    MovieListEntry,
    Origin,
    PersonItem,
    ReviewItem,
    explain,
    parse,
)
from movie_db.contract.parts import LeftOut, prune
from movie_db.contract.text import load_json

W = TypeVar("W", bound=LenientPart)
_ALONE: Final = frozenset(("v", "type", "run"))
"""What a message can't do without, though some of it has a default: without it, it would be another message."""
_LENIENT: Final[Mapping[str, type[MovieItem | MovieListEntry | PersonItem | CompanyItem | ReviewItem]]] = {
    "movie_item": MovieItem,
    "record_item": MovieItem,
    "movie_list_entry": MovieListEntry,
    "person_item": PersonItem,
    "company_item": CompanyItem,
    "review_item": ReviewItem,
}
"""The messages that tell of films and people. Those that steer a run are taken whole or not at all."""


def fit(kind: type[W], told: Mapping[str, Any], lost: tuple[LeftOut, ...] = ()) -> W:
    """The record that `told` makes without its bad parts.

    Args:
        kind: a model of `messages.py`.
        told: its properties, nested ones as dictionaries.
        lost: what was left out of the answer before; it is added to what is left out now.

    Raises:
        ContractError: it lacks something it needs: says what.
    """
    try:
        record, left_out = prune(kind.model_validate, told, _ALONE)
    except ValidationError as error:
        raise ContractError(explain(error)) from None
    if lost or left_out:
        record._left_out = (*lost, *left_out)
    return record


def read(raw: bytes) -> tuple[AnyMessage, tuple[LeftOut, ...]]:
    """Reads one line of the log, as `parse` does; a film or a person is kept without the parts that can't be.

    A record of a film that is left out as a whole counts as unreadable.

    Raises:
        ContractError: says in one sentence which property is wrong and how.
    """
    if b"\\u0000" not in raw:
        try:
            return parse(raw), ()
        except ContractError as error:
            broken = error
    else:
        broken = ContractError("message: it is no JSON.")
    try:
        told = load_json(raw)
        kind = _LENIENT.get(str(told.get("type"))) if isinstance(told, dict) else None
    except (ValueError, RecursionError, TypeError):
        raise broken from None
    if kind is None:
        return _strict(told, broken), ()
    try:
        message: AnyMessage
        message, left_out = prune(kind.model_validate, told, _ALONE)
    except ValidationError as error:
        raise ContractError(explain(error)) from None
    return _without_records(message, told, left_out), left_out


def _strict(told: Any, broken: ContractError) -> AnyMessage:
    try:
        return parse(orjson.dumps(told))
    except TypeError:
        raise broken from None


def _without_records(message: AnyMessage, told: Mapping[str, Any], left_out: tuple[LeftOut, ...]) -> AnyMessage:
    """The message with `unreadable` as the outcome of each source whose record was left out."""
    if not isinstance(message, MovieItem):
        return message
    gone = {str(source) for path in _records(left_out) if (source := _source(told, path))}
    gone -= {record.source for record in message.records}
    changed = {source: "unreadable" for source in gone if message.outcomes.get(source) == "found"}
    return message.model_copy(update={"outcomes": {**message.outcomes, **changed}}) if changed else message


def _records(left_out: tuple[LeftOut, ...]) -> Iterator[int]:
    for part in left_out:
        steps = part.path.split(".")
        if len(steps) == 2 and steps[0] == "records" and steps[1].isdecimal():
            yield int(steps[1])


def _source(told: Mapping[str, Any], number: int) -> object:
    record = told["records"][number]
    return record.get("source") if isinstance(record, dict) else None


def lenient_parts(message: object) -> Iterator[LenientPart]:
    """What in a message knows what was left out of it: itself, and the entry, records and origin in it."""
    if isinstance(message, LenientPart):
        yield message
    if isinstance(message, MovieItem):
        yield message.entry
        yield from message.records


def name_of(told: LenientPart) -> str:
    """What a record or an entry is called where its parts are told of: `justwatch:tm92641`."""
    if isinstance(told, MovieListEntry):
        return told.key
    origin = told.origin if isinstance(told, PersonItem | CompanyItem) else told
    return f"{origin.source}:{origin.source_id}" if isinstance(origin, Origin) else type(told).__name__
