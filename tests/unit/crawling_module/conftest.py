"""What the tests of the crawler share: the recorded web, and the films of its list."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.messages import MovieListEntry
from recorded_web import Known, RecordedWeb


@pytest.fixture(scope="session")
def known() -> Any:
    return Known()


@pytest.fixture(scope="session")
def recorded_web(known: Any) -> Any:
    """`recorded_web(**{"www.wikidata.org": 403})`: the recorded web, with a host that answers otherwise."""
    return lambda **broken: RecordedWeb(known, **broken)


def listed(justwatch: Any, content: Any, position: Any = 1, **changes: Any) -> Any:
    ids = {"justwatch": justwatch, "imdb": content["externalIds"]["imdbId"], "tmdb": content["externalIds"]["tmdbId"]}
    fields = {
        "run": "r1",
        "gallery": "g",
        "key": f"justwatch:{justwatch}",
        "position": position,
        "title": content["title"],
        "year": content["originalReleaseYear"],
        "runtime": content["runtime"],
        "ids": {n: v for n, v in ids.items() if v},
    }
    return MovieListEntry(**{**fields, **changes})


@pytest.fixture
def entry() -> Any:
    """`entry("tm1", content, position, **changes)`: a film of the list."""
    return listed


@pytest.fixture(scope="session")
def entries(known: Any) -> Any:
    """The recording's films, as the list tells them."""
    return [listed(node["id"], node["content"], position) for position, node in enumerate(known.listed.values(), 1)]


@pytest.fixture
def shared_answers() -> Any:
    """`shared_answers("omdbapi/001.json")`: the body of a recorded answer; skips without the folder of worlds."""
    folder = os.environ.get("MOVIE_DB_SHARED")
    if not folder:
        pytest.skip("MOVIE_DB_SHARED is not set: no recorded answers to read")
    return lambda name: json.loads((Path(folder) / "data" / "api_answers" / name).read_text("utf-8"))["body"]
