"""Parameters of a request, as `openapi.yaml` describes them: text in, checked values out."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, Self

import jsonschema_rs

_NUMBERS: Final[Mapping[Any, str]] = {"integer": "a whole number", "number": "a number"}
_NUMBER: Final[Mapping[Any, re.Pattern[str]]] = {
    "integer": re.compile(r"-?[0-9]{1,19}"),
    "number": re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part of a request: `where` is a parameter's name or a JSON pointer into the body."""

    where: str
    detail: str


class InvalidRequestError(Exception):
    """A request that does not fit its operation."""

    def __init__(self, faults: Iterable[Fault], status: int = 400) -> None:
        self.faults = list(faults)
        self.status = status
        super().__init__(" ".join(fault.detail for fault in self.faults))


def moment_of(name: str, text: str) -> datetime:
    """The moment that a parameter names.

    Raises:
        InvalidRequestError: there is no such moment, as the 30th of February.
    """
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequestError(
            [Fault(name, f"{name} is a moment such as 2026-03-01T12:00:00Z, not {text[:40]!r}.")]
        ) from None


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation; a list is written with commas between its values, or value by value."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        return cls(told["name"], told["in"], told.get("required", False), told["schema"])

    @cached_property
    def _checked(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(dict(self.schema), validate_formats=True)

    @property
    def default(self) -> Any:
        return self.schema.get("default")

    def read(self, text: str) -> Any:
        """The value that a text stands for; what a list names twice, it has once.

        Raises:
            InvalidRequestError: it stands for none that the operation takes.
        """
        if self.schema.get("type") == "array":
            items = self.schema["items"]
            value: Any = [_converted(items, part) for part in text.split(",")]
        else:
            value = _converted(self.schema, text)
        if "\0" in text or not self._checked.is_valid(value):
            raise InvalidRequestError([Fault(self.name, f"{self.name} is {right(self.schema)}, not {text[:40]!r}.")])
        return list(dict.fromkeys(value)) if isinstance(value, list) else value


def _converted(schema: Mapping[str, Any], text: str) -> Any:
    """A text as its JSON type; as it is, if it is none of that type: then the schema refuses it."""
    kind = schema.get("type")
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind not in _NUMBERS or not _NUMBER[kind].fullmatch(text):
        return text
    number = int(text) if kind == "integer" else float(text)
    return number if math.isfinite(number) else text


def right(schema: Mapping[str, Any]) -> str:
    """What a schema takes, in words."""
    kind = schema.get("type")
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if kind == "array":
        limit = f" of at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"a list{limit} with commas between, each {right(schema['items'])}"
    if kind in _NUMBERS:
        name, least, most = _NUMBERS[kind], schema.get("minimum"), schema.get("maximum")
        if least is not None and most is not None:
            return f"{name} from {least} to {most}"
        return name if least is None else f"{name} from {least} on"
    if kind == "boolean":
        return "true or false"
    if "x-written" in schema:
        return str(schema["x-written"])
    if schema.get("format") in {"date", "date-time"}:
        return "a day such as 2026-03-01" if schema["format"] == "date" else "a moment such as 2026-03-01T12:00:00Z"
    if "maxLength" in schema:
        return f"a text of {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    return "a text"
