"""The client is what the API's definition says."""

from pathlib import Path

import movie_db.client
from movie_db.client.generate import definition, modules
from movie_db.client.operations import Operations

HERE = Path(movie_db.client.__file__).parent
WHY = "openapi.yaml has changed: python -m movie_db.client.generate"


def test_the_generated_modules_are_those_of_the_definition() -> None:
    made = modules(definition())
    assert {name: (HERE / name).read_text("utf-8") for name in made} == made, WHY
    left = {f"operations/{path.name}" for path in (HERE / "operations").glob("*.py")} - made.keys()
    assert not left


def test_each_operation_is_a_method() -> None:
    told = {one["operationId"] for path in definition()["paths"].values() for one in path.values()}
    assert told == {name for name in dir(Operations) if not name.startswith("_")} - {"close"}
