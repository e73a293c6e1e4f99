"""The contract as JSON Schemas, for services in any language. `python -m movie_db.contract.schema` writes them."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from movie_db.contract.messages import AnyMessage, Movie

Schema = dict[str, Any]


def models() -> dict[str, type[BaseModel]]:
    """The models of all published messages by name: those of the log, and `movie`, the golden record."""
    union = get_args(get_args(AnyMessage)[0])
    return {model.model_fields["type"].default: model for model in union} | {"movie": Movie}


def generate() -> dict[str, Schema]:
    """The schemas of the current models, by name of the message."""
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema()
        for name, model in models().items()
    }


def published() -> dict[str, Schema]:
    """The published schemas, by name of the message."""
    folder = files("movie_db.contract") / "schemas"
    return {name: json.loads((folder / f"{name}.v1.schema.json").read_text("utf-8")) for name in models()}


def write(folder: Path) -> None:
    """Writes one `<name>.v1.schema.json` per message."""
    for name, schema in generate().items():
        (folder / f"{name}.v1.schema.json").write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    write(Path(__file__).parent / "schemas")
