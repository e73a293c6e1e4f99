"""The definition tells a stranger all: each field is described, each answer and body has an example, and it fits."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from movie_db.movie_db_client.api.definition import Definition

API = Definition().api
OPERATIONS = {
    told["operationId"]: told for item in API["paths"].values() for told in item.values() if "operationId" in told
}
JSON = ("application/json", "application/problem+json", "application/x-ndjson", "application/schema+json")


def _found(told: Any) -> Any:
    while "$ref" in told:
        found: Any = API
        for step in told["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        told = found
    return told


def _bare(told: Any, path: str) -> Iterator[str]:
    """The fields below that nobody describes, be it where they are or where they refer to."""
    if isinstance(told, dict):
        for name, field in told.get("properties", {}).items() if isinstance(told.get("properties"), dict) else ():
            found = _found(field)
            parts = [found, *found.get("anyOf", ()), found.get("items", {})]
            if not any("description" in _found(part) for part in parts):
                yield f"{path}/{name}"
        for name, part in told.items():
            if name not in ("example", "examples"):
                yield from _bare(part, f"{path}/{name}")
    elif isinstance(told, list):
        for place, part in enumerate(told):
            yield from _bare(part, f"{path}/{place}")


def _examples(content: Any) -> list[Any]:
    schema = _found(content["schema"])
    return [content["example"]] if "example" in content else schema.get("examples", [])


def _cut(told: Any, path: str) -> Iterator[str]:
    """What YAML takes for a word of its own, as what follows a comma in a text without quotes."""
    parts = enumerate(told) if isinstance(told, list) else told.items() if isinstance(told, dict) else ()
    for name, part in parts:
        if name not in ("example", "examples"):
            if part is None:
                yield f"{path}/{name}"
            yield from _cut(part, f"{path}/{name}")


def test_no_description_is_cut_off_by_a_comma() -> None:
    assert list(_cut(API, "")) == []


def test_every_field_is_described() -> None:
    assert list(_bare({"paths": API["paths"], "schemas": API["components"]["schemas"]}, "")) == []


def test_every_parameter_and_every_answer_is_described() -> None:
    parts = [*API["components"]["parameters"].values(), *API["components"]["responses"].values()]
    for told in OPERATIONS.values():
        parts += [*told.get("parameters", ()), *told["responses"].values()]
    assert [part for part in map(_found, parts) if not part.get("description")] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_and_every_body_is_shown_by_an_example_that_fits(name: str) -> None:
    told = OPERATIONS[name]
    contents = {status: _found(answer).get("content", {}) for status, answer in told["responses"].items()}
    for status, content in {**contents, "body": told.get("requestBody", {}).get("content", {})}.items():
        for kind, shown in content.items():
            if kind in JSON:
                schema = {**shown["schema"], "components": API["components"]}
                examples = _examples(shown)
                assert examples, (status, kind)
                assert [one for one in examples if not jsonschema_rs.is_valid(schema, one)] == [], (status, kind)
            elif not kind.startswith(("application/vnd.", "text/csv")):
                assert "example" in shown, (status, kind)


def test_an_error_shows_its_own_status() -> None:
    for told in OPERATIONS.values():
        for status, answer in told["responses"].items():
            if shown := _found(answer).get("content", {}).get("application/problem+json", {}).get("example"):
                assert str(shown["status"]) == status
