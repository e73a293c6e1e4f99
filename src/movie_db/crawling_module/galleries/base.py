"""The interface of gallery adapters: an address or file goes in, list entries come out."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem, SourceRecord
from movie_db.crawling_module.sources.base import SavedAnswer, SourceAnswer, SourceRequest

T = TypeVar("T")


class Read(Protocol):
    """Sends a request and parses its answer; repeats the request if `parse` can't read the answer.

    Raises:
        SourceError: There is no readable answer.
    """

    async def __call__(self, request: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T: ...


GalleryMessage = MovieListEntry | GalleryListed | RejectedItem
"""What a gallery yields: its entries, rejected entries, and last how complete the list is."""


class Gallery(ABC):
    """A page, feed or file full of movies.

    A subclass in this package is an adapter. It declares the addresses it reads (`at`), the files it reads (`in_file`),
    and the saved answers it recognizes (`recognizes`).

    `address` identifies the gallery in the log: it is the same in every run. `country` is the country of its offers
    (ISO 3166-1), or None.
    """

    reads: ClassVar[str]
    """The addresses or files that this adapter reads, for people."""
    source: ClassVar[str] = ""
    """The source whose saved answers the adapter may recognize as lists."""
    fallback: ClassVar[bool] = False
    """Whether the other adapters are tried first."""
    full_titles: bool = False
    """Whether `films` requests the list with everything that `records` needs, if the site offers that."""

    def __init__(self, address: str, country: str | None = None) -> None:
        self.address = address
        self.country = country

    @classmethod
    def at(cls, address: str) -> "Gallery | None":
        """Return the gallery at this address, or None if the address belongs to another adapter.

        Raises:
            UsageError: The address belongs to this adapter but is wrong. The message says what would be right.
        """
        return None

    @classmethod
    def in_file(cls, path: Path, head: bytes) -> "Gallery | None":
        """Return the gallery in an existing file that begins with `head`, or None if another adapter reads it."""
        return None

    @classmethod
    def recognizes(cls, saved: SavedAnswer) -> bool:
        """Whether a saved answer of `source` is a list of this kind of gallery."""
        return False

    @classmethod
    def parse_saved(cls, saved: SavedAnswer) -> Iterable[MovieListEntry]:
        """Parse a saved answer that the adapter recognizes.

        Raises:
            SourceError: The answer can't be read.
        """
        return ()

    @abstractmethod
    def films(self, read: Read, run: str) -> AsyncIterator[GalleryMessage]:
        """Yield all movies of the gallery, each once, and last one `GalleryListed`.

        Raises:
            SourceError: The gallery can't be read.
            UsageError: The gallery doesn't exist.
        """

    async def records(self, read: Read, convert: Callable[[SourceRecord], T]) -> dict[str, T | None]:
        """Return `convert(record)` for each record in the full list, by entry key; None for unreadable ones.

        The result is empty if the list says little about its movies: these are then requested one by one. Sends the
        same requests as `films`.
        """
        return {}
