"""Server-sent events are read as their standard has it."""

from movie_db.contract.events import ServerSentEvent, events

STREAM = """retry: 2000

event: progress
id: a
data: {"n":
data: 1}

: all the same

data:plain

event: end
id: b
data: last

event: torn
data: lost"""


def test_events_are_read_with_kinds_ids_and_all_their_lines() -> None:
    assert list(events(STREAM.split("\n"))) == [
        ServerSentEvent("progress", '{"n":\n1}', "a"),
        ServerSentEvent("message", "plain", "a"),
        ServerSentEvent("end", "last", "b"),
    ]
