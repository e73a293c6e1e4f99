"""Wikidata's query service (SPARQL): finding movies by ids and titles.

It allows 60 seconds per query, and Blazegraph's optimizer can't estimate how few titles a VALUES holds. So the join
order is as written (`hint:optimizer "None"`), from the given values to their items. Other engines take the hint for a
statement that matches nothing, and find nothing; `plan_canary` finds out whether it is understood.
"""

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlencode

from movie_db.contract.errors import UnreadableError
from movie_db.contract.ids import is_movie_id
from movie_db.crawling_module.sources.answers import batches, json_object, moment_of, part
from movie_db.crawling_module.sources.base import Reads, SourceRequest
from movie_db.stitching.kind import FILM_CLASSES

SOURCE: Final = "wikidata"
SPARQL: Final = "https://query.wikidata.org/sparql"
_LOG: Final = logging.getLogger(__name__)
_OF_SPARQL: Final = "Wikidata's query service"

ID_PROPERTIES: Final[Mapping[str, str]] = {"imdb": "P345", "tmdb": "P4947"}
MAIN_LANGUAGES: Final = ("en", "mul")
ORIGINAL_LANGUAGES: Final = (
    *MAIN_LANGUAGES,
    *"ar cs da de es fi fr hi hu id it ja ko nb nl pl pt ro ru sv ta te th tr zh".split(),
)
"""Languages of original titles whose language is unknown: a label is only found by text *and* language."""


_ROW: Final = "results.bindings[]"
READS_BY_IDS: Final[Reads] = {f"{_ROW}.{name}.value": "text" for name in ("of", "id", "item")}
READS_BY_TITLES: Final[Reads] = {f"{_ROW}.{name}.value": "text" for name in ("asked", "item", "years", "sitelinks")}


class Hit(NamedTuple):
    """An item with a title. `years` are those of its publications, or empty; `sitelinks` is the number of its pages
    in Wikipedias and sister projects.
    """

    qid: str
    years: tuple[int, ...]
    sitelinks: int = 0

    def near(self, year: int | None, within: int = 1) -> bool:
        """Whether the film may be of `year`. An unknown year contradicts nothing."""
        return year is None or not self.years or any(abs(y - year) <= within for y in self.years)


_PREFIXES: Final = {
    "hint": "http://www.bigdata.com/queryHints#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "wikibase": "http://wikiba.se/ontology#",
}
_HINT: Final = ' hint:Query hint:optimizer "None" .'
_CANARY: Final = "42"


def _declared(query: str) -> str:
    """Add the prefixes that a query uses: not every engine has them built in."""
    used = (name for name in _PREFIXES if re.search(rf"(?<![\w\"]){name}:", query))
    return "".join(f"PREFIX {name}: <{_PREFIXES[name]}> " for name in used) + query


