"""A saved page and the records expected of it are a test: `tests/pages/<source>/<name>/{answer.*,expected.json}`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from movie_db.crawling_module.saved_answers import SavedAnswer, read, readable

PAGES = Path(__file__).parents[2] / "pages"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
CASES = sorted(p for source in readable() if (PAGES / source).exists() for p in (PAGES / source).iterdir())


@pytest.mark.parametrize("folder", CASES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_saved_page_gives_the_records_expected_of_it(folder: Any) -> None:
    (answer,) = folder.glob("answer.*")
    records = read(folder.parent.name, SavedAnswer(f"{folder.name}{answer.suffix}", answer.read_bytes(), NOW))
    found = [r.model_dump(mode="json", exclude_defaults=True) for r in records]
    assert found == json.loads((folder / "expected.json").read_text("utf-8"))


def test_every_folder_of_saved_pages_belongs_to_a_source_that_reads_it() -> None:
    assert {p.name for p in PAGES.iterdir() if p.is_dir()} <= set(readable())
