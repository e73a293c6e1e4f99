"""Generates the client's types and operations from `openapi.yaml`: `python -m movie_db.client.generate`."""

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml

Json = Mapping[str, Any]
_HERE: Final = Path(__file__).parent
_PLAIN: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_LINES: Final = "application/x-ndjson"
_EVENTS: Final = "text/event-stream"
_INLINE: Final = 6
"""The most values of an enumeration that is written where it is used."""
_HEAD: Final = '"""{}. Generated from `openapi.yaml` by `movie_db.client.generate`."""\n\n'
_INTERNAL: Final = frozenset(("cursor", "Last-Event-ID"))
"""Parameters that the client sets itself."""


class ApiReader:
    """The API's definition."""

    def __init__(self, api: Json) -> None:
        self.api = api

    def resolve(self, node: Json) -> Json:
        """The target of a reference; anything else as it is."""
        while "$ref" in node:
            target: Any = self.api
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def operations(self, tag: str) -> Iterator[tuple[str, str, Json]]:
        """Path, method and definition of each operation with this tag."""
        for path, item in self.api["paths"].items():
            yield from ((path, method, operation) for method, operation in item.items() if tag in operation["tags"])


class Types:
    """Schemas as Python types, each class once, after the classes that it needs."""

    def __init__(self, definition: ApiReader) -> None:
        self._definition = definition
        self._fields: dict[str, dict[str, str]] = {}
        self.written: dict[str, str] = {}

    def of(self, schema: Json, name: str) -> str:
        """A schema as a type; `name` is what to call it if it needs a name."""
        if "$ref" in schema:
            return self.of(self._definition.resolve(schema), schema["$ref"].rpartition("/")[2])
        if "anyOf" in schema:
            return " | ".join(dict.fromkeys(self.of(one, name) for one in schema["anyOf"]))
        if "allOf" in schema:
            return self._merged(schema, name)
        if "enum" in schema:
            return self._enumeration(schema["enum"], name)
        kinds = schema.get("type", "any")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        return " | ".join(self._one(kind, schema, name) for kind in kinds)

    def _one(self, kind: str, schema: Json, name: str) -> str:
        if kind == "array":
            return f"list[{self.of(schema.get('items', {}), name)}]"
        if kind != "object":
            return _PLAIN.get(kind, "Any")
        if "properties" not in schema:
            rest = schema.get("additionalProperties")
            return f"dict[str, {self.of(rest, name) if isinstance(rest, dict) else 'Any'}]"
        if name not in self._fields:
            fields = {one: self.of(property_, name + camel(one)) for one, property_ in schema["properties"].items()}
            self._class(name, schema, fields)
        return name

    def _class(self, name: str, schema: Json, fields: dict[str, str]) -> None:
        self._fields[name] = fields
        required = schema.get("required", ())
        paragraphs = [sentence(schema.get("description", ""))]
        for one, of in schema.get("properties", {}).items():
            if described := of.get("description", ""):
                paragraphs.append(f"{one}: {described}")
        rows = [f"{one}: {kind if one in required else f'NotRequired[{kind}]'}" for one, kind in fields.items()]
        self.written[name] = (
            f"class {name}(TypedDict):\n{_indented(docstring(paragraphs))}{_indented(chr(10).join(rows))}"
        )

    def _merged(self, schema: Json, name: str) -> str:
        if name not in self._fields:
            first, second = schema["allOf"]
            base = self._definition.resolve(first)
            forbidden = second.get("not", {}).get("required", ())
            fields = self._fields[self.of(first, name)]
            fields = {one: kind for one, kind in fields.items() if one not in forbidden}
            self._class(name, {**base, **schema, "required": second.get("required", ()), "properties": {}}, fields)
        return name

    def _enumeration(self, words: list[Any], name: str) -> str:
        written = f"Literal[{', '.join(map(quoted, words))}]"
        if len(words) <= _INLINE:
            return written
        self.written.setdefault(name, f"{name} = {written}\n")
        if self.written[name] != f"{name} = {written}\n":
            raise ValueError(f"two enumerations are called {name}")
        return name


