"""Searches candidates for movies, in rounds. Each round requests only what earlier rounds left open.

First items with the movie's ids; then films of Wikidata with its titles; pages under the names that such a film would
have; both in other spellings; and last the searches of the wiki API and of Wikidata, one movie at a time.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final
from urllib.parse import urlencode

from movie_db.contract.errors import SourceError
from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.gathering.film_case import FilmCase
from movie_db.crawling_module.gathering.wikimedia import BATCH, Wikimedia, fetch_by_key
from movie_db.crawling_module.sources import wiki_search, wikidata, wikipedia
from movie_db.crawling_module.sources.base import SourceRequest
from movie_db.stitching import match
from movie_db.stitching.kind import FILM_KINDS, of_description
from movie_db.stitching.spellings import spellings

logger = logging.getLogger(__name__)
Round = Callable[[Sequence[FilmCase]], Awaitable[None]]
SEARCHES: Final = 3
"""Searches per movie, each with other words."""


class CandidateSearch:
    """Adds candidates to the cases of movies. Without `wiki_api`, the wiki API isn't searched."""

    def __init__(
        self, fetcher: Fetcher, search: Fetcher, wiki_api: str | None, wikimedia: Wikimedia, languages: Sequence[str]
    ) -> None:
        self._fetcher = fetcher
        self._search = search
        self._wiki_api = wiki_api
        self._wikimedia = wikimedia
        self._languages = languages
        self._hinted: bool | None = None

    def rounds(self) -> list[Round]:
        """Return the rounds: the most certain first, and those that take many movies per request."""
        rounds_: list[Round] = [self._by_ids, self._by_titles, self._by_guesses, self._by_spellings]
        rounds_ += [partial(self._by_search, 0), self._by_words]
        return rounds_ + [partial(self._by_search, turn) for turn in range(1, SEARCHES)]

    async def _by_ids(self, cases: Sequence[FilmCase]) -> None:
        """Add the items with one of the movie's ids, and pages that the list names."""
        bearers: dict[str, list[FilmCase]] = {}
        for case in cases:
            for namespace, value in case.film.ids:
                if namespace in wikidata.ID_PROPERTIES:
                    bearers.setdefault(f"{namespace}:{value}", []).append(case)
        found, failed = await fetch_by_key(
            self._fetcher,
            bearers,
            400,
            lambda keys: wikidata.plan_by_ids([(k.partition(":")[0], k.partition(":")[2]) for k in keys]),
            lambda answer: {":".join(key): qids for key, qids in wikidata.parse_by_ids(answer.body).items()},
        )
        for key, bearing in bearers.items():
            for case in bearing:
                add(case, found.get(key, ()))
                case.trouble = failed.get(key, case.trouble)
        for case in cases:
            add(case, [v for n, v in case.film.ids if n == "wikidata"])
        pages: dict[str, list[FilmCase]] = {}
        for case in cases:
            if "wikipedia" in case.entry.ids:
                pages.setdefault(case.entry.ids["wikipedia"], []).append(case)
        await self._add_pages(pages)

    async def _by_titles(self, cases: Sequence[FilmCase]) -> None:
        """Add films of Wikidata with one of the titles and about the same year."""
        titles: dict[str, list[FilmCase]] = {}
        originals: dict[str, list[FilmCase]] = {}
        for case in cases:
            case.all_of_title = True
            for title in case.titles:
                # Without a year, all films of similar titles are needed to see whether one is alone.
                others = () if case.year else spellings(title, articles=True)
                for spelled in (title, *others):
                    titles.setdefault(spelled, []).append(case)
            for title in case.original_titles:
                originals.setdefault(title, []).append(case)
        await self._add_titled(titles, (*wikidata.MAIN_LANGUAGES, *self._languages))
        await self._add_titled(originals, wikidata.ORIGINAL_LANGUAGES)

    async def _add_titled(self, waiting: dict[str, list[FilmCase]], languages: Sequence[str]) -> None:
        if waiting and self._hinted is None:
            self._hinted = await understands_hints(self._fetcher)
        found, failed = await find_by_titles(self._fetcher, waiting, languages, hinted=bool(self._hinted))
        for title, cases_ in waiting.items():
            for case in cases_:
                add(case, [hit.qid for hit in found.get(title, ()) if hit.near(case.year, 2)])
                case.trouble = failed.get(title, case.trouble)
                case.all_of_title &= title not in failed
        self._wikimedia.sitelinks |= {hit.qid: hit.sitelinks for hits in found.values() for hit in hits}

    async def _by_guesses(self, cases: Sequence[FilmCase]) -> None:
        """Add pages under the names that a film of this title and year would have."""
        guesses: dict[str, list[FilmCase]] = {}
        for case in cases:
            for title in case.titles:
                for guess in wikipedia.guesses(title, case.year):
                    guesses.setdefault(guess, []).append(case)
        await self._add_pages(guesses)

    async def _by_spellings(self, cases: Sequence[FilmCase]) -> None:
        """Add what other spellings of the titles find and, for a user's own list, titles in other languages."""
        spelled: dict[str, list[FilmCase]] = {}
        guesses: dict[str, list[FilmCase]] = {}
        foreign: dict[str, list[FilmCase]] = {}
        for case in cases:
            for other in {o: None for t in case.titles for o in spellings(t, articles=case.year is not None)}:
                spelled.setdefault(other, []).append(case)
                for guess in wikipedia.guesses(other, case.year)[:2]:
                    guesses.setdefault(guess, []).append(case)
            if case.entry.url is None:
                foreign.setdefault(case.entry.title, []).append(case)
        await self._add_titled(spelled, wikidata.MAIN_LANGUAGES)
        await self._add_titled(foreign, wikidata.ORIGINAL_LANGUAGES)
        await self._add_pages(guesses)

    async def _by_words(self, cases: Sequence[FilmCase]) -> None:
        """Add the films that Wikidata's search finds by the words of the title."""
        waiting: dict[str, list[FilmCase]] = {}
        for case in cases:
            waiting.setdefault(case.titles[0], []).append(case)
        found, failed = await search_by_words(self._fetcher, waiting)
        for title, cases_ in waiting.items():
            for case in cases_:
                case.trouble = failed.get(title, case.trouble)
                add(case, found.get(title, ()))

    async def _by_search(self, turn: int, cases: Sequence[FilmCase]) -> None:
        """Add what the wiki API finds for title and year; in later rounds, for other words."""
        if self._wiki_api is None:
            return
        waiting: dict[str, list[FilmCase]] = {}
        for case in cases:
            for query in case.searches[turn : turn + 1]:
                waiting.setdefault(query, []).append(case)
        found, failed = await fetch_by_key(self._search, waiting, 1, self._plan_search, wiki_search.parse)
        pages: dict[str, list[FilmCase]] = {}
        for query, cases_ in waiting.items():
            for case in cases_:
                case.trouble = failed.get(query, case.trouble)
                for title in found.get(query, ()):
                    pages.setdefault(title, []).append(case)
        await self._add_pages(pages)

    def _plan_search(self, queries: Sequence[str]) -> list[SourceRequest]:
        return [
            SourceRequest("wikipedia", f"{self._wiki_api}/v1/search/movies?{urlencode({'title': q, 'limit': 10})}")
            for q in queries
        ]

    async def _add_pages(self, pages: dict[str, list[FilmCase]]) -> None:
        """Add pages as candidates: by their item if they have one."""
        found, failed = await fetch_by_key(
            self._fetcher, pages, BATCH, wikipedia.plan_guesses, lambda answer: wikipedia.parse_guesses(answer.body)
        )
        for title, cases in pages.items():
            stub = found.get(title)
            for case in cases:
                case.trouble = failed.get(title, case.trouble)
                if stub and _may_be_film(stub):
                    add(case, [stub.qid or stub.title])


