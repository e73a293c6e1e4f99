"""Films among the pages that are taken for films: the labelled pages of `benchmarks/near_misses.jsonl`."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from movie_db.stitching.kind import FILM_KINDS, kind_of

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "benchmarks" / "near_misses.jsonl").read_text("utf-8").splitlines()
]
FAMILIES = sorted({(row["kind"], row["family"]) for row in ROWS})
"""What is labelled, such as ("other", "soundtrack")."""


def _is_right(row: Any, with_wikidata: Any) -> Any:
    kind = kind_of(
        wikidata_classes=row["classes"] if with_wikidata else (),
        infobox=row["infobox"],
        description=row["description"],
        lead=row["lead"],
        categories=row["categories"],
    )
    return kind is not None and (kind in FILM_KINDS) == (row["kind"] in FILM_KINDS)


def _share(rows: Any, with_wikidata: Any) -> Any:
    return sum(_is_right(row, with_wikidata) for row in rows) / len(rows)


@pytest.mark.parametrize("with_wikidata", [True, False])
@pytest.mark.parametrize("held_out", [True, False])
def test_of_the_pages_99_in_100_are_told_right(held_out: bool, with_wikidata: bool) -> None:
    assert _share([row for row in ROWS if row["held_out"] is held_out], with_wikidata) >= 0.99


@pytest.mark.parametrize("with_wikidata", [True, False])
def test_nothing_that_is_no_film_is_let_through(with_wikidata: bool) -> None:
    others = [row for row in ROWS if row["kind"] not in FILM_KINDS]
    assert [row["title"] for row in others if not _is_right(row, with_wikidata)] == []


@pytest.mark.parametrize(("kind", "family"), FAMILIES, ids=[f"{kind}: {family}" for kind, family in FAMILIES])
def test_no_family_of_pages_is_told_worse_than_the_rest(kind: Any, family: Any) -> None:
    rows = [row for row in ROWS if (row["kind"], row["family"]) == (kind, family)]
    assert _share(rows, with_wikidata=False) >= 0.9


def test_the_pages_are_many_and_each_is_there_once() -> None:
    films = [row for row in ROWS if row["kind"] in FILM_KINDS]
    assert len(ROWS) - len(films) >= 220
    assert len(films) >= 60
    assert [title for title, times in Counter(row["title"] for row in ROWS).items() if times > 1] == []
