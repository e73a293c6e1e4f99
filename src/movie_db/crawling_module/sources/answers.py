"""Shared by sources: cutting into batches, and opening JSON answers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from movie_db.contract.errors import UnreadableError
from movie_db.contract.mediawiki import kind_of_error
from movie_db.contract.text import load_json


def batches(values: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    """Yield the distinct values, sorted, `size` at a time: the same values are always cut the same way."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def json_object(body: bytes, of: str) -> dict[str, Any]:
    """Open an answer that must be a JSON object; `of` is who sent it.

    Raises:
        UnreadableError: It isn't one, or is an error about the request.
        SourceError: It is an error of the API, as its code says.
    """
    try:
        answer = load_json(body)
    except (ValueError, RecursionError):
        what = "a web page" if body.lstrip()[:1] == b"<" else "something damaged" if body.strip() else "nothing"
        raise UnreadableError(f"{of} returned {what} instead of JSON.") from None
    if not isinstance(answer, dict):
        raise UnreadableError(f"{of} returned a JSON {type(answer).__name__} instead of an object.")
    if error := answer.get("error") or answer.get("errors") or answer.get("exception"):
        first = error[0] if isinstance(error, list) else error
        first = first if isinstance(first, dict) else {"code": str(first)}
        code = str(first.get("code", ""))[:200]
        value = first.get("info") or first.get("text") or first.get("message") or first.get("*") or ""
        raise kind_of_error(code)(f"{of} returned the error {code!r}{f': {str(value)[:200]}' if value else '.'}")
    return answer


def opened(body: bytes) -> dict[str, Any]:
    """The JSON object in a body, or an empty one: for recognizing whose answer it is."""
    try:
        found = load_json(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def revision_of(value: object) -> str | None:
    """Return a revision's number as text; None if invalid."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def moment_of(value: object) -> datetime | None:
    """Return a timestamp of the Action API, `2025-01-01T00:00:00Z`; None if invalid."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def numbered(items: object) -> None:
    """Number the objects of a list as `billing`, so that numbers stay when an object is left out."""
    for number, item in enumerate(items if isinstance(items, list) else (), 1):
        if isinstance(item, dict):
            item["billing"] = number


def part(answer: dict[str, Any], kind: type[dict[str, Any]] | type[list[Any]], *path: str, of: str) -> Any:
    """Return the object or list at `path` within an answer.

    Raises:
        UnreadableError: It is missing, or something else.
    """
    found: Any = answer
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, kind):
        raise UnreadableError(f"{of} returned an answer without {'.'.join(path)}: its format has changed.")
    return found
