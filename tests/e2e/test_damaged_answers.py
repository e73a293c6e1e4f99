"""Sources that answer with damaged parts: those are missing and counted, and everything else is as it was."""

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

from presence import present

KEYS = {"MOVIE_DB_TMDB_KEY": "k", "MOVIE_DB_OMDB_KEY": "k"}
RENTED = {
    "monetizationType": "RENT",
    "presentationType": "HD",
    "retailPriceValue": 3.99,
    "currency": "USD",
    "standardWebURL": None,
    "availableTo": None,
    "package": {"clearName": "Apple TV", "shortName": "itu"},
}
# A film's n-th damage: the part, what is in its place, and how many steps of the path lead to what is left out.
DAMAGES: Any = {
    "justwatch": [
        (("content", "credits", -1, "name"), None, 3),
        (("content", "genres", 0, "translation"), None, 3),
        (("offers", -1, "currency"), "", 3),
        (("content", "runtime"), 51420, 2),
        (("content", "originalReleaseDate"), "0000-00-00", 2),
        (("content", "originalReleaseDate"), "1979-02-30", 2),
    ],
    "tmdb": [
        (("credits", "cast", -1, "name"), None, 3),
        (("production_companies", 0, "name"), None, 2),
        (("genres", 0, "name"), None, 2),
        (("runtime",), 51420, 1),
        (("release_date",), "0000-00-00", 1),
    ],
    "omdb": [
        (("Ratings", -1, "Value"), "50/0", 2),
        (("Runtime",), "51420 min", 1),
        (("Released",), "0000-00-00", 1),
        (("Released",), "30 Feb 1979", 1),
    ],
    "wikidata": [
        (
            ("claims", "P577", 0, "mainsnak", "datavalue", "value"),
            {"time": "+0000-00-00T00:00:00Z", "precision": 11},
            3,
        ),
        (
            ("claims", "P577", 0, "mainsnak", "datavalue", "value"),
            {"time": "+1979-02-30T00:00:00Z", "precision": 11},
            3,
        ),
        (("claims", "P2047", 0, "mainsnak", "datavalue", "value", "amount"), "+51420", 3),
        (("claims", "P161", -1, "mainsnak", "datavalue", "value"), None, 3),
    ],
}
HOSTS = {
    "justwatch": "apis.justwatch.com",
    "tmdb": "api.themoviedb.org",
    "omdb": "www.omdbapi.com",
    "wikidata": "www.wikidata.org",
}


class Damaging:
    """Answers of one source in which three films of seven have a damaged part, or lack that part (`clean`)."""

    def __init__(self, source: Any, clean: Any) -> None:
        self.source, self.clean = source, clean
        self.damaged: dict[str, int] = {}

    def __call__(self, request: Any, body: Any) -> Any:
        answer = json.loads(body)
        for name, film in self._films(request, answer):
            number, damages = int(re.sub(r"\D", "", name)), DAMAGES[self.source]
            if number % 7 < 3 and self._damage(film, *damages[number % len(damages)]):
                self.damaged[f"{self.source}:{name}"] = number % len(damages)
        return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def _films(self, request: Any, answer: Any) -> Any:
        if self.source == "justwatch":
            if b"...T" not in request:
                return []
            data = answer["data"]
            listed = [edge["node"] for edge in data.get("popularTitles", {}).get("edges", ())]
            return [(node["id"], node) for node in listed or data.values() if node]
        if self.source == "wikidata":
            entities = answer.get("entities", {}).values()
            return [(item["id"], item) for item in entities if "P577" in (item.get("claims") or ())]
        known = {"tmdb": "id", "omdb": "imdbID"}[self.source]
        return [(str(answer[known]), answer)] if known in answer else []

    def _damage(self, film: Any, path: Any, bad: Any, steps: Any) -> Any:
        try:
            holders = [film]
            for step in path:
                holders.append(holders[-1][step])
        except (KeyError, IndexError):
            return False
        if self.clean:
            del holders[steps - 1][path[steps - 1]]
        else:
            holders[len(path) - 1][path[-1]] = bad
        return True


