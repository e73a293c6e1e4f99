"""The open edition has what open sources say, nothing of others; and who is owed thanks is told."""

import csv
import gzip
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from movie_db.contract.licences import OPEN
from movie_db.contract.messages import Company, Credit, Money, Movie, Offer, Rating, RunStarted
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.editing.pins import pin_movie
from movie_db.movie_db_client.exporting import editions
from movie_db.movie_db_client.exporting.export import MoviesToExport
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app, make_service

SHUT, SA = "JustWatch terms of use", "CC BY-SA 4.0"
FORMATS = ("jsonl", "csv", "parquet", "sqlite")


def told(make: Any, shut: str = SHUT) -> Any:
    """A film that a shop knows best, and an encyclopedia and a database of facts know, too."""
    weaver, holm = Credit(name="Sigourney Weaver", role="Ripley", billing=1), Credit(name="Ian Holm", billing=2)
    return make.item(
        "a",
        make.record(
            "justwatch",
            "tm1",
            {"justwatch": "tm1", "imdb": "tt0078748", "tmdb": "348"},
            licence=shut,
            title="Alien - The Movie",
            original_title="Alien",
            runtime=116,
            release_date="1979-05-25",
            genres=("Horror", "Thriller"),
            tagline="In space.",
            age_rating="R",
            budget=Money(amount=11_000_000, currency="USD"),
            ratings=(Rating(source="imdb", score=8.54, votes=900),),
            cast=(weaver.model_copy(update={"ids": {"justwatch": "5"}}), holm),
            offers=(Offer(provider="Max", country="US", kind="rent", price="3.99", currency="USD"),),
        ),
        make.record(
            "wikidata",
            "Q1",
            {"wikidata": "Q1", "imdb": "tt0078748"},
            language="en",
            title="Alien",
            runtime=117,
            genres=("Horror", "Science Fiction"),
            cast=(weaver.model_copy(update={"ids": {"wikidata": "Q9"}, "role": ""}),),
            studios=(Company(name="Brandywine", ids={"wikidata": "Q8"}),),
        ),
        make.record(
            "wikipedia",
            "Alien",
            {"wikidata": "Q1"},
            language="en",
            licence=SA,
            title="Alien",
            plot="A crew meets something.",
            release_date="1979-05",
        ),
    )


def film(engine: Engine, edition: Any = "open") -> dict[str, Any]:
    (found,) = MoviesToExport(engine, edition)
    return found


