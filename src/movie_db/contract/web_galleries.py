"""Checking the address of a gallery on the web without a request, for services that don't crawl."""

from importlib import import_module
from typing import Final

REGISTRY: Final = "movie_db.crawling_module.galleries"
"""The package of gallery adapters. It is loaded by name, as a plug-in: services don't import each other."""


def canonical_address(address: str) -> str:
    """Return the address of a gallery as runs store it, built from its recognized parts only.

    Raises:
        UsageError: No adapter reads this URL. Files are refused as well.
    """
    return str(import_module(REGISTRY).find_on_the_web(address).address)
