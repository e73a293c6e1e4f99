"""A web that fails while a film database is built: what is lacking is told and asked for, nothing is taken away."""

import json
import shutil
import sqlite3
from contextlib import closing
from typing import Any

import httpx2
import pytest

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
JSON = {"Content-Type": "application/json"}


def down(_request: Any, _body: Any) -> Any:
    return 503, {"Retry-After": "3600"}, b""


def refusing(_request: Any, _body: Any) -> Any:
    return 403, {}, b"no"


def wall(_request: Any, _body: Any) -> Any:
    return 202, {}, b""


def changed(*names: Any) -> Any:
    """Answers as before, but with other names for these fields."""

    def answer(_request: Any, body: Any) -> Any:
        for name in names:
            body = body.replace(f'"{name}"'.encode(), f'"new_{name}"'.encode())
        return 200, JSON, body

    return answer


def titles_changed(request: bytes, body: Any) -> Any:
    return changed("content")(request, body) if b"node(id" in request else (200, JSON, body)


def titles_refused(request: bytes, body: Any) -> Any:
    return refusing(request, body) if b"node(id" in request else (200, JSON, body)


def test_a_host_that_is_down_is_reported_and_the_next_run_asks_only_for_that(
    workplace: Any, web: Any, whole: Any, snapshot: Any
) -> None:
    web.faults["en.wikipedia.org"] = down
    first = workplace.build_from(web)
    assert first.code == 0, first.said
    assert "No answer came from wikipedia for 120 movies" in first.out

    web.faults.clear()
    web.asked.clear()
    second = workplace.build_from(web)
    assert second.code == 0, second.said
    assert "No answer came" not in second.out
    assert set(web.asked) == {"en.wikipedia.org"}
    after, undisturbed = snapshot(workplace.database), snapshot(whole[0].database)
    assert len(after.pop("runs")) == 2
    assert after == {table: rows for table, rows in undisturbed.items() if table != "runs"}


def in_part(times: Any) -> Any:
    """JustWatch's first answers of this many: of each, the second title is null, and the third has no content."""
    left = [times]

    def answer(request: bytes, body: Any) -> Any:
        told = json.loads(body)
        data = told["data"]
        if "packages" in data or not left[0]:
            return 200, JSON, body
        left[0] -= 1
        errors = []
        if "popularTitles" in data:
            edges = data["popularTitles"]["edges"]
            edges[1], edges[2]["node"]["content"] = None, None
            errors = [["popularTitles", "edges", 1], ["popularTitles", "edges", 2, "node", "content"]]
        else:
            names = sorted(name for name, node in data.items() if node)[:2]
            data[names[0]] = None
            errors = [[names[0]]]
        failures = [
            {"message": "internal system error", "path": path, "extensions": {"code": "INTERNAL_ERROR"}}
            for path in errors
        ]
        return 200, JSON, json.dumps({"data": data, "errors": failures}).encode()

    return answer


def test_what_justwatch_answers_in_part_for_a_while_is_as_if_it_had_not(
    workplace: Any, web: Any, whole: Any, snapshot: Any
) -> None:
    web.faults["apis.justwatch.com"] = in_part(times=2)
    ended = workplace.build_from(web)
    assert ended.code == 0, ended.said
    assert "No answer came" not in ended.out
    after, undisturbed = snapshot(workplace.database), snapshot(whole[0].database)
    assert {t: r for t, r in after.items() if t != "runs"} == {t: r for t, r in undisturbed.items() if t != "runs"}


def test_what_justwatch_never_tells_is_named(workplace: Any, web: Any) -> None:
    web.faults["apis.justwatch.com"] = in_part(times=10**6)
    ended = workplace.build_from(web)
    assert ended.code == 0, ended.said
    assert "declared; " in ended.out
    assert "JustWatch returned no data for" in ended.out
    assert "No answer came from justwatch for" in ended.out


def test_where_both_of_justwatchs_doors_are_shut_one_sentence_says_so(workplace: Any, web: Any) -> None:
    web.faults |= dict.fromkeys(("apis.justwatch.com", "www.justwatch.com"), refusing)
    ended = workplace.build_from(web)
    assert ended.code == 1
    (said,) = [line for line in ended.said if line.startswith("movie-db: ")]
    assert "GraphQL" in said
    assert "gallery's pages" in said
    assert "minute" in said


