"""What each parser says it reads is what it reads: held against the fields that it touches in saved answers."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.parts import prune
from movie_db.contract.text import load_json
from movie_db.crawling_module.galleries import justwatch_list as gallery
from movie_db.crawling_module.galleries.justwatch_reads import READS_LIST, READS_PACKAGES
from movie_db.crawling_module.sources import (
    answers,
    graphql,
    imdb,
    justwatch,
    justwatch_page,
    omdb,
    tmdb,
    wikidata,
    wikidata_entity,
    wikipedia,
)
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest
from movie_db.web_gateway.recording import read_warc

from .recorder import Recorder

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
ANSWERED = {"errors", "error", "exception", "status_code", "success", "Search", "Error"}
"""What answers hold in the place of what was asked for."""
LANGUAGE = r"(labels|descriptions|aliases|sitelinks)\.[a-z]+"


@pytest.fixture(scope="module")
def recorded() -> list[SourceAnswer]:
    """The answers of the shipped recording."""
    return [
        SourceAnswer(SourceRequest("any", entry.url, entry.request_body), entry.url, NOW, entry.answer.body)
        for entry in read_warc(ROOT / "sample" / "max.warc.gz")
    ]


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Sees what parsers read of JSON."""
    made = Recorder()
    for module in (graphql, answers, justwatch_page):
        monkeypatch.setattr(module, "load_json", made.loads(load_json))
    for module in (justwatch, justwatch_page, omdb, tmdb):
        monkeypatch.setattr(module, "prune", made.of_valid(prune))
    return made


def asked_by(found: list[SourceAnswer], word: str) -> Iterator[SourceAnswer]:
    """The answers whose request has this word in it."""
    return (answer for answer in found if word.encode() in (answer.request.body or answer.url.encode()))


def read(recorder: Recorder, *folded: tuple[str, str]) -> set[str]:
    """The fields that were read, with what stands for any key."""
    paths = set()
    for found in recorder.paths:
        path = found
        for form, star in folded:
            path = re.sub(form, star, path)
        paths.add(path)
    paths = {p for p in paths if not p.endswith(".billing")}  # our own number (`numbered`)
    return {p for p in paths if not any(o.startswith((f"{p}.", f"{p}[")) for o in paths)} - ANSWERED


def test_the_providers_are_read_as_declared(recorder: Recorder, recorded: Any) -> None:
    for answer in asked_by(recorded, "GetPackages"):
        gallery.provider_of(graphql.data(answer)["packages"], "max")
        gallery.provider_of(graphql.data(answer)["packages"], "HBO-Max")
    assert read(recorder) == set(READS_PACKAGES)


def test_the_list_is_read_as_declared(recorder: Recorder, recorded: Any) -> None:
    for answer in asked_by(recorded, "GetPopularTitles"):
        gallery.titles(answer, gallery.entry_of, "mxx")
    assert read(recorder) == set(READS_LIST)


def test_titles_are_read_as_declared(recorder: Recorder) -> None:
    # A priced offer and a clip, which the recording lacks: a few fields are only read where others are there.
    (ask,) = justwatch.plan(["tm10"], "US")
    offer = {"package": {"clearName": "Apple TV"}, "retailPriceValue": 3.99, "monetizationType": "RENT"}
    credits = [{"role": "ACTOR", "name": "Keanu Reeves", "characterName": "Neo", "personId": 1}]
    content = {
        "title": "The Matrix",
        "fullPath": "/us/movie/the-matrix",
        "externalIds": {"imdbId": "tt0133093"},
        "genres": [{"translation": "Drama"}],
        "productionCountries": ["US"],
        "scoring": {"imdbScore": 8.7, "imdbVotes": 1.9e6},
        "clips": [{"externalId": "abc"}],
        "credits": credits,
    }
    body = {"data": {"n0": {"id": "tm10", "offers": [offer], "content": content}}}
    assert justwatch.parse(SourceAnswer(ask, ask.url, NOW, json.dumps(body).encode()))["tm10"]
    told = {p.removeprefix("data.n0.") for p in read(recorder, ("Countries$", "Countries[]"))}
    assert told | {"objectType"} == set(justwatch.READS) | {"objectType"}


