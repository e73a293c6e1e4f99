"""`openapi.yaml` as one page to read: every operation, parameter, field, unit, error and example."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

_STYLE: Final = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: flex }
nav { width: 19rem; height: 100vh; overflow: auto; position: sticky; top: 0; padding: 1rem; box-sizing: border-box;
  border-right: 1px solid #8884; font-size: 14px; flex: none }
nav a { display: block; text-decoration: none; color: inherit; padding: 1px 0 }
nav b { display: block; margin-top: 1rem }
main { padding: 1rem 2rem 6rem; max-width: 60rem; min-width: 0; flex: auto; overflow-wrap: anywhere }
section { border-top: 1px solid #8884; padding: 1rem 0 }
code, pre { font: 14px/1.45 ui-monospace, monospace }
pre { background: #8882; padding: .8rem; overflow: auto; border-radius: 6px; white-space: pre-wrap }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: 15px }
td, th { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #8883;
  overflow-wrap: anywhere; min-width: 3rem }
th, td:nth-child(2) { overflow-wrap: normal }
td.kind { min-width: 9rem; max-width: 16rem }
.method { font: bold 13px ui-monospace, monospace; padding: .15rem .45rem; border-radius: 4px; background: #3572b033 }
.kind { color: #777 }
ul.fields { list-style: none; padding-left: 1rem; margin: 0; border-left: 2px solid #8883 }
@media (max-width: 50rem) { body { display: block } nav { width: auto; height: auto; position: static } }
"""
_DEEPEST: Final = 6


def page(api: Mapping[str, Any]) -> str:
    """The whole page as HTML."""
    reader = _Reader(api)
    info = api["info"]
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><nav>{''.join(reader.menu())}</nav><main><h1>{escape(info['title'])} {escape(info['version'])}</h1>"
        f"{_text(info.get('description', ''))}{''.join(reader.sections())}</main></body></html>"
    )


def _text(told: str) -> str:
    """Paragraphs, lists, `code` and blocks of code, which is all of Markdown that the definition uses."""
    parts = []
    for block in re.split(r"\n{2,}", told.strip()):
        if block.startswith("```"):
            parts.append(f"<pre>{escape(block.strip('`').partition(chr(10))[2].strip())}</pre>")
        elif block.startswith("- "):
            items = re.split(r"\n- ", block[2:])
            parts.append("<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>")
        elif block:
            parts.append(f"<p>{_inline(block)}</p>")
    return "".join(parts)


def _called(place: str) -> str:
    """The name of what a reference refers to."""
    return place.rpartition("/")[2]


def _inline(told: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(told))


