"""Finding the modules of a package, so that adding a file is all it takes to add a gallery or a source."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules_in(package: str, path: Iterable[str]) -> Iterator[ModuleType]:
    """Import the public modules of a package, sorted by name. Sub-packages and `_private` modules are left out."""
    names = sorted(m.name for m in iter_modules(path) if not m.ispkg and not m.name.startswith("_"))
    return (import_module(f"{package}.{name}") for name in names)
