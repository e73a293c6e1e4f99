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
"""The classes of films that most films bear, as a search asks for them."""
_LONGEST_SEARCH: Final = 180
"""So much of a title is searched for: a query has 300 letters at most (CirrusSearch)."""


def plan_search(title: str) -> list[SourceRequest]:
    """A search for films that bear the title's words as a label or alias, in any language and with any signs."""
    words = " ".join(re.sub(r"[^\w\s]|_", " ", title).split())[:_LONGEST_SEARCH]
    if not words:
        return []
    query = {"action": "query", "format": "json", "formatversion": "2", "list": "search"}
    asked = {"srlimit": "10", "srprop": "", "srsearch": f"{words} haswbstatement:{_SEARCHED}"}
    return [SourceRequest(SOURCE, f"{API}?{urlencode({**query, **asked}, safe='|')}", headers=JSON)]


def parse_search(body: bytes) -> list[str]:
    """The items found, best first.

    Raises:
        UnreadableError: not the JSON of search results.
    """
    hits = part(json_object(body, _OF_API), list, "query", "search", of=_OF_API)
    found = [hit.get("title") if isinstance(hit, dict) else None for hit in hits]
    return [qid for qid in found if isinstance(qid, str) and re.fullmatch(r"Q[1-9]\d*", qid)]


def plan_entities(qids: Iterable[str], languages: Sequence[str] = ()) -> list[SourceRequest]:
    """Whole entities, 50 a call: names, descriptions, statements and the page, in English and these languages."""
    more = {"languages": "|".join(dict.fromkeys((*wikidata_entity.LANGUAGES, *languages)))}
    sites = "|".join(f"{subdomain(language)}wiki" for language in ("en", *languages))
    return _plan(qids, props="info|labels|descriptions|aliases|claims|sitelinks", sitefilter=sites, **more)


def entity_url(qid: str) -> str:
    """The address of an item, as readers open it."""
    return f"https://www.wikidata.org/wiki/{qid}"


def plan_revisions(qids: Iterable[str]) -> list[SourceRequest]:
    """The newest revisions of these items, 50 a call."""
    return _plan(qids, props="info")


def plan_labels(qids: Iterable[str]) -> list[SourceRequest]:
    """Names only, 50 a call: for genres, roles and the like."""
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
    """The entities by the QID that was asked. One merged away bears the QID it has now; a missing one is absent.

    Raises:
        UnreadableError: not an answer of wbgetentities, or one that says that asking so is wrong.
        TryLater: the servers lag, or we asked too often.
    """
    raw: dict[str, Any] = part(json_object(body, _OF_API), dict, "entities", of=_OF_API)
    return {
        asked: wikidata_entity.read({"id": asked, **entity})
        for asked, entity in raw.items()
        if isinstance(entity, dict)
        and "missing" not in entity
        and is_movie_id("wikidata", str(entity.get("id", asked)))
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
