"""Parses server-sent events from the lines of a response."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class ServerSentEvent(NamedTuple):
    """One event. `id` is the value from which its stream can be resumed, if the stream has ids."""

    kind: str
    data: str
    id: str | None


def events(lines: Iterable[str]) -> Iterator[ServerSentEvent]:
    """Yields the events. Comments, which only keep a connection alive, are skipped."""
    kind, data, name = "message", list[str](), None
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                kind = value
            case "data":
                data.append(value)
            case "id":
                name = value
            case "" if not line:
                if data:
                    yield ServerSentEvent(kind, "\n".join(data), name)
                kind, data = "message", []
