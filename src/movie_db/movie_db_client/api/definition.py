"""Reads `openapi.yaml`: its operations, with their parameters and the schemas of their bodies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qsl

import jsonschema_rs
import orjson
import yaml

from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError, Parameter

_METHODS: Final = ("get", "post", "put", "patch", "delete")
JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"


@dataclass(frozen=True)
class Operation:
    """One operation: its method and path, and what it accepts."""

    name: str
    method: str
    path: str
    parameters: Mapping[str, Parameter]
    security: tuple[str, ...]
    bodies: Mapping[str, Mapping[str, Any]]
    """Media type → schema."""
    components: Mapping[str, Any] = field(repr=False)

    def read(self, path: Mapping[str, str], query: bytes) -> dict[str, Any]:
        """Returns the values of all parameters that are given or have a default.

        Raises:
            InvalidRequestError: some are invalid; it lists all of them.
        """
        given, faults = dict(path), list[Fault]()
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict") if query else ()
        except ValueError:
            raise InvalidRequestError(
                [Fault("", "The query can't be decoded: it must be percent-encoded UTF-8.")]
            ) from None
        for name, text in pairs:
            parameter = self.parameters.get(name)
            if parameter is None or parameter.place != "query":
                names = ", ".join(sorted(n for n, p in self.parameters.items() if p.place == "query")) or "none"
                faults.append(Fault(name[:80], f"There is no parameter {name[:40]!r}. Parameters: {names}."))
            elif name not in given:
                given[name] = text
            elif parameter.schema.get("type") == "array":
                given[name] += f",{text}"
            else:
                faults.append(Fault(name, f"{name} is given more than once."))
        values: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            if name in given:
                try:
                    values[name] = parameter.read(given[name])
                except InvalidRequestError as error:
                    faults += error.faults
            elif parameter.required:
                faults.append(Fault(name, f"{name} is missing."))
            elif parameter.default is not None:
                values[name] = parameter.default
        if faults:
            raise InvalidRequestError(faults)
        return values

    @cached_property
    def _validators(self) -> dict[str, jsonschema_rs.Draft202012Validator]:
        return {
            kind: jsonschema_rs.Draft202012Validator({**schema, "components": self.components}, validate_formats=True)
            for kind, schema in self.bodies.items()
        }

    def body(self, raw: bytes, kind: str) -> Any:
        """Parses and validates a body of JSON.

        Raises:
            InvalidRequestError: it is not JSON, or does not match the schema; it lists all that is wrong.
        """
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise InvalidRequestError([Fault("", f"The body can't be read as JSON: {error}.")]) from None
        if b"\\u0000" in raw:
            raise InvalidRequestError([Fault("", "The body has a NUL character, which the database cannot store.")])
        faults = [_fault(error) for error in self._validators[kind].iter_errors(value)]
        if faults:
            raise InvalidRequestError(faults[:20], 422)
        return value


def _fault(error: jsonschema_rs.ValidationError) -> Fault:
    """Describes what is wrong with a part of a body, with a JSON pointer to it."""
    name = "/".join(map(str, error.instance_path))
    detail = error.message if len(error.message) <= 300 else f"{error.message[:120]} … {error.message[-120:]}"
    return Fault(f"/{name}", f"{name}: {detail}.") if name else Fault("", f"{detail}.")


class Definition:
    """The definition of the API."""

    def __init__(self) -> None:
        self.raw = (files("movie_db.movie_db_client") / "openapi.yaml").read_bytes()
        self.api: dict[str, Any] = yaml.load(self.raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        self.operations = {operation.name: operation for operation in self._operations()}

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.api["paths"].items():
            common = item.get("parameters", [])
            for method in _METHODS:
                if (operation := item.get(method)) is not None:
                    parameters = [self._parameter(one) for one in [*common, *operation.get("parameters", [])]]
                    body = self._resolve(operation.get("requestBody", {})).get("content", {})
                    yield Operation(
                        operation["operationId"],
                        method.upper(),
                        path,
                        {parameter.name: parameter for parameter in parameters if parameter.place != "header"},
                        tuple(
                            scope
                            for one in operation.get("security", ())
                            for scopes in one.values()
                            for scope in scopes
                        ),
                        {kind: content.get("schema", {}) for kind, content in body.items()},
                        self.api.get("components", {}),
                    )

    def _resolve(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Follows references within the definition."""
        found: Any = value
        while "$ref" in found:
            place, found = found["$ref"], self.api
            for step in place.removeprefix("#/").split("/"):
                found = found[step]
        return dict(found)

    def _parameter(self, value: Mapping[str, Any]) -> Parameter:
        found = self._resolve(value)
        schema = self._resolve(found["schema"])
        if "items" in schema:
            schema["items"] = self._resolve(schema["items"])
        return Parameter.of({**found, "schema": schema})
