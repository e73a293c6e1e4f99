"""The checks of the sources: one small request to each, about well-known movies."""

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
from movie_db.doctor.gateway import FIRST_BYTES, Gateway, Reply
from movie_db.doctor.report import Check
from movie_db.doctor.responses import Endpoint, compare, graphql_errors, parsed, read_json, rejection
from movie_db.doctor.sample_movies import WELL_KNOWN

DEFAULT: Final = Settings.model_fields["gallery"].default
LAGS: Final = 600
"""Seconds by which the query service may lag."""
KEYED: Final = 3
"""Movies that are requested from a source that takes one per request."""

PACKAGES: Final = Endpoint("JustWatch packages", READS_PACKAGES, "data.")
LIST: Final = Endpoint("JustWatch list", READS_LIST, "data.popularTitles.edges[].node.")
TITLES: Final = Endpoint("JustWatch titles", justwatch.READS)
PAGES: Final = Endpoint("JustWatch pages", justwatch_page.READS)
ENTITIES: Final = Endpoint("Wikidata entities", wikidata_entity.READS, "entities.*.")
QUERY: Final = "Wikidata query service"
BY_IDS: Final = Endpoint(QUERY, wikidata.READS_BY_IDS, "results.bindings[].")
BY_TITLES: Final = Endpoint(QUERY, wikidata.READS_BY_TITLES, "results.bindings[].")
ARTICLES: Final = Endpoint("Wikipedia pages", wikipedia.READS, "query.pages[].")
SEARCH: Final = "Wikipedia search"
IMDB: Final = "IMDb files"

Run = Callable[[], Iterator[Check]]


def source_checks(gateway: Gateway, settings: Settings) -> list[tuple[str, Run]]:
    """The checks that can run at the same time, in the order of the report: a name and a function."""
    return [
        ("JustWatch", lambda: _justwatch(gateway, settings)),
        (ENTITIES.name, lambda: _entities(gateway)),
        (QUERY, lambda: _query_service(gateway)),
        (ARTICLES.name, lambda: _articles(gateway)),
        (SEARCH, lambda: _search(gateway)),
        (
            "TMDB",
            lambda: _keyed(
                gateway, Endpoint("TMDB", tmdb.READS), tmdb, [f.tmdb for f in WELL_KNOWN], settings.tmdb_key
            ),
        ),
        (
            "OMDb",
            lambda: _keyed(
                gateway, Endpoint("OMDb", omdb.READS), omdb, [f.imdb for f in WELL_KNOWN], settings.omdb_key
            ),
        ),
        (IMDB, lambda: _imdb(gateway)),
    ]


def _justwatch(gateway: Gateway, settings: Settings) -> Iterator[Check]:
    try:
        address = gallery_address.justwatch(settings.gallery)
    except UsageError:
        address = None
    address = address or gallery_address.justwatch(DEFAULT)
    assert address is not None
    site = gallery.JustWatchGallery(address)
    code, checks = _packages(gateway, address)
    yield from checks
    yield from _list(gateway, site, code)
    path, checks = _titles(gateway, address.country)
    yield from checks
    yield from _pages(gateway, site, path or f"/{address.address.split('/')[3]}/movie/the-matrix")


def _packages(gateway: Gateway, address: gallery_address.GalleryAddress) -> tuple[str | None, list[Check]]:
    name = PACKAGES.name
    reply = gateway.send(graphql.request("GetPackages", justwatch_list.PACKAGES, {"country": address.country}))
    body, bad = _read(PACKAGES, reply)
    if bad:
        return None, bad
    packages = (body.get("data") or {}).get("packages")
    if not isinstance(packages, list) or not address.provider:
        return None, [Check(name, "ok", "fine")]
    try:
        code, called = justwatch_list.provider_of(packages, address.provider)
    except UsageError as error:
        return None, [Check(name, "warning", str(error).rstrip("."), "choose another one with MOVIE_DB_GALLERY")]
    except SourceError as error:
        return None, [Check(name, "wrong", str(error).rstrip("."))]
    return code, [Check(name, "ok", f"fine: {len(packages)} in {address.country}, among them {called}")]


def _list(gateway: Gateway, site: gallery.JustWatchGallery, code: str | None) -> Iterator[Check]:
    reply = gateway.send(site.first_request(code))
    _, checks = _read(LIST, reply)
    if any(check.status == "wrong" for check in checks):
        yield from checks
        return
    page, problem = parsed(
        LIST.name, reply.answer, lambda answer: justwatch_list.titles(answer, justwatch_list.entry_of, code)
    )
    if page is not None and not page.entries:
        problem = Check(LIST.name, "wrong", f"declares {page.declared} titles, and shows no movie")
    yield from [*checks, problem] if problem else checks
    if page is not None and not problem and not checks:
        message = f"fine: {len(page.entries)} of {page.declared} movies on the first page"
        yield Check(LIST.name, "ok", message)


