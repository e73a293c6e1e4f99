"""Sets aside segments of the log that are shorter than what the database has already read of them."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, select, update

from movie_db.contract import log
from movie_db.contract.log_id import log_id
from movie_db.movie_db_client.data_model.bookkeeping import IngestProgressRow
from movie_db.movie_db_client.data_model.engine import writing


def set_aside(segment: Path, reason: str) -> str:
    """Moves a segment away and returns a message that explains it. The caller resets the position to 0.

    A segment that can't be moved or is being written stays in place and is read again from the start. Reading lines
    twice changes nothing.

    Args:
        reason: what is wrong with the segment, as the first sentence of the message without its full stop.
    """
    try:
        place = log.set_aside(segment)
    except OSError as error:
        outcome = f"It can't be moved ({error.strerror}), so it is read again from the start."
    else:
        outcome = "It is being written, so it is read again from the start."
        if place:
            outcome = f"What is left of it was moved to {place}; the next build or refresh requests the rest again."
    return f"{reason}. The database keeps what was already read. {outcome}"


def set_aside_all(engine: Engine, data: Path, report: Callable[[str], None]) -> None:
    """Sets aside every segment in `data` that is shorter than its position in the database, and reports it.

    Following the log does the same. Commands do it first, while nothing writes to the log, so that the user sees the
    message.

    Raises:
        UnavailableError: the database does not respond.
    """
    with engine.connect() as connection:
        read = connection.execute(select(IngestProgressRow.segment, IngestProgressRow.position)).all()
    own = f"{log_id(data).name}:"
    for place, position in read:
        name = place.removeprefix(own)
        if ":" in name:  # belongs to another log
            continue
        segment = data / name
        try:
            next(log.read(segment, position), None)
        except OSError:  # missing, or not a segment
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
