"""Films without a common id: found by their titles, judged, asked about; whatever comes first."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movie_db.contract.messages import Credit
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository import Row, UnitOfWork

Units = Callable[[], UnitOfWork]
Rows = Callable[..., list[Row]]
OTHER = "https://other.example/"


def by(name: str) -> dict[str, Any]:
    return {"directors": (Credit(name=name),)}


@pytest.fixture
def ingest(units: Units, write: Any) -> Callable[..., Any]:
    return lambda *messages: ingest_once(units, write(*messages))


def shop(make: Any, number: int = 1, **facts: Any) -> Any:
    result = {"title": "The Long Road Home", "year": 1979, "runtime": 117, **facts}
    return make.item(f"justwatch:tm{number}", make.record("justwatch", f"tm{number}", **result))


def listed(
    make: Any, gallery: str = OTHER, ids: Any = None, key: str = "own_list:0000000000000001", **facts: Any
) -> Any:
    result = {"title": "Long Road Home", "year": 1979, "runtime": 117, **facts}
    ids = ids or {"own_list": key.partition(":")[2]}
    return make.item(key, make.record("own_list", key, ids, **result), gallery=gallery)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("backwards", [True, False])
def test_a_film_of_another_gallery_without_a_common_id_is_found(
    ingest: Any, rows: Rows, make: Any, together: bool, backwards: bool
) -> None:
    films = [shop(make, **by("Jane Roe")), listed(make, **by("Jane Roe"))][:: -1 if backwards else 1]
    for batch in [films] if together else [[film] for film in films]:
        ingest(*batch)
    (film,) = rows("movies")
    assert {row["movie_id"] for row in rows("gallery_entries")} == {film["movie_id"]}
    assert {row["movie_id"] for row in rows("source_records")} == {film["movie_id"]}
    assert rows("review_queue") == []


def test_a_title_in_another_language_finds_it_too(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(shop(make, alternative_titles=("Der lange Weg nach Hause",), **by("Jane Roe")))
    ingest(listed(make, title="Der lange Weg nach Hause", **by("Jane Roe")))
    assert len(rows("movies")) == 1


def test_a_title_alone_is_a_question_and_the_films_stay_apart(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(shop(make, title="Home"))
    ingest(listed(make, title="Home", year=None, runtime=None))
    assert len(rows("movies")) == 2
    (requests,) = rows("review_queue")
    assert (requests["entry_key"], requests["other_key"]) == ("justwatch:tm1", "own_list:0000000000000001")
    assert 0.2 < requests["probability"] < 0.985
    assert requests["item"]["candidate"]["source"] == "own_list"
    ingest(listed(make, title="Home", year=None, runtime=None, plot="Told anew."))
    assert [row["review_id"] for row in rows("review_queue")] == [requests["review_id"]]


def test_a_question_is_taken_back_when_a_source_tells_more(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(shop(make, title="Home"), listed(make, title="Home", year=None, runtime=None))
    late = make.record("own_list", "own_list:0000000000000001", {"own_list": "0" * 15 + "1"}, days=1, title="Other")
    ingest(make.item("own_list:0000000000000001", late, gallery=OTHER))
    assert rows("review_queue") == []


@pytest.mark.parametrize(
    "other",
    [
        {"gallery": "https://g.example/"},
        {"directors": (Credit(name="Somebody Else"),), "year": 1981, "runtime": 60},
        {"year": 1999},
        {"key": "justwatch:tm2", "ids": {"justwatch": "tm2"}},
        {"ids": {"own_list": "0" * 15 + "1", "imdb": "tt0000002"}},
    ],
    ids=["one gallery names a film once", "other director", "other decade", "other title there", "other imdb"],
)
def test_what_speaks_against_it_keeps_films_apart(ingest: Any, rows: Rows, make: Any, other: Any) -> None:
    first = shop(make, **by("Jane Roe"))
    imdb = make.record("wikidata", "Q1", {"wikidata": "Q1", "imdb": "tt0000001"}, title="The Long Road Home")
    ingest(first.model_copy(update={"records": (*first.records, imdb)}))
    ingest(listed(make, **{**by("Jane Roe"), **other}))
    assert len(rows("movies")) == 2
    assert rows("review_queue") == []


def test_what_two_films_of_one_gallery_both_could_be_joins_neither(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(shop(make, 1, **by("Jane Roe")), shop(make, 2, **by("Jane Roe")))
    ingest(listed(make, **by("Jane Roe")))
    assert len(rows("movies")) == 3
    assert {row["entry_key"] for row in rows("review_queue")} == {"justwatch:tm1", "justwatch:tm2"}


def test_a_film_found_alike_parts_again_when_its_source_corrects_itself(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(shop(make, **by("Jane Roe")), listed(make, **by("Jane Roe")))
    number = rows("movies")[0]["movie_id"]
    key = "own_list:0000000000000001"
    late = make.record("own_list", key, {"own_list": "0" * 15 + "1"}, days=1, title="Something else", year=2001)
    ingest(make.item(key, late, gallery=OTHER))
    assert number in {row["movie_id"] for row in rows("movies")}
    assert {row["title"] for row in rows("movies")} == {"The Long Road Home", "Something else"}


FILMS = st.tuples(
    st.sampled_from(("justwatch", "own_list", "wikidata")),
    st.integers(1, 3),
    st.integers(0, 2),  # the day
    st.sampled_from(("Home", "Long Road Home")),
    st.sampled_from((None, 1979, 1980, 1983)),
    st.sampled_from((None, "Jane Roe", "Ann Lee")),
    st.sampled_from((None, "tt0000001", "tt0000002")),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(output=st.lists(FILMS, max_size=7), shuffled=st.randoms(use_true_random=False), cut=st.integers(0, 7))
def test_whatever_comes_first_the_same_films_are_found(
    new_units: Callable[[str], Units],
    write: Any,
    make: Any,
    snapshot: Any,
    tmp_path_factory: pytest.TempPathFactory,
    output: Any,
    shuffled: Any,
    cut: int,
) -> None:
    messages = []
    for source, number, days, title, year, director, imdb in output:
        forms = {"justwatch": f"tm{number}", "own_list": f"{number:016}", "wikidata": f"Q{number}"}
        ids = {source: forms[source]} | ({"imdb": imdb} if imdb else {})
        facts = {"title": title, "year": year, "runtime": 100, **(by(director) if director else {})}
        record = make.record(source, forms[source], ids, days=days, **facts)
        messages.append(make.item(f"{source}:{forms[source]}", record, gallery=f"https://{source}.example/"))

    def taken(*parts: Any) -> Any:
        units, folder = new_units("memory"), tmp_path_factory.mktemp("log")
        for part in parts:
            ingest_once(units, write(*part, data=folder))
        found = snapshot(units)
        found.pop("gallery_entries"), found.pop("runs")
        return found

    other = list(messages)
    shuffled.shuffle(other)
    assert taken(messages) == taken(other[:cut], other[cut:])
