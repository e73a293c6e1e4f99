"""The command that everybody runs, from an empty folder to the report; and killed on the way."""

import json
import shutil
import signal
from collections import Counter
from typing import Any

import psutil

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
TEXTS = ("title", "plot")
NAMED = ("directors", "writers", "cast")


def test_a_build_of_the_recording_fills_the_database_and_reports(whole: Any) -> None:
    place, ended = whole
    assert ended.code == 0, ended.said
    assert "HBO Max (US): 120 of 120 declared" in ended.out
    assert "120 movies in sqlite:///movie_db.sqlite." in ended.out
    assert "Next: movie-db export --format csv movies.csv" in ended.out
    assert all(line.strip() for line in ended.said)
    exported = place.run("export", "movies.jsonl").out
    assert exported.startswith("120 movies in movies.jsonl.\nCredit: JustWatch · JustWatch terms of use · https://")
    assert "Credit: Wikipedia · CC BY-SA 4.0 · " in exported
    opened = place.run("export", "--edition", "open", "open.jsonl").out
    assert [line.partition(" · ")[0] for line in opened.splitlines()] == [
        "120 movies in open.jsonl.",
        "Credit: Wikidata",
        "Credit: Wikipedia",
    ]
    films = [json.loads(line) for line in (place.folder / "movies.jsonl").read_text("utf-8").splitlines()]
    assert len({film["ids"]["wikidata"] for film in films}) == 120
    assert place.run("show", f"wikidata:{films[0]['ids']['wikidata']}").out.startswith(films[0]["title"])


def test_a_build_that_is_killed_again_and_again_ends_with_the_same_database(
    workplace: Any, whole: Any, snapshot: Any
) -> None:
    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("run_started"))
    for process in family:
        process.kill()
    workplace.end(build)

    build = workplace.build()
    workplace.wait_for(build, workplace.logged("gallery_listed"))
    family = workplace.wait_for(build, workplace.running(build, "movie_db.crawling_module"))
    next(p for p in family if "movie_db.crawling_module" in p.cmdline()).kill()
    ended = workplace.end(build)
    assert ended.code == 1
    assert ended.said[-1] == "movie-db: The crawler was killed (Killed). Run the same command again to continue."
    assert psutil.wait_procs(family, timeout=5)[1] == []

    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("movie_item"))
    build.kill()
    workplace.end(build)

    ended = workplace.end(workplace.build())  # at once, while the services of the one before are still ending
    assert ended.code == 0, ended.said
    assert any(line.startswith("Continuing run ") for line in ended.said)
    assert psutil.wait_procs(family, timeout=0)[1] == []
    assert snapshot(workplace.database) == snapshot(whole[0].database)


def test_what_was_gathered_to_its_end_is_brought_in_and_not_asked_for_again(
    workplace: Any, whole: Any, snapshot: Any
) -> None:
    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("gallery_listed"))
    client = next(p for p in family if "movie_db.movie_db_client" in p.cmdline())
    workplace.wait_for(build, workplace.ingesting)
    client.suspend()
    family = workplace.wait_for(build, workplace.logged("run_finished"))
    for process in family:
        process.kill()
    workplace.end(build)

    ended = workplace.end(workplace.build())
    assert ended.code == 0, ended.said
    assert any("everything is gathered" in line for line in ended.said)
    assert "120 of 120 declared" in ended.out
    assert len(list((workplace.folder / "movie_data" / "item_list").iterdir())) == 1
    assert snapshot(workplace.database) == snapshot(whole[0].database)


def test_ctrl_c_stops_a_build_and_all_its_services(workplace: Any) -> None:
    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("run_started"))
    build.send_signal(signal.SIGINT)
    ended = workplace.end(build)
    assert ended.code == 130
    assert ended.said[-1] == "movie-db: Stopped. Run the same command again to continue."
    assert psutil.wait_procs(family, timeout=0)[1] == []


def test_the_same_films_in_another_language_and_back(workplace: Any, web: Any, whole: Any) -> None:
    shutil.copytree(whole[0].folder, workplace.folder, dirs_exist_ok=True)
    english = workplace.films()
    web.recorded.speak("pt")
    ended = workplace.build_from(web, GALLERY, "--language", "pt")
    assert ended.code == 0, ended.said
    portuguese = workplace.films()
    spoken: Counter[tuple[str, str]] = Counter()
    for key, film in portuguese.items():
        before = english[key]
        for field in TEXTS:
            told = film["provenance"][field]
            spoken[field, told["language"]] += 1
            assert told["source"].endswith("_pt") == (told["language"] == "pt")
            assert film[field] == before[field] or told["language"] == "pt"
        assert all(person["name"].endswith(" (pt)") for person in film["directors"] if "wikidata" in person["ids"])
        assert [len(film[field]) for field in NAMED] == [len(before[field]) for field in NAMED]
        assert facts(film) == facts(before)
    assert spoken["title", "pt"] > 60
    assert spoken["plot", "pt"] > 60
    assert spoken["title", "en"] + spoken["plot", "en"] > 40
    assert "(pt)" in workplace.run("show", next(iter(portuguese.values()))["title"]).out
    assert workplace.run("changes", "--since", "2026-01-01").out == ""

    assert workplace.build_from(web).code == 0
    back = workplace.films()
    assert {key: [film[f] for f in (*TEXTS, *NAMED)] for key, film in back.items()} == {
        key: [film[f] for f in (*TEXTS, *NAMED)] for key, film in english.items()
    }
    assert {key: facts(film) for key, film in back.items()} == {key: facts(film) for key, film in english.items()}
    assert workplace.run("changes", "--since", "2026-01-01").out == ""


def facts(film: Any) -> Any:
    """What is the same in every language; each title that is not shown is one of the others."""
    return {name: v for name, v in film.items() if name not in {*TEXTS, *NAMED, "alternative_titles", "provenance"}}