@pytest.mark.parametrize(
    "faults",
    [
        {
            "apis.justwatch.com": titles_changed,
            "query.wikidata.org": refusing,
            "www.wikidata.org": changed("claims"),
            "en.wikipedia.org": wall,
        },
        {
            "apis.justwatch.com": titles_refused,
            "query.wikidata.org": wall,
            "www.wikidata.org": changed("mainsnak"),
            "en.wikipedia.org": changed("revisions"),
        },
        {"www.wikidata.org": refusing, "en.wikipedia.org": changed("pages")},
        {"www.wikidata.org": changed("entities"), "en.wikipedia.org": refusing},
    ],
)
def test_a_source_that_is_blocked_or_changed_empties_nothing_that_was_known(
    workplace: Any, web: Any, whole: Any, faults: Any
) -> None:
    shutil.copytree(whole[0].folder, workplace.folder, dirs_exist_ok=True)
    before = workplace.films()
    web.faults.update(faults)
    ended = workplace.build_from(web)
    assert ended.code == 0, ended.said
    assert "No answer came from" in ended.out
    after = workplace.films()
    assert {key: gone for key, film in before.items() if (gone := lost(film, after[key]))} == {}


def test_a_days_quota_is_kept_shown_and_the_next_day_asks_only_for_the_rest(
    workplace: Any, web: Any, whole: Any
) -> None:
    shutil.copytree(whole[0].folder, workplace.folder, dirs_exist_ok=True)
    web.recorded.answers["www.omdbapi.com"] = lambda _request: None
    web.recorded.without_key.remove("www.omdbapi.com")
    web.faults["www.omdbapi.com"] = not_found
    settings = {"MOVIE_DB_OMDB_KEY": "k", "MOVIE_DB_OMDB_DAILY": "100"}
    first = workplace.build_from(web, **settings)
    assert first.code == 0, first.said
    assert web.asked["www.omdbapi.com"] == 100
    assert "omdb: The 100 requests a day to www.omdbapi.com are used up until 0:00 UTC." in first.out
    assert "20 movies are left for tomorrow: the same command requests only those." in first.out

    web.asked.clear()
    assert "20 movies are left for tomorrow" in workplace.build_from(web, **settings).out
    assert not web.asked, "the same day: nobody is asked"

    with closing(sqlite3.connect(workplace.folder / "movie_data" / "archive.sqlite")) as archive, archive:
        archive.execute("UPDATE quotas SET day = '2026-01-01'")
    third = workplace.build_from(web, **settings)
    assert dict(web.asked) == {"www.omdbapi.com": 20}
    assert "omdb: 20 of today's 100 requests are used, 80 are left." in third.out
    assert "left for tomorrow" not in third.out


def not_found(_request: Any, _body: Any) -> Any:
    return 200, JSON, b'{"Response":"False","Error":"Error getting data."}'


def test_a_source_that_renames_fields_raises_an_alarm_and_empties_nothing(workplace: Any, web: Any, whole: Any) -> None:
    shutil.copytree(whole[0].folder, workplace.folder, dirs_exist_ok=True)
    before = workplace.films()
    web.faults["apis.justwatch.com"] = changed("runtime", "credits", "genres")
    ended = workplace.build_from(web)
    assert ended.code == 0, ended.said
    assert alarms(ended) == [
        f"justwatch: {field} fell from {share} % to 0 % of its movies: "
        "sources/justwatch.py may no longer parse its answers"
        for field, share in (("cast", 100), ("directors", 100), ("genres", 100), ("runtime", 100))
    ]
    after = workplace.films()
    assert {key: gone for key, film in before.items() if (gone := lost(film, after[key]))} == {}
    assert workplace.run("changes", "--since", "2026-01-01").out == ""


@pytest.mark.world
def test_a_worlds_source_that_renames_fields_raises_an_alarm_and_empties_nothing(
    workplace: Any, stand_in: Any, whole: Any
) -> None:
    shutil.copytree(whole[0].folder, workplace.folder, dirs_exist_ok=True)
    before = workplace.films()
    upstream = stand_in("sample", "--retry-after", "1")
    renamed = {"kind": "replace", "from": "| runtime ", "to": "| time_it_runs "}
    faults = {"host": "en.wikipedia.org", "rules": [renamed]}
    httpx2.post(f"{upstream}/_control/faults", json=faults).raise_for_status()
    ended = workplace.run("build", GALLERY, MOVIE_DB_UPSTREAM=upstream, MOVIE_DB_PACE="unlimited")
    assert ended.code == 0, ended.said
    assert alarms(ended) == [
        "wikipedia: runtime fell from 100 % to 0 % of its movies: sources/wikipedia.py may no longer parse its answers"
    ]
    after = workplace.films()
    assert {key: gone for key, film in before.items() if (gone := lost(film, after[key]))} == {}


def alarms(ended: Any) -> Any:
    """What the report warns of."""
    return [line.removeprefix("ALARM  ") for line in ended.out.splitlines() if line.startswith("ALARM  ")]


def lost(before: Any, after: Any, where: Any = "") -> Any:
    """The paths of values that were there before and are not now, or have become fewer."""
    if isinstance(before, dict):
        return [
            path for name, value in before.items() for path in lost(value, (after or {}).get(name), f"{where}.{name}")
        ]
    fewer = isinstance(before, list) and len(after or ()) < len(before)
    return [where] if fewer or (before not in (None, "", []) and after in (None, "", [])) else []
