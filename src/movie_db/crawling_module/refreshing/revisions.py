"""Which items and pages are not what they were: by their newest revisions, many a request."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.gathering.wikimedia import BATCH, fetch_by_key
from movie_db.crawling_module.sources import wikidata, wikipedia
from movie_db.crawling_module.sources.base import SourceAnswer

MANY = 1000
"""Items a query: a look-up each in an index, some 20 kB of query."""


class Compared(NamedTuple):
    """By id: `same` are those whose revision is still the known one, and when that was told; `changed` the others.

    What could not be asked is in neither.
    """

    same: dict[str, datetime]
    changed: set[str]


async def compare_items(fetcher: Fetcher, known: Mapping[str, str]) -> Compared:
    """Items with their known revisions: the query service is asked first, a thousand at once.

    Where it has no revision of an item, or lags behind the known one, Wikidata's API tells, 50 a call.
    """
    found, _ = await fetch_by_key(fetcher, known, MANY, lambda ids: wikidata.plan_versions(ids, MANY), _versions)
    same = {qid: at for qid, (version, at) in found.items() if known.get(qid) == version}
    newer = {qid for qid, (version, _) in found.items() if qid in known and _number(version) > _number(known[qid])}
    left = known.keys() - same.keys() - newer
    told, failed = await fetch_by_key(fetcher, left, BATCH, wikidata.plan_revisions, _revisions)
    same |= {qid: at for qid, (revision, at) in told.items() if known.get(qid) == revision}
    return Compared(same, (newer | left) - same.keys() - failed.keys())


async def compare_pages(fetcher: Fetcher, known: Mapping[str, str]) -> Compared:
    """Pages by their titles, with their known revisions, 50 a call."""
    told, failed = await fetch_by_key(fetcher, known, BATCH, wikipedia.plan_revisions, _page_revisions)
    same = {title: at for title, (revision, at) in told.items() if known.get(title) == revision}
    return Compared(same, known.keys() - same.keys() - failed.keys())


def _number(revision: str) -> int:
    return int(revision) if revision.isdecimal() else 0


def _versions(answer: SourceAnswer) -> dict[str, tuple[str, datetime]]:
    return {qid: (told, answer.retrieved_at) for qid, told in wikidata.parse_versions(answer.body).items()}


def _revisions(answer: SourceAnswer) -> dict[str, tuple[str, datetime]]:
    """An item that was merged into another bears the other's id: it is none that is as it was."""
    found = wikidata.parse_entities(answer.body)
    return {q: (e.revision, answer.retrieved_at) for q, e in found.items() if e.qid == q and e.revision}


def _page_revisions(answer: SourceAnswer) -> dict[str, tuple[str, datetime]]:
    return {title: (told, answer.retrieved_at) for title, told in wikipedia.parse_revisions(answer.body).items()}