def add(case: FilmCase, keys: Iterable[str]) -> None:
    """Add items and pages as candidates, except those that a person rejected."""
    for key in keys:
        if key not in case.refused:
            case.candidates.setdefault(key, match.FilmFeatures())


def _may_be_film(stub: wikipedia.Stub) -> bool:
    """Whether a page may be about a film, by its short description."""
    bigger = stub.disambiguation or stub.fragment
    return not bigger and of_description(stub.description) in {None, *FILM_KINDS}


async def understands_hints(fetcher: Fetcher) -> bool:
    """Return whether the query service understands Blazegraph's hints. One request per run.

    Other engines take hints for statements that match nothing. Without an answer, no hints are sent: that costs time,
    but no movies.
    """
    try:
        return wikidata.parse_canary((await fetcher.fetch(wikidata.plan_canary())).body)
    except SourceError as error:
        logger.info("Queries are sent without hints, because it is unclear whether they are understood: %s", error)
        return False


async def find_by_titles(
    fetcher: Fetcher, titles: Iterable[str], languages: Sequence[str], *, hinted: bool
) -> tuple[dict[str, list[wikidata.Hit]], dict[str, SourceError]]:
    """Return the films with these titles in one of the languages, by title, and the titles whose request failed."""
    size = 100 if len(languages) < 5 else 20
    return await fetch_by_key(
        fetcher,
        titles,
        size,
        lambda batch: wikidata.plan_by_titles(batch, languages, hinted=hinted),
        lambda answer: wikidata.parse_by_titles(answer.body),
    )


async def search_by_words(
    fetcher: Fetcher, titles: Iterable[str]
) -> tuple[dict[str, list[str]], dict[str, SourceError]]:
    """Return the films with these words in a label or alias, by title, best first. One search per title."""
    requested = {request.url: title for title in titles for request in wikidata.plan_search(title)}
    return await fetch_by_key(
        fetcher,
        requested.values(),
        1,
        lambda batch: [request for title in batch for request in wikidata.plan_search(title)],
        lambda answer: {requested[answer.request.url]: wikidata.parse_search(answer.body)},
    )
