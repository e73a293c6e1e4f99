"""The registry of sources: one module per source. `plan` makes requests and `parse` reads answers, without any I/O.

A module in this package that has a `SOURCE` and `HOSTS` is a source (see `base.Source`). With a `key_of` it is also
requested by the ids of movies (see `base.KeyedSource`). The registry finds modules by scanning the package, so adding
a file adds a source.
"""

from collections.abc import Mapping
from fnmatch import fnmatch

from movie_db.contract.plugins import modules_in
from movie_db.crawling_module.sources.base import KeyedSource, ReadableSource, SavedAnswer, Source


def registered() -> dict[str, Source]:
    """All sources, by name."""
    found = [module for module in modules_in(__name__, __path__) if isinstance(module, Source)]
    return {source.SOURCE: source for source in sorted(found, key=lambda source: source.SOURCE)}


def keyed() -> list[KeyedSource]:
    """The sources that are requested by the ids of movies, sorted by module."""
    return [module for module in modules_in(__name__, __path__) if isinstance(module, KeyedSource)]


def readable() -> Mapping[str, ReadableSource]:
    """The sources whose saved answers can be read, by name."""
    return {name: source for name, source in registered().items() if isinstance(source, ReadableSource)}


def by_host(host: str) -> Source | None:
    """Return the source that a host serves, or None."""
    for source in registered().values():
        if any(fnmatch(host.lower(), pattern) for pattern in source.HOSTS):
            return source
    return None


def recognize(saved: SavedAnswer) -> ReadableSource | None:
    """Return the source that a saved answer is from, or None if none or several recognize it."""
    found = [source for source in readable().values() if source.recognizes(saved)]
    return found[0] if len(found) == 1 else None
