"""Server-sent events, as the lines of an answer tell them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class ServerSentEvent(NamedTuple):
    """One event; `id` is what its stream is gone on with behind it, if the stream has ids."""

    kind: str
    data: str
    id: str | None


def events(lines: Iterable[str]) -> Iterator[ServerSentEvent]:
    """The events that the lines tell; comments, which only keep a connection alive, are none."""
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
