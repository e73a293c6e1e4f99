"""The running service, asked from a page of another origin."""

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from movie_db.contract.service_log import RUN_HEADER
from movie_db.wiki_api.clients import MovieWikiClient, WikiPage
from movie_db.wiki_api.server import make_app

ORIGIN = {"Origin": "http://elsewhere.example"}


@pytest.fixture(scope="module")
def ask(wikimedia: Any, start_service: Any) -> Iterator[Any]:
    _, address = start_service("--gateway", wikimedia.address)
    with httpx2.Client(base_url=address, headers=ORIGIN, timeout=20, trust_env=False) as client:
        yield client.request


def assert_cors(answer: Any) -> None:
    assert answer.headers["access-control-allow-origin"] == "*"


def test_pages_come_in_the_shape_promised(ask: Any) -> None:
    answer = ask("GET", "/v1/search/pages", params={"title": "Avatar", "limit": 2})
    assert_cors(answer)
    body = answer.json()
    assert (answer.status_code, body["how_many"], len(body["pages"])) == (200, 2, 2)
    assert body["pages"][0] == {
        "id": 4273140,
        "key": "Avatar_(2009_film)",
        "title": "Avatar (2009 film)",
        "description": "2009 film by James Cameron",
        "excerpt": '<span class="searchmatch">Avatar</span> is a film',
        "matched_title": None,
        "thumbnail": {
            "url": "https://upload.wikimedia.org/avatar.jpg",
            "width": 60,
            "height": 89,
            "mimetype": "image/jpeg",
            "duration": None,
        },
    }
    assert body["pages"][1]["thumbnail"] is None


def test_movies_are_films_only_with_their_address(ask: Any) -> None:
    answer = ask("GET", "/v1/search/movies", params={"title": "Avatar"})
    assert_cors(answer)
    body = answer.json()
    assert body["how_many"] == 1
    assert set(body["movies"][0]) == {
        "id", "key", "title", "description", "excerpt", "matched_title", "thumbnail", "url",
    }  # fmt: skip
    assert body["movies"][0]["url"] == "https://en.wikipedia.org/wiki/Avatar_(2009_film)"


def test_nothing_found_is_a_good_answer(ask: Any) -> None:
    answer = ask("GET", "/v1/search/movies", params={"title": "nothing"})
    assert (answer.status_code, answer.json()) == (200, {"how_many": 0, "movies": []})


def test_wikimedia_is_asked_through_the_gateway_with_a_name_and_the_callers_cache_control(
    ask: Any, wikimedia: Any
) -> None:
    ask("GET", "/v1/search/pages", params={"title": "Tár & more", "limit": 3}, headers={"Cache-Control": "max-age=9"})
    url, headers = wikimedia.asked[-1]
    assert url == "http://en.wikipedia.org/w/rest.php/v1/search/page?q=T%C3%A1r+%26+more&limit=3"
    assert headers["User-Agent"].startswith("movie_db/")
    assert headers["Cache-Control"] == "max-age=9"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("", "title"),
        ("?title=", "title"),
        ("?title=%20%20", "title"),
        ("?title=" + "x" * 301, "title"),
        ("?title=Avatar&limit=0", "limit"),
        ("?title=Avatar&limit=101", "limit"),
        ("?title=Avatar&limit=ten", "limit"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/search/pages", "/v1/search/movies"])
def test_a_wrong_parameter_is_400_and_says_what_would_be_right(
    ask: Any, wikimedia: Any, path: str, query: Any, word: Any
) -> None:
    before = len(wikimedia.asked)
    answer = ask("GET", path + query)
    assert_problem(answer, 400)
    assert word in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]
    assert len(wikimedia.asked) == before