def with_keys(web: Any) -> Any:
    """Has TMDB and OMDb answer, too, with what JustWatch tells of its films. Actors are its last credits,
    and all films can be rented."""
    by_id: dict[str, Any] = {}
    for node in web.recorded.known.nodes.values():
        content = node["content"]
        content["credits"].sort(key=lambda credit: credit["role"] == "ACTOR")
        node["offers"].append(RENTED)
        by_id |= {key: node for key in content["externalIds"].values() if key}
    web.recorded.without_key.clear()

    def tmdb(request: Any) -> Any:
        key = present(re.search(r"/movie/(\w+)", request.url))[1]
        return _tmdb(by_id[key]) if key in by_id else {"success": False, "status_code": 34, "status_message": "no"}

    def omdb(request: Any) -> Any:
        key = present(re.search(r"[?&]i=(tt\d+)", request.url))[1]
        return _omdb(by_id[key], key) if key in by_id else {"Response": "False", "Error": "Error getting data."}

    web.recorded.answers |= {HOSTS["tmdb"]: tmdb, HOSTS["omdb"]: omdb}


def _tmdb(node: Any) -> Any:
    content = node["content"]
    credits = [
        {"name": c["name"], "character": c["characterName"], "id": c["personId"], "job": c["role"].title()}
        for c in content["credits"]
    ]
    return {
        "id": int(content["externalIds"]["tmdbId"] or node["id"][2:]),
        "title": content["title"],
        "runtime": content["runtime"],
        "release_date": content["originalReleaseDate"],
        "genres": [{"id": n, "name": g["translation"]} for n, g in enumerate(content["genres"], 1)],
        "production_companies": [{"id": 174, "name": "Warner Bros. Pictures"}, {"id": 12, "name": "New Line Cinema"}],
        "credits": {
            "cast": [c for c in credits if c["job"] == "Actor"],
            "crew": [c for c in credits if c["job"] == "Director"],
        },
        "external_ids": {"imdb_id": content["externalIds"]["imdbId"]},
    }


def _omdb(node: Any, key: Any) -> Any:
    content = node["content"]
    ratings = (("Internet Movie Database", "7.8/10"), ("Rotten Tomatoes", "76%"))
    return {
        "Response": "True",
        "Type": "movie",
        "imdbID": key,
        "Title": content["title"],
        "Year": str(content["originalReleaseYear"]),
        "Runtime": f"{content['runtime']} min",
        "Released": content["originalReleaseDate"],
        "Ratings": [{"Source": rater, "Value": value} for rater, value in ratings],
    }


def rejected(workplace: Any) -> Any:
    """What was left out, by the name of its record."""
    with closing(sqlite3.connect(workplace.folder / "movie_db.sqlite")) as database:
        reasons = [reason for (reason,) in database.execute("SELECT reason FROM rejected_items")]
    return Counter(":".join(reason.split(":")[:2]) for reason in reasons)


def records(workplace: Any) -> Any:
    """The names of the records that are stored."""
    with closing(sqlite3.connect(workplace.folder / "movie_db.sqlite")) as database:
        return {f"{source}:{key}" for source, key in database.execute("SELECT source, source_id FROM source_records")}


def test_damaged_parts_are_missing_and_counted_and_all_else_is_as_before(
    workplace: Any, web: Any, snapshot: Any, tmp_path_factory: Any
) -> None:
    with_keys(web)
    web.faults |= {host: Damaging(source, clean=True) for source, host in HOSTS.items()}
    without = type(workplace)(tmp_path_factory.mktemp("without"))
    assert without.build_from(web, **KEYS).code == 0
    assert not rejected(without)

    damaging = {host: Damaging(source, clean=False) for source, host in HOSTS.items()}
    web.faults |= damaging
    ended = workplace.build_from(web, **KEYS)
    assert ended.code == 0, ended.said
    assert "No answer came" not in ended.out
    assert len(workplace.films()) == 120

    stored = records(workplace)  # Wikidata also tells of items that turned out to be other films
    damaged = {n: number for faults in damaging.values() for n, number in faults.damaged.items() if n in stored}
    for source, damages in DAMAGES.items():
        kinds = {number for name, number in damaged.items() if name.startswith(f"{source}:")}
        assert kinds == set(range(len(damages))), f"{source} was not damaged in all ways"
    assert rejected(workplace) == Counter(dict.fromkeys(damaged, 1))
    assert f"{len(damaged):,} messages were rejected, completely or in part" in ended.out
    passing = {"runs", "rejected_items"}
    after, undisturbed = snapshot(workplace.database), snapshot(without.database)
    assert {t: r for t, r in after.items() if t not in passing} == {
        t: r for t, r in undisturbed.items() if t not in passing
    }
