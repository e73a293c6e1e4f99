"""What is new: changes as JSON and as a feed, offers that end soon as a calendar, runs of the crawler."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from feedgenerator import Rss201rev2Feed
from icalendar import Calendar, Event
from sqlalchemy import select
from starlette.responses import Response

from movie_db.contract.clock import moment
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import moment_of
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.bookkeeping import RunRow
from movie_db.movie_db_client.data_model.tables import MovieRow, OfferRow
from movie_db.movie_db_client.history.changes import ChangeEvent, changes
from movie_db.movie_db_client.reading.pages import Cursor, read_cursor

_MONTH: Final = timedelta(days=30)
_FEED: Final = 200


def list_changes(call: Call) -> Response:
    cursor, limit = read_cursor(call.params), call.params["limit"]
    found = list(islice(_changes(call, cursor.number if cursor else 0), limit + 1))
    more = Cursor(None, found[limit - 1].number).written(call.params) if len(found) > limit else None
    return json({"changes": [event.as_json() for event in found[:limit]], "next": more})


def _changes(call: Call, after: int = 0) -> Iterator[ChangeEvent]:
    since = call.params.get("since")
    return changes(call.service.engine, moment_of("since", since) if since else datetime.now(UTC) - _MONTH, after)


def read_changes_feed(call: Call) -> Response:
    """The newest changes as RSS 2.0."""
    newest = sorted(_changes(call), key=lambda event: event.number)[-_FEED:]
    feed = Rss201rev2Feed("movie_db: changes", "/reference", "Movies, offers and values that changed")
    for event in reversed(newest):
        feed.add_item(
            _clean(str(event)),
            f"/v1/movies/{event.movie_id}" if event.movie_id else "/v1/changes",
            None,
            pubdate=event.at,
            unique_id=f"change-{event.number}",
            unique_id_is_permalink=False,
        )
    return Response(feed.writeString("utf-8"), media_type="application/rss+xml")


def _clean(text: str) -> str:
    """The text without characters that XML can't represent."""
    return "".join(letter for letter in text if letter >= " " and letter not in "\ufffe\uffff")


def read_leaving_calendar(call: Call) -> Response:
    """The last days of offers as an iCalendar, from today on."""
    today = date.today().isoformat()  # a local date
    statement = (
        select(
            OfferRow.offer_id,
            OfferRow.provider,
            OfferRow.country,
            OfferRow.available_to,
            OfferRow.last_seen,
            MovieRow.title,
        )
        .join(MovieRow, MovieRow.movie_id == OfferRow.movie_id)
        .where(OfferRow.left_at.is_(None), OfferRow.available_to >= today)
        .order_by(OfferRow.offer_id)
    )
    for name, column in (("provider", OfferRow.provider), ("country", OfferRow.country)):
        if values := call.params.get(name):
            statement = statement.where(column.in_(values))
    with call.service.engine.connect() as connection:
        rows = [row for row in connection.execute(statement) if len(row.available_to or "") == 10]
    calendar = Calendar({"version": "2.0", "prodid": "-//movie_db//leaving//EN"})
    for row in rows:
        leaving = Event()
        leaving.add("uid", f"offer-{row.offer_id}@movie_db")
        leaving.add("dtstamp", row.last_seen.astimezone(UTC))
        leaving.add("dtstart", date.fromisoformat(row.available_to))
        leaving.add("summary", " ".join(f"{row.title} leaves {row.provider} ({row.country})".split()))
        calendar.add_component(leaving)
    return Response(calendar.to_ical(), media_type="text/calendar")


def list_runs(call: Call) -> Response:
    columns = (
        RunRow.run,
        RunRow.gallery,
        RunRow.film_limit,
        RunRow.started_at,
        RunRow.finished_at,
        RunRow.movies,
        RunRow.sources,
    )
    with call.service.engine.connect() as connection:
        statement = select(*columns).order_by(RunRow.started_at.desc(), RunRow.run).limit(call.params["limit"])
        rows: list[dict[str, Any]] = [dict(row) for row in connection.execute(statement).mappings()]
    return json({"runs": [row | {name: moment(row[name]) for name in ("started_at", "finished_at")} for row in rows]})
