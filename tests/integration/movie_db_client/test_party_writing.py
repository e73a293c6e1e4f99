"""People, companies and genres are written by the API, on both databases."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from sqlalchemy import text
from starlette.testclient import TestClient

from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import Company, Credit, Message
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.data_model.schema_version import downgrade, upgrade
from movie_db.movie_db_client.editing import api_keys
from movie_db.movie_db_client.ingest.ingest import ingest_once

API: dict[str, Any] = yaml.safe_load((files("movie_db.movie_db_client") / "openapi.yaml").read_bytes())
PERSON: dict[str, Any] = {"name": "Ann Other", "dob": "1937-11-30", "nationality": "Irish", "bio": "She directs."}
COMPANY: dict[str, Any] = {"name": "Other Pictures", "location": "Dublin"}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "directors": ("director", PERSON | {"ids": {"imdb": "nm9999999"}}),
    "writers": ("writer", PERSON | {"ids": {"imdb": "nm9999999"}}),
    "actors": ("actor", PERSON | {"ids": {"imdb": "nm9999999"}}),
    "studios": ("studio", COMPANY | {"founded_year": 1970, "ids": {"wikidata": "Q99"}}),
    "distributors": ("distributor", COMPANY | {"ids": {"wikidata": "Q99"}}),
    "genres": ("genre", {"name": "Film Noir"}),
}
Ingest = Callable[..., None]


@pytest.fixture
def ingest(service: Service, tmp_path: Path) -> Ingest:
    """`ingest(message…)` takes in what sources say."""
    numbers = iter(range(100, 999))

    def ingest(*messages: Message) -> None:
        with SegmentWriter(tmp_path / "item_list" / f"r-{next(numbers)}.jsonl") as writer:
            for message in messages:
                writer.write(message)
        ingest_once(service.units, tmp_path)

    return ingest


def _told(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def _fits(operation: str, status: int, body: Any) -> bool:
    """Whether an answer is what openapi.yaml promises."""
    found = next(o for item in API["paths"].values() for o in item.values() if o["operationId"] == operation)
    schema = found["responses"][str(status)]["content"]["application/json"]["schema"]
    return jsonschema_rs.is_valid({**schema, "components": API["components"]}, body)


def _film(make: Any, key: str, days: int = 0, **facts: Any) -> Any:
    return make.item(f"justwatch:{key}", make.record("justwatch", key, days=days, **facts))


def _scott(make: Any, key: str = "tm1", days: int = 0) -> Any:
    scott = Credit(name="Ridley Scott", ids={"wikidata": "Q56005"})
    return _film(make, key, days, title=f"Film {key}", directors=(scott,), cast=(scott,))


@pytest.mark.parametrize("table", KINDS)
def test_each_kind_is_created_read_and_created_once(table: str, api: TestClient) -> None:
    entity, told = KINDS[table]
    answer = api.post(f"/v1/{table}", json=told)
    row = _told(answer, 201)
    assert _fits(f"create_{entity}", 201, row)
    number = row[f"{entity}_id"]
    assert answer.headers["location"] == f"/v1/{table}/{number}"
    assert {name: row[name] for name in told if name != "ids"} == {n: v for n, v in told.items() if n != "ids"}
    assert row.get("ids", {}) == {space: [value] for space, value in told.get("ids", {}).items()}
    assert row["films"] == 0
    read = api.get(answer.headers["location"])
    assert read.headers["etag"] == answer.headers["etag"]
    assert _told(read, 200) == row
    assert _told(api.get(f"/v1/{table}"), 200)[table] == [row]
    again = api.post(f"/v1/{table}", json=told)
    assert "already" in _told(again, 409)["detail"]
    assert again.headers["location"] == answer.headers["location"]
    assert len(_told(api.get(f"/v1/{table}"), 200)[table]) == 1


@pytest.mark.parametrize("table", KINDS)
def test_each_kind_is_patched_pinned_and_given_back(table: str, api: TestClient) -> None:
    entity, told = KINDS[table]
    path = f"/v1/{table}/{_told(api.post(f'/v1/{table}', json=told), 201)[f'{entity}_id']}"
    for way, name in ((api.put, "One"), (api.patch, "Two")):
        row = _told(way(path, json={"name": name}), 200)
        assert _fits(f"patch_{entity}", 200, row)
        assert {**row, "name": told["name"]} == {**row, **{n: v for n, v in told.items() if n != "ids"}}
        assert row["name"] == name
    pins = _told(api.get(f"{path}/pins"), 200)
    assert _fits(f"list_pins_of_{entity}", 200, pins)
    assert {one["field"]: one["value"] for one in pins["pins"]}["name"] == "Two"
    assert _told(api.delete(f"{path}/pins/name"), 200)["name"] == told["name"]
    assert "Pinned fields" in _told(api.delete(f"{path}/pins/name"), 404)["detail"]
    _told(api.delete(path), 204)
    _told(api.get(path), 404)
    for way in (api.put, api.patch):
        _told(way(path, json={"name": "One"}), 404)
    _told(api.delete(path), 404)


def test_who_is_put_by_an_id_is_new_or_not(api: TestClient) -> None:
    path = "/v1/directors/imdb:nm0000116"
    assert "give its name" in _told(api.put(path, json={"bio": "A bio."}), 404)["detail"]
    made = _told(api.put(path, json={"name": "James Cameron", "dob": "1954-08-16"}), 201)
    assert made["birth_year"] == 1954
    row = _told(api.put(path, json={"nationality": "Canadian", "ids": {"wikidata": "Q42574"}}), 200)
    assert row == made | {"nationality": "Canadian", "ids": {"imdb": ["nm0000116"], "wikidata": ["Q42574"]}}
    assert _told(api.put("/v1/directors/wikidata:Q42574", json={"name": "Jim"}), 200) == row | {"name": "Jim"}
    number = row["director_id"]
    assert "To give ids" in _told(api.put(f"/v1/directors/{number}", json={"ids": {"tmdb": "2710"}}), 409)["detail"]
    other = _told(api.put("/v1/directors/imdb:nm0000001", json={"name": "Fred Astaire"}), 201)["director_id"]
    both = api.put("/v1/directors/imdb:nm0000001", json={"ids": {"wikidata": "Q42574"}})
    assert f"{number}, {other}" in _told(both, 409)["detail"]
    _told(api.put("/v1/directors/tmdb:5", json={"name": "Ann", "ids": {"imdb": "nm0000005"}}), 201)
    assert (
        "a different id" in _told(api.put("/v1/directors/tmdb:5", json={"ids": {"imdb": "nm0000006"}}), 409)["detail"]
    )
    assert (
        "is not a namespace of director ids"
        in _told(api.put("/v1/directors/facebook:1", json={"name": "Ann"}), 404)["detail"]
    )
    assert (
        "not an id of imdb"
        in _told(api.put("/v1/directors/imdb:tt1", json={"name": "Ann"}), 422)["errors"][0]["detail"]
    )
    assert len(_told(api.get("/v1/directors"), 200)["directors"]) == 3


def _lines(api: TestClient, table: str, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    body = "\n".join(map(json.dumps, lines))
    answer = api.post(f"/v1/{table}/bulk", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 200, answer.text
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [one.pop("line") for one in told] == list(range(1, len(lines) + 1))
    return told


@pytest.mark.parametrize("table", KINDS)
def test_many_of_each_kind_are_upserted_line_by_line(table: str, api: TestClient) -> None:
    entity, told = KINDS[table]
    there = _told(api.post(f"/v1/{table}", json=told), 201)[f"{entity}_id"]
    new = {"name": "B", **({"ids": {"wikidata": "Q7"}} if "ids" in told else {})}
    made, again, wrong, other, back = _lines(api, table, new, told, {"name": ""}, {"name": "C"}, {"name": "C"})
    assert (made["status"], again) == (201, {"status": 200, "id": there})
    assert wrong["status"] == 422
    assert other["status"] == 201
    is_person = "dob" in told
    assert (back["status"], back["id"] == other["id"]) == ((201, False) if is_person else (200, True))
    rows = {row[f"{entity}_id"]: row["name"] for row in _told(api.get(f"/v1/{table}"), 200)[table]}
    assert rows == {there: told["name"], made["id"]: "B", other["id"]: "C", back["id"]: "C"}


def test_a_line_that_can_not_be_leaves_all_as_it_was(api: TestClient) -> None:
    first = {"name": "A", "ids": {"imdb": "nm0000001"}}
    one, two, none, clash, last = _lines(
        *(api, "actors", first, {"name": "B", "ids": {"wikidata": "Q2"}}, {"bio": "x", "ids": {"imdb": "nm0000003"}}),
        {"name": "C", "ids": {"imdb": "nm0000001", "wikidata": "Q2"}},
        {"bio": "Plays.", "ids": {"imdb": "nm0000001"}},
    )
    assert [one["status"], two["status"], none["status"], last] == [201, 201, 404, {"status": 200, "id": one["id"]}]
    assert (clash["status"], clash["id"]) == (409, one["id"])
    assert f"{one['id']}, {two['id']}" in clash["detail"]
    rows = _told(api.get("/v1/actors"), 200)["actors"]
    assert [(row["name"], row["bio"], row["ids"]) for row in rows] == [
        ("A", "Plays.", {"imdb": ["nm0000001"]}),
        ("B", None, {"wikidata": ["Q2"]}),
    ]


def test_a_day_goes_with_its_year_and_a_year_with_its_day(api: TestClient) -> None:
    path = f"/v1/actors/{_told(api.post('/v1/actors', json=PERSON), 201)['actor_id']}"

    def born(answer: Any) -> Any:
        row = _told(answer, 200)
        return row["dob"], row["birth_year"]

    assert born(api.get(path)) == ("1937-11-30", 1937)
    assert born(api.patch(path, json={"birth_year": 1937})) == ("1937-11-30", 1937)
    assert born(api.patch(path, json={"birth_year": 1938})) == (None, 1938)
    assert born(api.patch(path, json={"dob": "1940-02-29"})) == ("1940-02-29", 1940)
    for wrong in ({"dob": "1940-02-30"}, {"dob": "1940-02-29", "birth_year": 1941}):
        _told(api.patch(path, json=wrong), 422)
    assert born(api.delete(f"{path}/pins/dob")) == (None, None)
    assert "birth_year" not in api.get(f"{path}/pins").text


def test_a_film_names_who_was_created_by_their_id(api: TestClient) -> None:
    director = _told(api.post("/v1/directors", json=KINDS["directors"][1]), 201)
    studio = _told(api.post("/v1/studios", json=KINDS["studios"][1]), 201)
    film = {
        "title": "My Film",
        "directors": [{"name": "A. Other", "ids": {"imdb": "nm9999999"}}],
        "studios": [{"name": "Other Pictures"}],
    }
    told = _told(api.post("/v1/movies", json=film), 201)
    assert told["directors"] == [{"director_id": director["director_id"], "name": "Ann Other"}]
    assert told["studios"] == [{"studio_id": studio["studio_id"], "name": "Other Pictures"}]
    assert _told(api.get("/v1/directors/imdb:nm9999999"), 200) == director | {"films": 1}
    _told(api.delete(f"/v1/movies/{told['movie_id']}"), 204)
    assert _told(api.get("/v1/directors/imdb:nm9999999"), 200) == director  # what a person wrote does not go with it


def test_what_was_written_no_refresh_changes(api: TestClient, ingest: Ingest, make: Any) -> None:
    ids = {"wikidata": "Q56005"}
    person = make.person("Q56005", "Ridley Scott", ids, born="1937-11-30", bio="A director.", nationality="British")
    ingest(_scott(make), person)
    written = {"name": "Sir Ridley", "bio": None, "birth_year": 1938}
    row = _told(api.patch("/v1/directors/wikidata:Q56005", json=written), 200)
    ingest(
        _scott(make, "tm1", 9),
        _scott(make, "tm2"),
        make.person("Q56005", "Ridley R. Scott", ids, days=9, born="1937-11-29", bio="Another bio.", nationality="US"),
    )
    now = _told(api.get("/v1/directors/wikidata:Q56005"), 200)
    assert now == row | {"nationality": "US", "films": 2}
    assert (now["name"], now["bio"], now["dob"], now["birth_year"]) == ("Sir Ridley", None, None, 1938)
    actor = _told(api.get("/v1/actors/wikidata:Q56005"), 200)  # another row, of which nothing was said
    assert (actor["name"], actor["bio"], actor["dob"]) == ("Ridley R. Scott", "Another bio.", "1937-11-29")
    told = {one["field"]: one["told"] for one in _told(api.get("/v1/directors/wikidata:Q56005/pins"), 200)["pins"]}
    assert told == {"name": "Ridley R. Scott", "bio": "Another bio.", "dob": "1937-11-29", "birth_year": 1937}
    for field in ("name", "bio", "dob"):
        now = _told(api.delete(f"/v1/directors/wikidata:Q56005/pins/{field}"), 200)
    assert (now["name"], now["bio"], now["dob"]) == ("Ridley R. Scott", "Another bio.", "1937-11-29")


def test_films_are_found_by_the_name_that_a_person_gave(api: TestClient, ingest: Ingest, make: Any) -> None:
    ingest(_scott(make))

    def found(words: str) -> int:
        return len(_told(api.get(f"/v1/movies?q={words}"), 200)["movies"])

    _told(api.patch("/v1/directors/wikidata:Q56005", json={"name": "Sir Otherwise"}), 200)
    assert (found("sir%20otherwise"), found("ridley")) == (1, 1)  # as an actor he is called so still
    _told(api.patch("/v1/actors/wikidata:Q56005", json={"name": "Sir Otherwise"}), 200)
    assert (found("sir%20otherwise"), found("ridley")) == (1, 0)
    ingest(_scott(make, "tm1", 9))
    assert (found("sir%20otherwise"), found("ridley")) == (1, 0)


def test_who_has_no_id_is_known_by_the_name_that_sources_tell(api: TestClient, ingest: Ingest, make: Any) -> None:
    def films(days: int) -> list[Any]:
        facts = {"directors": (Credit(name="Bo Third"),), "studios": (Company(name="Acme"),), "genres": ("Noir",)}
        return [_film(make, key, days, title=f"Film {key}", **facts) for key in ("tm1", "tm2")]

    ingest(films(0)[0])
    numbers = {}
    for table, name in (("directors", "Beatrice Third"), ("studios", "Acme Pictures"), ("genres", "Film Noir")):
        (row,) = _told(api.get(f"/v1/{table}"), 200)[table]
        numbers[table] = row[f"{table[:-1]}_id"]
        _told(api.patch(f"/v1/{table}/{numbers[table]}", json={"name": name}), 200)
    ingest(*films(9))
    told = {table: {row["name"]: row for row in _told(api.get(f"/v1/{table}"), 200)[table]} for table in numbers}
    assert told["studios"].keys() == {"Acme Pictures"}  # companies are brands
    assert told["genres"].keys() == {"Film Noir"}
    assert told["directors"].keys() == {"Beatrice Third", "Bo Third"}  # of another film: another person, maybe
    assert (told["studios"]["Acme Pictures"]["films"], told["genres"]["Film Noir"]["films"]) == (2, 2)
    assert told["directors"]["Beatrice Third"]["director_id"] == numbers["directors"]
    film = _told(api.get("/v1/movies/justwatch:tm2"), 200)
    assert (film["genres"], film["studios"][0]["name"]) == (["Film Noir"], "Acme Pictures")
    ingest(_film(make, "tm3", 9, title="Film tm3", genres=("Film Noir", "Noir")))
    assert _told(api.get("/v1/movies/justwatch:tm3"), 200)["genres"] == ["Film Noir"]
    for name in ("Noir", "Film Noir"):
        assert "already" in _told(api.post("/v1/genres", json={"name": name}), 409)["detail"]
    drama = _told(api.post("/v1/genres", json={"name": "Drama"}), 201)["genre_id"]
    _told(api.patch(f"/v1/genres/{drama}", json={"name": "Noir"}), 409)


def test_rows_that_turn_out_to_be_one_keep_what_was_written_of_either(
    api: TestClient, ingest: Ingest, make: Any
) -> None:
    one = Credit(name="Ann", ids={"justwatch": "1"})
    other = Credit(name="Ann", ids={"wikidata": "Q1"})
    ingest(_film(make, "tm1", title="A", directors=(one,)), _film(make, "tm2", title="B", directors=(other,)))
    first = _told(api.patch("/v1/directors/justwatch:1", json={"bio": "First.", "nationality": "Irish"}), 200)
    _told(api.patch("/v1/directors/wikidata:Q1", json={"bio": "Second.", "dob": "1950-01-02"}), 200)
    ingest(make.person("Q1", "Ann Whole", {"wikidata": "Q1", "justwatch": "1"}, bio="Told."))
    (row,) = _told(api.get("/v1/directors"), 200)["directors"]
    kept = {name: row[name] for name in ("director_id", "name", "bio", "nationality", "dob", "films")}
    assert kept == {
        "director_id": first["director_id"],
        "name": "Ann Whole",
        "bio": "First.",
        "nationality": "Irish",
        "dob": "1950-01-02",
        "films": 2,
    }
    pins = _told(api.get("/v1/directors/wikidata:Q1/pins"), 200)["pins"]
    assert {one["field"]: one["told"] for one in pins}["bio"] == "Told."


@pytest.mark.parametrize("table", KINDS)
def test_what_films_name_is_not_deleted(table: str, api: TestClient, ingest: Ingest, make: Any) -> None:
    person, company = Credit(name="Ann", ids={"wikidata": "Q1"}), Company(name="Acme", ids={"wikidata": "Q2"})
    facts: dict[str, Any] = {"directors": (person,), "writers": (person,), "cast": (person,), "genres": ("Drama",)}
    ingest(_film(make, "tm1", title="A", **facts, studios=(company,), distributors=(company,)))
    entity = KINDS[table][0]
    (row,) = _told(api.get(f"/v1/{table}"), 200)[table]
    path = f"/v1/{table}/{row[f'{entity}_id']}"
    assert "A movie refers" in _told(api.delete(path), 409)["detail"]
    assert _told(api.get(path), 200)["films"] == 1


def test_who_changed_meanwhile_is_not_written(api: TestClient) -> None:
    path = f"/v1/studios/{_told(api.post('/v1/studios', json=COMPANY), 201)['studio_id']}"
    tag = api.get(path).headers["etag"]
    _told(api.patch(path, json={"location": "Cork"}, headers={"If-Match": tag}), 200)
    calls: tuple[Callable[[], Any], ...] = (
        lambda: api.patch(path, json={"location": "Rome"}, headers={"If-Match": tag}),
        lambda: api.put(path, json={"location": "Rome"}, headers={"If-Match": tag}),
        lambda: api.delete(f"{path}/pins/location", headers={"If-Match": tag}),
        lambda: api.delete(path, headers={"If-Match": tag}),
    )
    for call in calls:
        assert "has changed" in _told(call(), 412)["detail"]
    assert _told(api.get(path), 200)["location"] == "Cork"
    _told(api.delete(path, headers={"If-Match": api.get(path).headers["etag"]}), 204)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/directors", b"{", 400),
        ("POST", "/v1/directors", b"{}", 422),
        ("POST", "/v1/directors", b'{"bio": "No name."}', 422),
        ("POST", "/v1/directors", b'{"name": null}', 422),
        ("POST", "/v1/directors", b'{"name": " "}', 422),
        ("POST", "/v1/directors", b'{"name": "a\\u0000b"}', 400),
        ("POST", "/v1/directors", b'{"name": "' + b"x" * 256 + b'"}', 422),
        ("POST", "/v1/directors", b'{"name": "A", "dob": "1950-02-30"}', 422),
        ("POST", "/v1/directors", b'{"name": "A", "dob": "1950-02-28", "birth_year": 1951}', 422),
        ("POST", "/v1/directors", b'{"name": "A", "ids": {"imdb": "tt0000001"}}', 422),
        ("POST", "/v1/directors", b'{"name": "A", "location": "Rome"}', 422),
        ("POST", "/v1/distributors", b'{"name": "A", "founded": "1950-02-28"}', 422),
        ("POST", "/v1/genres", b'{"name": "A", "ids": {}}', 422),
        ("PUT", "/v1/genres/wikidata:Q1", b'{"name": "A"}', 400),
        ("PUT", "/v1/studios/imdb:co1", b'{"name": "A"}', 404),
        ("PUT", "/v1/studios/nonsense", b'{"name": "A"}', 404),
        ("PATCH", "/v1/studios/1", b'{"ids": {"tmdb": "1"}}', 422),
        ("DELETE", "/v1/writers/imdb:nm0000001", b"", 404),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(
    method: str, path: str, body: bytes, status: int, api: TestClient, service: Service
) -> None:
    told = _told(api.request(method, path, content=body, headers={"Content-Type": "application/json"}), status)
    assert told["status"] == status
    with service.units() as unit:
        tables = [*KINDS, "external_ids", "party_pins"]
        assert [row for table in tables for row in unit.repository.read(table)] == []


@pytest.mark.parametrize("table", KINDS)
def test_who_bears_no_key_that_may_write_writes_nothing(table: str, api: TestClient, service: Service) -> None:
    with service.units() as unit:
        weak = api_keys.create_key(unit, "weak", "read")
    for key, status in (("", 401), (weak, 403)):
        headers = {"Authorization": f"Bearer {key}" if key else ""}
        _told(api.post(f"/v1/{table}", json=KINDS[table][1], headers=headers), status)
        for method in ("PUT", "PATCH", "DELETE"):
            _told(api.request(method, f"/v1/{table}/1", json={"name": "A"}, headers=headers), status)
        _told(api.delete(f"/v1/{table}/1/pins/name", headers=headers), status)
    assert _told(api.get(f"/v1/{table}"), 200)[table] == []


def test_what_is_shown_outlives_the_schema_that_pinned_it(api: TestClient, service: Service, database_url: str) -> None:
    path = f"/v1/directors/{_told(api.post('/v1/directors', json=PERSON), 201)['director_id']}"
    row = _told(api.patch(path, json={"name": "Sir Otherwise"}), 200)
    downgrade(database_url, "0014")
    with service.engine.connect() as connection:
        assert connection.execute(text("SELECT name, bio FROM directors")).all() == [("Sir Otherwise", "She directs.")]
    upgrade(database_url)
    assert _told(api.get(path), 200) == row
    assert _told(api.get(f"{path}/pins"), 200)["pins"] == []