def test_films_of_wikidata_are_read_as_declared(
    recorder: Recorder, recorded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = wikidata_entity.read
    monkeypatch.setattr(wikidata_entity, "read", lambda raw: make(recorder(dict(raw), "entities.*")))
    for answer in list(asked_by(recorded, "wbgetentities"))[:4]:
        found = wikidata.parse_entities(answer.body)
        for entity in found.values():
            wikidata.film_record(entity, {}, NOW, "https://www.wikidata.org/wiki/Q1")
    told = read(
        recorder,
        (r"entities\.Q\d+", "entities.*"),
        (LANGUAGE, r"\1.*"),
        (r"claims\.P\d+\[\]\.(rank|mainsnak\.snaktype|qualifiers).*", r"claims.*[].\1"),
    )
    told = {p for p in told if not re.search(r"\.claims\.(P\d+)\[\]", p) or _of(p) in map(_of, wikidata_entity.READS)}
    # What else is read of these films are other properties, which not every film bears.
    assert told >= {p for p in wikidata_entity.READS if "aliases" not in p}
    assert {p for p in told if "claims" not in p} <= set(wikidata_entity.READS) | {"entities.*.aliases.*"}


def _of(path: str) -> str:
    found = re.search(r"\.claims\.(P\d+)\[\]", path)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("word", "parse", "reads"),
    [
        ("UNION", wikidata.parse_by_ids, wikidata.READS_BY_IDS),
        ("asked", wikidata.parse_by_titles, wikidata.READS_BY_TITLES),
    ],
)
def test_rows_of_the_query_service_are_read_as_declared(
    recorder: Recorder, recorded: Any, word: Any, parse: Any, reads: Any
) -> None:
    asked = [a for a in asked_by(recorded, word) if b"query=" in (a.request.body or b"") and b'"bindings"' in a.body]
    for answer in asked:
        parse(answer.body)
    assert asked
    # Every column of a row is opened: those that nobody asked for are none of ours.
    assert {re.sub(r"\.\w+$", "", p) for p in read(recorder)} == {re.sub(r"\.value$", "", p) for p in reads}


def test_articles_are_read_as_declared(recorder: Recorder, recorded: Any) -> None:
    for answer in asked_by(recorded, "rvprop"):
        wikipedia.parse_articles(answer.body)
    assert read(recorder) == set(wikipedia.READS)


def of_saved(source: str) -> SourceAnswer:
    (folder,) = (ROOT / "tests" / "pages" / source).iterdir()
    body = (folder / "answer.json").read_bytes()
    return SourceAnswer(SourceRequest(source, "https://api.themoviedb.org/3/movie/1?language=en"), "", NOW, body)


def test_omdb_is_read_as_declared(recorder: Recorder) -> None:
    assert omdb.parse(of_saved("omdb"))
    assert read(recorder) == set(omdb.READS)


def test_tmdb_is_read_as_declared(recorder: Recorder) -> None:
    saved = of_saved("tmdb")
    told = json.loads(saved.body)
    # The parts that this answer was saved without, in the form that TMDB documents.
    showing = {"certification": "PG-13", "release_date": f"{told['release_date']}T00:00:00.000Z"}
    parts = {
        "external_ids": {"imdb_id": None, "wikidata_id": None},
        "alternative_titles": {"titles": [{"title": told["title"]}]},
        "release_dates": {"results": [{"iso_3166_1": "US", "release_dates": [showing]}]},
        "videos": {"results": [{"type": "Trailer", "site": "YouTube", "key": "abc", "official": True}]},
    }
    assert tmdb.parse(saved._replace(body=json.dumps(told | parts).encode()))
    assert read(recorder) == set(tmdb.READS)


def test_a_films_page_is_read_as_declared(recorder: Recorder) -> None:
    rating = {"ratingValue": 8.7, "bestRating": 10, "ratingCount": 5}
    told = {"@type": "Movie", "name": "Alien", "actor": [{"name": "John Hurt"}], "aggregateRating": rating}
    told |= {"director": [{"name": "Ridley Scott"}]}
    body = f'<script type="application/ld+json">{json.dumps(told)}</script>'.encode()
    answer = SourceAnswer(justwatch_page.plan(["https://www.justwatch.com/us/movie/alien"])[0], "", NOW, body)
    assert justwatch_page.parse(answer._replace(url="https://www.justwatch.com/us/movie/alien"), "tm1")
    assert read(recorder) == set(justwatch_page.READS)


def test_imdbs_columns_are_read_as_declared() -> None:
    recorder = Recorder()
    row = {
        "titleType": "movie",
        "primaryTitle": "Alien",
        "averageRating": "8.5",
        "nconst": "nm0000631",
        "primaryName": "Ridley Scott",
    }
    acting = [
        {
            "tconst": "tt0078748",
            "ordering": "1",
            "category": category,
            "nconst": "nm0000631",
            "characters": '["Ripley"]',
        }
        for category in ("actor", "director")
    ]
    told = {file: {"tt0078748": [recorder(row, file)]} for file in imdb.TITLES}
    told["title.principals"] = {"tt0078748": [recorder(one, "title.principals") for one in acting]}
    assert imdb.record("tt0078748", told, {"nm0000631": "Ridley Scott"}, NOW)
    imdb.people(told)
    imdb.person(recorder(row | {"birthYear": "1937"}, imdb.NAMES), "run", NOW)
    declared = {f"{file}.{column}" for file, columns in imdb.READS.items() for column in columns}
    assert recorder.paths == declared
