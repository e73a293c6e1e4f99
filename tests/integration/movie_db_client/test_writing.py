"""Films are written by the API, on both databases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from movie_db.cli.app import main
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import now
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.editing import api_keys
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.server import make_app

FILM = {
    "title": "My Film",
    "year": 2026,
    "runtime": 93,
    "genres": ["Drama"],
    "directors": [{"name": "Ann Other"}],
    "cast": [{"name": "Bo Third", "role": "Herself", "billing": 1}],
    "ids": {"imdb": "tt9999999"},
}


def _told(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def _number(api: TestClient) -> int:
    return int(_told(api.get("/v1/movies?fields=title"), 200)["movies"][0]["movie_id"])


def _count(api: TestClient) -> int:
    return len(_told(api.get("/v1/movies?fields=title"), 200)["movies"])


def test_a_film_is_created_found_and_created_once(api: TestClient) -> None:
    answer = api.post("/v1/movies", json=FILM)
    film = _told(answer, 201)
    assert answer.headers["location"] == f"/v1/movies/{film['movie_id']}"
    assert {name: film[name] for name in ("title", "year", "runtime", "genres")} == {
        n: FILM[n] for n in ("title", "year", "runtime", "genres")
    }
    assert [one["name"] for one in film["directors"]] == ["Ann Other"]
    assert [(one["name"], one["role"]) for one in film["cast"]] == [("Bo Third", "Herself")]
    assert film["ids"] == {"imdb": ["tt9999999"]}
    assert _told(api.get("/v1/movies/imdb:tt9999999"), 200) == film
    assert api.get(f"/v1/movies/{film['movie_id']}").headers["etag"] == answer.headers["etag"]
    assert [f["title"] for f in _told(api.get("/v1/movies?q=ann%20third"), 200)["movies"]] == ["My Film"]
    again = api.post("/v1/movies", json=FILM)
    assert "has this id" in _told(again, 409)["detail"]
    assert again.headers["location"] == answer.headers["location"]
    assert _count(api) == 1


def test_a_film_is_put_by_its_id_new_or_not(api: TestClient) -> None:
    assert "give its title" in _told(api.put("/v1/movies/imdb:tt9999999", json={"runtime": 90}), 404)["detail"]
    assert _told(api.put("/v1/movies/imdb:tt9999999", json={"title": "My Film"}), 201)["runtime"] is None
    film = _told(api.put("/v1/movies/imdb:tt9999999", json={"runtime": 91, "ids": {"wikidata": "Q9"}}), 200)
    assert (film["title"], film["runtime"]) == ("My Film", 91)
    assert film["ids"] == {"imdb": ["tt9999999"], "wikidata": ["Q9"]}
    assert _told(api.get("/v1/movies/wikidata:Q9"), 200) == film
    assert _count(api) == 1
    assert _told(api.put(f"/v1/movies/{film['movie_id']}", json={"runtime": 92}), 200)["runtime"] == 92
    _told(api.put("/v1/movies/99", json={"runtime": 92}), 404)
    assert (
        _told(api.put("/v1/movies/imdb:tt7777777", json={"title": "Empty", "genres": [], "cast": []}), 201)["cast"]
        == []
    )
    _told(api.put("/v1/movies/imdb:tt9999999", json={"ids": {"imdb": "tt8888888"}}), 422)


def test_fields_are_patched_emptied_and_given_back(api: TestClient) -> None:
    number = _told(api.post("/v1/movies", json=FILM), 201)["movie_id"]
    film = _told(api.patch(f"/v1/movies/{number}", json={"runtime": 94, "genres": [], "tagline": "Look!"}), 200)
    assert (film["runtime"], film["genres"], film["tagline"], film["year"]) == (94, [], "Look!", 2026)
    pinned = _told(api.get(f"/v1/movies/{number}/pins"), 200)["pins"]
    values = {one["field"]: one["value"] for one in pinned}
    assert (values["runtime"], values["genres"], values["tagline"]) == (94, None, "Look!")
    assert _told(api.delete(f"/v1/movies/{number}/pins/runtime"), 200)["runtime"] == 93  # as it was written first
    _told(api.delete(f"/v1/movies/{number}/pins/runtime"), 404)


def test_a_sum_is_written_with_its_currency(api: TestClient) -> None:
    usd = {"budget_currency": "USD"}
    film = {"title": "A", "budget": 5} | usd
    path = f"/v1/movies/{_told(api.post('/v1/movies', json=film), 201)['movie_id']}"

    def sums(answer: Any) -> Any:
        film = _told(answer, 200)
        return [film[name] for name in ("budget", "budget_currency", "box_office", "box_office_currency")]

    assert sums(api.get(path)) == [5, "USD", None, None]
    assert sums(api.patch(path, json={"box_office": 1.25, "box_office_currency": None})) == [5, "USD", 1.25, None]
    assert sums(api.patch(path, json={"budget": None})) == [None, None, 1.25, None]
    assert sums(api.put(path, json={"budget": 7, "budget_currency": "EUR"})) == [7, "EUR", 1.25, None]
    for wrong in (
        {"budget": 8},
        {"budget_currency": "USD"},
        {"budget_currency": None},
        *({"budget": sum_, **usd} for sum_ in (-1, 1.005, "5")),
    ):
        _told(api.patch(path, json=wrong), 422)
    assert sums(api.delete(f"{path}/pins/budget")) == [5, "USD", 1.25, None]


def test_all_pins_are_listed_page_by_page(api: TestClient) -> None:
    first = _told(api.post("/v1/movies", json={"title": "One", "runtime": 90, "ids": {"imdb": "tt0000001"}}), 201)
    second = _told(api.post("/v1/movies", json={"title": "Two", "year": 1950, "tagline": None}), 201)
    pages, cursor = [], ""
    while cursor is not None:
        told = _told(api.get(f"/v1/pins?limit=2{cursor}"), 200)
        pages.append(told["pins"])
        cursor = told["next"] and f"&cursor={told['next']}"
    assert [len(page) for page in pages] == [2, 2, 1]
    rows = [one for page in pages for one in page]
    assert [(one["movie_id"], one["field"], one["value"]) for one in rows] == [
        (first["movie_id"], "runtime", 90),
        (first["movie_id"], "title", "One"),
        (second["movie_id"], "tagline", None),
        (second["movie_id"], "title", "Two"),
        (second["movie_id"], "year", 1950),
    ]
    assert (rows[0]["title"], rows[0]["ids"]) == ("One", {"imdb": ["tt0000001"]})
    assert (rows[4]["year"], rows[4]["ids"]) == (1950, {})


def test_what_was_written_no_refresh_changes(api: TestClient, service: Service, make: Any, tmp_path: Path) -> None:
    _told(api.put("/v1/movies/imdb:tt9999999", json=FILM), 201)
    record = make.record(
        "wikidata", "Q9", {"imdb": "tt9999999"}, days=400, title="Other", runtime=10, plot="Told by a source."
    )
    with SegmentWriter(tmp_path / "item_list" / "r-001.jsonl") as writer:
        writer.write(make.item("justwatch:tm1", record))
    ingest_once(service.units, tmp_path)
    film = _told(api.get("/v1/movies/imdb:tt9999999"), 200)
    assert (film["title"], film["runtime"], film["plot"]) == ("My Film", 93, "Told by a source.")
    assert _count(api) == 1


def test_a_film_that_changed_meanwhile_is_not_written(api: TestClient) -> None:
    number = _told(api.post("/v1/movies", json=FILM), 201)["movie_id"]
    path = f"/v1/movies/{number}"
    tag = api.get(path).headers["etag"]
    packed = api.get(path, headers={"Accept-Encoding": "gzip"})
    _told(api.patch(path, json={"runtime": 95}, headers={"If-Match": packed.headers["etag"]}), 200)
    calls: tuple[Callable[[], Any], ...] = (
        lambda: api.patch(path, json={"runtime": 96}, headers={"If-Match": tag}),
        lambda: api.put("/v1/movies/imdb:tt9999999", json={"runtime": 96}, headers={"If-Match": tag}),
        lambda: api.delete(path, headers={"If-Match": tag}),
    )
    for call in calls:
        assert "has changed" in _told(call(), 412)["detail"]
    assert _told(api.get(path), 200)["runtime"] == 95
    _told(api.delete(path, headers={"If-Match": api.get(path).headers["etag"]}), 204)


def test_a_deleted_film_is_gone_with_all_that_was_its_own(api: TestClient) -> None:
    number = _told(api.post("/v1/movies", json=FILM), 201)["movie_id"]
    _told(api.delete("/v1/movies/imdb:tt9999999"), 204)
    _told(api.get(f"/v1/movies/{number}"), 404)
    _told(api.delete(f"/v1/movies/{number}"), 404)
    assert _told(api.get("/v1/directors"), 200)["directors"] == []
    assert _told(api.get("/v1/movies?q=film"), 200)["movies"] == []
    assert _told(api.post("/v1/movies", json=FILM), 201)["movie_id"] != number


def test_many_films_are_upserted_line_by_line(api: TestClient) -> None:
    lines: list[Any] = [{"title": f"Film {n}", "ids": {"imdb": f"tt{n:07}"}, "runtime": n} for n in range(1, 121)]
    lines[4], lines[5] = {"titel": "x"}, {"title": "No id of IMDb", "ids": {"imdb": "nm1"}}
    body = "\n".join(json.dumps(line) for line in lines).encode() + b"\n\nnonsense\n" + json.dumps(lines[0]).encode()
    answer = api.post("/v1/movies/bulk", content=body, headers={"Content-Type": "application/x-ndjson"})
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.status_code == 200
    status = {one["line"]: one["status"] for one in told}
    assert (status.pop(5), status.pop(6), status.pop(122), status.pop(123)) == (422, 422, 400, 200)
    assert status.keys() == set(range(1, 121)) - {5, 6}
    assert set(status.values()) == {201}
    assert told[0]["movie_id"] == told[-1]["movie_id"]
    assert _told(api.get("/v1/movies?limit=1&facets=year"), 200)["total"] == 118


def test_lines_of_one_film_count_one_after_the_other_and_a_bad_one_stops_none(api: TestClient) -> None:
    lines = [
        {"title": "A", "runtime": 1, "ids": {"imdb": "tt0000001"}},
        {"title": "B", "year": 1990, "release_date": "1991-01-01"},
        {"runtime": 2, "ids": {"imdb": "tt0000001", "wikidata": "Q1"}},
        {"runtime": 3},
        {"title": "C", "ids": {"imdb": "tt0000003"}},
        {"runtime": 4, "ids": {"wikidata": "Q1"}},
        {"runtime": 5, "ids": {"wikidata": "Q1", "imdb": "tt0000003"}},
    ]
    body = "\n".join(map(json.dumps, lines))
    answer = api.post("/v1/movies/bulk", content=body, headers={"Content-Type": "application/x-ndjson"})
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["line"] for one in told] == list(range(1, 8))
    assert [one["status"] for one in told] == [201, 422, 200, 404, 201, 200, 409]
    assert "1990" in told[1]["detail"]
    assert _told(api.get("/v1/movies/imdb:tt0000001"), 200)["runtime"] == 4
    assert _count(api) == 2


def test_a_line_that_is_too_long_is_refused_as_one(served: tuple[object, str], key: str) -> None:
    """Of a real server: it hands over a body in pieces."""
    long = b"x" * 3_500_000
    body = b'{"title": "A"}\n{"title": "' + long + b'"}\n{"title": "B"}\n{"title": "' + long
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {key}"}
    answer = httpx2.post(f"{served[1]}/v1/movies/bulk", content=body, headers=headers, timeout=30)
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [(one["line"], one["status"]) for one in told] == [(1, 201), (2, 400), (3, 201), (4, 400)]
    assert len(httpx2.get(f"{served[1]}/v1/movies").json()["movies"]) == 2


@pytest.mark.parametrize(
    ("method", "path", "kind", "body", "status"),
    [
        ("POST", "/v1/movies", "text/plain", b"{}", 415),
        ("POST", "/v1/movies", "application/json", b"{", 400),
        ("POST", "/v1/movies", "application/json", b'{"title": "\xff"}', 400),
        ("POST", "/v1/movies", "application/json", b'{"title": "a\\u0000b"}', 400),
        ("POST", "/v1/movies", "application/json", b'{"title": "\\ud800"}', 400),
        ("POST", "/v1/movies", "application/json", b'{"title": "' + b"x" * 10_000_000 + b'"}', 413),
        ("POST", "/v1/movies", "application/json", b'{"title": "' + b"x" * 300 + b'"}', 422),
        ("POST", "/v1/movies", "application/json", b'{"title": ' + b"[" * 100_000, 400),
        ("POST", "/v1/movies", "application/json", b"{}", 422),
        ("POST", "/v1/movies", "application/json", b'{"title": " "}', 422),
        ("POST", "/v1/movies", "application/json", b'{"title": "T", "year": 1990, "release_date": "1991-01-01"}', 422),
        ("POST", "/v1/movies", "application/json", b'{"title": "T", "release_date": "1991-02-30"}', 422),
        ("PATCH", "/v1/movies/1", "application/json", b'{"runtime": "long"}', 422),
        ("POST", "/v1/movies/bulk", "application/json", b"{}", 415),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(
    method: str, path: str, kind: str, body: bytes, status: int, api: TestClient
) -> None:
    told = _told(api.request(method, path, content=body, headers={"Content-Type": kind}), status)
    assert told["status"] == status
    assert _count(api) == 0


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE movies; --", '" OR 1=1 --', "x') UNION SELECT digest FROM api_keys --", "%27%3B", "a\\'b"]
)
def test_what_looks_like_sql_is_text(text: str, api: TestClient) -> None:
    made = _told(api.post("/v1/movies", json={"title": text, "tagline": text, "genres": [text]}), 201)
    other = _told(api.post("/v1/movies", json={"title": "Alien"}), 201)
    assert _told(api.get(f"/v1/movies/{made['movie_id']}"), 200)["title"] == text
    found = _told(api.get("/v1/movies", params={"genre": text}), 200)["movies"]
    assert [movie["movie_id"] for movie in found] == [made["movie_id"]]
    for name in ("q", "genre", "provider", "studio", "age_rating", "source", "cursor", "sort", "fields"):
        answer = api.get("/v1/movies", params={name: f"{text}{name}"})
        assert answer.status_code in {200, 400, 404}, answer.text
    assert api.get(f"/v1/movies/{text}").status_code == 404
    assert api.put(f"/v1/movies/{text}", json={"title": "x"}).status_code == 404
    assert _count(api) == 2
    assert _told(api.get(f"/v1/movies/{other['movie_id']}"), 200)["title"] == "Alien"


def test_who_bears_no_key_that_may_write_writes_nothing(api: TestClient, service: Service) -> None:
    with service.units() as unit:
        weak = api_keys.create_key(unit, "weak", "read")
    with service.units() as unit:
        strong = api_keys.create_key(unit, "strong", "admin")
    for key, status in (("", 401), ("mdb_wrong", 401), (weak, 403), (strong, 201)):
        headers = {"Authorization": f"Bearer {key}"} if key else {"Authorization": ""}
        answer = api.post("/v1/movies", json=FILM, headers=headers)
        assert answer.status_code == status, answer.text
        assert ("www-authenticate" in answer.headers) == (status == 401)
    with service.units() as unit:
        api_keys.revoke_key(unit, "strong", now())
    assert api.delete("/v1/movies/imdb:tt9999999", headers={"Authorization": f"Bearer {strong}"}).status_code == 401
    assert _count(api) == 1


def test_a_key_is_kept_as_a_digest_only(service: Service) -> None:
    with service.units() as unit:
        key = api_keys.create_key(unit, "mine", "write")
    with service.units() as unit:
        assert key not in repr(unit.repository.read("api_keys"))


def test_the_command_makes_keys_lists_and_revokes_them(service: Service, database_url: str) -> None:
    def run(*told: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(main, ["key", *told, "--db", database_url])
        assert done.exit_code == exit_code, done.output
        return done.output.strip()

    key = run("create", "mine", "--scope", "write")
    client = TestClient(make_app(service))
    headers = {"Authorization": f"Bearer {key}"}
    assert client.post("/v1/movies", json=FILM, headers=headers).status_code == 201
    assert "another name" in run("create", "mine", exit_code=2)
    assert run("list") == "mine: write"
    run("revoke", "mine")
    assert "Keys: mine" in run("revoke", "yours", exit_code=2)
    assert "revoked" in run("list")
    assert client.post("/v1/movies", json=FILM, headers=headers).status_code == 401
