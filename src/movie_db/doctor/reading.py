"""How the doctor reads an answer: what refuses it, what it lacks of what its parser reads, what its parser says."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, TypeVar

from movie_db.contract.errors import SourceError
from movie_db.crawling_module.sources.base import SourceAnswer
from movie_db.doctor.asking import Reply
from movie_db.doctor.report import Check
from movie_db.doctor.shape import Deviation, deviations

T = TypeVar("T")
SHOWN: Final = 5
"""Fields that are told in a line each; the others share one."""
_UNKNOWN: Final = re.compile(r'Cannot query field "(\w+)" on type "(\w+)"\.?(?: Did you mean (.+?)\?)?')


class Door(NamedTuple):
    """One door: what is read of its answers, and the beginning of paths that people need not see."""

    name: str
    reads: Mapping[str, str]
    within: str = ""


def refusal(name: str, reply: Reply) -> Check | None:
    """Why there is nothing to read; None if there is."""
    if reply.refused is None:
        return None
    if reply.code == "no-key":
        return Check(name, "ok", "no key: not asked")
    return Check(name, "warning" if reply.code == "quota" else "wrong", reply.refused, reply.right)


def opened(name: str, reply: Reply) -> tuple[dict[str, Any], Check | None]:
    """The answer's JSON object, or what is there in its place."""
    try:
        told = json.loads(reply.answer.body)
    except (ValueError, RecursionError):
        body = reply.answer.body.lstrip()
        what = "a web page" if body[:1] == b"<" else "something else" if body else "nothing"
        return {}, Check(name, "wrong", f"answers with {what} where JSON is due", "a wall, or the door has moved")
    if not isinstance(told, dict):
        return {}, Check(name, "wrong", f"answers with a JSON {type(told).__name__} where an object is due")
    return told, None


def compared(door: Door, answers: Sequence[Any]) -> list[Check]:
    """A check for each of the first fields that are not as they are read, and one for the rest."""
    found = sorted(deviations(answers, door.reads, door.within), key=lambda d: not d.harmful)
    checks = [Check(door.name, _status([d]), d.told, fields=(_field(d),)) for d in found[:SHOWN]]
    if rest := found[SHOWN:]:
        names = ", ".join(f"`{d.path}`" for d in rest)
        told = f"{len(rest)} more that are gone, null or of another kind: {names}"
        checks.append(Check(door.name, _status(rest), told, fields=tuple(map(_field, rest))))
    return checks


def _status(found: Sequence[Deviation]) -> Literal["wrong", "warning"]:
    return "wrong" if any(d.harmful for d in found) else "warning"


def _field(deviation: Deviation) -> dict[str, Any]:
    return {"path": deviation.path, "what": deviation.kind, "renamed": deviation.renamed}


def parsed(name: str, answer: SourceAnswer, parse: Callable[[SourceAnswer], T]) -> tuple[T | None, Check | None]:
    """What the parser makes of the answer, or what it says in place of it."""
    try:
        return parse(answer), None
    except SourceError as error:
        return None, Check(name, "wrong", str(error).rstrip("."))


def graphql_errors(name: str, told: Mapping[str, Any]) -> list[Check]:
    """What a GraphQL answer says of fields that it knows no more, or that failed this time."""
    said = told.get("errors")
    errors = [e for e in said if isinstance(e, dict)] if isinstance(said, list) else []
    checks: list[Check] = []
    failed = []
    for error in errors:
        message = str(error.get("message", ""))
        if unknown := _UNKNOWN.search(message):
            path, near = f"{unknown[2]}.{unknown[1]}", (unknown[3] or "").replace('"', "`")
            text = f"`{path}` is gone" + (f"; {near} may be its new name" if near else "")
            fields = ({"path": path, "what": "gone", "renamed": near.strip("`") or None},)
            if all(check.told != text for check in checks):
                checks.append(Check(name, "wrong", text, fields=fields))
        else:
            failed.append(error)
    if failed and told.get("data"):
        told_first = str(failed[0].get("message", "no reason given"))[:120]
        checks.append(Check(name, "warning", f"answers in part: {len(failed)} parts failed ({told_first})"))
    elif failed:
        checks.append(Check(name, "wrong", f"refuses the query: {str(failed[0].get('message', ''))[:200]}"))
    return checks