def _titles(gateway: Gateway, country: str) -> tuple[str | None, list[Check]]:
    (ask,) = justwatch.plan([film.justwatch for film in WELL_KNOWN], country)
    reply = gateway.send(ask)
    if problem := rejection(TITLES.name, reply):
        return None, [problem]
    body, problem = read_json(TITLES.name, reply)
    if problem:
        return None, [problem]
    checks = graphql_errors(TITLES.name, body)
    found = body.get("data")
    nodes = [node for node in found.values() if isinstance(node, dict)] if isinstance(found, dict) else []
    if not nodes and not checks:
        checks = [Check(TITLES.name, "wrong", "`data` holds none of the well-known movies")]
    checks += compare(TITLES, nodes)
    if not checks:
        records, problem = parsed(TITLES.name, reply.answer, justwatch.parse)
        lost = [key for key, record in (records or {}).items() if record is None]
        if problem:
            checks = [problem]
        elif lost or not records:
            checks = [Check(TITLES.name, "wrong", f"{len(lost)} of {len(nodes)} movies can't be read")]
        else:
            checks = [Check(TITLES.name, "ok", f"fine: {len(records)} of {len(WELL_KNOWN)} movies")]
    paths = (node["content"].get("fullPath") for node in nodes if isinstance(node.get("content"), dict))
    return next((path for path in paths if isinstance(path, str)), None), checks


def _pages(gateway: Gateway, site: gallery.JustWatchGallery, path: str) -> Iterator[Check]:
    name = PAGES.name
    reply = gateway.send(site.first_page())
    if problem := rejection(name, reply):
        yield problem
        return
    page, problem = parsed(name, reply.answer, justwatch_html.parse)
    if page is None or problem:
        yield from [problem] if problem else []
        return
    if not page.entries:
        yield Check(name, "wrong", "the gallery's page shows no movie", "its format may have changed")
        return
    (ask,) = justwatch_page.plan([f"https://{gallery_address.JUSTWATCH}{path}"])
    reply = gateway.send(ask)
    if problem := rejection(name, reply):
        yield problem
        return
    films = list(justwatch_page.films_of(reply.answer))
    checks = compare(PAGES, films)
    _, problem = parsed(name, reply.answer, lambda answer: justwatch_page.parse(answer, WELL_KNOWN[0].justwatch))
    if problem and not any(check.status == "wrong" for check in checks):
        checks.append(problem)
    yield from checks or [Check(name, "ok", f"fine: {len(page.entries)} movies on the first, and a movie's own")]


def _entities(gateway: Gateway) -> Iterator[Check]:
    (ask,) = wikidata.plan_entities(film.wikidata for film in WELL_KNOWN)
    reply = gateway.send(ask)
    yield from _answered(ENTITIES, reply, lambda a: wikidata.parse_entities(a.body), [f.wikidata for f in WELL_KNOWN])


def _articles(gateway: Gateway) -> Iterator[Check]:
    (ask,) = wikipedia.plan_articles(film.wikipedia for film in WELL_KNOWN)
    reply = gateway.send(ask)
    yield from _answered(
        ARTICLES, reply, lambda a: wikipedia.parse_articles(a.body)[0], [f.wikipedia for f in WELL_KNOWN]
    )


def _query_service(gateway: Gateway) -> Iterator[Check]:
    (ask,) = wikidata.plan_by_ids(("imdb", film.imdb) for film in WELL_KNOWN)
    reply = gateway.send(ask)
    expected = [("imdb", film.imdb) for film in WELL_KNOWN]
    checks = list(_answered(BY_IDS, reply, lambda a: wikidata.parse_by_ids(a.body), expected))
    if any(check.status == "wrong" for check in checks):
        yield from checks
        return
    (ask,) = wikidata.plan_by_titles(film.title for film in WELL_KNOWN)
    reply = gateway.send(ask)
    titles = list(
        _answered(BY_TITLES, reply, lambda a: wikidata.parse_by_titles(a.body), [film.title for film in WELL_KNOWN])
    )
    if all(check.status == "ok" for check in titles):
        yield from (check for check in checks if check.status != "ok")
        yield _lag(gateway)
        return
    if reply.refused is None and _is_empty(reply):
        advice = "its engine may have changed and read the query otherwise"
        yield Check(QUERY, "wrong", "finds movies by ids, but none by title", advice)
        return
    yield from titles


def _is_empty(reply: Reply) -> bool:
    try:
        return not wikidata.parse_by_titles(reply.answer.body)
    except UnreadableError:
        return False


def _lag(gateway: Gateway) -> Check:
    (ask,) = wikidata.plan_lag()
    reply = gateway.send(ask)
    at, problem = (None, None) if reply.refused else parsed(QUERY, reply.answer, lambda a: wikidata.parse_lag(a.body))
    if at is None or problem:
        return Check(QUERY, "ok", "fine: finds movies by ids and titles; its lag is unknown")
    behind = max(0, round((datetime.now(UTC) - at).total_seconds()))
    message = f"lags by {behind} s" if behind < 180 else f"lags by {behind // 60:,} min"
    if behind > LAGS:
        advice = "the newest movies and changes are missing there; others are found"
        return Check(QUERY, "warning", message, advice)
    return Check(QUERY, "ok", f"fine: finds movies by ids and titles; {message}")


