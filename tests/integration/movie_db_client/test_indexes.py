"""A batch costs as much in a large database as in a small one: whatever it reads, an index finds."""

from typing import Any

from sqlalchemy import event

from movie_db.contract.messages import Credit, GalleryListed, RunStarted
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

FEW = ("runs", "galleries", "sqlite_sequence")
"""Tables that stay small."""


def plan(connection: Any, statement: str, parameters: Any) -> list[str]:
    """How SQLite finds the rows, table by table; lists handed in as JSON are left out."""
    found = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [result for *_, result in found if "VIRTUAL TABLE" not in result and "SUBQUERY" not in result]


def test_every_row_that_a_batch_reads_is_found_by_an_index(write: Any, make: Any, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/films.sqlite"
    upgrade(url)
    engine = make_engine(url)
    store = SqlStore(engine)
    plans: dict[str, list[str]] = {}

    @event.listens_for(engine, "before_cursor_execute")
    def explain(connection: Any, _: Any, statement: str, parameters: Any, __: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")) and not many and statement not in plans:
            plans[statement] = plan(connection, statement, parameters)

    people = {"directors": (Credit(name="Ridley Scott", ids={"wikidata": "Q56005"}),)}
    started = RunStarted(run="r1", gallery="https://g.example/", started_at=make.AT)
    item = make.item("jw:tm1", make.record("justwatch", "tm1", title="Alien", year=1979, **people))
    ended = GalleryListed(run="r1", gallery="https://g.example/", found=1, slices=(), door="GraphQL")
    data = write(started, make.person("Q56005", "Ridley Scott", {"wikidata": "Q56005"}), item, ended)
    ingest_once(lambda: SqlUnitOfWork(store), data)
    engine.dispose()

    complete = {
        s: result
        for s, result in plans.items()
        if any(t.startswith("SCAN") and t.split()[1] not in FEW for t in result)
    }
    assert not complete
    by_value = [
        result
        for statement, found in plans.items()
        for result in found
        if "value" in statement and result.startswith(("SEARCH external_ids", "SEARCH source_record_ids"))
        if ".value IN" in statement
    ]
    assert by_value
    assert all("value=?" in result for result in by_value)
