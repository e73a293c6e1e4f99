"""What every gallery adapter offers: an address in, films out, and how complete the list is."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from typing import ClassVar, Protocol, TypeVar

from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem, SourceRecord
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest

T = TypeVar("T")


class Read(Protocol):
    """Asks and gives the parsed answer; asks again if `parse` can't read it. Raises the `SourceError` it ends in."""

    async def __call__(self, ask: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T: ...


Listed = MovieListEntry | GalleryListed | RejectedItem
"""What a gallery gives: its films, what could not be read as one, and at the end how complete the list is."""


class Gallery(ABC):
    """A page (or file) full of films.

    `address` names it in the log: the same gallery has the same address in every run. `country` is where its offers
    hold, None if it has none.
    """

    takes: ClassVar[str]
    """What addresses this adapter takes, for people."""
    whole: bool = False
    """Whether `films` shall ask for the list with all that `records` needs of it, where the site can give that."""

    def __init__(self, address: str, country: str | None = None) -> None:
        self.address = address
        self.country = country

    @classmethod
    @abstractmethod
    def at(cls, address: str) -> "Gallery | None":
        """The gallery at this address, or None if the address is none of this adapter's.

        Raises:
            UsageError: the address is this adapter's, but can't be right; says what would be.
        """

    @abstractmethod
    def films(self, read: Read, run: str) -> AsyncIterator[Listed]:
        """All films of the gallery, each once; what can't be one, as rejected; at the end one `GalleryListed`.

        Raises:
            SourceError: the gallery could not be read.
            UsageError: there is no such gallery.
        """

    async def records(self, read: Read, keep: Callable[[SourceRecord], T]) -> dict[str, T | None]:
        """What `keep` makes of the records that the whole list holds, by the films' keys; None of unreadable ones.

        Empty where the list tells little of its films: then they are asked for one by one. Asks what `films` asked.
        """
        return {}
