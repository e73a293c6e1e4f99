"""Makes records and messages fit the contract: invalid parts are left out and reported, the rest is kept."""

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

L = TypeVar("L", bound=LenientPart)
_REQUIRED: Final = frozenset(("v", "type", "run"))
"""Properties that are never left out, since the message would mean something else without them."""
_LENIENT: Final[Mapping[str, type[MovieItem | MovieListEntry | PersonItem | CompanyItem | ReviewItem]]] = {
    "movie_item": MovieItem,
    "record_item": MovieItem,
    "movie_list_entry": MovieListEntry,
    "person_item": PersonItem,
    "company_item": CompanyItem,
    "review_item": ReviewItem,
}
"""Messages about films and people. Messages that control a run are accepted complete or not at all."""


def fit(kind: type[L], properties: Mapping[str, Any], lost: tuple[LeftOut, ...] = ()) -> L:
    """Makes a record of its properties, without the invalid ones.

    Args:
        kind: a model of `messages.py`.
        properties: the record's properties, nested ones as dictionaries.
        lost: parts that were left out earlier. They are added to the record's `left_out`.

    Raises:
        ContractError: a required property is missing or invalid.
    """
    try:
        record, left_out = prune(kind.model_validate, properties, _REQUIRED)
    except ValidationError as error:
        raise ContractError(explain(error)) from None
    if lost or left_out:
        record._left_out = (*lost, *left_out)
    return record


def read(raw: bytes) -> tuple[AnyMessage, tuple[LeftOut, ...]]:
    """Reads one line of the log like `parse`, but keeps films and people without their invalid parts.

    If a source's record is left out, the outcome of that source is `unreadable`.

    Returns:
        The message, and the parts that were left out.

    Raises:
        ContractError: names the invalid properties in one sentence.
    """
    if b"\\u0000" not in raw:
        try:
            return parse(raw), ()
        except ContractError as error:
            failure = error
    else:
        failure = ContractError("message: it is not JSON.")
    try:
        properties = load_json(raw)
        kind = _LENIENT.get(str(properties.get("type"))) if isinstance(properties, dict) else None
    except (ValueError, RecursionError, TypeError):
        raise failure from None
    if kind is None:
        return _strict(properties, failure), ()
    try:
        message: AnyMessage
        message, left_out = prune(kind.model_validate, properties, _REQUIRED)
    except ValidationError as error:
        raise ContractError(explain(error)) from None
    return _without_records(message, properties, left_out), left_out


def _strict(properties: Any, failure: ContractError) -> AnyMessage:
    try:
        return parse(orjson.dumps(properties))
    except TypeError:
        raise failure from None


def _without_records(message: AnyMessage, properties: Mapping[str, Any], left_out: tuple[LeftOut, ...]) -> AnyMessage:
    """The message, with the outcome `unreadable` for each source whose record was left out."""
    if not isinstance(message, MovieItem):
        return message
    gone = {str(source) for path in _records(left_out) if (source := _source(properties, path))}
    gone -= {record.source for record in message.records}
    changed = {source: "unreadable" for source in gone if message.outcomes.get(source) == "found"}
    return message.model_copy(update={"outcomes": {**message.outcomes, **changed}}) if changed else message


def _records(left_out: tuple[LeftOut, ...]) -> Iterator[int]:
    for part in left_out:
        steps = part.path.split(".")
        if len(steps) == 2 and steps[0] == "records" and steps[1].isdecimal():
            yield int(steps[1])


def _source(properties: Mapping[str, Any], number: int) -> object:
    record = properties["records"][number]
    return record.get("source") if isinstance(record, dict) else None


def lenient_parts(message: object) -> Iterator[LenientPart]:
    """The parts of a message that have a `left_out`: the message itself, its entry and its records."""
    if isinstance(message, LenientPart):
        yield message
    if isinstance(message, MovieItem):
        yield message.entry
        yield from message.records


def name_of(part: LenientPart) -> str:
    """The name of a record or entry in reports of left-out parts: `justwatch:tm92641`."""
    if isinstance(part, MovieListEntry):
        return part.key
    origin = part.origin if isinstance(part, PersonItem | CompanyItem) else part
    return f"{origin.source}:{origin.source_id}" if isinstance(origin, Origin) else type(part).__name__
