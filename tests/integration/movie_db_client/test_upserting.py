"""Films that are upserted many at once come out as if each had been upserted by itself."""

import random
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import MovieDbError
from movie_db.movie_db_client.editing import movies
from movie_db.movie_db_client.editing.bulk import Result, Written, upsert_movie, upsert_movies
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository import UnitOfWork

Units = Callable[[], UnitOfWork]
TITLES = "Alien Aliens Brazil Casablanca Dune Eraserhead Fargo Gilda Heat Ikiru Jaws Kes Laura M Network Oldboy".split()


def _lines(seed: int) -> list[dict[str, Any]]:
    """Films as persons write them, many of them the same ones, some of them wrong."""
    chance = random.Random(seed)
    few = 6 if seed % 2 else 20
    titles = TITLES[: few + 2]
    lines = []
    for _ in range(24):
        line: dict[str, Any] = {"runtime": chance.randint(80, 84)}
        if chance.random() < 0.7:
            line |= {"title": chance.choice(titles), "year": chance.choice((1979, 1986))}
        if chance.random() < 0.2:
            line |= {"alternative_titles": [chance.choice(titles)], "genres": [chance.choice(("Drama", "War"))]}
        if chance.random() < 0.1:
            line |= chance.choice(({"release_date": "2001-01-01"}, {"title": "x" * 256}, {"colour": "red"}))
        if chance.random() < 0.3:
            line |= {"cast": [{"name": f"Ann {chance.randint(1, 3)}", "role": "", "billing": 1}]}
        known = {"imdb": f"tt{chance.randint(1, few):07}", "wikidata": f"Q{chance.randint(1, few)}"}
        known |= {"tmdb": str(chance.randint(1, few)), "justwatch": f"tm{chance.randint(1, few)}"}
        ids = {name: value for name, value in known.items() if chance.random() < 0.35}
        lines.append(line | ({"ids": ids} if ids or chance.random() < 0.5 else {}))
    return lines


def _without_times(told: Any) -> Any:
    """A snapshot in which no moment is told: whoever writes many at once does so at one."""
    plain = re.compile(r"datetime\.datetime\([^()]*(?:\([^()]*\))?[^()]*\)|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
    return {table: sorted(plain.sub("then", row) for row in rows) for table, rows in told.items()}


@pytest.mark.parametrize("seed", range(6))
def test_many_at_once_are_as_one_after_the_other(
    seed: int,
    units: Units,
    new_units: Callable[[str], Units],
    request: pytest.FixtureRequest,
    make: Any,
    write: Callable[..., Path],
    snapshot: Callable[[Units], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = write(
        make.item("justwatch:tm1", make.record("justwatch", "tm1", title="Alien", year=1979), title="Alien"),
        make.item("justwatch:tm2", make.record("justwatch", "tm2", title="Brazil", year=1986), title="Brazil"),
        make.item(
            "justwatch:tm3",
            make.record("justwatch", "tm3", title="Dune", year=1984, runtime=137),
            make.record("wikidata", "Q3", {"wikidata": "Q3", "imdb": "tt0000003"}, title="Dune", year=1984),
        ),
    )
    lines = _lines(seed)

    def outcome(units: Units, way: Callable[[Units, Sequence[Any], Callable[[], datetime]], list[Result]]) -> Any:
        clock, numbers = count(1), count(1)

        class Numbered:
            def __init__(self) -> None:
                self.hex = f"{next(numbers):032}"

        monkeypatch.setattr(movies, "uuid4", Numbered)
        ingest_once(units, log)
        results = way(units, lines, lambda: make.AT + timedelta(days=30, minutes=next(clock)))
        told = [one.created if isinstance(one, Written) else (type(one).__name__, str(one)) for one in results]
        return [re.sub(r"\d+", "n", repr(one)) for one in told], _without_times(snapshot(units))

    def at_once(units: Units, rows: Sequence[Any], now: Callable[[], datetime]) -> list[Result]:
        with units() as unit:
            return upsert_movies(unit, rows, now)

    def one_by_one(units: Units, rows: Sequence[Any], now: Callable[[], datetime]) -> list[Result]:
        results: list[Result] = []
        for fields in rows:
            try:
                with units() as unit:
                    results.append(upsert_movie(unit, fields, now()))
            except MovieDbError as error:
                results.append(error)
        return results

    together = outcome(units, at_once)
    apart = outcome(new_units(request.node.callspec.params["units"]), one_by_one)
    assert together[0] == apart[0]
    assert together[1] == apart[1]
    assert {type(eval(one)) for one in together[0]} == {bool, tuple}