class OperationsWriter:
    """The operations of one tag as methods of a class."""

    def __init__(self, definition: ApiReader, types: Types, tag: str) -> None:
        self._definition = definition
        self._types = types
        self._tag = tag

    def written(self) -> str:
        description = sentence(
            next(one for one in self._definition.api["tags"] if one["name"] == self._tag)["description"]
        )
        methods = [self._method(*operation) for operation in self._definition.operations(self._tag)]
        body = "\n".join(_indented(method) for method in methods)
        return f"class {camel(self._tag)}(Caller):\n{_indented(docstring([description]))}\n{body}"

    def _method(self, path: str, method: str, operation: Json) -> str:
        name = operation["operationId"]
        parameters = [self._definition.resolve(one) for one in operation.get("parameters", ())]
        parameters = [one for one in parameters if one["name"] not in _INTERNAL or one["name"] == "cursor"]
        given = [f"{one['name']}: {self._parameter_type(one)}" for one in parameters if one["in"] == "path"]
        body = self._body(operation)
        given += [f"body: {body}"] if body else []
        named = [f"{snake(one['name'])}: {self._parameter_type(one)}" for one in parameters if one["in"] != "path"]
        signature = ", ".join(["self", *given, *(["*", *named] if named else [])])
        kind, call = self._answer(name, path, method, operation, parameters)
        described = [f"{snake(one['name'])}: {one['description']}" for one in parameters if one.get("description")]
        paragraphs = re.split(r"\n\n", operation.get("description", ""))
        doc = docstring([sentence(operation["summary"]), *paragraphs, *(["Args:", *described] if described else [])])
        return f"def {name}({signature}) -> {kind}:\n{_indented(doc)}{_indented(call)}"

    def _parameter_type(self, parameter: Json) -> str:
        """A parameter's type."""
        schema = self._definition.resolve(parameter["schema"])
        kind = self._types.of(schema, f"{camel(parameter['name'])}Parameter")
        if parameter["name"] == "If-Match":
            kind = "Match"
        elif schema.get("format") == "date-time":
            kind = "datetime | str"
        elif parameter["in"] == "path" and kind == "str":
            kind = "str | int"
        kind = kind.replace("list[", "Sequence[")
        return kind if parameter.get("required") else f"{kind} | None = None"

    def _body(self, operation: Json) -> str | None:
        """The type of an operation's body, if it has one."""
        content = self._definition.resolve(operation.get("requestBody", {})).get("content")
        if not content:
            return None
        (media, one) = next(iter(content.items()))
        kind = self._types.of(one["schema"], f"{camel(operation['operationId'])}Body")
        if media == _LINES:
            return "Iterable[Mapping[str, object]]" if kind.startswith("dict[") else f"Iterable[{kind}]"
        return kind

    def _answer(self, name: str, path: str, method: str, operation: Json, parameters: list[Json]) -> tuple[str, str]:
        """The type that an operation returns, and the code that requests it."""
        where = re.sub(r"{(\w+)}", r"{in_path(\1)}", path)
        where = f'f"{where}"' if where != path else f'"{path}"'
        query_names = [one["name"] for one in parameters if one["in"] == "query"]
        query = f"{{{', '.join(f'{quoted(one)}: {one}' for one in query_names)}}}"
        answers = [
            self._definition.resolve(answer) for status, answer in operation["responses"].items() if status[0] == "2"
        ]
        content: Json = answers[0].get("content", {})
        media = next(iter(content), "")
        one: Json = content.get(media, {})
        schema: Json = one.get("schema", {})
        if media == _EVENTS:
            kind = self._types.of(one["x-event-data"], camel(name))
            return f"Iterator[{kind}]", f"return self._events({where})"
        if len(content) > 1:
            return "Iterator[bytes]", f"return self._bytes({where}, {query})"
        if media == _LINES:
            return f"Iterator[{self._types.of(schema, camel(name))}]", f"return self._send_each({where}, body)"
        if media and "json" not in media:
            return "str", f"return self._text({where}, {query})"
        kind = self._types.of(schema, camel(name)) if media else "None"
        if "cursor" in query_names:
            rows = next(one for one, of in self._definition.resolve(schema)["properties"].items() if "items" in of)
            row = self._types.of(
                self._definition.resolve(schema)["properties"][rows]["items"], camel(name) + camel(rows)
            )
            return f"Pages[{kind}, {row}]", f'return self._pages({where}, {query}, "{rows}")'
        if _LINES in self._definition.resolve(operation.get("requestBody", {})).get("content", {}):
            call = f"self._send_lines({where}, body)"
        else:
            more = ", body" if "requestBody" in operation else ""
            more += ", match=if_match" if any(one["name"] == "If-Match" for one in parameters) else ""
            call = f'self._json("{method.upper()}", {where}, {query}{more})'
        if kind == "None":
            return kind, call
        return kind, f"document: {kind} = {call}\nreturn document"