def test_of_each_field_the_best_open_value_counts(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(told(make))
    assert (film(engine, "all")["title"], film(engine, "all")["runtime"]) == ("Alien - The Movie", 116)
    shown = film(engine)
    Movie.model_validate(shown)
    assert (shown["title"], shown["runtime"], shown["release_date"], shown["year"]) == ("Alien", 117, "1979-05", 1979)
    assert shown["genres"] == ["Horror", "Science Fiction"]
    assert shown["cast"] == [{"name": "Sigourney Weaver", "role": None, "ids": {"wikidata": "Q9"}}]
    assert shown["studios"] == [{"name": "Brandywine", "ids": {"wikidata": "Q8"}}]
    assert shown["ids"] == {"imdb": "tt0078748", "wikidata": "Q1"}
    assert [name for name in ("tagline", "age_rating", "budget", "ratings", "rating", "offers") if shown[name]] == []
    assert {one["licence"] for one in shown["provenance"].values()} == {"CC0-1.0", SA}
    assert shown["provenance"]["plot"] == {
        "source": "wikipedia",
        "url": "https://wikipedia.example/Alien",
        "retrieved_at": "2026-11-01T00:00:00Z",
        "licence": SA,
        "language": "en",
    }


def test_where_all_is_open_the_editions_are_the_same(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(told(make, shut="CC BY 4.0"), make.item("b", make.record("wikidata", "Q2", title="Zulu", year=1964)))
    everything = [list(MoviesToExport(engine, edition)) for edition in ("all", "open")]
    for films in everything:  # the database knows who people are by all films' records together
        for party in (party for one in films for field in ("cast", "studios") for party in one[field]):
            party["ids"] = dict(sorted(party["ids"].items()))
    assert everything[0] == everything[1]
    assert everything[0][0]["offers"][0]["price"] == 3.99


def test_what_a_person_pinned_is_left_out_with_what_belongs_to_it(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(told(make, shut="CC BY 4.0"))
    with SqlUnitOfWork(SqlStore(engine)) as unit:
        pin_movie(
            unit,
            "1",
            {"year": "1980", "rating": "9", "plot": "", "title": "Mine", "age_rating": "X"},
            make.AT,
        )
    shown = film(engine)
    gone = ("year", "release_date", "rating", "rating_count", "plot", "age_rating", "age_rating_system")
    assert [name for name in gone if shown[name] is not None or name in shown["provenance"]] == []
    assert (shown["title"], shown["runtime"], film(engine, "all")["title"]) == ("Alien - The Movie", 116, "Mine")


def test_a_film_that_no_open_source_knows_is_not_in_the_open_edition(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(told(make), make.item("b", make.record("justwatch", "tm2", licence=SHUT, title="Zulu")))
    films = MoviesToExport(engine, "open")
    assert [one["title"] for one in films] == ["Alien"]
    assert (films.written, films.left_out) == (1, 1)


def test_texts_are_in_the_newest_runs_language(ingest: Any, engine: Engine, make: Any) -> None:
    italian = make.record("wikidata_it", "Q1", {"wikidata": "Q1"}, language="it", title="Alieno")
    started = RunStarted(run="r2", gallery="g", started_at=make.AT, languages=("it", "en"))
    item = told(make)
    ingest(started, item.model_copy(update={"records": (*item.records, italian)}))
    assert (film(engine)["title"], film(engine)["provenance"]["title"]["language"]) == ("Alieno", "it")


def test_who_is_owed_thanks_is_told_once_a_licence(ingest: Any, engine: Engine, make: Any) -> None:
    item = told(make)
    italian = make.record("wikipedia_it", "Alien", {"wikidata": "Q1"}, licence=SA, language="it", plot="Un equipaggio.")
    own = make.item("z", make.record("own_list", "z", {"own_list": "0" * 16}, licence="the user's own", title="Mine"))
    ingest(item.model_copy(update={"records": (*item.records, italian)}), own)
    shown = [(one.source, one.name, one.licence, one.open) for one in editions.attributions(engine, "all")]
    assert shown == [
        ("justwatch", "JustWatch", SHUT, False),
        ("own_list", "own_list", "the user's own", False),
        ("wikidata", "Wikidata", "CC0-1.0", True),
        ("wikipedia", "Wikipedia", SA, True),
    ]
    (wikidata, wikipedia) = editions.attributions(engine, "open")
    assert wikipedia.licence_url == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert "contributors" in str(wikipedia.attribution)
    assert wikidata.source == "wikidata"


@pytest.fixture
def api(engine: Engine, ingest: Any, make: Any) -> TestClient:
    """The API over one film that open sources know, and one that they don't."""
    ingest(told(make), make.item("b", make.record("justwatch", "tm2", licence=SHUT, title="Zulu", year=1964)))
    client = TestClient(make_app(make_service(engine, lambda: False)), raise_server_exceptions=False)
    client.headers["Accept-Encoding"] = "identity"
    return client


def titles(form: str, raw: bytes, path: Path) -> list[str]:
    if form == "jsonl":
        return [json.loads(line)["title"] for line in raw.splitlines()]
    if form == "csv":
        return [row["title"] for row in csv.DictReader(io.StringIO(raw.decode(), newline=""))]
    path.write_bytes(raw)
    if form == "parquet":
        return list(pq.read_table(path)["title"].to_pylist())
    with sqlite3.connect(path) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM movies")]


@pytest.mark.parametrize("form", FORMATS)
def test_the_api_gives_the_file_of_an_edition_and_of_a_choice(form: str, api: TestClient, tmp_path: Path) -> None:
    def get(query: str) -> list[str]:
        answer = api.get(f"/v1/export.{form}?{query}")
        assert answer.status_code == 200, answer.text
        return titles(form, answer.content, tmp_path / "file")

    assert get("") == ["Alien - The Movie", "Zulu"]
    assert get("edition=open") == ["Alien"]
    assert get("year_max=1970") == ["Zulu"]
    assert get("q=zullu") == ["Zulu"], "misspelt words are forgiven, as in the list"
    assert get("q=alien&year_max=1970") == []
    assert get("edition=open&year_max=1970") == []


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_leads_to_whom_it_owes_thanks(form: str, api: TestClient, tmp_path: Path) -> None:
    answer = api.get(f"/v1/export.{form}?edition=open")
    assert answer.headers["link"] == '</v1/credits?edition=open>; rel="license"'
    assert answer.headers["content-disposition"] == f'attachment; filename="movies.{form}"'
    assert "etag" not in answer.headers
    owed = api.get("/v1/credits?edition=open").json()["credits"]
    assert [one["source"] for one in owed] == ["wikidata", "wikipedia"]
    path = tmp_path / "file"
    path.write_bytes(answer.content)
    if form == "parquet":
        about = pq.read_schema(path).metadata
        assert (about[b"edition"], json.loads(about[b"credits"])) == (b"open", owed)
    if form == "sqlite":
        with sqlite3.connect(path) as connection:
            rows = connection.execute("SELECT source, licence, open FROM credits").fetchall()
        assert rows == [("wikidata", "CC0-1.0", 1), ("wikipedia", SA, 1)]


def test_an_export_is_packed_as_it_goes(api: TestClient) -> None:
    with api.stream("GET", "/v1/export.jsonl", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == api.get("/v1/export.jsonl").content


def test_what_can_not_be_exported_is_told(api: TestClient) -> None:
    assert "jsonl, csv, parquet, sqlite" in api.get("/v1/export.xml").json()["detail"]
    assert api.get("/v1/export.csv?edition=mine").status_code == 400
    assert api.get("/v1/export.csv?sort=title").status_code == 400
    assert api.get("/v1/export.csv?director=99999999999").status_code == 404, "as in the list"
    down = TestClient(make_app(make_service(make_engine("postgresql://me@127.0.0.1:1/films"), lambda: False)))
    for form in FORMATS:
        assert down.get(f"/v1/export.{form}").status_code == 503


def test_asking_for_the_head_makes_no_file(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("movie_db.movie_db_client.handlers.exporting.stream_movies")
    head = api.head("/v1/export.sqlite")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "application/vnd.sqlite3"
    assert "content-length" not in head.headers


def test_nothing_in_the_open_edition_is_under_another_licence(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(told(make))
    text = json.dumps(film(engine))
    assert [said for said in ("The Movie", "Thriller", "In space", "tm1", "348", "Holm", "Max") if said in text] == []
    assert {one["licence"] for one in film(engine)["provenance"].values()} <= set(OPEN)
