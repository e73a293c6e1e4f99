"""The galleries we can read: one adapter a site. `find` is the registry's only door."""

from movie_db.contract.errors import UsageError
from movie_db.crawling_module.galleries.base import Gallery
from movie_db.crawling_module.galleries.justwatch import JustWatchGallery
from movie_db.crawling_module.galleries.own_list import OwnList

ADAPTERS: tuple[type[Gallery], ...] = (JustWatchGallery, OwnList)


def find(address: str) -> Gallery:
    """The gallery at an address: a URL, a file's path, or `-` for standard input.

    Raises:
        UsageError: no adapter takes this address; names those that would be taken.
    """
    for adapter in ADAPTERS:
        gallery = adapter.at(address)
        if gallery:
            return gallery
    known = "; ".join(adapter.takes for adapter in ADAPTERS)
    raise UsageError(f"No gallery is known at {address!r}. Known are: {known}.")
