"""Writes the spiders' messages to the log, after validating them against the contract."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import orjson
from scrapy.exceptions import DropItem

from movie_db.contract import live, schema, service_log
from movie_db.contract.errors import ContractError, MovieDbError
from movie_db.contract.fitting import lenient_parts, name_of
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import (
    ChunkDone,
    GalleryListed,
    LenientPart,
    Message,
    MovieItem,
    RejectedItem,
    RunFinished,
    dump,
    parse,
)
from movie_db.contract.parts import LeftOut
from movie_db.contract.text import load_json
from movie_db.crawling_module.spiders.base import MessageBatch, RunSpider

logger = logging.getLogger(__name__)


class LogPipeline:
    """Appends a spider's messages to its segment. A write error stops the spider."""

    def __init__(self, spider: RunSpider) -> None:
        self._spider = spider
        self._writer: SegmentWriter | None = None
        published = schema.published()
        self._stricter = {
            name: jsonschema_rs.validator_for(required, mask="what it is")
            for name, required in spider.live_contract.items()
            if required != published.get(name)
        }

    @classmethod
    def from_crawler(cls, crawler: Any) -> "LogPipeline":
        return cls(crawler.spider)

    def open_spider(self) -> None:
        try:
            self._writer = SegmentWriter(self._spider.segment)
        except MovieDbError as error:
            self._spider.error = error

    def close_spider(self) -> None:
        try:
            if self._writer:
                self._writer.close()
        except MovieDbError as error:
            self._spider.error = self._spider.error or error

    def process_item(self, item: MessageBatch) -> MessageBatch:
        if self._writer is None or self._spider.error:
            raise DropItem("nothing can be written")
        try:
            *first, last = item.messages
            lines = b"".join(line for message in first for line in self._lines(message))
            end = b"".join(self._lines(last))
            if isinstance(last, GalleryListed | ChunkDone | RunFinished):
                self._writer.write_lines(lines)
                self._writer.sync()  # otherwise a power cut might keep the end of a chunk but lose its content
                self._writer.write_lines(end)
                self._writer.sync()
            else:
                self._writer.write_lines(lines + end)
        except MovieDbError as error:
            self._spider.error = error
        return item

    def _lines(self, message: Message) -> Iterator[bytes]:
        """Yield the message's line, or that of its rejection, and one for each part that was left out."""
        yield self._checked(message)
        for record in lenient_parts(message):
            for part in record.left_out:
                yield dump(self._left_out(message, record, part))

    def _left_out(self, message: Message, record: LenientPart, part: LeftOut) -> RejectedItem:
        name = name_of(record)
        with service_log.about(**({"movie": message.entry.key} if isinstance(message, MovieItem) else {})):
            logger.warning("%s is stored without %s: %s", name, part.path, part.reason)
        return RejectedItem(run=self._spider.run_id, reason=f"{name}: {part.reason}", part_of=name, raw=part.raw)

    def _checked(self, message: Message) -> bytes:
        """The message's line, or that of its rejection."""
        line = dump(message)
        if b"\\u0000" in line:
            line = orjson.dumps(load_json(line)) + b"\n"
        try:
            checked = parse(line)
            if checked.type in self._stricter:
                self._stricter[checked.type].validate(json.loads(line))
        except jsonschema_rs.ValidationError as error:
            return dump(self._rejected(message, line, self._refusal(message, error)))
        except ContractError as reason:
            return dump(self._rejected(message, line, str(reason)))
        return line

    def _refusal(self, message: Message, error: jsonschema_rs.ValidationError) -> str:
        """Return why the live database would reject a message, in one sentence."""
        if isinstance(message, MovieItem):
            required = live.required_of_some_record(self._spider.live_contract[message.type])
            missing = [fact for fact in required if not any(getattr(r.facts, fact) for r in message.records)]
            if missing:
                return f"no source gives {', '.join(missing)}, and the live database requires it"
        return f"the live database rejects {'.'.join(map(str, error.instance_path)) or 'it'}: {error.message}"

    def _rejected(self, message: Message, line: bytes, reason: str) -> RejectedItem:
        with service_log.about(**({"movie": message.entry.key} if isinstance(message, MovieItem) else {})):
            logger.error("A %s is rejected: %s", type(message).__name__, reason)
        return RejectedItem(run=self._spider.run_id, reason=reason, raw=line.decode()[:100_000])
