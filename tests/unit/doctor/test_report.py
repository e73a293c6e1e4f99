"""What people read of the doctor's checks, and what nobody is shown."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from movie_db.doctor.report import Check, Redactor, document, lines, secrets_of, summary

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_a_check_is_a_line_with_its_status_its_name_and_what_was_found() -> None:
    assert list(lines(Check("Disk", "ok", "12.0 GB free"))) == ["ok      Disk                   12.0 GB free"]


def test_what_would_be_right_stands_behind_what_was_found() -> None:
    (line,) = lines(Check("Disk", "wrong", "12 MB free", "make room"))
    assert line.endswith("12 MB free: make room")


def test_a_long_check_is_wrapped_at_the_width_of_the_screen() -> None:
    told = list(lines(Check("Data folder", "warning", "word " * 60), 80))
    assert max(map(len, told)) <= 80
    assert all(line.startswith("        word") for line in told[1:])


def test_the_summary_counts_by_status() -> None:
    found = [Check("a", "ok", ""), Check("b", "warning", ""), Check("c", "ok", "")]
    assert summary(found) == "2 ok, 1 to look at, 0 wrong."


def test_the_document_is_json_and_says_the_same() -> None:
    field = {"path": "content.runtime", "what": "gone", "renamed": "runTime"}
    told = document([Check("JustWatch list", "wrong", "`content.runtime` is gone", fields=(field,))], NOW, True)
    assert json.loads(json.dumps(told)) == told
    assert told["format"] == 1
    assert told["at"] == "2026-11-29T12:00:00Z"
    assert told["counts"] == {"ok": 0, "warning": 0, "wrong": 1}
    assert told["checks"] == [
        {
            "name": "JustWatch list",
            "status": "wrong",
            "told": "`content.runtime` is gone",
            "right": None,
            "fields": [field],
        }
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key s3cret+/= is bad", "key *** is bad"),
        ("?api_key=s3cret%2B%2F%3D&language=en", "?api_key=***&language=en"),
        ("https://www.omdbapi.com/?apikey=other&i=tt1", "https://www.omdbapi.com/?apikey=***&i=tt1"),
        ("postgresql://ada:pa@ss@db:5432/films", "postgresql://***@db:5432/films"),
        ("http://ada:pass@proxy:3128 does not answer", "http://***@proxy:3128 does not answer"),
        ("postgresql://db/films?user=a&password=word", "postgresql://db/films?user=a&password=***"),
        (f"{Path('/srv/ada')}/films", "~/films"),
        ("/srv/adamant/films", "/srv/adamant/films"),
        (f"{Path('/')}home/eve/films.csv", "~/films.csv"),
        (f"{Path('/')}Users/eve/films.csv", "~/films.csv"),
        ("https://host/home/page", "https://host/home/page"),
    ],
)
def test_neither_keys_nor_passwords_nor_user_names_are_shown(text: Any, shown: Any) -> None:
    assert Redactor(["s3cret+/="], Path("/srv/ada"))(text) == shown


def test_secrets_are_hidden_in_all_parts_of_a_check() -> None:
    check = Check("a", "wrong", "is s3cret", "not s3cret", ({"path": "s3cret", "renamed": None},))
    hidden = Redactor(["s3cret"]).check(check)
    assert hidden == Check("a", "wrong", "is ***", "not ***", ({"path": "***", "renamed": None},))


def test_keys_count_as_secrets_also_under_names_that_do_not_exist() -> None:
    given = {"MOVIE_DB_TMDB_KEYS": "abcdef", "MOVIE_DB_UPSTREAM": "http://ada:word@proxy", "HOME": "x"}
    assert sorted(secrets_of(given)) == ["abcdef", "word"]
