"""Requests JustWatch's titles by id, repeats failed ones, and reports what became of each."""

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
    """The result, by JustWatch id.

    `texts` are the records' texts in other languages, `failed` says why a title is missing, and `gone` are titles that
    JustWatch no longer has.
    """

    records: dict[str, SourceRecord] = field(default_factory=dict)
    texts: dict[str, list[SourceRecord]] = field(default_factory=dict)
    failed: dict[str, SourceError] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def note(self, key: str, result: SourceRecord | SourceError | None) -> None:
        """Store the result of one answer. A record from an earlier answer stays if a later one failed."""
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
    """Request titles as seen from `country`. Titles that failed at JustWatch are requested again after pauses."""
    titles = Titles()
    pending = set(ids)
    for pause in (0.0, *graphql.PAUSES):
        if not pending:
            break
        await asyncio.sleep(pause)
        again: set[str] = set()

        def plan(keys: Sequence[str], late: bool = pause > 0) -> list[SourceRequest]:
            requests = justwatch.plan(keys, country, languages)
            return [graphql.past_archive(request) for request in requests] if late else requests

        def parse(answer: SourceAnswer, again: set[str] = again) -> dict[str, SourceRecord | SourceError | None]:
            states = justwatch.states(answer)
            records = justwatch.parse(answer)
            if languages:
                titles.texts.update(justwatch.parse_texts(answer, records))
            again.update(key for key, state in states.items() if isinstance(state.error, RetryLaterError))
            return {key: _read(state, records.get(key)) for key, state in states.items()}

        found, failed = await fetch_by_key(fetcher, pending, justwatch.BATCH, plan, parse)
        again |= {key for key, error in failed.items() if isinstance(error, graphql.UpstreamError)}
        for key, result in (failed | found).items():
            titles.note(key, result)
        pending = again
    return titles


def _read(state: justwatch.State, record: SourceRecord | None) -> SourceRecord | SourceError | None:
    """Return a title's record, the reason why there is none, or None if it is gone."""
    if state.usable:
        return record or UnreadableError("JustWatch returned a title that can't be read.")
    return state.error
