"""What a person pinned stays, whatever sources say again, and is checked before it is taken."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import UsageError
from movie_db.contract.messages import Credit
from movie_db.movie_db_client.editing import pins_csv
from movie_db.movie_db_client.editing.pins import list_pins, pin_movie, unpin_movie
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository import Row, UnitOfWork

Units = Callable[[], UnitOfWork]
Rows = Callable[..., list[Row]]


def film(make: Any, days: int = 0, **facts: Any) -> Any:
    output = {"title": "Alien", "year": 1979, "runtime": 117, "plot": "A nostromo."} | facts
    output |= {"directors": (Credit(name="Ridley Scott", ids={"justwatch": "7"}),)}
    record = make.record("justwatch", "tm1", {"justwatch": "tm1", "imdb": "tt0078748"}, days=days, **output)
    return make.item("justwatch:tm1", record)


@pytest.fixture
def change(units: Units, write: Any, make: Any) -> Callable[..., Any]:
    """`change(pin_movie, "1", {"runtime": "116"}, at)` in a transaction of its own, on a database that has one film."""
    ingest_once(units, write(film(make)))

    def change(use_case: Any, *arguments: Any) -> Any:
        with units() as unit:
            return use_case(unit, *arguments)

    return change


def test_a_pin_counts_at_once_and_survives_what_sources_say_later(
    change: Any, units: Units, write: Any, rows: Rows, make: Any
) -> None:
    assert change(pin_movie, "imdb:tt0078748", {"runtime": "116", "genres": "Horror; Science Fiction"}, make.AT) == 1
    ingest_once(units, write(film(make, days=3, runtime=200)))
    (movie,) = rows("movies")
    assert movie["runtime"] == 116
    assert [row["name"] for row in rows("genres")] == ["Horror", "Science Fiction"]
    (result,) = rows("field_provenance", field=["runtime"])
    assert (result["source"], result["retrieved_at"], result["beaten"][0]["value"]) == ("pin", make.AT, 200)


def test_a_pin_that_says_what_it_said_stays_as_old_as_it_is(change: Any, rows: Rows, make: Any) -> None:
    later = make.AT + timedelta(days=1)
    change(pin_movie, "1", {"runtime": "116", "plot": "Old."}, make.AT)
    change(pin_movie, "1", {"runtime": "116", "plot": "New."}, later)
    assert {row["field"]: row["pinned_at"] for row in rows("pins")} == {"runtime": make.AT, "plot": later}
    change(pin_movie, "1", {"runtime": "116"}, later, "seen")
    assert rows("pins", field=["runtime"])[0]["pinned_at"] == later


def test_an_empty_pin_empties_the_field_until_it_is_unpinned(change: Any, rows: Rows, make: Any) -> None:
    change(pin_movie, "Alien", {"plot": ""}, make.AT)
    assert rows("movies")[0]["plot"] is None
    change(unpin_movie, "1", ["plot"])
    assert rows("movies")[0]["plot"] == "A nostromo."
    assert rows("pins") == []


def test_pinned_people_are_those_that_the_sources_know(change: Any, rows: Rows, make: Any) -> None:
    change(pin_movie, "1", {"directors": "Ridley Scott; Ann Lee"}, make.AT)
    assert [row["name"] for row in rows("directors")] == ["Ridley Scott", "Ann Lee"]
    assert [row["value"] for row in rows("external_ids", entity=["director"])] == ["7"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"runtime": "long"}, "runtime can't be 'long'"),
        ({"runtime": "0"}, "runtime can't be '0'"),
        ({"title": "x" * 256}, "title can't be"),
        ({"title": ""}, "movies.title is required"),
        ({"rating": "11"}, "rating can't be '11'"),
        ({"release_date": "1979-02-31"}, "release_date can't be '1979-02-31'"),
        ({"release_date": "1979-05-25", "year": "1980"}, "can't have the year 1980 and the release date 1979-05-25"),
        ({"budget": "much"}, "a sum is written 25000000 USD"),
        ({"genres": "[1"}, "genres can't be '[1'"),
        ({"offers": "Max"}, "offers can't be pinned: they are computed from the sources"),
        ({"length": "1"}, "There is no field 'length' to pin: the fields are title,"),
    ],
)
def test_what_can_not_be_is_told_and_changes_nothing(
    change: Any, rows: Rows, make: Any, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UsageError) as result:
        change(pin_movie, "1", given, make.AT)
    assert sentence in str(result.value)
    assert rows("pins") == []
    assert rows("movies")[0]["runtime"] == 117


def test_what_is_not_pinned_can_not_be_unpinned(change: Any) -> None:
    with pytest.raises(UsageError, match=r"plot of movie 1 is not pinned\. Pinned fields: none"):
        change(unpin_movie, "1", ["plot"])


def test_pins_go_to_another_database_and_back_as_text(
    change: Any, units: Units, rows: Rows, make: Any, tmp_path: Path
) -> None:
    given = {
        "title": "[Alien]",
        "budget": "11000000 USD",
        "cast": "Sigourney Weaver as Ripley; Tom Skerritt",
        "genres": '["One; two"]',
        "rating": "8.5",
        "plot": "",
    }
    change(pin_movie, "1", given, make.AT, "I saw it")
    file = tmp_path / "pins.csv"
    assert change(pins_csv.export_pins, file) == 6
    assert file.read_text("utf-8").splitlines()[0] == "movie,title,year,field,value,note,pinned_at"
    before, film_before = change(list_pins), rows("movies")
    assert before[0].movie == "imdb:tt0078748"
    change(unpin_movie, "1", list(given))
    with units() as unit:
        pins_csv.import_pins(unit, file, make.AT)
        unit.commit()
    assert change(list_pins) == before
    assert rows("movies") == film_before


def test_of_a_file_with_bad_lines_nothing_is_taken(change: Any, make: Any, tmp_path: Path) -> None:
    file = tmp_path / "pins.csv"
    file.write_text("movie,field,value,pinned_at\n1,runtime,90,\n9,runtime,90,\n1,runtime,x,\n1,plot,A,noon\n")
    with pytest.raises(UsageError) as result:
        change(pins_csv.import_pins, file, make.AT)
    assert "line 3: No movie is called '9'" in str(result.value)
    assert "line 4: runtime can't be 'x'" in str(result.value)
    assert "line 5: pinned_at can't be 'noon'" in str(result.value)
    file.write_text("film,field\n")
    with pytest.raises(UsageError, match="has no column movie and no column value"):
        change(pins_csv.import_pins, file, make.AT)
