"""Reading saved answers and pages by source: for `movie-db parse` and for tests."""

from collections.abc import Sequence

from movie_db.contract.errors import ContractError, UnreadableError, UsageError
from movie_db.crawling_module import galleries, sources
from movie_db.crawling_module.sources.base import ReadableSource, Record, SavedAnswer

__all__ = ["ANY", "Record", "SavedAnswer", "read", "readable"]

ANY = "auto"
"""Stands for whichever source recognizes the answer."""


def readable() -> list[str]:
    """The names of the sources whose saved answers can be read, sorted."""
    return sorted(sources.readable())


def read(source: str, saved: SavedAnswer) -> Sequence[Record]:
    """Parse a saved answer or page of a source, given by its name, by one of its hosts, or as `auto`.

    Raises:
        UsageError: There is no such source. The message lists the sources that there are.
        SourceError: The answer can't be read. The message says why.
    """
    found = _source(source, saved)
    lists = (a for a in galleries.adapters() if a.source == found.SOURCE and a.recognizes(saved))
    try:
        records: list[Record] = list((next(lists, None) or found).parse_saved(saved))
    except ContractError as error:
        raise UnreadableError(f"{saved.name} breaks the contract: {error}.") from None
    except UnreadableError as error:
        raise UnreadableError(f"{error}{_hint(found, saved)}") from None
    if not records:
        raise UnreadableError(
            f"{saved.name} can be read as an answer of {found.SOURCE}, but has no movie.{_hint(found, saved)}"
        )
    return records


def _source(name: str, saved: SavedAnswer) -> ReadableSource:
    by_name = sources.readable()
    by_host = sources.by_host(name)
    found = by_name.get(by_host.SOURCE if by_host else name)
    if name == ANY and not (found := sources.recognize(saved)):
        raise UsageError(f"No source recognizes {saved.name}: name its source, one of {', '.join(by_name)}.")
    if not found:
        raise UsageError(f"{name!r} is not a source that can be read: use one of {', '.join(by_name)}, or {ANY}.")
    return found


def _hint(source: ReadableSource, saved: SavedAnswer) -> str:
    """A sentence that names the source that the answer looks like, if it is another one."""
    other = sources.recognize(saved)
    return f" It looks like an answer of {other.SOURCE}." if other and other.SOURCE != source.SOURCE else ""
