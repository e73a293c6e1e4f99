"""The doors, and one cheap question for each: about films that every source knows."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote_plus

from movie_db.contract import gallery_address
from movie_db.contract.errors import SourceError, UnreadableError, UsageError
from movie_db.contract.settings import Settings
from movie_db.crawling_module.galleries import justwatch as gallery
from movie_db.crawling_module.galleries import justwatch_html, justwatch_list
from movie_db.crawling_module.galleries.justwatch_reads import READS_LIST, READS_PACKAGES
from movie_db.crawling_module.sources import (
    graphql,
    imdb,
    justwatch,
    justwatch_page,
    omdb,
    tmdb,
    wiki_search,
    wikidata,
    wikidata_entity,
    wikipedia,
)
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest
from movie_db.doctor.asking import FIRST_BYTES, Gateway, Reply
from movie_db.doctor.famous import FAMOUS
from movie_db.doctor.reading import Door, compared, graphql_errors, opened, parsed, refusal
from movie_db.doctor.report import Check

DEFAULT: Final = Settings.model_fields["gallery"].default
LAGS: Final = 600
"""Seconds by which the query service may lag."""
KEYED: Final = 3
"""Films that a source is asked about which takes one a request."""

PACKAGES: Final = Door("JustWatch packages", READS_PACKAGES, "data.")
LIST: Final = Door("JustWatch list", READS_LIST, "data.popularTitles.edges[].node.")
TITLES: Final = Door("JustWatch titles", justwatch.READS)
PAGES: Final = Door("JustWatch pages", justwatch_page.READS)
ENTITIES: Final = Door("Wikidata entities", wikidata_entity.READS, "entities.*.")
QUERY: Final = "Wikidata query service"
BY_IDS: Final = Door(QUERY, wikidata.READS_BY_IDS, "results.bindings[].")
BY_TITLES: Final = Door(QUERY, wikidata.READS_BY_TITLES, "results.bindings[].")
ARTICLES: Final = Door("Wikipedia pages", wikipedia.READS, "query.pages[].")
SEARCH: Final = "Wikipedia search"
IMDB: Final = "IMDb files"

Look = Callable[[], Iterator[Check]]


def looks(gateway: Gateway, settings: Settings) -> list[tuple[str, Look]]:
    """What can be looked at side by side, in the order in which it is told: a name, and what gives its checks."""
    return [
        ("JustWatch", lambda: _justwatch(gateway, settings)),
        (ENTITIES.name, lambda: _entities(gateway)),
        (QUERY, lambda: _query_service(gateway)),
        (ARTICLES.name, lambda: _articles(gateway)),
        (SEARCH, lambda: _search(gateway)),
        ("TMDB", lambda: _keyed(gateway, Door("TMDB", tmdb.READS), tmdb, [f.tmdb for f in FAMOUS], settings.tmdb_key)),
        ("OMDb", lambda: _keyed(gateway, Door("OMDb", omdb.READS), omdb, [f.imdb for f in FAMOUS], settings.omdb_key)),
        (IMDB, lambda: _imdb(gateway)),
    ]


def _justwatch(gateway: Gateway, settings: Settings) -> Iterator[Check]:
    try:
        address = gallery_address.justwatch(settings.gallery)
    except UsageError:
        address = None
    told = address or gallery_address.justwatch(DEFAULT)
    assert told is not None
    site = gallery.JustWatchGallery(told)
    code, checks = _packages(gateway, told)
    yield from checks
    yield from _list(gateway, site, code)
    path, checks = _titles(gateway, told.country)
    yield from checks
    yield from _pages(gateway, site, path or f"/{told.address.split('/')[3]}/movie/the-matrix")


def _packages(gateway: Gateway, told: gallery_address.GalleryAddress) -> tuple[str | None, list[Check]]:
    name = PACKAGES.name
    reply = gateway.ask(graphql.request("GetPackages", justwatch_list.PACKAGES, {"country": told.country}))
    body, bad = _read(PACKAGES, reply)
    if bad:
        return None, bad
    packages = (body.get("data") or {}).get("packages")
    if not isinstance(packages, list) or not told.provider:
        return None, [Check(name, "ok", "fine")]
    try:
        code, called = justwatch_list.provider_of(packages, told.provider)
    except UsageError as error:
        return None, [Check(name, "warning", str(error).rstrip("."), "MOVIE_DB_GALLERY names another")]
    except SourceError as error:
        return None, [Check(name, "wrong", str(error).rstrip("."))]
    return code, [Check(name, "ok", f"fine: {len(packages)} in {told.country}, among them {called}")]


def _list(gateway: Gateway, site: gallery.JustWatchGallery, code: str | None) -> Iterator[Check]:
    reply = gateway.ask(site.first_request(code))
    _, checks = _read(LIST, reply)
    if any(check.status == "wrong" for check in checks):
        yield from checks
        return
    page, word = parsed(
        LIST.name, reply.answer, lambda answer: justwatch_list.titles(answer, justwatch_list.entry_of, code)
    )
    if page is not None and not page.entries:
        word = Check(LIST.name, "wrong", f"declares {page.declared} titles, and shows no film")
    yield from [*checks, word] if word else checks
    if page is not None and not word and not checks:
        told = f"fine: {len(page.entries)} of {page.declared} films on the first page"
        yield Check(LIST.name, "ok", told)


def _titles(gateway: Gateway, country: str) -> tuple[str | None, list[Check]]:
    (ask,) = justwatch.plan([film.justwatch for film in FAMOUS], country)
    reply = gateway.ask(ask)
    if word := refusal(TITLES.name, reply):
        return None, [word]
    told, word = opened(TITLES.name, reply)
    if word:
        return None, [word]
    checks = graphql_errors(TITLES.name, told)
    found = told.get("data")
    nodes = [node for node in found.values() if isinstance(node, dict)] if isinstance(found, dict) else []
    if not nodes and not checks:
        checks = [Check(TITLES.name, "wrong", "`data` holds none of the best known films")]
    checks += compared(TITLES, nodes)
    if not checks:
        records, word = parsed(TITLES.name, reply.answer, justwatch.parse)
        lost = [key for key, record in (records or {}).items() if record is None]
        if word:
            checks = [word]
        elif lost or not records:
            checks = [Check(TITLES.name, "wrong", f"{len(lost)} of {len(nodes)} films can't be read")]
        else:
            checks = [Check(TITLES.name, "ok", f"fine: {len(records)} of {len(FAMOUS)} films")]
    paths = (node["content"].get("fullPath") for node in nodes if isinstance(node.get("content"), dict))
    return next((path for path in paths if isinstance(path, str)), None), checks


def _pages(gateway: Gateway, site: gallery.JustWatchGallery, path: str) -> Iterator[Check]:
    name = PAGES.name
    reply = gateway.ask(site.first_page())
    if word := refusal(name, reply):
        yield word
        return
    page, word = parsed(name, reply.answer, justwatch_html.parse)
    if page is None or word:
        yield from [word] if word else []
        return
    if not page.entries:
        yield Check(name, "wrong", "the gallery's page shows no film", "its format may have changed")
        return
    (ask,) = justwatch_page.plan([f"https://{gallery_address.JUSTWATCH}{path}"])
    reply = gateway.ask(ask)
    if word := refusal(name, reply):
        yield word
        return
    films = list(justwatch_page.films_of(reply.answer))
    checks = compared(PAGES, films)
    _, word = parsed(name, reply.answer, lambda answer: justwatch_page.parse(answer, FAMOUS[0].justwatch))
    if word and not any(check.status == "wrong" for check in checks):
        checks.append(word)
    yield from checks or [Check(name, "ok", f"fine: {len(page.entries)} films on the first, and a film's own")]


def _entities(gateway: Gateway) -> Iterator[Check]:
    (ask,) = wikidata.plan_entities(film.wikidata for film in FAMOUS)
    reply = gateway.ask(ask)
    yield from _answered(ENTITIES, reply, lambda a: wikidata.parse_entities(a.body), [f.wikidata for f in FAMOUS])


def _articles(gateway: Gateway) -> Iterator[Check]:
    (ask,) = wikipedia.plan_articles(film.wikipedia for film in FAMOUS)
    reply = gateway.ask(ask)
    yield from _answered(ARTICLES, reply, lambda a: wikipedia.parse_articles(a.body)[0], [f.wikipedia for f in FAMOUS])


def _query_service(gateway: Gateway) -> Iterator[Check]:
    (ask,) = wikidata.plan_by_ids(("imdb", film.imdb) for film in FAMOUS)
    reply = gateway.ask(ask)
    wanted = [("imdb", film.imdb) for film in FAMOUS]
    checks = list(_answered(BY_IDS, reply, lambda a: wikidata.parse_by_ids(a.body), wanted))
    if any(check.status == "wrong" for check in checks):
        yield from checks
        return
    (ask,) = wikidata.plan_by_titles(film.title for film in FAMOUS)
    reply = gateway.ask(ask)
    titles = list(
        _answered(BY_TITLES, reply, lambda a: wikidata.parse_by_titles(a.body), [film.title for film in FAMOUS])
    )
    if all(check.status == "ok" for check in titles):
        yield from (check for check in checks if check.status != "ok")
        yield _lag(gateway)
        return
    if reply.refused is None and _is_empty(reply):
        right = "its engine may have changed, and read the query otherwise"
        yield Check(QUERY, "wrong", "finds films by their ids, and none by its title", right)
        return
    yield from titles


def _is_empty(reply: Reply) -> bool:
    try:
        return not wikidata.parse_by_titles(reply.answer.body)
    except UnreadableError:
        return False


def _lag(gateway: Gateway) -> Check:
    (ask,) = wikidata.plan_lag()
    reply = gateway.ask(ask)
    at, word = (None, None) if reply.refused else parsed(QUERY, reply.answer, lambda a: wikidata.parse_lag(a.body))
    if at is None or word:
        return Check(QUERY, "ok", "fine: finds films by ids and titles; it does not tell how far it lags")
    behind = max(0, round((datetime.now(UTC) - at).total_seconds()))
    told = f"lags by {behind} s" if behind < 180 else f"lags by {behind // 60:,} min"
    if behind > LAGS:
        right = "newest films and changes are missing there; those that it knows are found"
        return Check(QUERY, "warning", told, right)
    return Check(QUERY, "ok", f"fine: finds films by ids and titles; {told}")


def _search(gateway: Gateway) -> Iterator[Check]:
    film = FAMOUS[0]
    reply = gateway.ask(
        SourceRequest("wiki_api", f"{gateway.wiki_api}/v1/search/movies?title={quote_plus(film.title)}&limit=10")
    )
    if word := refusal(SEARCH, reply):
        yield word
        return
    found, word = parsed(SEARCH, reply.answer, wiki_search.parse)
    titles = [title for of_query in (found or {}).values() for title in of_query]
    if word:
        yield word
    elif film.wikipedia not in titles:
        yield Check(SEARCH, "wrong", f"does not find {film.wikipedia} ({len(titles)} films found)")
    else:
        yield Check(SEARCH, "ok", f"fine: finds {film.wikipedia}")


def _keyed(gateway: Gateway, door: Door, source: Any, keys: list[str], key: object) -> Iterator[Check]:
    if not key:
        yield Check(door.name, "ok", "no key: not asked")
        return
    told: list[dict[str, Any]] = []
    records: dict[str, Any] = {}
    for one in keys[:KEYED]:
        reply = gateway.ask(source.plan([one])[0])
        if reply.status == 404:
            continue
        if word := refusal(door.name, reply):
            yield word
            return
        body, word = opened(door.name, reply)
        if word:
            yield word
            return
        told.append({name: None if value == "N/A" else value for name, value in body.items()})
        found, word = parsed(door.name, reply.answer, source.parse)
        if word and not compared(door, [told[-1]]):
            yield word
            return
        records |= found or {}
    checks = compared(door, told)
    if not told:
        checks = [Check(door.name, "wrong", "knows none of the best known films")]
    elif not records and not any(check.status == "wrong" for check in checks):
        checks.append(Check(door.name, "wrong", "no film can be read"))
    yield from checks or [Check(door.name, "ok", f"fine: {len(records)} of {len(told)} films")]


def _imdb(gateway: Gateway) -> Iterator[Check]:
    lacking: list[Check] = []
    for file, columns in imdb.READS.items():
        headers = (("Range", f"bytes=0-{FIRST_BYTES - 1}"),)
        reply = gateway.ask(SourceRequest("imdb", f"https://datasets.imdbws.com/{file}.tsv.gz", headers=headers))
        if reply.status in {403, 404} and not reply.code and file != "title.basics":
            lacking.append(Check(IMDB, "warning", f"{file}.tsv.gz is not there ({reply.status})"))
            continue
        if word := refusal(IMDB, reply):
            yield word
            return
        head = _header(reply.answer)
        gone = [column for column in columns if column not in head]
        if gone:
            fields = tuple({"path": f"{file}.{name}", "what": "gone", "renamed": None} for name in gone)
            told = f"{file}.tsv.gz has no column {', '.join(f'`{name}`' for name in gone)}"
            lacking.append(Check(IMDB, "wrong", told if len(head) > 1 else f"{file}.tsv.gz is no table", fields=fields))
    yield from lacking or [Check(IMDB, "ok", f"fine: {len(imdb.READS)} files")]


def _header(answer: SourceAnswer) -> list[str]:
    """The columns that the first line of a packed file names."""
    try:
        plain = zlib.decompressobj(31).decompress(answer.body, FIRST_BYTES)
    except zlib.error:
        return []
    return plain.partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r").split("\t")


def _read(door: Door, reply: Reply) -> tuple[dict[str, Any], list[Check]]:
    """The JSON of an answer, and what is to be said against it."""
    if word := refusal(door.name, reply):
        return {}, [word]
    told, word = opened(door.name, reply)
    if word:
        return {}, [word]
    checks = graphql_errors(door.name, told) if door.name in {PACKAGES.name, LIST.name} else []
    if not any(check.status == "wrong" for check in checks):
        checks += compared(door, [told])
    return told, checks


def _answered(door: Door, reply: Reply, parse: Callable[[SourceAnswer], Any], wanted: Iterable[Any]) -> Iterator[Check]:
    """What is to be said of an answer about the best known films, each by the key that the parser gives it."""
    _, checks = _read(door, reply)
    if any(check.status == "wrong" for check in checks):
        yield from checks
        return
    found, word = parsed(door.name, reply.answer, parse)
    asked = list(wanted)
    missing = [key for key in asked if key not in (found or {})]
    if word:
        yield word
        return
    yield from checks
    if len(missing) == len(asked):
        yield Check(door.name, "wrong", "knows none of the best known films")
    elif missing:
        names = ", ".join(str(key[-1] if isinstance(key, tuple) else key) for key in missing)
        yield Check(door.name, "warning", f"knows {len(asked) - len(missing)} of {len(asked)} best known films", names)
    elif not checks:
        yield Check(door.name, "ok", f"fine: {len(asked)} of {len(asked)} films")
