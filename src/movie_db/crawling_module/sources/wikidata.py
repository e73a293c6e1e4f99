"""Wikidata: finding movies by ids and titles (SPARQL), and fetching their entities (Action API). Licence: CC0.

Requests have no `maxlag`: it is meant for edits, and counts the lag of the query service.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from movie_db.contract.ids import is_movie_id
from movie_db.crawling_module.sources import wikidata_entity
from movie_db.crawling_module.sources._article_texts import subdomain
from movie_db.crawling_module.sources._wikidata_queries import (
    ID_PROPERTIES,
    MAIN_LANGUAGES,
    ORIGINAL_LANGUAGES,
    READS_BY_IDS,
    READS_BY_TITLES,
    Hit,
    parse_by_ids,
    parse_by_titles,
    parse_canary,
    parse_lag,
    parse_versions,
    plan_by_ids,
    plan_by_titles,
    plan_canary,
    plan_lag,
    plan_versions,
)
from movie_db.crawling_module.sources._wikidata_records import (
    LICENCE,
    company_item,
    film_record,
    person_item,
    person_texts,
    place_refs,
    refs,
)
from movie_db.crawling_module.sources.answers import batches, json_object, opened, part
from movie_db.crawling_module.sources.base import JSON, SAVED_RUN, Record, SavedAnswer, SourceRequest
from movie_db.crawling_module.sources.wikidata_entity import Entity

__all__ = [
    "ID_PROPERTIES",
    "LICENCE",
    "MAIN_LANGUAGES",
    "ORIGINAL_LANGUAGES",
    "READS_BY_IDS",
    "READS_BY_TITLES",
    "SOURCE",
    "Entity",
    "Hit",
    "company_item",
    "entity_url",
    "film_record",
    "parse_by_ids",
    "parse_by_titles",
    "parse_canary",
    "parse_entities",
    "parse_lag",
    "parse_versions",
    "person_item",
    "person_texts",
    "place_refs",
    "plan_by_ids",
    "plan_by_titles",
    "plan_canary",
    "plan_entities",
    "plan_labels",
    "plan_lag",
    "plan_revisions",
    "plan_versions",
    "refs",
]

SOURCE: Final = "wikidata"
HOSTS: Final = ("www.wikidata.org", "query.wikidata.org")
API: Final = "https://www.wikidata.org/w/api.php"
_OF_API: Final = "Wikidata's API"
_SEARCHED: Final = "|".join(f"P31={qid}" for qid in ("Q11424", "Q24862", "Q506240", "Q202866", "Q93204", "Q29168811"))
"""The classes of most films, as a search filters them."""
_LONGEST_SEARCH: Final = 180
"""The part of a title that is searched for: a query has at most 300 letters (CirrusSearch)."""


def plan_search(title: str) -> list[SourceRequest]:
    """Return a search for films with the title's words in a label or alias, in any language and punctuation."""
    words = " ".join(re.sub(r"[^\w\s]|_", " ", title).split())[:_LONGEST_SEARCH]
    if not words:
        return []
    query = {"action": "query", "format": "json", "formatversion": "2", "list": "search"}
    requested = {"srlimit": "10", "srprop": "", "srsearch": f"{words} haswbstatement:{_SEARCHED}"}
    return [SourceRequest(SOURCE, f"{API}?{urlencode({**query, **requested}, safe='|')}", headers=JSON)]


def parse_search(body: bytes) -> list[str]:
    """Return the items found, best first.

    Raises:
        UnreadableError: The answer is not search results in JSON.
    """
    hits = part(json_object(body, _OF_API), list, "query", "search", of=_OF_API)
    found = [hit.get("title") if isinstance(hit, dict) else None for hit in hits]
    return [qid for qid in found if isinstance(qid, str) and re.fullmatch(r"Q[1-9]\d*", qid)]


def plan_entities(qids: Iterable[str], languages: Sequence[str] = ()) -> list[SourceRequest]:
    """Return requests for complete entities, 50 per call: names, descriptions, statements and the page, in English
    and these languages.
    """
    more = {"languages": "|".join(dict.fromkeys((*wikidata_entity.LANGUAGES, *languages)))}
    sites = "|".join(f"{subdomain(language)}wiki" for language in ("en", *languages))
    return _plan(qids, props="info|labels|descriptions|aliases|claims|sitelinks", sitefilter=sites, **more)


def entity_url(qid: str) -> str:
    """Return the address of an item for readers."""
    return f"https://www.wikidata.org/wiki/{qid}"


def plan_revisions(qids: Iterable[str]) -> list[SourceRequest]:
    """Return requests for these items' newest revisions, 50 per call."""
    return _plan(qids, props="info")


def plan_labels(qids: Iterable[str]) -> list[SourceRequest]:
    """Return requests for names only, 50 per call: for genres, roles and the like."""
    return _plan(qids, props="labels")


def _plan(qids: Iterable[str], **parameters: str) -> list[SourceRequest]:
    fixed = {
        "action": "wbgetentities",
        "format": "json",
        "formatversion": "2",
        "languages": "|".join(wikidata_entity.LANGUAGES),
    }
    return [
        SourceRequest(
            SOURCE, f"{API}?{urlencode({**fixed, **parameters, 'ids': '|'.join(batch)}, safe='|')}", headers=JSON
        )
        for batch in batches(qids, 50)
    ]


def parse_entities(body: bytes) -> dict[str, Entity]:
    """Return entities by requested QID. A merged one has its new QID; a missing one is absent.

    Raises:
        UnreadableError: The answer is not one of wbgetentities, or is an error about the request.
        RetryLaterError: The servers lag, or there were too many requests.
    """
    raw: dict[str, Any] = part(json_object(body, _OF_API), dict, "entities", of=_OF_API)
    return {
        requested: wikidata_entity.read({"id": requested, **entity})
        for requested, entity in raw.items()
        if isinstance(entity, dict)
        and "missing" not in entity
        and is_movie_id("wikidata", str(entity.get("id", requested)))
    }


_HUMAN: Final = "Q5"
_OF_COMPANIES: Final = ("P571", "P159")


def recognizes(saved: SavedAnswer) -> bool:
    """Whether a saved answer has entities."""
    return isinstance(opened(saved.body).get("entities"), dict)


def parse_saved(saved: SavedAnswer) -> Iterator[Record]:
    """Parse movies, people and companies in a saved answer. Items without statements only provide names.

    Raises:
        SourceError: The answer can't be read.
    """
    entities = parse_entities(saved.body)
    for entity in entities.values():
        url = entity_url(entity.qid)
        record: Record | None = None
        if _HUMAN in entity.items("P31"):
            record = person_item(entity, entities, SAVED_RUN, saved.retrieved_at, url)
        elif entity.claims:
            record = film_record(entity, entities, saved.retrieved_at, url)
            if record.kind in {None, "other"} and any(entity.all(pid) for pid in _OF_COMPANIES):
                record = company_item(entity, entities, SAVED_RUN, saved.retrieved_at, url)
        if record:
            yield record
