"""What the command refuses before it starts anything: one sentence that says what would be right, nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import bad_input
from movie_db.cli.app import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`run(*arguments, **settings)` runs `movie-db …` in a folder that has all kinds of wrong things in it."""
    monkeypatch.chdir(tmp_path)
    bad_input.prepare(tmp_path)

    def invoke(*arguments: str, **settings: str) -> Result:
        return CliRunner(env=settings).invoke(main, arguments, prog_name="movie-db", input="")

    return invoke


@pytest.mark.parametrize(("arguments", "settings", "code", "sentence"), bad_input.AT_ONCE)
def test_what_can_not_be_is_refused_in_one_sentence(
    run: Any, arguments: Any, settings: Any, code: Any, sentence: Any
) -> None:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    ended = run(*arguments, **settings)
    assert ended.exit_code == code, ended.output
    assert sentence in ended.stderr
    assert ended.stderr.startswith("movie-db: ")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""
    assert "word" not in ended.stderr.replace("password", "")
    after = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("target", ["folder", "nowhere/x.jsonl"])
def test_an_export_names_a_file_in_a_folder_that_exists(run: Any, target: str) -> None:
    run("db", "upgrade")
    ended = run("export", target)
    assert ended.exit_code == 2
    assert ended.stderr.startswith("movie-db: ")
    assert ended.stderr.count("\n") == 1


def test_a_saved_answer_is_printed_as_the_records_it_gives(run: Any) -> None:
    Path("Alien (film).txt").write_text("{{Infobox film\n| name = Alien\n}}\n'''Alien''' is a 1979 film.")
    shown = run("parse", "wikipedia", "Alien (film).txt")
    (record,) = map(json.loads, shown.stdout.splitlines())
    assert record["facts"] == {"title": "Alien", "year": 1979}


def test_parts_of_a_saved_answer_that_are_left_out_are_told_beside_the_records(run: Any) -> None:
    film = {"id": 603, "title": "The Matrix", "runtime": 51420, "genres": [{"name": None}, {"name": "Action"}]}
    Path("answer.json").write_text(json.dumps(film))
    shown = run("parse", "tmdb", "answer.json")
    (record,) = map(json.loads, shown.stdout.splitlines())
    assert record["facts"] == {"title": "The Matrix", "genres": ["Action"]}
    assert shown.stderr == (
        "tmdb: parts left out: 2, the first one from tmdb:603: genres.0.name: Input should be a valid string.\n"
    )


def test_the_help_of_every_command_is_one_call_away(run: Any) -> None:
    for command in main.commands:
        assert run(command, "--help").exit_code == 0
    assert "build" in run("--help").stdout


def test_the_schema_is_shown_table_by_table(run: Any) -> None:
    assert run("db", "upgrade").stdout == "The database has the newest schema.\n"
    assert "release_date" in run("db", "info", "movies").stdout
    ended = run("db", "info", "films")
    assert ended.exit_code == 2
    assert "There is no table 'films'; the tables are actors" in ended.stderr
