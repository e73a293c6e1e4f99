"""Parses and validates the parameters of a request, as `openapi.yaml` describes them."""

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
    """A request that is invalid for its operation: lists all that is wrong."""

    def __init__(self, faults: Iterable[Fault], status: int = 400) -> None:
        self.faults = list(faults)
        self.status = status
        super().__init__(" ".join(fault.detail for fault in self.faults))


def moment_of(name: str, text: str) -> datetime:
    """Parses the time in a parameter.

    Raises:
        InvalidRequestError: there is no such time, as on February 30.
    """
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequestError(
            [Fault(name, f"{name} must be a time such as 2026-03-01T12:00:00Z, not {text[:40]!r}.")]
        ) from None


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation. A list is written with commas, or by repeating the parameter."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """Returns the parameter that a resolved Parameter Object describes."""
        return cls(value["name"], value["in"], value.get("required", False), value["schema"])

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(dict(self.schema), validate_formats=True)

    @property
    def default(self) -> Any:
        return self.schema.get("default")

    def read(self, text: str) -> Any:
        """Parses and validates a value. Duplicates in a list are dropped.

        Raises:
            InvalidRequestError: the value is invalid.
        """
        if self.schema.get("type") == "array":
            items = self.schema["items"]
            value: Any = [_converted(items, part) for part in text.split(",")]
        else:
            value = _converted(self.schema, text)
        if "\0" in text or not self._validator.is_valid(value):
            raise InvalidRequestError(
                [Fault(self.name, f"{self.name} must be {describe(self.schema)}, not {text[:40]!r}.")]
            )
        return list(dict.fromkeys(value)) if isinstance(value, list) else value


def _converted(schema: Mapping[str, Any], text: str) -> Any:
    """Converts a text to its JSON type. A text that is not of that type is returned as it is, and fails validation."""
    kind = schema.get("type")
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind not in _NUMBERS or not _NUMBER[kind].fullmatch(text):
        return text
    number = int(text) if kind == "integer" else float(text)
    return number if math.isfinite(number) else text


def describe(schema: Mapping[str, Any]) -> str:
    """Describes in words what a schema accepts."""
    kind = schema.get("type")
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if kind == "array":
        limit = f" of at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"a comma-separated list{limit}, each {describe(schema['items'])}"
    if kind in _NUMBERS:
        name, least, most = _NUMBERS[kind], schema.get("minimum"), schema.get("maximum")
        if least is not None and most is not None:
            return f"{name} from {least} to {most}"
        return name if least is None else f"{name} of at least {least}"
    if kind == "boolean":
        return "true or false"
    if "x-written" in schema:
        return str(schema["x-written"])
    if schema.get("format") in {"date", "date-time"}:
        return "a day such as 2026-03-01" if schema["format"] == "date" else "a time such as 2026-03-01T12:00:00Z"
    if "maxLength" in schema:
        return f"a text of {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    return "a text"
