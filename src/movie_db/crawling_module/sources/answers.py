"""What Wikimedia's sources share: cutting into batches, and opening a JSON answer or saying what it is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from movie_db.contract.errors import UnreadableError
from movie_db.contract.mediawiki import kind_of_error
from movie_db.contract.text import load_json


def batches(values: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    """The distinct values, sorted, `size` at a time: the same values are always cut the same way."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def json_object(body: bytes, of: str) -> dict[str, Any]:
    """Opens an answer that must be a JSON object; `of` names who gave it.

    Raises:
        UnreadableError: it is none, or an error of the API that says that asking so is wrong.
        TryLater, Blocked, Gone: an error of the API, as its code says.
    """
    try:
        answer = load_json(body)
    except (ValueError, RecursionError):
        what = "a web page" if body.lstrip()[:1] == b"<" else "something damaged" if body.strip() else "nothing"
        raise UnreadableError(f"{of} answered with {what} where JSON was due.") from None
    if not isinstance(answer, dict):
        raise UnreadableError(f"{of} answered with a JSON {type(answer).__name__} where an object was due.")
    if error := answer.get("error") or answer.get("errors") or answer.get("exception"):
        first = error[0] if isinstance(error, list) else error
        first = first if isinstance(first, dict) else {"code": str(first)}
        code = str(first.get("code", ""))[:200]
        told = first.get("info") or first.get("text") or first.get("message") or first.get("*") or ""
        raise kind_of_error(code)(f"{of} answered with the error {code!r}{f': {str(told)[:200]}' if told else '.'}")
    return answer


def opened(body: bytes) -> dict[str, Any]:
    """The JSON object in a body, or an empty one: for recognizing whose answer it is."""
    try:
        found = load_json(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def revision_of(told: object) -> str | None:
    """A revision's number as text; None for what is none."""
    return str(told) if isinstance(told, int) and not isinstance(told, bool) and told > 0 else None


def moment_of(told: object) -> datetime | None:
    """A timestamp of the Action API, `2025-01-01T00:00:00Z`; None for what is none."""
    try:
        found = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def numbered(items: object) -> None:
    """Notes in each object of a list which one it is, as `billing`: so the others keep their numbers when one goes."""
    for number, item in enumerate(items if isinstance(items, list) else (), 1):
        if isinstance(item, dict):
            item["billing"] = number


def part(answer: dict[str, Any], kind: type[dict[str, Any]] | type[list[Any]], *path: str, of: str) -> Any:
    """The object or list at `path` within an answer.

    Raises:
        UnreadableError: it isn't there, or is something else.
    """
    found: Any = answer
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, kind):
        raise UnreadableError(f"{of} answered without {'.'.join(path)}: its format changed.")
    return found
