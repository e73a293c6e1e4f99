"""One module a source: `plan` says which requests, `parse` makes records of the answers; neither does I/O.

A module that has a `key_of` is a source that is asked by the ids that films bear (see `base.KeyedSource`): to put it
into this folder is all it takes.
"""

from importlib import import_module
from pkgutil import iter_modules

from movie_db.crawling_module.sources.base import KeyedSource


def keyed() -> list[KeyedSource]:
    """The sources that are asked by the films' ids, by their names."""
    names = [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]
    found = [import_module(f"{__name__}.{name}") for name in names]
    return [module for module in found if isinstance(module, KeyedSource)]
