"""A person's answers through the command: in a terminal, by CSV, and the corrections; on both databases."""

import csv
import io
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from movie_db.cli.app import main
from movie_db.cli.terminal.review_prompt import review
from movie_db.contract.messages import MovieFacts, MovieItem, MovieListEntry, ReviewItem, SourceRecord, dump
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

AT = datetime(2026, 11, 1, tzinfo=UTC)


def record(source: str, source_id: str, **facts: Any) -> SourceRecord:
    return SourceRecord.model_validate(
        {"source": source, "source_id": source_id, "url": f"https://{source}.example/{source_id}", "retrieved_at": AT}
        | {"licence": "CC0", "ids": {source: source_id}, "facts": MovieFacts(**facts)}
    )


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`run("explain", "1")` runs `movie-db …` on a database of two films, of which one question is open."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOVIE_DB_DATABASE_URL", database_url)
    lines = []
    for n, title in enumerate(("Home", "House"), 1):
        entry = MovieListEntry(
            run="r1", gallery="https://g.example/", key=f"justwatch:tm{n}", position=n, title=title, year=1979
        )
        lines.append(dump(MovieItem(run="r1", entry=entry, records=(record("justwatch", f"tm{n}", title=title),))))
        item = record("wikidata", f"Q{n}", title=title, plot=f"Of {title}.")
        key = f"{entry.key}|wikidata:Q{n}"
        asked = ReviewItem(
            run="r1", key=key, entry=entry, candidate=item, probability=0.9 - n / 10, evidence=("year: equal (+4.0)",)
        )
        lines.append(dump(asked.model_copy(update={"runner_up": "Q77"})))
    log = tmp_path / "movie_data" / "item_list" / "r1-movies.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"".join(lines))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, prog_name="movie-db", input="")

    assert run("ingest").exit_code == 0
    return run


@pytest.fixture
def typed(run: Any, database_url: str) -> Callable[[str], str]:
    """`typed("sq")` is what is shown while these keys are pressed."""

    def typed(keys: str) -> str:
        engine, pressed = make_engine(database_url), iter(keys)
        store, shown = SqlStore(engine), io.StringIO()
        count = review(lambda: SqlUnitOfWork(store), "Ann", Console(file=shown, width=120), lambda: next(pressed, ""))
        engine.dispose()
        return f"{shown.getvalue()}{count}"

    return typed


def test_each_pair_is_shown_and_one_key_answers(run: Any, typed: Any) -> None:
    out = typed("dxusk")
    assert out.endswith("1")
    for shown in ("1 of 2: the same movie? 80% likely", "year: equal (+4.0)", "runner-up: Q77", "wikidata.example/Q1"):
        assert shown in out
    assert "the same movie, decided by Ann" in run("explain", "Home").output
    assert "Q2" not in run("explain", "2").output
    assert "wikidata Q1" in run("explain", "justwatch:tm1").output
    assert "2 of 2" not in typed("u")


def test_in_a_terminal_keys_are_read_as_they_are_pressed(run: Any) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "movie_db.cli", "review"]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    os.close(theirs)
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:  # what is pressed before it listens is lost
        os.write(ours, b"q")
        time.sleep(0.2)
    out, _ = process.communicate(timeout=5)
    os.close(ours)
    assert (process.returncode, out.splitlines()[-1]) == (0, "0 decisions made.")


def test_without_a_terminal_it_says_what_to_do(run: Any) -> None:
    told = run("review")
    assert (told.exit_code, told.output) == (
        2,
        "movie-db: 2 pairs are waiting, but this is not a terminal: use --export and --import.\n",
    )


def test_answers_go_by_csv(run: Any) -> None:
    assert run("review", "--export", "q.csv").output == "2 open pairs in q.csv: fill in the column decision.\n"
    with open("q.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["decision"], rows[1]["decision"] = "same", "different"
    with open("q.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert run("review", "--import", "q.csv", "--by", "Bo").output == "2 decisions applied.\n"
    assert run("review").output == "No pair is waiting for a decision.\n"
    assert "a different movie, decided by Bo" in run("explain", "House").output
    assert run("review", "--import", "q.csv", "--export", "q.csv").exit_code == 2


def test_films_are_merged_and_split_by_command(run: Any) -> None:
    assert run("merge", "House", "Home", "--why", "a re-issue").output == (
        "They are now movie 2. Later runs keep this decision.\n"
    )
    assert "a re-issue" in run("explain", "1").output
    told = run("split", "2", "justwatch:tm1")
    assert told.output == "Split into movie 2 and movie 3. Later runs keep this decision.\n"
    refused = run("split", "2", "justwatch:tm9")
    assert (refused.exit_code, refused.output) == (
        2,
        "movie-db: Movie 2 has no record justwatch:tm9. Its records: justwatch:tm2.\n",
    )
