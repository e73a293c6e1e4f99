"""Checks one response: whether it was refused, which fields its parser would miss, and what the parser reports."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, TypeVar

from movie_db.contract.errors import SourceError
from movie_db.crawling_module.sources.base import SourceAnswer
from movie_db.doctor.gateway import Reply
from movie_db.doctor.report import Check
from movie_db.doctor.shape import Deviation, deviations

T = TypeVar("T")
SHOWN: Final = 5
"""This many fields are reported in a line each; the others share one."""
_UNKNOWN: Final = re.compile(r'Cannot query field "(\w+)" on type "(\w+)"\.?(?: Did you mean (.+?)\?)?')


class Endpoint(NamedTuple):
    """One endpoint of a source: the fields that are read, and the prefix of paths that is not shown."""

    name: str
    reads: Mapping[str, str]
    within: str = ""


def rejection(name: str, reply: Reply) -> Check | None:
    """Why there is nothing to read; None if there is something."""
    if reply.refused is None:
        return None
    if reply.code == "no-key":
        return Check(name, "ok", "no key, so not checked")
    return Check(name, "warning" if reply.code == "quota" else "wrong", reply.refused, reply.advice)


def read_json(name: str, reply: Reply) -> tuple[dict[str, Any], Check | None]:
    """The response's JSON object, or a check that says what is there instead."""
    try:
        document = json.loads(reply.answer.body)
    except (ValueError, RecursionError):
        body = reply.answer.body.lstrip()
        what = "a web page" if body[:1] == b"<" else "something else" if body else "nothing"
        return {}, Check(
            name, "wrong", f"answers with {what} where JSON is expected", "a wall, or the endpoint has moved"
        )
    if not isinstance(document, dict):
        return {}, Check(name, "wrong", f"answers with a JSON {type(document).__name__} where an object is expected")
    return document, None


def compare(endpoint: Endpoint, answers: Sequence[Any]) -> list[Check]:
    """A check for each of the first fields that differ from what is read, and one for the rest."""
    found = sorted(deviations(answers, endpoint.reads, endpoint.within), key=lambda d: not d.harmful)
    checks = [Check(endpoint.name, _status([d]), d.message, fields=(_field(d),)) for d in found[:SHOWN]]
    if rest := found[SHOWN:]:
        names = ", ".join(f"`{d.path}`" for d in rest)
        message = f"{len(rest)} more that are gone, null or of another kind: {names}"
        checks.append(Check(endpoint.name, _status(rest), message, fields=tuple(map(_field, rest))))
    return checks


def _status(found: Sequence[Deviation]) -> Literal["wrong", "warning"]:
    return "wrong" if any(d.harmful for d in found) else "warning"


def _field(deviation: Deviation) -> dict[str, Any]:
    return {"path": deviation.path, "what": deviation.kind, "renamed": deviation.renamed}


def parsed(name: str, answer: SourceAnswer, parse: Callable[[SourceAnswer], T]) -> tuple[T | None, Check | None]:
    """What the parser returns for the response, or a check with its error."""
    try:
        return parse(answer), None
    except SourceError as error:
        return None, Check(name, "wrong", str(error).rstrip("."))


def graphql_errors(name: str, response: Mapping[str, Any]) -> list[Check]:
    """The errors of a GraphQL response: fields that don't exist any more, and parts that failed."""
    found = response.get("errors")
    errors = [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []
    checks: list[Check] = []
    failed = []
    for error in errors:
        message = str(error.get("message", ""))
        if missing := _UNKNOWN.search(message):
            path, near = f"{missing[2]}.{missing[1]}", (missing[3] or "").replace('"', "`")
            text = f"`{path}` is gone" + (f"; {near} may be its new name" if near else "")
            fields = ({"path": path, "what": "gone", "renamed": near.strip("`") or None},)
            if all(check.message != text for check in checks):
                checks.append(Check(name, "wrong", text, fields=fields))
        else:
            failed.append(error)
    if failed and response.get("data"):
        reason = str(failed[0].get("message", "no reason given"))[:120]
        checks.append(Check(name, "warning", f"answers in part: {len(failed)} parts failed ({reason})"))
    elif failed:
        checks.append(Check(name, "wrong", f"refuses the query: {str(failed[0].get('message', ''))[:200]}"))
    return checks
