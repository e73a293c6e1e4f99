"""`openapi.yaml`, read once: its operations, each with its parameters and its body's schema."""

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
    """One operation: how it is called, and what it takes."""

    name: str
    method: str
    path: str
    parameters: Mapping[str, Parameter]
    security: tuple[str, ...]
    bodies: Mapping[str, Mapping[str, Any]]
    """Media type → schema."""
    components: Mapping[str, Any] = field(repr=False)

    def read(self, path: Mapping[str, str], query: bytes) -> dict[str, Any]:
        """The values of all parameters; defaults where none is given, nothing where there is no default.

        Raises:
            InvalidRequestError: says all that is wrong.
        """
        given, faults = dict(path), list[Fault]()
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict") if query else ()
        except ValueError:
            raise InvalidRequestError([Fault("", "The query is no text: it is UTF-8, percent-encoded.")]) from None
        for name, text in pairs:
            parameter = self.parameters.get(name)
            if parameter is None or parameter.place != "query":
                known = ", ".join(sorted(n for n, p in self.parameters.items() if p.place == "query")) or "none"
                faults.append(Fault(name[:80], f"There is no parameter {name[:40]!r} here; there are: {known}."))
            elif name not in given:
                given[name] = text
            elif parameter.schema.get("type") == "array":
                given[name] += f",{text}"
            else:
                faults.append(Fault(name, f"{name} is given twice."))
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
    def _checked(self) -> dict[str, jsonschema_rs.Draft202012Validator]:
        return {
            kind: jsonschema_rs.Draft202012Validator({**schema, "components": self.components}, validate_formats=True)
            for kind, schema in self.bodies.items()
        }

    def body(self, raw: bytes, kind: str) -> Any:
        """A body of JSON, checked.

        Raises:
            InvalidRequestError: it is none, or does not fit: says all that is wrong.
        """
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise InvalidRequestError([Fault("", f"The body can't be read as JSON: {error}.")]) from None
        if b"\\u0000" in raw:
            raise InvalidRequestError([Fault("", "The body has a NUL character: no text of the database can hold it.")])
        faults = [_fault(error) for error in self._checked[kind].iter_errors(value)]
        if faults:
            raise InvalidRequestError(faults[:20], 422)
        return value


def _fault(error: jsonschema_rs.ValidationError) -> Fault:
    """What is wrong with a part of a body, which is called as people call it, and by a pointer."""
    name = "/".join(map(str, error.instance_path))
    told = error.message if len(error.message) <= 300 else f"{error.message[:120]} … {error.message[-120:]}"
    return Fault(f"/{name}", f"{name}: {told}.") if name else Fault("", f"{told}.")


class Definition:
    """The whole API."""

    def __init__(self) -> None:
        self.raw = (files("movie_db.movie_db_client") / "openapi.yaml").read_bytes()
        self.api: dict[str, Any] = yaml.load(self.raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        self.operations = {operation.name: operation for operation in self._operations()}

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.api["paths"].items():
            common = item.get("parameters", [])
            for method in _METHODS:
                if (told := item.get(method)) is not None:
                    parameters = [self._parameter(one) for one in [*common, *told.get("parameters", [])]]
                    body = self._found(told.get("requestBody", {})).get("content", {})
                    yield Operation(
                        told["operationId"],
                        method.upper(),
                        path,
                        {parameter.name: parameter for parameter in parameters if parameter.place != "header"},
                        tuple(scope for one in told.get("security", ()) for scopes in one.values() for scope in scopes),
                        {kind: content.get("schema", {}) for kind, content in body.items()},
                        self.api.get("components", {}),
                    )

    def _found(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """What a reference within the definition refers to."""
        found: Any = told
        while "$ref" in found:
            place, found = found["$ref"], self.api
            for step in place.removeprefix("#/").split("/"):
                found = found[step]
        return dict(found)

    def _parameter(self, told: Mapping[str, Any]) -> Parameter:
        found = self._found(told)
        schema = self._found(found["schema"])
        if "items" in schema:
            schema["items"] = self._found(schema["items"])
        return Parameter.of({**found, "schema": schema})