def modules(api: Json) -> dict[str, str]:
    """The client's generated modules by their names, formatted as ruff does."""
    definition = ApiReader(api)
    types = Types(definition)
    tags = [one["name"] for one in api["tags"]]
    written = {tag: OperationsWriter(definition, types, tag).written() for tag in tags}
    made = {}
    for tag, module in written.items():
        text = re.sub(r'""".*?"""', "", module, flags=re.DOTALL)  # only what the code names is imported
        names = sorted(name for name in types.written if re.search(rf"\b{name}\b", text))
        imported = f"from movie_db.client.models import {', '.join(names)}\n" if names else ""
        helpers = sorted(name for name in ("Caller", "Match", "Pages", "in_path") if re.search(rf"\b{name}\b", text))
        abstract = [one for one in ("Iterable", "Iterator", "Mapping", "Sequence") if re.search(rf"\b{one}\b", text)]
        made[f"operations/{snake(tag)}.py"] = (
            _HEAD.format(f"Operations: {tag}")
            + (f"from collections.abc import {', '.join(abstract)}\n" if abstract else "")
            + ("from datetime import datetime\n" if "datetime | str" in text else "")
            + "".join(f"from typing import {one}\n" for one in ("Any", "Literal") if re.search(rf"\b{one}\b", text))
            + f"\nfrom movie_db.client._caller import {', '.join(helpers)}\n{imported}\n\n{module}"
        )
    classes = [camel(tag) for tag in tags]
    made["operations/__init__.py"] = (
        _HEAD.format("All operations of the API")
        + "".join(f"from movie_db.client.operations.{snake(tag)} import {camel(tag)}\n" for tag in tags)
        + f'\n\nclass Operations({", ".join(classes)}):\n    """All operations of the API."""\n'
    )
    made["models.py"] = (
        _HEAD.format("The JSON documents that the API takes and returns")
        + "from typing import Any, Literal, NotRequired, TypedDict\n\n\n"
        + "\n\n".join(types.written.values())
    )
    return {name: formatted(text) for name, text in made.items()}


def formatted(text: str) -> str:
    """Code with sorted imports, formatted by ruff."""
    for command in (["check", "--select=I", "--fix", "--quiet"], ["format", "--quiet"]):
        run = [sys.executable, "-m", "ruff", *command, "--stdin-filename=src/movie_db/client/x.py", "-"]
        text = subprocess.run(run, input=text, capture_output=True, text=True, check=True).stdout
    return text


def docstring(paragraphs: list[str]) -> str:
    """Paragraphs as a docstring; those that begin with one word and a colon are list items."""
    texts = [_filled(" ".join(one.split())) for one in paragraphs if one.strip()]
    texts = ["Attributes:", *texts] if texts and _OF_LIST.match(texts[0]) else texts
    texts = [one.replace("\\", "\\\\") for one in texts]
    if not texts:
        return ""
    text = texts[0] + "".join(
        ("\n" if _OF_LIST.match(one) and (_OF_LIST.match(before) or before.endswith("s:")) else "\n\n") + one
        for before, one in pairwise(texts)
    )
    return f'"""{text}"""\n' if len(texts) == 1 else f'"""{text}\n"""\n'


_OF_LIST: Final = re.compile(r" *\w+: ")


def _filled(paragraph: str) -> str:
    indent = "    " if _OF_LIST.match(paragraph) else ""
    return textwrap.fill(paragraph, 100, initial_indent=indent, subsequent_indent=indent * 2)


def sentence(text: str) -> str:
    text = re.split(r"\n\n", text.strip())[0]
    return text if not text or text.endswith(".") else f"{text}."


def camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[\W_]+", name))


def snake(name: str) -> str:
    return re.sub(r"\W+", "_", name).lower()


def quoted(word: object) -> str:
    return f'"{word}"' if isinstance(word, str) else repr(word)


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ") + ("" if text.endswith("\n") or not text else "\n")


def definition() -> Json:
    """The API's definition."""
    api: Json = yaml.safe_load((files("movie_db.movie_db_client") / "openapi.yaml").read_bytes())
    return api


if __name__ == "__main__":
    (_HERE / "operations").mkdir(exist_ok=True)
    for place, code in modules(definition()).items():
        (_HERE / place).write_text(code, "utf-8")
