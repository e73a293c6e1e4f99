"""Segments of the log that lost what the database has read of them: set aside, and begun anew."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, select, update

from movie_db.contract import log
from movie_db.contract.log_id import log_id
from movie_db.movie_db_client.data_model.bookkeeping import IngestProgressRow
from movie_db.movie_db_client.data_model.engine import writing


def set_aside(segment: Path, reason: str) -> str:
    """Moves a segment away, whose position the caller takes back to 0; says so in sentences.

    Where it can't be moved, or while it is being written, it stays, and is itself read from its start: reading lines
    once more changes nothing.

    Args:
        reason: what is wrong with the segment, the beginning of the first sentence.
    """
    try:
        place = log.set_aside(segment)
    except OSError as error:
        outcome = f"It can't be moved ({error.strerror}), so it is read again from its start."
    else:
        outcome = "It is being written, so it is read again from its start."
        if place:
            outcome = f"What is left of it was moved to {place}; the next build or refresh asks for the rest again."
    return f"{reason}. The database keeps what it has read. {outcome}"


def set_aside_all(engine: Engine, data: Path, report: Callable[[str], None]) -> None:
    """Sets aside each segment in `data` that lost what the database has read of it, and says so.

    Following the log does so as well. A command does it first, while nothing writes to the log, and tells the person.

    Raises:
        Unavailable: the database does not answer.
    """
    with engine.connect() as connection:
        read = connection.execute(select(IngestProgressRow.segment, IngestProgressRow.position)).all()
    own = f"{log_id(data).name}:"
    for place, position in read:
        name = place.removeprefix(own)
        if ":" in name:  # a segment of another log
            continue
        segment = data / name
        try:
            next(log.read(segment, position), None)
        except OSError:  # it is gone, or none of `segments`
            continue
        except log.SegmentCutError as error:
            with writing(engine).begin() as connection:
                message = set_aside(segment, str(error))
                connection.execute(
                    update(IngestProgressRow).where(IngestProgressRow.segment == place).values(position=0)
                )
            report(message)
    for folder in ("movie_list", "item_list"):
        for message in log.left_out(data / folder):
            report(message)