def _sparql(query: str) -> SourceRequest:
    headers = (
        ("Accept", "application/sparql-results+json"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    return SourceRequest(SOURCE, SPARQL, urlencode({"query": _declared(query)}).encode(), headers)


def plan_by_ids(ids: Iterable[tuple[str, str]], size: int = 400) -> list[SourceRequest]:
    """Return a query per `size` pairs of namespace (`imdb`, `tmdb`) and id. Other namespaces are ignored."""
    lines = (f"{namespace} {value}" for namespace, value in ids if namespace in ID_PROPERTIES)
    requests = []
    for batch in batches(lines, size):
        pairs = [pair.split(" ", 1) for pair in batch]
        arms = [
            f"{{ VALUES ?id {{ {values} }} ?item wdt:{pid} ?id . BIND({_literal(namespace)} AS ?of) }}"
            for namespace, pid in ID_PROPERTIES.items()
            if (values := " ".join(_literal(value) for of, value in pairs if of == namespace))
        ]
        requests.append(_sparql(f"SELECT ?of ?id ?item WHERE {{ {' UNION '.join(arms)} }}"))
    return requests


def parse_by_ids(body: bytes) -> dict[tuple[str, str], list[str]]:
    """Return the items with each id, sorted: more than one if Wikidata has duplicates.

    Raises:
        UnreadableError: The answer is not SPARQL results in JSON.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for row in _rows(body, "of", "id", "item"):
        found.setdefault((row["of"], row["id"]), set()).add(_qid(row["item"]))
    return {key: sorted(qids) for key, qids in found.items()}


def plan_canary() -> SourceRequest:
    """Return a query that has one result if Blazegraph's hints are understood, and none otherwise."""
    return _sparql(f"SELECT ?answer WHERE {{{_HINT} VALUES ?answer {{ {_literal(_CANARY)} }} }}")


def parse_canary(body: bytes) -> bool:
    """Return whether the engine understands hints.

    Raises:
        UnreadableError: The answer is not SPARQL results in JSON.
    """
    return [row["answer"] for row in _rows(body, "answer")] == [_CANARY]


def plan_by_titles(
    titles: Iterable[str], languages: Sequence[str] = MAIN_LANGUAGES, size: int = 100, *, hinted: bool = False
) -> list[SourceRequest]:
    """Return a query per `size` titles, for films whose label, alias or own title (P1476) is exactly the title.

    A film is an item with one of FILM_CLASSES (P31). A path to subclasses would find few more, at an unknown cost.

    MAIN_LANGUAGES are enough for English titles; original titles need ORIGINAL_LANGUAGES. `hinted`: whether the engine
    understands Blazegraph's hints.
    """
    classes = ", ".join(f"wd:{qid}" for qid in sorted(FILM_CLASSES))
    requests = []
    for batch in batches(titles, size):
        values = " ".join(f"({_literal(t)} {_literal(t)}@{language})" for t in batch for language in languages)
        requests.append(
            _sparql(
                'SELECT ?asked ?item (GROUP_CONCAT(DISTINCT STR(YEAR(?date)); SEPARATOR=" ") AS ?years)'
                f" (MAX(?links) AS ?sitelinks) WHERE {{{_HINT if hinted else ''}"
                f" VALUES (?asked ?title) {{ {values} }}"
                " ?item rdfs:label|skos:altLabel|wdt:P1476 ?title ."
                f" ?item wdt:P31 ?class . FILTER(?class IN ({classes}))"
                " OPTIONAL { ?item wdt:P577 ?date } OPTIONAL { ?item wikibase:sitelinks ?links }"
                " } GROUP BY ?asked ?item"
            )
        )
    return requests


def parse_by_titles(body: bytes) -> dict[str, list[Hit]]:
    """Return the films with each requested title, sorted.

    Raises:
        UnreadableError: The answer is not SPARQL results in JSON.
    """
    found: dict[str, set[Hit]] = {}
    for row in _rows(body, "asked", "item"):
        years = tuple(sorted(int(y) for y in row.get("years", "").split() if y.isdecimal() and len(y) == 4))
        links = row.get("sitelinks", "")
        hit = Hit(_qid(row["item"]), years, int(links) if links.isdecimal() else 0)
        found.setdefault(row["asked"], set()).add(hit)
    return {title: sorted(hits) for title, hits in found.items()}


def _literal(text: str) -> str:
    # JSON's escapes are SPARQL's, too.
    return json.dumps(text, ensure_ascii=False)


def _qid(uri: str) -> str:
    return uri.rpartition("/")[2]


def _rows(body: bytes, *needed: str) -> list[dict[str, str]]:
    found = part(json_object(body, _OF_SPARQL), list, "results", "bindings", of=_OF_SPARQL)
    rows = [row for raw in found if (row := _row(raw)) and all(name in row for name in needed) and _has_item(row)]
    if found and not rows:
        raise UnreadableError(f"{_OF_SPARQL} returned rows without the expected columns: its format has changed.")
    if len(rows) < len(found):
        _LOG.warning(
            "%s: %d of %d rows were left out, because a value is missing.",
            _OF_SPARQL,
            len(found) - len(rows),
            len(found),
        )
    return rows


def _has_item(row: Mapping[str, str]) -> bool:
    """Whether a row's item, if it has that column, is one."""
    return "item" not in row or is_movie_id("wikidata", _qid(row["item"]))


def _row(raw: object) -> dict[str, str]:
    """Return a row's values by name; invalid ones are left out."""
    cells = raw.items() if isinstance(raw, dict) else ()
    values = {name: cell.get("value") for name, cell in cells if isinstance(cell, dict)}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def plan_versions(qids: Iterable[str], size: int = 1000) -> list[SourceRequest]:
    """Return a query per `size` items for their newest revisions, as far as the query service has them."""
    return [
        _sparql(
            f"SELECT ?item ?version WHERE {{ VALUES ?item {{ {' '.join(f'wd:{q}' for q in batch)} }}"
            " ?item schema:version ?version }"
        )
        for batch in batches(qids, size)
    ]


def parse_versions(body: bytes) -> dict[str, str]:
    """Return revisions by QID. Items that the query service lacks are absent.

    Raises:
        UnreadableError: The answer is not SPARQL results in JSON.
    """
    return {_qid(row["item"]): row["version"] for row in _rows(body, "item", "version")}


def plan_lag() -> list[SourceRequest]:
    """Return a query for the newest change that the query service has."""
    return [_sparql("SELECT ?changed WHERE { <http://www.wikidata.org> <http://schema.org/dateModified> ?changed }")]


def parse_lag(body: bytes) -> datetime | None:
    """Return the time of that change; None if the query service doesn't say.

    Raises:
        UnreadableError: The answer is not SPARQL results in JSON.
    """
    return max(filter(None, (moment_of(row["changed"]) for row in _rows(body, "changed"))), default=None)
