"""The contract as the live database takes it, on both databases."""

from typing import Any

import jsonschema_rs
import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import String, Text

from movie_db.contract.live import differences, required_of_some_record
from movie_db.contract.schema import Schema, published
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.live_contract import live, tighten
from movie_db.movie_db_client.data_model.schema_version import migrating

ENTRY = {"run": "r", "gallery": "g", "key": "k", "position": 1, "title": "Metropolis"}
RECORD = {
    "source": "wikidata",
    "source_id": "Q151599",
    "url": "https://www.wikidata.org/wiki/Q151599",
    "retrieved_at": "2026-01-01T00:00:00Z",
    "licence": "CC0-1.0",
}


def _alter(url: str, table: str, column: str, **change: Any) -> None:
    """A migration of one column, as a later version may bring."""
    with migrating(url) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(table) as batch:
            batch.alter_column(column, **change)


def _item(*facts: dict[str, object]) -> dict[str, object]:
    return {"run": "r", "entry": ENTRY, "records": [RECORD | {"facts": f} for f in facts]}


def _live(url: str) -> dict[str, Schema]:
    return live(make_engine(url))


def test_a_plot_that_became_required_is_told_before_the_database_refuses_a_film(database_url: str) -> None:
    _alter(database_url, "movies", "plot", existing_type=Text(), nullable=False)
    result = differences(published(), _live(database_url))
    assert "movie.plot: is required now by the live database" in result
    assert "movie_item: at least one source must give plot, the live database requires it" in result


def test_one_source_with_a_plot_is_enough(database_url: str) -> None:
    _alter(database_url, "movies", "plot", existing_type=Text(), nullable=False)
    schema = _live(database_url)["movie_item"]
    assert required_of_some_record(schema) == ["plot"]
    assert jsonschema_rs.is_valid(schema, _item({"title": "Metropolis"}, {"plot": "A city."}))
    assert not jsonschema_rs.is_valid(schema, _item({"title": "Metropolis"}, {"plot": None}))
    assert not jsonschema_rs.is_valid(schema, _item())


def test_without_such_a_migration_nothing_is_required_of_a_source(database_url: str) -> None:
    result = differences(published(), _live(database_url))
    assert not [sentence for sentence in result if "require" in sentence]
    assert required_of_some_record(_live(database_url)["movie_item"]) == []


def test_a_required_plot_can_not_be_null(database_url: str) -> None:
    _alter(database_url, "movies", "plot", existing_type=Text(), nullable=False)
    schema = _live(database_url)["movie"]
    assert jsonschema_rs.is_valid(schema, {"title": "Metropolis", "plot": "A city."})
    assert not jsonschema_rs.is_valid(schema, {"title": "Metropolis", "plot": None})
    assert not jsonschema_rs.is_valid(schema, {"title": "Metropolis"})


def test_a_column_that_became_shorter_limits_every_message_that_ends_in_it(database_url: str) -> None:
    _alter(database_url, "movies", "tagline", existing_type=String(255), type_=String(40))
    schemas = _live(database_url)
    assert not jsonschema_rs.is_valid(schemas["movie"], {"title": "M", "tagline": "x" * 41})
    assert jsonschema_rs.is_valid(schemas["movie"], {"title": "M", "tagline": "x" * 40})
    assert not jsonschema_rs.is_valid(schemas["movie_item"], _item({"tagline": "x" * 41}))
    result = differences(published(), schemas)
    assert "movie.tagline: must be at most 40 characters long (the contract: 255) for the live database" in result


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        ({"poster_url": "https://e.org/" + "x" * 241}, True),
        ({"poster_url": "https://e.org/" + "x" * 242}, False),
        ({"budget": {"amount": 9_999_999_999_999.99}}, True),
        ({"budget": {"amount": 10_000_000_000_000}}, False),
        ({"ratings": [{"source": "IMDb", "score": 8, "votes": 2**31 - 1}]}, True),
        ({"ratings": [{"source": "IMDb", "score": 8, "votes": 2**31}]}, False),
        ({"cast": [{"name": "Brigitte Helm", "role": "x" * 256}]}, False),
    ],
)
def test_lengths_and_ranges_are_those_of_the_columns(database_url: str, facts: dict[str, object], fits: bool) -> None:
    assert jsonschema_rs.is_valid(_live(database_url)["movie_item"], _item(facts)) == fits


def test_the_published_schemas_stay_as_they_are(database_url: str) -> None:
    schemas = published()
    tighten(schemas, make_engine(database_url))
    assert schemas == published()
