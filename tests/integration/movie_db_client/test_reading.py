"""Reads of the API over films that were ingested: the same answers on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest
import yaml
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import Company, Credit, MovieItem, Offer, Rating
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.editing.merge_split import merge_movies
from movie_db.movie_db_client.entity_resolution.decisions import Decider
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app, make_service

API: dict[str, Any] = yaml.safe_load((files("movie_db.movie_db_client") / "openapi.yaml").read_bytes())


def _films(make: Any) -> Iterator[MovieItem]:
    scott = Credit(name="Ridley Scott", ids={"wikidata": "Q56005"})
    ford = Credit(name="Harrison Ford", ids={"wikidata": "Q81328"}, role="Rick Deckard", billing=1)
    weaver = Credit(name="Sigourney Weaver", ids={"wikidata": "Q102124"}, role="Ripley", billing=1)
    bourdieu = Credit(name="Amélie Poulain-Bourdieu", ids={"justwatch": "9"}, role="Herself", billing=1)
    ladd = Company(name="The Ladd Company", ids={"wikidata": "Q1"})
    shown = [Offer(provider="Max", country="US", kind="flatrate", presentation="hd")]
    result: list[tuple[str, str, dict[str, Any]]] = [
        (
            "tm1",
            "tt0083658",
            {
                "title": "Blade Runner",
                "year": 1982,
                "release_date": "1982-06-25",
                "runtime": 117,
                "genres": ("Drama", "Science Fiction"),
                "countries": ("US", "HK"),
                "languages": ("en",),
                "directors": (scott,),
                "cast": (ford,),
                "studios": (ladd,),
                "plot": "A blade runner hunts replicants in Los Angeles.",
                "offers": tuple(shown),
                "age_rating": "R",
                "ratings": (Rating(source="imdb", score=8.1, votes=800_000),),
                "alternative_titles": ("Der Blade Runner",),
            },
        ),
        (
            "tm2",
            "tt0078748",
            {
                "title": "Alien",
                "year": 1979,
                "runtime": 117,
                "genres": ("Horror", "Science Fiction"),
                "directors": (scott,),
                "cast": (weaver,),
                "plot": "The crew of a spaceship meets something.",
                "countries": ("GB", "US"),
                "languages": ("en",),
                "ratings": (Rating(source="imdb", score=8.5, votes=1_000_000),),
            },
        ),
        (
            "tm3",
            "tt0090605",
            {
                "title": "Aliens",
                "year": 1986,
                "runtime": 137,
                "genres": ("Action",),
                "cast": (weaver,),
                "countries": ("US",),
                "plot": "An alien again, on a planet of runners.",
                "ratings": (Rating(source="imdb", score=8.4, votes=800_000),),
            },
        ),
        (
            "tm4",
            "tt0211915",
            {
                "title": "Le Fabuleux Destin d'Amélie Poulain",
                "year": 2001,
                "languages": ("fr",),
                "countries": ("FR",),
                "genres": ("Comedy",),
                "cast": (bourdieu,),
            },
        ),
        ("tm5", "tt9000001", {"title": "Nothing Is Known", "plot": "The matrix of alien things."}),
    ]
    for key, imdb, facts in result:
        record = make.record("justwatch", key, {"justwatch": key, "imdb": imdb}, **facts)
        yield make.item(
            f"justwatch:{key}",
            record,
            title=facts["title"],
            year=facts.get("year"),
            outcomes={"justwatch": "found", "wikidata": "not_found"},
        )


class Library(NamedTuple):
    """The API over five films, and the store below it."""

    api: TestClient
    store: SqlStore
    engine: Engine


@contextmanager
def _library(url: str, folder: Path, make: Any, fast: bool = False) -> Iterator[Library]:
    engine = make_engine(url)
    store = SqlStore(engine)
    _ingest(store, folder, _films(make))
    client = TestClient(make_app(make_service(engine, lambda: False)), raise_server_exceptions=False)
    client.headers["Accept-Encoding"] = "identity"
    if not fast:
        yield Library(client, store, engine)
    else:
        with client:  # only then the service's shortcut is open
            yield Library(client, store, engine)
    engine.dispose()


def _ingest(store: SqlStore, folder: Path, films: Iterable[MovieItem]) -> None:
    with SegmentWriter(folder / "item_list" / f"{folder.name}-001.jsonl") as writer:
        for film in films:
            writer.write(film)
    ingest_once(lambda: SqlUnitOfWork(store), folder)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest,
    new_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
    make: Any,
) -> Iterator[TestClient]:
    """The API over five films, for who changes nothing."""
    with _library(new_database(request.param), tmp_path_factory.mktemp("log"), make, fast=True) as library:
        yield library.api


@pytest.fixture
def own(database_url: str, tmp_path: Path, make: Any) -> Iterator[Library]:
    """The API over five films, for one test alone."""
    with _library(database_url, tmp_path, make) as library:
        yield library


def _get(client: TestClient, path: str, status: int = 200) -> Any:
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer.json()


def _titles(client: TestClient, query: str) -> list[str]:
    return [film["title"] for film in _get(client, f"/v1/movies?fields=title&{query}")["movies"]]


def _fits(operation: str, body: object) -> None:
    found = next(o for item in API["paths"].values() for o in item.values() if o.get("operationId") == operation)
    schema = next(iter(found["responses"]["200"]["content"].values()))["schema"]
    jsonschema_rs.validate({**schema, "components": API["components"]}, body)


SEARCHES = {
    "blade runner": ["Blade Runner"],
    "BLADE  runner!": ["Blade Runner"],
    "alien": ["Alien", "Aliens", "Nothing Is Known"],  # by title before the plot, then the better known
    "runner": ["Blade Runner"],
    "runners": ["Aliens"],
    "ridley scott": ["Alien", "Blade Runner"],
    "scott blade": ["Blade Runner"],
    "ford replicants": ["Blade Runner"],
    "der blade runner": ["Blade Runner"],
    "amelie": ["Le Fabuleux Destin d'Amélie Poulain"],
    "Amélie damelie": ["Le Fabuleux Destin d'Amélie Poulain"],
    "deckard": [],  # roles are not searched
    "!": [],
    'a" OR "b': [],
    "x' & !'y": [],
    "\\": [],
    "🎬": [],
    "\x7f]\x07\U000c4576 -\x1b} 🫠x 𞤀": [],
    "'": [],
}


@pytest.mark.parametrize(("query", "titles"), SEARCHES.items())
def test_a_search_finds_what_has_all_words_and_ranks_it(query: str, titles: list[str], filled: TestClient) -> None:
    answer = filled.get("/v1/movies", params={"q": query, "fields": "title"})
    assert answer.status_code == 200, answer.text
    assert [film["title"] for film in answer.json()["movies"]] == titles
    assert answer.json()["replaced"] == {} or not titles


TYPOS = {
    "blade runer": ("runer", ["runner"]),
    "blaed runner": ("blaed", ["blade"]),
    "bladee": ("bladee", ["blade"]),
    "xlade runner": ("xlade", ["blade"]),
    "sigurney weavr": ("weavr", ["weaver"]),
    "sigournei": ("sigournei", ["sigourney"]),
    "rid scott": ("rid", ["ridley"]),
}


@pytest.mark.parametrize(("query", "replaced"), TYPOS.items())
def test_a_misspelt_word_is_taken_for_the_one_that_is_meant(
    query: str, replaced: tuple[str, list[str]], filled: TestClient
) -> None:
    body = _get(filled, f"/v1/movies?q={query}")
    assert body["movies"]
    assert body["replaced"][replaced[0]] == replaced[1]


def test_a_word_that_is_somewhere_is_taken_for_no_other(filled: TestClient) -> None:
    body = _get(filled, "/v1/movies?q=runners%20replicants")
    assert (body["movies"], body["replaced"]) == ([], {})


FILTERS = {
    "genre=horror": ["Alien"],
    "genre=Horror,Action": ["Alien", "Aliens"],
    "year_min=1980&year_max=1986": ["Blade Runner", "Aliens"],
    "runtime_min=118": ["Aliens"],
    "rating_min=8.4": ["Alien", "Aliens"],
    "votes_min=900000": ["Alien"],
    "country=hk": ["Blade Runner"],
    "language=en": ["Blade Runner", "Alien"],
    "age_rating=R": ["Blade Runner"],
    "provider=max": ["Blade Runner"],
    "provider=Max&offer_country=GB": [],
    "offer_country=US&offer_kind=flatrate": ["Blade Runner"],
    "director=Ridley%20Scott": ["Blade Runner", "Alien"],
    "director=wikidata:Q56005": ["Blade Runner", "Alien"],
    "director=Harrison%20Ford": [],
    "actor=1": ["Blade Runner"],
    "person=Sigourney%20Weaver": ["Alien", "Aliens"],
    "studio=The%20Ladd%20Company": ["Blade Runner"],
    "has=release_date": ["Blade Runner"],
    "has=plot,runtime&lacks=offers": ["Alien", "Aliens"],
    "lacks=genres": ["Nothing Is Known"],
    "lacks=imdb": [],
    "source=justwatch&year_max=1979": ["Alien"],
    "source=wikidata": [],
    "q=alien&genre=Action": ["Aliens"],
    "sort=title": ["Alien", "Aliens", "Blade Runner", "Le Fabuleux Destin d'Amélie Poulain", "Nothing Is Known"],
    "sort=-title&limit=1": ["Nothing Is Known"],
    "sort=year": ["Alien", "Blade Runner", "Aliens", "Le Fabuleux Destin d'Amélie Poulain", "Nothing Is Known"],
    "sort=-rating&has=rating": ["Alien", "Aliens", "Blade Runner"],
    "sort=-votes&has=rating": ["Alien", "Aliens", "Blade Runner"],
}


@pytest.mark.parametrize(("query", "titles"), FILTERS.items())
def test_a_list_has_the_films_that_fit_in_the_order_asked_for(
    query: str, titles: list[str], filled: TestClient
) -> None:
    assert _titles(filled, query) == titles


@pytest.mark.parametrize("sort", ["id", "title", "-title", "year", "-year", "-rating", "votes", "-runtime"])
def test_pages_have_every_film_once_though_films_come_between_them(
    sort: str, own: Library, tmp_path: Path, make: Any
) -> None:
    complete = _titles(own.api, f"sort={sort}")
    seen: list[str] = []
    more: str | None = ""
    while more is not None:
        page = _get(own.api, f"/v1/movies?sort={sort}&limit=2&fields=title" + (f"&cursor={more}" if more else ""))
        _fits("list_movies", page)
        seen += [film["title"] for film in page["movies"]]
        more = page["next"]
        key = f"tm9{len(seen)}"
        record = make.record("justwatch", key, title="Added", year=1900 + len(seen), runtime=1)
        _ingest(own.store, tmp_path / key, [make.item(f"justwatch:{key}", record)])
    assert [title for title in seen if title != "Added"] == complete


def test_a_cursor_of_another_list_is_refused(filled: TestClient) -> None:
    cursor = _get(filled, "/v1/movies?limit=1&sort=title")["next"]
    for query in (
        f"cursor={cursor}",
        f"cursor={cursor}&sort=title&genre=Action",
        "cursor=x",
        "cursor=W10",
        "cursor=MTI",
    ):
        assert "`next` of an earlier page" in _get(filled, f"/v1/movies?{query}", 404)["detail"]


def test_facets_count_all_films_of_the_list(filled: TestClient) -> None:
    body = _get(filled, "/v1/movies?facets=genre,country,decade,provider&limit=1&runtime_min=1")
    _fits("list_movies", body)
    assert body["total"] == 3
    assert body["facets"]["genre"][0] == {"value": "Science Fiction", "films": 2}
    assert body["facets"]["country"] == [{"value": v, "films": n} for v, n in (("US", 3), ("GB", 1), ("HK", 1))]
    assert body["facets"]["decade"] == [{"value": 1980, "films": 2}, {"value": 1970, "films": 1}]
    assert body["facets"]["provider"] == [{"value": "Max", "films": 1}]
    assert _get(filled, "/v1/movies?facets=genre")["total"] == 5


def test_a_film_is_read_by_any_of_its_ids_with_all_that_is_known(filled: TestClient) -> None:
    film = _get(filled, "/v1/movies/imdb:tt0083658?include=cast,alternative_titles,offers,provenance")
    _fits("read_movie", film)
    assert (film["title"], film["year"], film["release_date"], film["rating"]) == (
        "Blade Runner",
        1982,
        "1982-06-25",
        8.1,
    )
    assert film["genres"] == ["Drama", "Science Fiction"]
    assert film["countries"] == ["US", "HK"]
    assert [one["name"] for one in film["directors"]] == ["Ridley Scott"]
    assert [(one["name"], one["role"], one["billing"]) for one in film["cast"]] == [
        ("Harrison Ford", "Rick Deckard", 1)
    ]
    assert film["ids"] == {"imdb": ["tt0083658"], "justwatch": ["tm1"]}
    assert film["ratings"] == [{"source": "imdb", "score": 8.1, "votes": 800_000, "original": None}]
    assert film["alternative_titles"] == ["Der Blade Runner"]
    assert film["offers"][0]["provider"] == "Max"
    assert {one["source"] for one in film["provenance"]} == {"justwatch"}
    number = film["movie_id"]
    assert _get(filled, f"/v1/movies/{number}")["title"] == _get(filled, "/v1/movies/justwatch:tm1")["title"]
    assert _get(filled, f"/v1/movies/{number}?fields=title&fields=year") == {
        "movie_id": number, "title": "Blade Runner", "year": 1982,
    }  # fmt: skip


def test_the_short_way_and_the_long_way_tell_the_same(filled: TestClient, own: Library) -> None:
    for path in ("1", "imdb:tt0083658", "2?fields=title", "wikidata:Q9", "99", "3?include=offers,provenance"):
        short, long = filled.get(f"/v1/movies/{path}"), own.api.get(f"/v1/movies/{path}")
        assert (short.status_code, short.json()) == (long.status_code, long.json())


@pytest.mark.parametrize("name", ["99", "imdb:tt1", "nobody:1", "Blade Runner", "99999999999999", "imdb:", "%00", "-1"])
@pytest.mark.parametrize("part", ["", "/offers", "/history"])
def test_what_is_no_film_is_not_found(name: str, part: str, filled: TestClient) -> None:
    answer = filled.get(f"/v1/movies/{name}{part}")
    assert answer.status_code in {400, 404}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_merged_film_leads_to_what_it_is_now(own: Library, make: Any) -> None:
    with SqlUnitOfWork(own.store) as unit:
        kept = merge_movies(unit, "imdb:tt0078748", "imdb:tt0090605", Decider("Ann", make.AT))
    gone = {1, 2, 3, 4, 5} - {film["movie_id"] for film in _get(own.api, "/v1/movies")["movies"]}
    (old,) = gone
    answer = own.api.get(f"/v1/movies/{old}/offers?left=true", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/v1/movies/{kept}/offers?left=true"
    assert own.api.get(f"/v1/movies/{old}").json()["movie_id"] == kept


def test_where_values_come_from_is_told(filled: TestClient) -> None:
    for part in ("provenance", "sources", "history", "offers"):
        body = _get(filled, f"/v1/movies/justwatch:tm1/{part}")
        _fits(f"read_{part}", body)
    assert {one["field"] for one in _get(filled, "/v1/movies/justwatch:tm1/provenance")["provenance"]} >= {
        "title",
        "plot",
    }
    sources = _get(filled, "/v1/movies/justwatch:tm1/sources")
    assert sources["sources"][0]["record"]["facts"]["title"] == "Blade Runner"
    assert {one["source"]: one["outcome"] for one in sources["outcomes"]} == {
        "justwatch": "found",
        "wikidata": "not_found",
    }


def test_offers_are_told_as_they_were_then(filled: TestClient) -> None:
    path = "/v1/movies/justwatch:tm1/offers"
    assert len(_get(filled, f"{path}?country=us")["offers"]) == 1
    assert _get(filled, f"{path}?country=GB")["offers"] == []
    assert _get(filled, f"{path}?as_of=2026-10-31T00:00:00Z")["offers"] == []
    assert len(_get(filled, f"{path}?as_of=2026-11-02T00:00:00Z")["offers"]) == 1
    _get(filled, f"{path}?as_of=yesterday", 400)


def test_people_companies_and_genres_are_listed_and_read_with_their_films(filled: TestClient) -> None:
    for plural, singular, name in (
        ("directors", "director", "Ridley Scott"),
        ("actors", "actor", "Sigourney Weaver"),
        ("studios", "studio", "The Ladd Company"),
        ("genres", "genre", "Science Fiction"),
    ):
        page = _get(filled, f"/v1/{plural}?name={name[:4]}")
        _fits(f"list_{plural}", page)
        (row,) = page[plural]
        assert row["name"] == name
        number = row[f"{singular}_id"]
        one = _get(filled, f"/v1/{plural}/{number}")
        _fits(f"read_{singular}", one)
        assert one == row
        films = _get(filled, f"/v1/{plural}/{number}/movies?fields=title&limit=1")
        _fits(f"list_movies_of_{singular}", films)
        assert row["films"] == (1 if singular == "studio" else 2)
        assert (films["next"] is None) == (row["films"] == 1)
        assert _get(filled, f"/v1/{plural}/999", 404)
    assert _get(filled, "/v1/directors/wikidata:Q56005")["ids"] == {"wikidata": ["Q56005"]}
    names = [row["name"] for row in _get(filled, "/v1/actors")["actors"]]
    assert names == sorted(names)
    second = _get(filled, f"/v1/actors?limit=1&cursor={_get(filled, '/v1/actors?limit=1')['next']}")
    assert [row["name"] for row in second["actors"]] == names[1:2]


def test_ratings_and_cast_are_listed(filled: TestClient) -> None:
    ratings = _get(filled, "/v1/ratings?source=imdb&limit=2")
    _fits("list_ratings", ratings)
    assert [row["score"] for row in ratings["ratings"]] == [8.1, 8.5]
    rest = _get(filled, f"/v1/ratings?source=imdb&limit=2&cursor={ratings['next']}")
    assert [row["score"] for row in rest["ratings"]] == [8.4]
    assert _get(filled, f"/v1/ratings/{ratings['ratings'][1]['rating_id']}") == ratings["ratings"][1]
    cast = _get(filled, "/v1/cast?movie_id=1")
    assert _get(filled, f"/v1/cast/{cast['cast'][0]['cast_id']}") == cast["cast"][0]
    for path in ("/v1/ratings/99999", "/v1/cast/99999"):
        assert filled.get(path).status_code == 404
    _fits("list_cast", cast)
    assert [(row["role"], row["billing"]) for row in cast["cast"]] == [("Rick Deckard", 1)]


def test_a_page_costs_as_many_statements_however_many_films_it_has(own: Library) -> None:
    statements: list[str] = []
    event.listen(own.engine, "before_cursor_execute", lambda *result: statements.append(result[2]))

    def requests(path: str) -> int:
        statements.clear()
        _get(own.api, path)
        return sum(not statement.startswith("BEGIN") for statement in statements)

    assert requests("/v1/movies?has=cast") == requests("/v1/movies?has=cast,cast&has=cast")
    assert "".join(statements).count("EXISTS") == 1, "of many that are alike, PostgreSQL plans for minutes"
    everything = "include=cast,alternative_titles,offers,provenance"
    assert requests(f"/v1/movies?limit=1&{everything}") == requests(f"/v1/movies?limit=5&{everything}") == 2
    assert requests("/v1/actors?limit=1") == requests("/v1/actors?limit=5") == 3
    assert requests("/v1/movies/1") <= 2