class _Reader:
    def __init__(self, api: Mapping[str, Any]) -> None:
        self._api = api
        self._operations = [
            (path, method, told, item.get("parameters", []))
            for path, item in api["paths"].items()
            for method, told in item.items()
            if isinstance(told, dict) and "operationId" in told
        ]

    def menu(self) -> Iterator[str]:
        for tag in self._api["tags"]:
            yield f"<b>{escape(tag['name'])}</b>"
            for path, method, told, _ in self._of(tag["name"]):
                title = escape(f"{method.upper()} {path}")
                yield f'<a href="#{told["operationId"]}" title="{title}">{escape(told["summary"])}</a>'
        yield '<b>errors</b><a href="#errors">What answers say when something is wrong</a>'

    def _of(self, tag: str) -> list[Any]:
        return [operation for operation in self._operations if tag in operation[2]["tags"]]

    def sections(self) -> Iterator[str]:
        for tag in self._api["tags"]:
            yield f"<h2>{escape(tag['name'])}</h2>{_text(tag.get('description', ''))}"
            for path, method, told, common in self._of(tag["name"]):
                yield f'<section id="{told["operationId"]}"><h3>{escape(told["summary"])}</h3>'
                yield f'<p><span class="method">{method.upper()}</span> <code>{escape(path)}</code></p>'
                yield _text(told.get("description", ""))
                if scopes := [s for one in told.get("security", ()) for names in one.values() for s in names]:
                    yield f"<p>Needs an API key of the scope <code>{escape(', '.join(scopes))}</code>.</p>"
                yield from self._parameters([self._found(one) for one in [*common, *told.get("parameters", [])]])
                if body := self._found(told.get("requestBody", {})):
                    yield "<h4>Body</h4>"
                    yield from self._content(body)
                errors = {status: one["$ref"] for status, one in told["responses"].items() if status >= "400"}
                for status, answer in told["responses"].items():
                    if status not in errors:
                        found = self._found(answer)
                        yield f"<h4>{status} {_inline(found['description'])}</h4>"
                        yield from self._headers(found)
                        yield from self._content(found)
                links = (self._link(status, place) for status, place in errors.items())
                yield f"<h4>Errors</h4><p>{' '.join(links)}</p></section>"
        yield from self._errors()

    def _link(self, status: str, place: str) -> str:
        told = self._found({"$ref": place})["description"]
        return f'<a href="#{_called(place)}" title="{escape(told)}">{status}</a>'

    def _errors(self) -> Iterator[str]:
        """All that answers say when something is wrong, by their statuses."""
        yield '<h2 id="errors">errors</h2>'
        found = {
            (status, one["$ref"])
            for *_, told, _ in self._operations
            for status, one in told["responses"].items()
            if status >= "400"
        }
        for status, place in sorted(found):
            answer = self._found({"$ref": place})
            yield f'<section id="{_called(place)}"><h3>{status} {_inline(answer["description"])}</h3>'
            yield from self._headers(answer)
            yield from self._content(answer, fields=status == "400")
            yield "</section>"

    def _parameters(self, parameters: list[Any]) -> Iterator[str]:
        if not parameters:
            return
        yield "<table><tr><th>Parameter<th>In<th>Takes<th>What it is</tr>"
        for one in parameters:
            schema = self._found(one["schema"])
            default = f"; without it {json.dumps(schema['default'])}" if "default" in schema else ""
            example = f"Example: `{one['example']}`" if "example" in one else ""
            told = _inline(". ".join(filter(None, (one.get("description"), example))))
            yield f"<tr><td><code>{escape(one['name'])}</code><td>{one['in']}"
            yield f'<td class="kind">{escape(self._kind(schema) + default)}<td>{told}</tr>'
        yield "</table>"

    def _headers(self, told: Mapping[str, Any]) -> Iterator[str]:
        headers = {name: self._found(one) for name, one in told.get("headers", {}).items()}
        if headers:
            yield "<ul>"
            for name, one in headers.items():
                yield f"<li><code>{escape(name)}</code> {_inline(one['description'])}</li>"
            yield "</ul>"

    def _content(self, told: Mapping[str, Any], *, fields: bool = True) -> Iterator[str]:
        for kind, content in told.get("content", {}).items():
            yield f'<p class="kind">{escape(kind)}</p>'
            if fields:
                yield from self._fields(self._found(content.get("schema", {})), 0)
            for example in self._examples(content):
                shown = example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
                yield f"<pre>{escape(shown)}</pre>"

    def _examples(self, content: Mapping[str, Any]) -> list[Any]:
        schema = self._found(content.get("schema", {}))
        named = [one["value"] for one in content.get("examples", {}).values()]
        return [content["example"]] if "example" in content else named or schema.get("examples", [])

    def _fields(self, schema: Mapping[str, Any], depth: int) -> Iterator[str]:
        if schema.get("type") == "array":
            schema = self._found(schema["items"])
        if depth > _DEEPEST or not schema.get("properties"):
            return
        yield '<ul class="fields">'
        for name, one in schema["properties"].items():
            found = self._found(one)
            told = _inline(one.get("description", found.get("description", "")))
            yield f'<li><code>{escape(name)}</code> <span class="kind">{escape(self._kind(found))}</span> {told}'
            yield from self._fields(found, depth + 1)
            yield "</li>"
        yield "</ul>"

    def _kind(self, schema: Mapping[str, Any]) -> str:
        if "enum" in schema:
            return " | ".join(map(str, schema["enum"]))
        kinds = schema.get("type", "any")
        told = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
        if "array" in told and "items" in schema:
            told = told.replace("array", f"list of {self._kind(self._found(schema['items']))}")
        least, most = schema.get("minimum"), schema.get("maximum")
        if least is not None or most is not None:
            told += f" {'' if least is None else least}–{'' if most is None else most}"
        return told + (f" ({schema['format']})" if "format" in schema else "")

    def _found(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in told:
            found: Any = self._api
            for step in told["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            told = found
        return told
