"""Sources asked by the ids that films bear: TMDB and OMDb with the user's keys, and any file put beside them."""

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from movie_db.contract.errors import BlockedError, NotFoundError, RetryLaterError, UnreadableError, UsageError
from movie_db.contract.messages import MovieItem
from movie_db.crawling_module import sources
from movie_db.crawling_module.gathering.gatherer import Gatherer
from movie_db.crawling_module.gathering.list_order import order
from movie_db.crawling_module.saved_answers import SavedAnswer, read, readable
from movie_db.crawling_module.sources import omdb, tmdb
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest
from movie_db.stitching.fuse import fuse

NOW = datetime(2026, 11, 23, tzinfo=UTC)

CONTRIBUTING = (Path(__file__).parents[3] / "CONTRIBUTING.md").read_text("utf-8")
(TOY,) = re.findall(r"```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
"""The worked example of a new source."""


def answered(source: Any, url: Any, reply: Any) -> Any:
    return source.parse(SourceAnswer(SourceRequest(source.SOURCE, url), url, NOW, json.dumps(reply).encode()))


def gathered(web: Any, entries: Any) -> Any:
    async def everything() -> Any:
        gatherer = Gatherer(web.fetcher(), web.fetcher(), None, "r1", "US")
        reply = [message async for message in gatherer.gather(sorted(entries, key=order), 0)]
        return [m for m in reply if isinstance(m, MovieItem)], gatherer.sources()

    return asyncio.run(everything())


def test_a_file_in_the_folder_is_a_source(
    recorded_web: Any, entries: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toy.py").write_text(TOY)
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    web = recorded_web()
    web.answers["toy.example"] = lambda request: [
        {"id": qid, "title": web.known.entities[qid]["labels"]["en"]["value"]}
        for qid in parse_qs(urlsplit(request.url).query)["ids"][0].split("|")
    ]
    items, counts = gathered(web, entries)
    assert counts["toy"].outcomes == {"found": 120}
    assert web.asked["toy.example"] == 4  # 120 films, 30 a request
    assert all(any(r.source == "toy" and r.facts.tagline for r in item.records) for item in items)
    assert counts["toy"].filled == {"title": 120, "tagline": 120}
    golden = fuse(items[0].records)
    assert (golden.values["tagline"], golden.provenance["tagline"].source) == ("A toy.", "toy")
    assert golden.provenance["title"].source == "justwatch", "until the policy says otherwise, a new source comes last"


def test_a_saved_page_and_the_record_expected_of_it_test_a_new_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toy.py").write_text(TOY)
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    assert "toy" in readable()  # test_saved_pages takes the folders of all readers
    (record,) = read("toy", SavedAnswer("answer.json", b'[{"id": "Q1", "title": "A"}]', NOW))
    assert record.model_dump(mode="json", exclude_defaults=True) == {
        "source": "toy",
        "source_id": "Q1",
        "url": "https://toy.example/Q1",
        "retrieved_at": "2026-11-23T00:00:00Z",
        "licence": "CC0-1.0",
        "ids": {"wikidata": "Q1"},
        "facts": {"title": "A", "tagline": "A toy."},
    }
    for name in ("toy.example", "auto"):
        assert read(name, SavedAnswer("answer.json", b'[{"id": "Q1", "title": "A"}]', NOW)) == [record]
    with pytest.raises(UsageError, match=r"is not a source that can be read: use one of .*\btoy\b"):
        read("tory", SavedAnswer("answer.json", b"[]", NOW))


def test_a_source_without_a_key_is_asked_once_and_says_why(recorded_web: Any, entries: Any) -> None:
    web = recorded_web()
    items, counts = gathered(web, entries)
    assert web.asked["api.themoviedb.org"] == web.asked["www.omdbapi.com"] == 1
    assert {item.outcomes["tmdb"] for item in items} == {"not_asked"}
    assert counts["tmdb"].note == "api.themoviedb.org is asked with a key only."
    assert counts["wikidata"].note is None


def test_a_record_that_the_film_contradicts_is_not_taken(recorded_web: Any, entries: Any) -> None:
    web = recorded_web()
    web.without_key.clear()
    web.answers["api.themoviedb.org"] = lambda request: {
        "id": int(urlsplit(request.url).path.rpartition("/")[2].removeprefix("tt")),
        "title": "Another Film Altogether",
        "release_date": "1921-01-01",
        "runtime": 7,
        "imdb_id": "tt9999999",
        "credits": {"crew": [{"id": 1, "name": "Somebody Else", "job": "Director"}]},
    }
    items, counts = gathered(web, entries)
    assert not [item for item in items if any(r.source == "tmdb" for r in item.records)]
    assert counts["tmdb"].outcomes.get("found", 0) == 0
    assert counts["tmdb"].outcomes["unsure"] > 50


def test_tmdb_is_asked_by_its_own_id_else_by_imdbs() -> None:
    assert tmdb.key_of({"tmdb": "603", "imdb": "tt0133093"}) == "603"
    assert tmdb.key_of({"imdb": "tt0133093"}) == "tt0133093"
    assert tmdb.key_of({"justwatch": "tm1"}) is None
    (ask,) = tmdb.plan(["603"], "it")
    assert "/3/movie/603?language=it&" in ask.url
    assert "key" not in ask.url


def test_what_nobody_entered_at_tmdb_is_unknown() -> None:
    reply = {"id": 1, "title": "T", "budget": 0, "revenue": 0, "runtime": 0, "release_date": "", "vote_count": 0}
    reply |= {"vote_average": 0.0, "tagline": "", "overview": " ", "original_language": "xx", "homepage": "no address"}
    record = answered(tmdb, "https://api.themoviedb.org/3/movie/1", reply)["1"]
    assert record.facts.model_dump(exclude_defaults=True) == {"title": "T"}


def test_tmdb_tells_certificate_trailer_and_writers() -> None:
    reply = {
        "id": 1,
        "title": "T",
        "original_language": "cn",
        "spoken_languages": [{"iso_639_1": "en"}, {"iso_639_1": "xx"}],
        "release_dates": {
            "results": [
                {"iso_3166_1": "DE", "release_dates": [{"certification": "16"}]},
                {"iso_3166_1": "US", "release_dates": [{"certification": ""}, {"certification": "PG-13"}]},
            ]
        },
        "videos": {
            "results": [
                {"site": "YouTube", "type": "Teaser", "key": "a", "official": True},
                {"site": "YouTube", "type": "Trailer", "key": "b", "official": False},
                {"site": "YouTube", "type": "Trailer", "key": "c", "official": True},
            ]
        },
        "credits": {
            "cast": [{"id": 5, "name": "Ann", "character": " Bee "}],
            "crew": [
                {"id": 7, "name": "Cy", "job": "Story"},
                {"id": 7, "name": "Cy", "job": "Screenplay"},
                {"id": 8, "name": "Di", "job": "Editor"},
            ],
        },
        "external_ids": {"imdb_id": "tt0000001", "wikidata_id": "Q1"},
    }
    record = answered(tmdb, "https://api.themoviedb.org/3/movie/1?language=en", reply)["1"]
    facts = record.facts
    assert record.ids == {"tmdb": "1", "imdb": "tt0000001", "wikidata": "Q1"}
    assert (facts.age_rating, facts.languages) == ("PG-13", ("yue", "en"))
    assert facts.trailer_url == "https://www.youtube.com/watch?v=c"
    assert [w.name for w in facts.writers] == ["Cy"]
    assert (facts.cast[0].role, facts.cast[0].billing, facts.cast[0].ids) == ("Bee", 1, {"tmdb": "5"})


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ("Movie not found!", NotFoundError),
        ("Incorrect IMDb ID.", NotFoundError),
        ("Error getting data.", NotFoundError),
        ("Invalid API key!", BlockedError),
        ("No API key provided.", BlockedError),
        ("Request limit reached!", RetryLaterError),
        ("Something went wrong.", RetryLaterError),
        ("The service is unavailable.", RetryLaterError),
        ("Account suspended.", BlockedError),
        ("Conversion from string \"tt\" to type 'Double' is not valid.", NotFoundError),
        ("Too many results.", UnreadableError),
    ],
)
def test_what_omdb_says_instead_of_a_film(texts: Any, error: Any) -> None:
    with pytest.raises(error, match="OMDb "):
        answered(omdb, "https://www.omdbapi.com/?i=tt1", {"Response": "False", "Error": texts})