@pytest.mark.parametrize("path", ["/", "/nothing", "/v1/search", "/v1/search/persons?title=Avatar"])
def test_an_unknown_address_is_404(ask: Any, path: str) -> None:
    assert_problem(ask("GET", path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_method_is_405(ask: Any, method: str) -> None:
    assert_problem(ask(method, "/v1/search/pages?title=Avatar"), 405)


@pytest.mark.parametrize(
    ("trouble", "status", "outcome"),
    [
        ("403", 502, "blocked"),
        ("401", 502, "blocked"),
        ("404", 502, "unreadable"),
        ("400", 502, "unreadable"),
        ("202", 502, "unreadable"),
        ("429", 503, "failed"),
        ("503", 503, "failed"),
        ("500", 502, "failed"),
        ("502", 502, "failed"),
        ("504", 504, "failed"),
        ("garbage", 502, "unreadable"),
        ("list", 502, "unreadable"),
        ("hangup", 502, "failed"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/search/pages", "/v1/search/movies"])
def test_trouble_upstream_is_told_never_an_empty_result(
    ask: Any, path: str, trouble: Any, status: Any, outcome: Any
) -> None:
    answer = ask("GET", path, params={"title": trouble})
    assert_problem(answer, status)
    assert answer.json()["outcome"] == outcome
    assert "en.wikipedia.org" in answer.json()["detail"]


def test_what_the_gateway_says_is_handed_on(ask: Any) -> None:
    answer = ask("GET", "/v1/search/pages", params={"title": "unrecorded"})
    assert_problem(answer, 504)
    assert "Not in the recording." in answer.json()["detail"]


def test_when_to_come_back_is_handed_on(ask: Any) -> None:
    answer = ask("GET", "/v1/search/pages", params={"title": "429"})
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["access-control-expose-headers"] == "Retry-After"


def test_an_upstream_that_is_not_there_is_502(start_service: Any) -> None:
    _, address = start_service("--gateway", "http://127.0.0.1:9")
    answer = httpx2.get(f"{address}/v1/search/pages?title=Avatar", headers=ORIGIN, timeout=20, trust_env=False)
    assert_problem(answer, 502)


def test_a_run_is_named_to_the_gateway_and_in_the_log(start_service: Any, wikimedia: Any) -> None:
    process, address = start_service("--gateway", wikimedia.address)
    url = f"{address}/v1/search/pages"
    httpx2.get(url, params={"title": "500"}, headers={RUN_HEADER: "r1"})
    assert wikimedia.asked[-1].headers[RUN_HEADER] == "r1"
    process.terminate()
    said = [json.loads(line) for line in process.communicate(timeout=20)[1].splitlines()]
    assert [line["run"] for line in said if line["level"] == "WARNING" and "500" in line["message"]] == ["r1"]


def test_a_mistake_of_ours_is_500_without_its_traceback() -> None:
    class Broken(MovieWikiClient):
        def __init__(self) -> None:
            """It asks nobody."""

        def search_page(self, *_: Any, **__: Any) -> list[WikiPage]:
            raise RuntimeError("secret inside")

    client = make_app(Broken()).test_client(raise_server_exceptions=False)
    answer = client.get("/v1/search/pages?title=Avatar", headers=ORIGIN)
    assert_problem(answer, 500)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/v1/search/pages", "/v1/search/movies?title=Avatar", "/health", "/nothing"])
def test_a_preflight_is_allowed(ask: Any, path: str) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "cache-control"}
    answer = ask("OPTIONS", path, headers=asked)
    assert answer.status_code == 200
    assert_cors(answer)
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "cache-control" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(("path", "text"), [("/health", "ok"), ("/ui/", "Swagger UI"), ("/openapi.json", "3.0.3")])
def test_the_service_shows_itself(ask: Any, path: Any, text: Any) -> None:
    answer = ask("GET", path)
    assert answer.status_code == 200
    assert_cors(answer)
    assert text in answer.text


def test_several_requests_are_answered_at_once(ask: Any, wikimedia: Any) -> None:
    wikimedia.most_at_once = 0
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask("GET", "/v1/search/movies?title=slow"), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert wikimedia.most_at_once == 8


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_leaves_when_told_to(start_service: Any, wikimedia: Any, number: Any) -> None:
    process, _ = start_service("--gateway", wikimedia.address)
    process.send_signal(number)
    assert process.wait(10) == 0
    assert process.stdout.read() == ""


def test_a_port_in_use_is_one_clear_sentence(start_service: Any, wikimedia: Any) -> None:
    _, address = start_service("--gateway", wikimedia.address)
    with pytest.raises(AssertionError, match="can't listen on"):
        start_service("--port", address.rpartition(":")[2])


def assert_problem(answer: Any, status: Any) -> None:
    assert answer.status_code == status
    assert_cors(answer)
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail"} <= set(body)


@pytest.mark.world
def test_a_worlds_films_are_found_and_nothing_but_films(start_service: Any, stand_in: Any, shared: Any) -> None:
    world = shared / "worlds" / "sample"
    films = {json.loads(line)["id"] for line in read(world / "wikidata.jsonl") if '"Q11424"' in line}
    pages = {p["title"]: p["wikidata"] in films for p in map(json.loads, read(world / "wikipedia.jsonl"))}
    golds = [gold for gold in map(json.loads, read(world / "gold.jsonl")) if gold["wikipedia_title"]][:40]
    _, address = start_service("--gateway", stand_in("sample"))
    missed = []
    with httpx2.Client(base_url=address, trust_env=False, timeout=60) as client:
        for gold in golds:
            title = f"{gold['title']} {gold['year']} film"
            movies = client.get("/v1/search/movies", params={"title": title}).json()["movies"]
            assert all(pages[movie["title"]] for movie in movies)
            if gold["wikipedia_title"] not in {movie["title"] for movie in movies}:
                missed.append(title)
    assert golds
    assert missed == []


def read(path: Any) -> Any:
    return path.read_text("utf-8").splitlines()
