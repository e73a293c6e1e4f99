"""Runs for every Alembic command, on the database of the ini section or on the connection of a caller."""

import logging

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection

from movie_db.contract.errors import MovieDbError
from movie_db.contract.settings import Settings
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.schema_version import migrating


def _url(section: str) -> str:
    settings = Settings.read()
    match section:
        case "movie_db":
            return settings.database_url
        case "test_db":
            return settings.test_database_url or "sqlite:///movie_db_test.sqlite"
        case _:
            raise CommandError(f"No database {section!r}: give --name movie_db or --name test_db.")


_OF_POSTGRESQL = ("ix_movie_search_words", "ix_movies_title_bytewise")


def _is_modelled(_object: object, name: str | None, _kind: str, _reflected: bool, _compared: object) -> bool:
    """Whether the model defines this object. Objects that only one of the databases can have are left out."""
    return not (name or "").startswith("movie_fts") and name not in _OF_POSTGRESQL


def _run(connection: Connection) -> None:
    # SQLite alters a column only by recreating the table, so new scripts use batch mode.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        include_object=_is_modelled,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_as_command() -> None:
    logging.basicConfig(format="%(message)s")
    logging.getLogger("alembic.runtime.migration").setLevel(logging.INFO)
    try:
        url = _url(context.config.config_ini_section)
        if context.is_offline_mode():
            context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
            with context.begin_transaction():
                context.run_migrations()
        else:
            with migrating(url) as connection:
                _run(connection)
    except MovieDbError as error:
        raise CommandError(str(error)) from None


if (given := context.config.attributes.get("connection")) is not None:
    _run(given)
else:
    _run_as_command()