UNREADABLE: tuple[Any, ...] = (5, 20, 22, 27, 47, 999, None, [], {})


@pytest.mark.parametrize(
    ("code", "error"),
    [
        *((code, NotFoundError) for code in (6, 34, "34", 37, 44)),
        *((code, BlockedError) for code in (3, 7, 10, 14, 16, 30, 31, 38, 39, 45)),
        *((code, RetryLaterError) for code in (9, 11, 24, 25, 43, 46)),
        *((code, UnreadableError) for code in UNREADABLE),
    ],
)
def test_what_tmdb_says_instead_of_a_film(code: Any, error: Any) -> None:
    with pytest.raises(error, match="TMDB returned the error: in its words"):
        answered(
            tmdb,
            "https://api.themoviedb.org/3/movie/1",
            {"status_code": code, "status_message": "in its words", "success": False},
        )


@pytest.mark.parametrize("source", [tmdb, omdb])
@pytest.mark.parametrize("reply", [{"Response": "True"}, [], {"id": [], "title": 3, "Response": "True", "imdbID": "x"}])
def test_an_answer_of_another_form_is_unreadable(source: Any, reply: Any) -> None:
    with pytest.raises(UnreadableError):
        answered(source, "https://example.org/x", reply)


def test_omdb_reads_text(shared_answers: Any) -> None:
    reply = shared_answers("omdbapi/001.json")
    facts = answered(omdb, "https://www.omdbapi.com/?i=tt0770828", reply)["tt0770828"].facts
    assert (facts.release_date, facts.year, facts.runtime) == ("2013-06-14", 2013, 143)
    assert facts.box_office.model_dump() == {"amount": 291045518, "currency": "USD"}
    assert facts.countries == ("US", "GB", "CA")
    assert {r.source: (r.score, r.votes) for r in facts.ratings} == {
        "imdb": (7.1, 858_780),
        "rotten tomatoes": (5.7, None),
        "metacritic": (5.5, None),
    }


