"""The client from Python against the service as a process of its own, on both databases."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from movie_db.client import Client, errors, etag_of
from movie_db.client.models import MovieWrite

README = Path(__file__).parents[3] / "README.md"
MAX = "https://www.justwatch.com/us/provider/max/movies"


@pytest.fixture
def api(served: tuple[subprocess.Popen[str], str], key: str) -> Iterator[Client]:
    with Client(served[1], key) as client:
        yield client


def test_films_are_written_read_and_listed_over_all_pages(api: Client) -> None:
    made = api.create_movie({"title": "Alien", "year": 1979, "ids": {"imdb": "tt0078748"}})
    assert api.read_movie("imdb:tt0078748") == api.read_movie(made["movie_id"]) == made
    lines: list[MovieWrite] = [
        {"title": f"Film {n}", "ids": {"imdb": f"tt{n:07}"}, "year": 1990 + n} for n in range(1, 8)
    ]
    assert [told["status"] for told in api.upsert_movies(lines)] == [201] * 7
    assert [told["line"] for told in api.upsert_movies(lines)] == [1, 2, 3, 4, 5, 6, 7]
    listed = api.list_movies(sort="year", limit=3, fields=["title", "year"])
    assert [m["title"] for m in listed] == ["Alien", *(f"Film {n}" for n in range(1, 8))]
    assert len(list(listed.pages())) == 3
    assert [m["title"] for m in api.list_movies(q="alien")] == ["Alien"]
    assert b"".join(api.export_movies("jsonl")).count(b"\n") == 8


def test_what_has_changed_since_it_was_read_is_not_written(api: Client) -> None:
    made = api.create_movie({"title": "Alien", "year": 1979, "ids": {"imdb": "tt0078748"}})
    changed = api.patch_movie(made["movie_id"], {"runtime": 117}, if_match=made)
    assert (changed["runtime"], etag_of(changed) != etag_of(made)) == (117, True)
    with pytest.raises(errors.PreconditionFailedError):
        api.patch_movie(made["movie_id"], {"runtime": 1}, if_match=made)
    assert api.read_movie(made["movie_id"]) == changed
    api.delete_movie(made["movie_id"], if_match=changed)
    with pytest.raises(errors.MissingError):
        api.read_movie(made["movie_id"])


def test_what_is_refused_is_an_error_with_a_sentence(api: Client, served: tuple[subprocess.Popen[str], str]) -> None:
    api.create_movie({"title": "Alien", "ids": {"imdb": "tt0078748"}})
    with pytest.raises(errors.ConflictError, match="has this id already") as conflict:
        api.create_movie({"title": "Other", "ids": {"imdb": "tt0078748"}})
    assert conflict.value.location == f"/v1/movies/{api.read_movie('imdb:tt0078748')['movie_id']}"
    with pytest.raises(errors.BadRequestError) as bad:
        api.create_movie({"title": "Alien", "runtime": 0})
    assert bad.value.errors[0]["where"] == "/runtime"
    with Client(served[1]) as keyless, pytest.raises(errors.UnauthorizedError):
        keyless.create_movie({"title": "Aliens"})
    served[0].kill()
    served[0].wait()
    with pytest.raises(errors.UnreachableError):
        api.read_movie("imdb:tt0078748")


def test_a_build_is_watched_to_its_end(api: Client) -> None:
    build = api.start_build({"gallery": MAX})
    watched = api.watch_build(build["build_id"])
    assert next(watched)["status"] == "queued"
    api.cancel_build(build["build_id"])
    assert [told["status"] for told in watched][-1] == "cancelled"
    assert [b["build_id"] for b in api.list_builds()] == [build["build_id"]]


def test_the_example_of_the_readme_works(
    served: tuple[subprocess.Popen[str], str], key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(from movie_db\.client import .*?)```", README.read_text("utf-8"), re.DOTALL)
    with Client(served[1], key) as api:
        api.create_movie({"title": "Blade Runner", "year": 1982, "genres": ["Horror"], "ids": {"imdb": "tt0083658"}})
    exec(example.replace("http://127.0.0.1:8200", served[1]).replace("KEY", repr(key)), {})
    assert capsys.readouterr().out.splitlines() == ["Blade Runner 1982", "117"]
