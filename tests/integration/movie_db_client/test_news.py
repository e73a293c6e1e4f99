"""What the API tells of changes, runs and questions, and what it takes in of them, on both databases."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from sqlalchemy import insert, select
from starlette.testclient import TestClient

from movie_db.contract.messages import Credit, Money, Offer, Rating, ReviewItem, RunStarted, dump
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.data_model.bookkeeping import DecisionRow
from movie_db.movie_db_client.data_model.tables import MovieRow, OfferRow

LATER = "application/x-ndjson"


def _ingest(api: TestClient, *messages: Any) -> Any:
    body = b"".join(m if isinstance(m, bytes) else dump(m) for m in messages)
    answer = api.post("/v1/ingest", content=body, headers={"Content-Type": LATER})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _film(make: Any, days: int, **facts: Any) -> Any:
    record = make.record("wikidata", "Q1", {"wikidata": "Q1"}, days=days, title="Alien, & <more>", **facts)
    return make.item("justwatch:tm1", record, title="Alien", run=f"r{days}")


def test_messages_are_taken_in_as_from_a_log_and_again_change_nothing(api: TestClient, make: Any) -> None:
    started = RunStarted(run="r0", gallery="https://g.example/", started_at=make.AT)
    messages = (started, _film(make, 0, runtime=116), b"nonsense\n")
    first = _ingest(api, *messages)
    assert (first["lines"], first["films"], first["rejected"]) == (3, 1, 1)
    assert first["messages"] == {"run_started": 1, "movie_item": 1}
    again = _ingest(api, *messages)
    assert again["lines"] == 3
    films = api.get("/v1/movies").json()["movies"]
    assert [(film["title"], film["runtime"]) for film in films] == [("Alien, & <more>", 116)]
    runs = api.get("/v1/runs").json()["runs"]
    assert [(run["run"], run["started_at"]) for run in runs] == [("r0", "2026-11-01T00:00:00Z")]
    assert api.post("/v1/ingest", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    del api.headers["Authorization"]
    assert api.post("/v1/ingest", content=b"{}", headers={"Content-Type": LATER}).status_code == 401


def test_changes_are_listed_page_by_page_and_as_a_feed(api: TestClient, make: Any) -> None:
    for days, runtime in enumerate((116, 117, 118)):
        _ingest(api, _film(make, days, runtime=runtime))
    since = "since=2026-10-01T00:00:00Z"
    first = api.get(f"/v1/changes?limit=1&{since}").json()
    second = api.get(f"/v1/changes?limit=1&{since}&cursor={first['next']}").json()
    told = [(one["field"], one["old"], one["new"]) for one in (*first["changes"], *second["changes"])]
    assert told == [("runtime", 116, 117), ("runtime", 117, 118)]
    assert second["next"] is None
    assert api.get("/v1/changes?since=2026-12-01T00:00:00Z").json()["changes"] == []
    assert api.get("/v1/changes?since=2026-02-30T00:00:00Z").status_code == 400
    feed = ElementTree.fromstring(api.get(f"/v1/changes.rss?{since}").content)
    titles = [item.findtext("title") or "" for item in feed.iter("item")]
    assert [title.partition("  ")[2] for title in titles] == [
        "Alien, & <more>: runtime 117 → 118 (wikidata)",
        "Alien, & <more>: runtime 116 → 117 (wikidata)",
    ]


def test_changes_read_the_same_on_both_databases_letter_for_letter(api: TestClient, make: Any) -> None:
    kid = Credit(name="Known as Kid", ids={"imdb": "nm0000001"}, billing=1)
    raters = [Rating(source=source, score=8) for source in ("tmdb", "letterboxd", "imdb")]
    offer = Offer(provider="Max", country="US", kind="rent", presentation="hd", price=Decimal("3.99"))
    first: dict[str, Any] = {"cast": (kid,), "ratings": tuple(raters), "offers": (offer,), "budget": Money(amount=5)}
    second = {
        "cast": (kid.model_copy(update={"role": "Kid"}),),
        "ratings": tuple(rater.model_copy(update={"score": 9.0}) for rater in raters),
        "offers": (offer.model_copy(update={"kind": "buy"}),),
        "budget": Money(amount=Decimal("6.50"), currency="USD"),
    }
    _ingest(api, _film(make, 0, **first))
    _ingest(api, _film(make, 1, **second))
    since = "since=2026-10-01T00:00:00Z"
    text = api.get(f"/v1/changes?{since}").text
    found = re.findall(r'"field":"(.*?)","old":(.*?),"new":(.*?),"source"', text)
    assert found == [
        ("budget", '"5"', '"6.5 USD"'),
        ("cast", '["Known as Kid"]', '["Known as Kid as Kid"]'),
        ("rating", "8.0", "9.0"),
        ("ratings", '{"letterboxd":8.0,"tmdb":8.0}', '{"letterboxd":9.0,"tmdb":9.0}'),
        ("offers", '{"provider":"Max","country":"US","kind":"rent","presentation":"hd"}', "null"),
        ("offers", "null", '{"provider":"Max","country":"US","kind":"buy","presentation":"hd"}'),
    ]
    assert (
        re.findall(r'"field":"(.*?)","old":(.*?),"new":(.*?),"source"', api.get("/v1/movies/1/history").text) == found
    )
    feed = ElementTree.fromstring(api.get(f"/v1/changes.rss?{since}").content)
    assert [(item.findtext("title") or "").split(": ", 1)[1] for item in feed.iter("item")] == [
        "came: Max US buy hd",
        "left: Max US rent hd",
        "ratings letterboxd 8.0 tmdb 8.0 → letterboxd 9.0 tmdb 9.0 (wikidata)",
        "rating 8.0 → 9.0 (wikidata)",
        "cast +Known as Kid as Kid, -Known as Kid (wikidata)",
        "budget 5 → 6.5 USD (wikidata)",
    ]


def test_what_leaves_soon_is_a_calendar(api: TestClient, service: Service, make: Any) -> None:
    day = datetime.now(UTC).date() + timedelta(days=9)
    offers = [
        Offer(provider="Max; More", country="US", kind="flatrate", available_to=day.isoformat()),
        Offer(provider="Other", country="US", kind="rent", available_to=f"{day.year}"),
    ]
    _ingest(api, _film(make, 0, offers=tuple(offers)))
    with service.engine.begin() as connection:
        number = connection.execute(select(MovieRow.movie_id)).scalar_one()
        old = {"provider": "Gone", "available_to": "2020-01-01", "movie_id": number, "source": "s", "country": "US"}
        seen = {"kind": "rent", "first_seen": make.AT, "last_seen": make.AT}
        connection.execute(insert(OfferRow).values(**old, **seen))
    text = api.get("/v1/leaving.ics").text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\n" in text
    assert "SUMMARY:Alien\\, & <more> leaves Max\\; More (US)\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "VEVENT" not in api.get("/v1/leaving.ics?country=GB").text


def test_a_question_is_listed_and_answered(api: TestClient, service: Service, make: Any) -> None:
    item = _film(make, 0)
    candidate = make.record("wikipedia", "Alien", {"wikipedia": "Alien"}, title="Alien")
    _ingest(api, item, ReviewItem(run="r0", key="k1", entry=item.entry, candidate=candidate, probability=0.6))
    (question,) = api.get("/v1/review").json()["questions"]
    assert question["probability"] == 0.6
    told = {"key": question["key"], "verdict": "same", "by": "Ann"}
    assert api.post("/v1/review", json=told | {"key": "other"}).status_code == 404
    assert api.post("/v1/review", json=told | {"verdict": "maybe"}).status_code == 422
    assert api.post("/v1/review", json=told).status_code == 204
    assert api.get("/v1/review").json()["questions"] == []
    with service.engine.connect() as connection:
        assert connection.execute(select(DecisionRow.verdict, DecisionRow.decided_by)).all() == [("same", "Ann")]
    assert api.get("/v1/movies/wikipedia:Alien").status_code == 200
