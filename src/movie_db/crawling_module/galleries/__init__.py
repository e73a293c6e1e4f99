"""The registry of galleries: it ties an address, or the content of a file, to the adapter that reads it.

An adapter is one module in this package that defines a subclass of `Gallery`. The registry finds it by scanning the
package, so adding a file adds an adapter.
"""

from collections.abc import Iterator
from inspect import isabstract
from pathlib import Path
from typing import Final

from movie_db.contract import gallery_address
from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.plugins import modules_in
from movie_db.crawling_module.galleries.base import Gallery

HEAD: Final = 64 * 1024
"""Bytes of a file that adapters see to recognize its content."""


def adapters() -> list[type[Gallery]]:
    """All adapters, sorted by module, with fallbacks last."""
    found = {
        value
        for module in modules_in(__name__, __path__)
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Gallery)
        and value.__module__ == module.__name__
        and not isabstract(value)
    }
    return sorted(found, key=lambda adapter: (adapter.fallback, adapter.__module__, adapter.__name__))


def supported() -> str:
    """The addresses and files that the adapters read, for people."""
    return "; ".join(adapter.reads for adapter in adapters())


def find(address: str) -> Gallery:
    """Return the gallery at an address: a URL, the path of a file, or `-` for standard input.

    Raises:
        UsageError: No adapter reads this address or file. The message lists what adapters read.
        UnavailableError: The file can't be read.
    """
    if gallery := _first(adapter.at(address) for adapter in adapters()):
        return gallery
    path = gallery_address.file_path(address)
    if path is None or (not path.exists() and gallery_address.looks_like_an_address(address)):
        raise _unknown(address)
    if path.is_dir():
        raise UsageError(f"{address} is a folder; a list of movies is a file. Supported are: {supported()}.")
    if not path.exists():
        raise UsageError(f"There is no file {address}, and it is not the address of a gallery either.")
    head = _head(path)
    if gallery := _first(adapter.in_file(path, head) for adapter in adapters()):
        return gallery
    raise _unknown(address)


def _first(found: Iterator[Gallery | None]) -> Gallery | None:
    return next((gallery for gallery in found if gallery), None)


def _unknown(address: str) -> UsageError:
    return UsageError(f"No gallery is known at {address!r}. Supported are: {supported()}.")


def _head(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise UnavailableError(f"{path} can't be read: {error.strerror}.") from None
