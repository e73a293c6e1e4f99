"""Wikidata's query service (SPARQL): finding movies by ids and titles.

It allows 60 seconds per query, and Blazegraph's optimizer can't estimate how few titles a VALUES holds. So the join
order is as written (`hint:optimizer "None"`), from the given values to their items. Other engines take the hint for a
statement that matches nothing, and find nothing; `plan_canary` finds out whether it is understood.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlencode

from movie_db.contract.errors import UnreadableError
from movie_db.crawling_module.sources.answers import batches, json_object, moment_of, part
from movie_db.crawling_module.sources.base import Reads, SourceRequest
from movie_db.stitching.kind import FILM_CLASSES

SOURCE: Final = "wikidata"
SPARQL: Final = "https://query.wikidata.org/sparql"
_OF_SPARQL: Final = "Wikidata's query service"

ID_PROPERTIES: Final[Mapping[str, str]] = {"imdb": "P345", "tmdb": "P4947"}
MAIN_LANGUAGES: Final = ("en", "mul")
ORIGINAL_LANGUAGES: Final = (
    *MAIN_LANGUAGES,
    *"ar cs da de es fi fr hi hu id it ja ko nb nl pl pt ro ru sv ta te th tr zh".split(),
)
"""Languages to try for an original title whose language nobody told: a label is only found by text *and* language."""


_ROW: Final = "results.bindings[]"
READS_BY_IDS: Final[Reads] = {f"{_ROW}.{name}.value": "text" for name in ("of", "id", "item")}
READS_BY_TITLES: Final[Reads] = {f"{_ROW}.{name}.value": "text" for name in ("asked", "item", "years", "sitelinks")}


class Hit(NamedTuple):
    """An item that bears a title: `years` are those of its publications, none if it tells none; `sitelinks` is how
    many pages it has in Wikipedias and their sisters."""

    qid: str
    years: tuple[int, ...]
    sitelinks: int = 0

    def near(self, year: int | None, within: int = 1) -> bool:
        """Whether the film may be of `year`; an unknown year speaks against nothing."""
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
    """The query with the prefixes that it uses: not every engine knows them by itself."""
    used = (name for name in _PREFIXES if re.search(rf"(?<![\w\"]){name}:", query))
    return "".join(f"PREFIX {name}: <{_PREFIXES[name]}> " for name in used) + query


def _sparql(query: str) -> SourceRequest:
    headers = (
        ("Accept", "application/sparql-results+json"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    return SourceRequest(SOURCE, SPARQL, urlencode({"query": _declared(query)}).encode(), headers)


def plan_by_ids(ids: Iterable[tuple[str, str]], size: int = 400) -> list[SourceRequest]:
    """One query for every `size` pairs of namespace (`imdb`, `tmdb`) and id; other namespaces are not looked up."""
    wanted = (f"{namespace} {value}" for namespace, value in ids if namespace in ID_PROPERTIES)
    asks = []
    for batch in batches(wanted, size):
        pairs = [pair.split(" ", 1) for pair in batch]
        arms = [
            f"{{ VALUES ?id {{ {values} }} ?item wdt:{pid} ?id . BIND({_literal(namespace)} AS ?of) }}"
            for namespace, pid in ID_PROPERTIES.items()
            if (values := " ".join(_literal(value) for of, value in pairs if of == namespace))
        ]
        asks.append(_sparql(f"SELECT ?of ?id ?item WHERE {{ {' UNION '.join(arms)} }}"))
    return asks


def parse_by_ids(body: bytes) -> dict[tuple[str, str], list[str]]:
    """The items that bear each id, sorted: more than one where Wikidata has a film twice.

    Raises:
        UnreadableError: not the JSON of SPARQL results.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for row in _rows(body, "of", "id", "item"):
        found.setdefault((row["of"], row["id"]), set()).add(_qid(row["item"]))
    return {key: sorted(qids) for key, qids in found.items()}


def plan_canary() -> SourceRequest:
    """A query that has one answer where Blazegraph's hints are understood, and none elsewhere."""
    return _sparql(f"SELECT ?answer WHERE {{{_HINT} VALUES ?answer {{ {_literal(_CANARY)} }} }}")


def parse_canary(body: bytes) -> bool:
    """Whether the answer is the one of an engine that understands hints.

    Raises:
        UnreadableError: not the JSON of SPARQL results.
    """
    return [row["answer"] for row in _rows(body, "answer")] == [_CANARY]


def plan_by_titles(
    titles: Iterable[str], languages: Sequence[str] = MAIN_LANGUAGES, size: int = 100, *, hinted: bool = False
) -> list[SourceRequest]:
    """One query for every `size` titles: films whose label, alias or own title (P1476) is the title, letter by letter.

    A film is what bears one of FILM_CLASSES (P31); a path to their subclasses would find few more, at no known price.

    Items bear few titles in many languages: for a title's English form MAIN_LANGUAGES will do, an original title
    is to be asked in ORIGINAL_LANGUAGES. `hinted`: whether the engine understands Blazegraph's hints.
    """
    classes = ", ".join(f"wd:{qid}" for qid in sorted(FILM_CLASSES))
    asks = []
    for batch in batches(titles, size):
        values = " ".join(f"({_literal(t)} {_literal(t)}@{language})" for t in batch for language in languages)
        asks.append(
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
    return asks


def parse_by_titles(body: bytes) -> dict[str, list[Hit]]:
    """The films that bear each asked title, sorted.

    Raises:
        UnreadableError: not the JSON of SPARQL results.
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
    rows = [row for told in found if (row := _row(told)) and all(name in row for name in needed)]
    if found and not rows:
        raise UnreadableError(f"{_OF_SPARQL} answered with rows that are none: its format changed.")
    return rows


def _row(told: object) -> dict[str, str]:
    """The values of a row by their names; what is none is left out."""
    cells = told.items() if isinstance(told, dict) else ()
    values = {name: cell.get("value") for name, cell in cells if isinstance(cell, dict)}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def plan_versions(qids: Iterable[str], size: int = 1000) -> list[SourceRequest]:
    """One query for the newest revisions of `size` items, as far as the query service has heard of them."""
    return [
        _sparql(
            f"SELECT ?item ?version WHERE {{ VALUES ?item {{ {' '.join(f'wd:{q}' for q in batch)} }}"
            " ?item schema:version ?version }"
        )
        for batch in batches(qids, size)
    ]


def parse_versions(body: bytes) -> dict[str, str]:
    """The revisions by QID; an item that the query service knows nothing of is absent.

    Raises:
        UnreadableError: not the JSON of SPARQL results.
    """
    return {_qid(row["item"]): row["version"] for row in _rows(body, "item", "version")}


def plan_lag() -> list[SourceRequest]:
    """A question for the newest change that the query service has heard of."""
    return [_sparql("SELECT ?changed WHERE { <http://www.wikidata.org> <http://schema.org/dateModified> ?changed }")]


def parse_lag(body: bytes) -> datetime | None:
    """When that change was made; None if the query service does not tell.

    Raises:
        UnreadableError: not the JSON of SPARQL results.
    """
    return max(filter(None, (moment_of(row["changed"]) for row in _rows(body, "changed"))), default=None)