def _search(gateway: Gateway) -> Iterator[Check]:
    film = WELL_KNOWN[0]
    reply = gateway.send(
        SourceRequest("wiki_api", f"{gateway.wiki_api}/v1/search/movies?title={quote_plus(film.title)}&limit=10")
    )
    if problem := rejection(SEARCH, reply):
        yield problem
        return
    found, problem = parsed(SEARCH, reply.answer, wiki_search.parse)
    titles = [title for of_query in (found or {}).values() for title in of_query]
    if problem:
        yield problem
    elif film.wikipedia not in titles:
        yield Check(SEARCH, "wrong", f"does not find {film.wikipedia} ({len(titles)} movies found)")
    else:
        yield Check(SEARCH, "ok", f"fine: finds {film.wikipedia}")


def _keyed(gateway: Gateway, endpoint: Endpoint, source: Any, keys: list[str], key: object) -> Iterator[Check]:
    if not key:
        yield Check(endpoint.name, "ok", "no key, so not checked")
        return
    bodies: list[dict[str, Any]] = []
    records: dict[str, Any] = {}
    for one in keys[:KEYED]:
        reply = gateway.send(source.plan([one])[0])
        if reply.status == 404:
            continue
        if problem := rejection(endpoint.name, reply):
            yield problem
            return
        body, problem = read_json(endpoint.name, reply)
        if problem:
            yield problem
            return
        bodies.append({name: None if value == "N/A" else value for name, value in body.items()})
        found, problem = parsed(endpoint.name, reply.answer, source.parse)
        if problem and not compare(endpoint, [bodies[-1]]):
            yield problem
            return
        records |= found or {}
    checks = compare(endpoint, bodies)
    if not bodies:
        checks = [Check(endpoint.name, "wrong", "knows none of the well-known movies")]
    elif not records and not any(check.status == "wrong" for check in checks):
        checks.append(Check(endpoint.name, "wrong", "no movie can be read"))
    yield from checks or [Check(endpoint.name, "ok", f"fine: {len(records)} of {len(bodies)} movies")]


def _imdb(gateway: Gateway) -> Iterator[Check]:
    lacking: list[Check] = []
    for file, columns in imdb.READS.items():
        headers = (("Range", f"bytes=0-{FIRST_BYTES - 1}"),)
        reply = gateway.send(SourceRequest("imdb", f"https://datasets.imdbws.com/{file}.tsv.gz", headers=headers))
        if reply.status in {403, 404} and not reply.code and file != "title.basics":
            lacking.append(Check(IMDB, "warning", f"{file}.tsv.gz is not there ({reply.status})"))
            continue
        if problem := rejection(IMDB, reply):
            yield problem
            return
        head = _header(reply.answer)
        gone = [column for column in columns if column not in head]
        if gone:
            fields = tuple({"path": f"{file}.{name}", "what": "gone", "renamed": None} for name in gone)
            message = f"{file}.tsv.gz has no column {', '.join(f'`{name}`' for name in gone)}"
            lacking.append(
                Check(IMDB, "wrong", message if len(head) > 1 else f"{file}.tsv.gz is no table", fields=fields)
            )
    yield from lacking or [Check(IMDB, "ok", f"fine: {len(imdb.READS)} files")]


def _header(answer: SourceAnswer) -> list[str]:
    """The columns in the first line of a compressed file."""
    try:
        plain = zlib.decompressobj(31).decompress(answer.body, FIRST_BYTES)
    except zlib.error:
        return []
    return plain.partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r").split("\t")


def _read(endpoint: Endpoint, reply: Reply) -> tuple[dict[str, Any], list[Check]]:
    """The JSON of a response, and the checks that are not ok."""
    if problem := rejection(endpoint.name, reply):
        return {}, [problem]
    body, problem = read_json(endpoint.name, reply)
    if problem:
        return {}, [problem]
    checks = graphql_errors(endpoint.name, body) if endpoint.name in {PACKAGES.name, LIST.name} else []
    if not any(check.status == "wrong" for check in checks):
        checks += compare(endpoint, [body])
    return body, checks


def _answered(
    endpoint: Endpoint, reply: Reply, parse: Callable[[SourceAnswer], Any], expected: Iterable[Any]
) -> Iterator[Check]:
    """Checks of a response about the well-known movies, which the parser returns by these keys."""
    _, checks = _read(endpoint, reply)
    if any(check.status == "wrong" for check in checks):
        yield from checks
        return
    found, problem = parsed(endpoint.name, reply.answer, parse)
    requested = list(expected)
    missing = [key for key in requested if key not in (found or {})]
    if problem:
        yield problem
        return
    yield from checks
    if len(missing) == len(requested):
        yield Check(endpoint.name, "wrong", "knows none of the well-known movies")
    elif missing:
        names = ", ".join(str(key[-1] if isinstance(key, tuple) else key) for key in missing)
        yield Check(
            endpoint.name,
            "warning",
            f"knows {len(requested) - len(missing)} of {len(requested)} well-known movies",
            names,
        )
    elif not checks:
        yield Check(endpoint.name, "ok", f"fine: {len(requested)} of {len(requested)} movies")