@pytest.mark.parametrize("name", ["021", "023", "029", "032", "035", "038", "041"])
def test_recorded_films_of_tmdb_are_read_whole(shared_answers: Any, name: str) -> None:
    reply = shared_answers(f"themoviedb/{name}.json")
    (record,) = answered(tmdb, f"https://api.themoviedb.org/3/movie/{reply['id']}", reply).values()
    facts = record.facts
    assert record.ids["imdb"] == reply["imdb_id"]
    assert facts.title == reply["title"]
    assert facts.release_date == reply["release_date"]
    assert facts.runtime == reply["runtime"]
    assert facts.budget is None if not reply["budget"] else facts.budget.amount == reply["budget"]
    assert facts.box_office is None if not reply["revenue"] else facts.box_office.amount == reply["revenue"]
    assert [s.name for s in facts.studios] == [c["name"] for c in reply["production_companies"]]
    assert facts.ratings[0].votes == reply["vote_count"]


def test_omdb_tells_studios_and_scores_that_its_list_lacks() -> None:
    reply: dict[str, Any] = {"Response": "True", "imdbID": "tt0000001", "Title": "A", "Rated": "R"}
    reply |= {"Production": "B Pictures, C"}
    reply |= {"imdbRating": "7.1", "imdbVotes": "1,204", "Metascore": "64", "Ratings": []}
    (found,) = answered(omdb, "https://www.omdbapi.com/?i=tt0000001", reply).values()
    assert [c.name for c in found.facts.studios] == ["B Pictures", "C"]
    assert [(r.source, r.score, r.votes) for r in found.facts.ratings] == [
        ("imdb", 7.1, 1204),
        ("metacritic", 6.4, None),
    ]
    assert [(c.rating, c.system) for c in found.several.certificates] == [("R", "MPA")]


def test_tmdb_tells_all_showings_and_certificates() -> None:
    shown = [
        {"iso_3166_1": "DE", "release_dates": [{"certification": "12", "release_date": "1982-10-14T00:00:00.000Z"}]},
        {"iso_3166_1": "US", "release_dates": [{"certification": "R", "release_date": "1982-06-25T00:00:00.000Z"}]},
    ]
    reply = {"id": 1, "title": "A", "release_dates": {"results": shown}}
    reply["videos"] = {"results": [{"type": "Trailer", "site": "Vimeo", "key": "76979871"}]}
    (found,) = answered(tmdb, "https://api.themoviedb.org/3/movie/1?language=en", reply).values()
    assert found.facts.age_rating == "R"
    assert [(c.rating, c.system) for c in found.several.certificates] == [("R", "MPA"), ("12", "FSK")]
    assert [(r.date, r.place) for r in found.several.releases] == [
        ("1982-06-25", "United States"),
        ("1982-10-14", "Germany"),
    ]
    assert found.facts.trailer_url == "https://vimeo.com/76979871"
