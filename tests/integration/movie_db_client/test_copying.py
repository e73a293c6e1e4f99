"""A database goes from SQLite to PostgreSQL and back, and is the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from movie_db.contract.errors import UsageError
from movie_db.contract.messages import Credit
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.reading.searching import search_movies
from movie_db.movie_db_client.repository.copying import copy
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork


def _plain(row: Any) -> str:
    """A row as text; PostgreSQL keeps the members of JSON in an order of its own."""
    return json.dumps(list(row), default=str, sort_keys=True)


def _rows(url: str) -> dict[str, list[Any]]:
    engine = make_engine(url)
    with engine.connect() as connection:
        result = {t.name: sorted(map(_plain, connection.execute(select(t)).all())) for t in Base.metadata.sorted_tables}
    engine.dispose()
    return result


def test_a_copy_there_and_back_is_the_same_and_goes_on_with_new_numbers(
    new_database: Callable[..., str], tmp_path: Path, make: Any, write: Callable[..., Path]
) -> None:
    first, there = new_database("sqlite"), new_database("postgresql")
    engine = make_engine(first)
    people = (Credit(name="Ann Other", ids={"wikidata": "Q5"}, role="Herself", billing=1),)
    films = [
        make.item(f"justwatch:tm{n}", make.record("justwatch", f"tm{n}", title=f"Film {n}", cast=people, runtime=90))
        for n in (1, 2, 3)
    ]
    ingest_once(lambda: SqlUnitOfWork(SqlStore(engine)), write(*films))
    with SqlUnitOfWork(SqlStore(engine)) as unit:
        unit.repository.delete("movies", movie_id=[3])
        unit.commit()
    back = f"sqlite:///{tmp_path}/back.sqlite"
    assert copy(first, there) == copy(there, back) > 10
    before = _rows(first)
    assert {name: len(result) for name, result in _rows(there).items()} == {
        n: len(result) for n, result in before.items()
    }
    assert _rows(back) == before
    for url in (there, back):
        store = SqlStore(make_engine(url))
        with SqlUnitOfWork(store) as unit:
            assert unit.repository.insert("movies", [{"title": "Next"}]) == [4]  # a number is never given twice
        with store.engine.connect() as connection:
            hits = search_movies(connection, "film other")
            assert len(connection.execute(select(hits.c.movie_id)).all()) == 2
        store.engine.dispose()
    with pytest.raises(UsageError, match="empty"):
        copy(first, there)
    engine.dispose()


def test_an_old_sqlite_database_with_nuls_is_copied_without_them(
    new_database: Callable[..., str], make: Any, write: Callable[..., Path]
) -> None:
    first, there = new_database("sqlite"), new_database("postgresql")
    engine = make_engine(first)
    item = make.item("justwatch:tm1", make.record("justwatch", "tm1", title="Heat", plot="Cops"))
    ingest_once(lambda: SqlUnitOfWork(SqlStore(engine)), write(item))
    with engine.begin() as connection:  # as versions wrote them that did not clean text
        connection.execute(text("UPDATE movies SET title = :title"), {"title": "He\0at"})
        connection.execute(text("UPDATE source_records SET record = replace(record, 'Cops', 'Co\\u0000ps')"))
    engine.dispose()
    assert copy(first, there) > 0
    told = json.dumps(_rows(there))
    assert "u0000" not in told
    assert "Heat" in told
    assert "Cops" in told
