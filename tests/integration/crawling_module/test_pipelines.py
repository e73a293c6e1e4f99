"""From a spider to its segment: what breaks the contract is rejected, a full disk stops the spider with a sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import DropItem

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.fitting import fit
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import ChunkDone, MovieListEntry, RejectedItem, RunStarted
from movie_db.contract.runs import Run, messages
from movie_db.contract.settings import Settings
from movie_db.crawling_module.pipelines import LogPipeline
from movie_db.crawling_module.spiders.base import MessageBatch
from movie_db.crawling_module.spiders.movie_list import MovieListSpider

STARTED = RunStarted(run="r1", gallery="g", started_at=datetime(2026, 11, 23, tzinfo=UTC))
ENTRY = MovieListEntry(run="r1", gallery="g", key="justwatch:tm1", position=1, title="Heat")


@pytest.fixture
def spider(tmp_path: Path) -> Any:
    return MovieListSpider(run=Run(STARTED, tmp_path), settings_=Settings())


@pytest.fixture
def pipeline(spider: Any) -> Iterator[Any]:
    made = LogPipeline(spider)
    made.open_spider()
    yield made
    made.close_spider()


def test_what_a_spider_says_is_in_its_segment(pipeline: Any, spider: Any) -> None:
    pipeline.process_item(MessageBatch((STARTED, ENTRY)))
    pipeline.process_item(MessageBatch((ChunkDone(run="r1", position=1),)))
    assert list(messages(spider.segment)) == [STARTED, ENTRY, ChunkDone(run="r1", position=1)]


def test_a_message_that_breaks_the_contract_is_rejected_word_for_word(pipeline: Any, spider: Any) -> None:
    broken = ENTRY.model_copy(update={"year": 95, "title": "x" * 200_000})
    pipeline.process_item(MessageBatch((STARTED, broken, ENTRY)))
    _, rejected, entry = messages(spider.segment)
    assert isinstance(rejected, RejectedItem)
    assert "year: Input should be greater than or equal to 1870" in rejected.reason
    assert rejected.raw.startswith('{"v":1,"run":"r1","type":"movie_list_entry"')
    assert (entry, spider.error) == (ENTRY, None)


def test_each_part_that_was_left_out_has_a_line_behind_the_message(pipeline: Any, spider: Any) -> None:
    entry = ENTRY.model_dump() | {"year": 95, "runtime": 51420}
    pipeline.process_item(MessageBatch((STARTED, fit(MovieListEntry, entry))))
    _, listed, *others = messages(spider.segment)
    rejected = [one for one in others if isinstance(one, RejectedItem)]
    assert rejected == others
    assert listed == ENTRY
    assert [(one.part_of, one.raw) for one in rejected] == [("justwatch:tm1", "95"), ("justwatch:tm1", "51420")]
    assert rejected[0].reason == "justwatch:tm1: year: Input should be greater than or equal to 1870"


def test_a_full_disk_stops_the_spider_with_a_sentence(
    pipeline: Any, spider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise UnavailableError("The log can't be written: No space left on device.")

    monkeypatch.setattr(SegmentWriter, "write_lines", full)
    pipeline.process_item(MessageBatch((ENTRY,)))
    assert "No space left on device" in str(spider.error)
    with pytest.raises(DropItem):
        pipeline.process_item(MessageBatch((ENTRY,)))


def test_a_second_spider_of_the_run_is_told_to_wait(pipeline: Any, spider: Any) -> None:
    other = MovieListSpider(run=spider.run, settings_=spider.settings_)
    second = LogPipeline(other)
    second.open_spider()
    assert isinstance(other.error, UsageError)
    with pytest.raises(DropItem):
        second.process_item(MessageBatch((ENTRY,)))
    second.close_spider()


def test_a_chunk_is_on_the_disk_before_it_is_called_done(
    pipeline: Any, spider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    sync = SegmentWriter.sync

    def noted(writer: Any) -> None:
        sync(writer)
        synced.append([message.type for message in messages(spider.segment)])

    monkeypatch.setattr(SegmentWriter, "sync", noted)
    pipeline.process_item(MessageBatch((STARTED,)))
    pipeline.process_item(MessageBatch((ENTRY, ChunkDone(run="r1", position=1))))
    before = ["run_started", "movie_list_entry"]
    assert synced == [before, [*before, "chunk_done"]]
