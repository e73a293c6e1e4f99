"""The command that everybody runs, from an empty folder to the report; and killed on the way."""

import json
import signal

import psutil


def test_a_build_of_the_recording_fills_the_database_and_reports(whole):
    place, ended = whole
    assert ended.code == 0, ended.said
    assert "HBO Max (US): 120 of 120 declared" in ended.out
    assert "120 movies in sqlite:///movie_db.sqlite." in ended.out
    assert "Next: movie-db export --format csv movies.csv" in ended.out
    assert all(line.strip() for line in ended.said)
    assert place.run("export", "movies.jsonl").out == "120 movies in movies.jsonl.\n"
    films = [json.loads(line) for line in (place.folder / "movies.jsonl").read_text("utf-8").splitlines()]
    assert len({film["ids"]["wikidata"] for film in films}) == 120
    assert place.run("show", f"wikidata:{films[0]['ids']['wikidata']}").out.startswith(films[0]["title"])


def test_a_build_that_is_killed_again_and_again_ends_with_the_same_database(workplace, whole, snapshot):
    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("run_started"))
    for process in family:
        process.kill()
    workplace.end(build)

    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("gallery_listed"))
    next(p for p in family if "movie_db.crawling_module" in p.cmdline()).kill()
    ended = workplace.end(build)
    assert ended.code == 1
    assert ended.said[-1] == "movie-db: The crawler was killed (Killed); the same command goes on from here."
    assert psutil.wait_procs(family, timeout=5)[1] == []

    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("movie_item"))
    build.kill()
    workplace.end(build)

    ended = workplace.end(workplace.build())  # at once, while the services of the one before are still ending
    assert ended.code == 0, ended.said
    assert any(line.startswith("Going on with run ") for line in ended.said)
    assert psutil.wait_procs(family, timeout=0)[1] == []
    assert snapshot(workplace.database) == snapshot(whole[0].database)


def test_what_was_gathered_to_its_end_is_brought_in_and_not_asked_for_again(workplace, whole, snapshot):
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
    assert any("all is gathered" in line for line in ended.said)
    assert "120 of 120 declared" in ended.out
    assert len(list((workplace.folder / "movie_data" / "item_list").iterdir())) == 1
    assert snapshot(workplace.database) == snapshot(whole[0].database)


def test_ctrl_c_stops_a_build_and_all_its_services(workplace):
    build = workplace.build()
    family = workplace.wait_for(build, workplace.logged("run_started"))
    build.send_signal(signal.SIGINT)
    ended = workplace.end(build)
    assert ended.code == 130
    assert ended.said[-1] == "movie-db: stopped; the same command goes on from here."
    assert psutil.wait_procs(family, timeout=0)[1] == []
