"""In which language a film is shown: as the newest run asked for it, whatever came first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from movie_db.contract.messages import Credit, Message, RunStarted
from movie_db.movie_db_client.ingest.ingest import ingest_once

Rows = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ingest(units: Any, write: Any) -> Callable[..., Any]:
    return lambda *messages: ingest_once(units, write(*messages))


def run(make: Any, name: str, days: int, *languages: str) -> Message:
    return RunStarted(run=name, gallery="g", started_at=make.AT + timedelta(days=days), languages=languages)


def result(make: Any, days: int, *texts: str) -> list[Message]:
    """A film and its director, in English and in other languages."""
    director = Credit(name="Akira Kurosawa", ids={"wikidata": "Q2"})
    english = {"title": "Stray Dog", "original_title": "野良犬", "plot": "A gun is lost."}
    film = make.record("wikidata", "Q1", days=days, language="en", directors=(director,), runtime=122, **english)
    others = [
        make.record(f"wikidata_{code}", "Q1", {"wikidata": "Q1"}, days, language=code, title=f"{code} Cane randagio")
        for code in texts
    ]
    names = [
        make.person("Q2", f"{code} Kurosawa", {"wikidata": "Q2"}, days, f"wikidata_{code}", code, bio=f"{code} bio")
        for code in texts
    ]
    return [
        make.person("Q2", "Akira Kurosawa", {"wikidata": "Q2"}, days, language="en", bio="director", born="1910-03-23"),
        *names,
        make.item("a", film, *others),
    ]


def shown(rows: Rows) -> tuple[Any, ...]:
    (film,), (director,) = rows("movies"), rows("directors")
    return (
        film["title"],
        film["original_title"],
        film["plot"],
        director["name"],
        director["bio"],
        director["birth_year"],
    )


ENGLISH = ("Stray Dog", "野良犬", "A gun is lost.", "Akira Kurosawa", "director", 1910)
ITALIAN = ("it Cane randagio", "野良犬", "A gun is lost.", "it Kurosawa", "it bio", 1910)


def test_the_newest_run_says_in_which_language_a_film_is_shown_and_nothing_counts_as_changed(
    ingest: Any, rows: Rows, make: Any
) -> None:
    ingest(run(make, "r1", 0, "en"), *result(make, 0))
    assert shown(rows) == ENGLISH
    ingest(run(make, "r2", 1, "it", "en"), *result(make, 1, "it", "de"))
    assert shown(rows) == ITALIAN
    ingest(run(make, "r3", 2, "en"), *result(make, 2))
    assert shown(rows) == ENGLISH
    ingest(run(make, "r4", 3, "it", "en"), *result(make, 3))
    assert shown(rows) == ITALIAN, "what was told in Italian before serves again"
    assert rows("changes") == []
    (provenance,) = rows("field_provenance", field=["title"])
    assert provenance["source"] == "wikidata_it"


def test_the_first_language_that_there_is_wins(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(run(make, "r1", 0, "fr", "de", "it", "en"), *result(make, 0, "it", "de"))
    assert shown(rows)[0] == "de Cane randagio"
    assert [row["title"] for row in rows("alternative_titles")] == ["Stray Dog", "it Cane randagio"]
