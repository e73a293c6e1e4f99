"""`openapi.yaml` as one page: every operation, parameter, field, unit, error and example."""

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
    """Returns the page as HTML."""
    reader = _Reader(api)
    info = api["info"]
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><nav>{''.join(reader.menu())}</nav><main><h1>{escape(info['title'])} {escape(info['version'])}</h1>"
        f"{_text(info.get('description', ''))}{''.join(reader.sections())}</main></body></html>"
    )


def _text(markdown: str) -> str:
    """Renders the Markdown that the definition uses: paragraphs, lists, `code` and code blocks."""
    parts = []
    for block in re.split(r"\n{2,}", markdown.strip()):
        if block.startswith("```"):
            parts.append(f"<pre>{escape(block.strip('`').partition(chr(10))[2].strip())}</pre>")
        elif block.startswith("- "):
            items = re.split(r"\n- ", block[2:])
            parts.append("<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>")
        elif block:
            parts.append(f"<p>{_inline(block)}</p>")
    return "".join(parts)


def _ref_name(place: str) -> str:
    """Returns the name of what a reference refers to."""
    return place.rpartition("/")[2]


def _inline(markdown: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(markdown))


class _Reader:
    def __init__(self, api: Mapping[str, Any]) -> None:
        self._api = api
        self._operations = [
            (path, method, value, item.get("parameters", []))
            for path, item in api["paths"].items()
            for method, value in item.items()
            if isinstance(value, dict) and "operationId" in value
        ]

    def menu(self) -> Iterator[str]:
        for tag in self._api["tags"]:
            yield f"<b>{escape(tag['name'])}</b>"
            for path, method, value, _ in self._of(tag["name"]):
                title = escape(f"{method.upper()} {path}")
                yield f'<a href="#{value["operationId"]}" title="{title}">{escape(value["summary"])}</a>'
        yield '<b>errors</b><a href="#errors">Error responses</a>'

    def _of(self, tag: str) -> list[Any]:
        return [operation for operation in self._operations if tag in operation[2]["tags"]]

    def sections(self) -> Iterator[str]:
        for tag in self._api["tags"]:
            yield f"<h2>{escape(tag['name'])}</h2>{_text(tag.get('description', ''))}"
            for path, method, value, common in self._of(tag["name"]):
                yield f'<section id="{value["operationId"]}"><h3>{escape(value["summary"])}</h3>'
                yield f'<p><span class="method">{method.upper()}</span> <code>{escape(path)}</code></p>'
                yield _text(value.get("description", ""))
                if scopes := [s for one in value.get("security", ()) for names in one.values() for s in names]:
                    yield f"<p>Requires an API key with the scope <code>{escape(', '.join(scopes))}</code>.</p>"
                yield from self._parameters([self._resolve(one) for one in [*common, *value.get("parameters", [])]])
                if body := self._resolve(value.get("requestBody", {})):
                    yield "<h4>Body</h4>"
                    yield from self._content(body)
                errors = {status: one["$ref"] for status, one in value["responses"].items() if status >= "400"}
                for status, answer in value["responses"].items():
                    if status not in errors:
                        found = self._resolve(answer)
                        yield f"<h4>{status} {_inline(found['description'])}</h4>"
                        yield from self._headers(found)
                        yield from self._content(found)
                links = (self._link(status, place) for status, place in errors.items())
                yield f"<h4>Errors</h4><p>{' '.join(links)}</p></section>"
        yield from self._errors()

    def _link(self, status: str, place: str) -> str:
        value = self._resolve({"$ref": place})["description"]
        return f'<a href="#{_ref_name(place)}" title="{escape(value)}">{status}</a>'

    def _errors(self) -> Iterator[str]:
        """Yields the error responses, sorted by status."""
        yield '<h2 id="errors">errors</h2>'
        found = {
            (status, one["$ref"])
            for *_, value, _ in self._operations
            for status, one in value["responses"].items()
            if status >= "400"
        }
        for status, place in sorted(found):
            answer = self._resolve({"$ref": place})
            yield f'<section id="{_ref_name(place)}"><h3>{status} {_inline(answer["description"])}</h3>'
            yield from self._headers(answer)
            yield from self._content(answer, fields=status == "400")
            yield "</section>"

    def _parameters(self, parameters: list[Any]) -> Iterator[str]:
        if not parameters:
            return
        yield "<table><tr><th>Parameter<th>In<th>Type<th>Description</tr>"
        for one in parameters:
            schema = self._resolve(one["schema"])
            default = f"; default {json.dumps(schema['default'])}" if "default" in schema else ""
            example = f"Example: `{one['example']}`" if "example" in one else ""
            value = _inline(". ".join(filter(None, (one.get("description"), example))))
            yield f"<tr><td><code>{escape(one['name'])}</code><td>{one['in']}"
            yield f'<td class="kind">{escape(self._kind(schema) + default)}<td>{value}</tr>'
        yield "</table>"

    def _headers(self, value: Mapping[str, Any]) -> Iterator[str]:
        headers = {name: self._resolve(one) for name, one in value.get("headers", {}).items()}
        if headers:
            yield "<ul>"
            for name, one in headers.items():
                yield f"<li><code>{escape(name)}</code> {_inline(one['description'])}</li>"
            yield "</ul>"

    def _content(self, value: Mapping[str, Any], *, fields: bool = True) -> Iterator[str]:
        for kind, content in value.get("content", {}).items():
            yield f'<p class="kind">{escape(kind)}</p>'
            if fields:
                yield from self._fields(self._resolve(content.get("schema", {})), 0)
            for example in self._examples(content):
                shown = example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
                yield f"<pre>{escape(shown)}</pre>"

    def _examples(self, content: Mapping[str, Any]) -> list[Any]:
        schema = self._resolve(content.get("schema", {}))
        named = [one["value"] for one in content.get("examples", {}).values()]
        return [content["example"]] if "example" in content else named or schema.get("examples", [])

    def _fields(self, schema: Mapping[str, Any], depth: int) -> Iterator[str]:
        if schema.get("type") == "array":
            schema = self._resolve(schema["items"])
        if depth > _DEEPEST or not schema.get("properties"):
            return
        yield '<ul class="fields">'
        for name, one in schema["properties"].items():
            found = self._resolve(one)
            value = _inline(one.get("description", found.get("description", "")))
            yield f'<li><code>{escape(name)}</code> <span class="kind">{escape(self._kind(found))}</span> {value}'
            yield from self._fields(found, depth + 1)
            yield "</li>"
        yield "</ul>"

    def _kind(self, schema: Mapping[str, Any]) -> str:
        if "enum" in schema:
            return " | ".join(map(str, schema["enum"]))
        kinds = schema.get("type", "any")
        value = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
        if "array" in value and "items" in schema:
            value = value.replace("array", f"list of {self._kind(self._resolve(schema['items']))}")
        least, most = schema.get("minimum"), schema.get("maximum")
        if least is not None or most is not None:
            value += f" {'' if least is None else least}–{'' if most is None else most}"
        return value + (f" ({schema['format']})" if "format" in schema else "")

    def _resolve(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in value:
            found: Any = self._api
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            value = found
        return value
