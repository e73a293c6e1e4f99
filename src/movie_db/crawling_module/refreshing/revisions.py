"""Finds items and pages that changed, by their newest revisions, many per request."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.gathering.wikimedia import BATCH, fetch_by_key
from movie_db.crawling_module.sources import wikidata, wikipedia
from movie_db.crawling_module.sources.base import SourceAnswer

MANY = 1000
"""Items per query: one index lookup each, about 20 kB of query."""


class Compared(NamedTuple):
    """By id: `same` are those with an unchanged revision, and when that was checked; `changed` the others.

    Failed requests are in neither.
    """

    same: dict[str, datetime]
    changed: set[str]


async def compare_items(fetcher: Fetcher, existing: Mapping[str, str]) -> Compared:
    """Compare items with their stored revisions, by the query service, a thousand per request.

    If it has no revision of an item, or lags behind the stored one, Wikidata's API is requested, 50 per call.
    """
    found, _ = await fetch_by_key(fetcher, existing, MANY, lambda ids: wikidata.plan_versions(ids, MANY), _versions)
    same = {qid: at for qid, (version, at) in found.items() if existing.get(qid) == version}
    newer = {
        qid for qid, (version, _) in found.items() if qid in existing and _number(version) > _number(existing[qid])
    }
    left = existing.keys() - same.keys() - newer
    latest, failed = await fetch_by_key(fetcher, left, BATCH, wikidata.plan_revisions, _revisions)
    same |= {qid: at for qid, (revision, at) in latest.items() if existing.get(qid) == revision}
    return Compared(same, (newer | left) - same.keys() - failed.keys())


async def compare_pages(fetcher: Fetcher, existing: Mapping[str, str]) -> Compared:
    """Compare pages, by title, with their stored revisions, 50 per call."""
    latest, failed = await fetch_by_key(fetcher, existing, BATCH, wikipedia.plan_revisions, _page_revisions)
    same = {title: at for title, (revision, at) in latest.items() if existing.get(title) == revision}
    return Compared(same, existing.keys() - same.keys() - failed.keys())


def _number(revision: str) -> int:
    return int(revision) if revision.isdecimal() else 0


def _versions(answer: SourceAnswer) -> dict[str, tuple[str, datetime]]:
    return {qid: (latest, answer.retrieved_at) for qid, latest in wikidata.parse_versions(answer.body).items()}


def _revisions(answer: SourceAnswer) -> dict[str, tuple[str, datetime]]:
    """Parse revisions. An item that was merged has another id, and counts as changed."""
    found = wikidata.parse_entities(answer.body)
    return {q: (e.revision, answer.retrieved_at) for q, e in found.items() if e.qid == q and e.revision}


def _page_revisions(answer: SourceAnswer) -> dict[str, tuple[str, datetime]]:
    return {title: (latest, answer.retrieved_at) for title, latest in wikipedia.parse_revisions(answer.body).items()}
