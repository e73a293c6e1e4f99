"""JustWatch's titles by their ids: those that failed are asked for again, and what became of each is told."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from movie_db.contract.errors import RetryLaterError, SourceError, UnreadableError
from movie_db.contract.messages import SourceRecord
from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.gathering.wikimedia import fetch_by_key
from movie_db.crawling_module.sources import graphql, justwatch
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest


@dataclass
class Titles:
    """What asking came to, by JustWatch id.

    `texts` are the records' texts in other languages, `failed` says why a title could not be had, and `gone` are those
    that JustWatch no longer has.
    """

    records: dict[str, SourceRecord] = field(default_factory=dict)
    texts: dict[str, list[SourceRecord]] = field(default_factory=dict)
    failed: dict[str, SourceError] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def note(self, key: str, result: SourceRecord | SourceError | None) -> None:
        """Keeps what one answer told of a title; a record that came before stays where a later answer failed."""
        if isinstance(result, SourceError):
            if key not in self.records:
                self.failed[key] = result
            return
        self.failed.pop(key, None)
        if result is None:
            self.gone.add(key)
        else:
            self.records[key] = result


async def fetch_titles(fetcher: Fetcher, ids: Iterable[str], country: str, languages: Sequence[str] = ()) -> Titles:
    """Asks for titles as seen from `country`; after pauses once more for those that JustWatch failed to tell of."""
    told = Titles()
    wanted = set(ids)
    for pause in (0.0, *graphql.PAUSES):
        if not wanted:
            break
        await asyncio.sleep(pause)
        again: set[str] = set()

        def plan(keys: Sequence[str], late: bool = pause > 0) -> list[SourceRequest]:
            asks = justwatch.plan(keys, country, languages)
            return [graphql.past_archive(ask) for ask in asks] if late else asks

        def parse(answer: SourceAnswer, again: set[str] = again) -> dict[str, SourceRecord | SourceError | None]:
            states = justwatch.states(answer)
            records = justwatch.parse(answer)
            if languages:
                told.texts.update(justwatch.parse_texts(answer, records))
            again.update(key for key, state in states.items() if isinstance(state.error, RetryLaterError))
            return {key: _read(state, records.get(key)) for key, state in states.items()}

        found, failed = await fetch_by_key(fetcher, wanted, justwatch.BATCH, plan, parse)
        again |= {key for key, error in failed.items() if isinstance(error, graphql.UpstreamError)}
        for key, result in (failed | found).items():
            told.note(key, result)
        wanted = again
    return told


def _read(state: justwatch.State, record: SourceRecord | None) -> SourceRecord | SourceError | None:
    """What is known of a title: its record, or why there is none, or None if it is gone."""
    if state.usable:
        return record or UnreadableError("JustWatch answered with a title that can't be read.")
    return state.error
