"""Every source's licence is known, and what it wants to be called."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from movie_db.contract.licences import LICENCES, OPEN, SOURCES
from movie_db.crawling_module import sources

TELLING = [
    module
    for found in iter_modules(sources.__path__, f"{sources.__name__}.")
    if hasattr(module := import_module(found.name), "SOURCE") and not found.name.rpartition(".")[2].startswith("_")
]


@pytest.mark.parametrize("module", TELLING, ids=lambda module: module.SOURCE)
def test_a_source_has_a_licence_that_is_known_and_a_name(module: Any) -> None:
    assert module.LICENCE in LICENCES
    assert module.SOURCE in SOURCES


def test_what_forbids_some_uses_is_not_open() -> None:
    assert set(OPEN) == {"CC0-1.0", "CC BY 4.0", "CC BY-SA 4.0"}
