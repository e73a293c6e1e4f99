"""Stitches movies from their source records for reading: open editions, and movies without their pins."""

from sqlalchemy import Connection, select

from movie_db.contract.clock import latest
from movie_db.contract.fitting import fit
from movie_db.contract.messages import SourceRecord as Record
from movie_db.movie_db_client.data_model.bookkeeping import RunRow, SourceRecordRow
from movie_db.stitching.policy import Preferences


def with_languages(connection: Connection, how: Preferences) -> Preferences:
    """Returns the preferences with the languages of the newest run that has them."""
    query = (
        select(RunRow.languages)
        .where(RunRow.languages.is_not(None))
        .order_by((RunRow.started_at > latest()).asc(), RunRow.started_at.desc(), RunRow.run.desc())
    )
    found = next((tuple(languages) for languages in connection.execute(query).scalars() if languages), how.languages)
    return how._replace(languages=found)


def records_of(connection: Connection, number: int) -> list[Record]:
    """Returns the source records of a movie."""
    query = select(SourceRecordRow.record).where(SourceRecordRow.movie_id == number)
    return [fit(Record, record) for record in connection.execute(query).scalars()]
