"""Texts in languages other than English, requested in batches after movies were identified."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from movie_db.contract.messages import SourceRecord
from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.gathering.film_case import FilmCase
from movie_db.crawling_module.gathering.wikimedia import FetchedEntity, Wikimedia, fetch_articles, fetch_by_key
from movie_db.crawling_module.sources import wikipedia
from movie_db.crawling_module.sources.base import KeyedSource
from movie_db.crawling_module.sources.translations import in_language, translated
from movie_db.stitching import values


class Translator:
    """Adds texts in `languages` (without English) to the movies of a run."""

    def __init__(self, fetcher: Fetcher, wikimedia: Wikimedia, languages: Sequence[str]) -> None:
        self._fetcher = fetcher
        self._wikimedia = wikimedia
        self._languages = languages

    async def by_items(self, linked: Sequence[tuple[FilmCase, str]]) -> None:
        """Add titles of Wikidata's items, and titles and plots of the pages that these items link to."""
        films = self._wikimedia.films
        linked_items = [(case, films[key]) for case, key in linked if key in films]
        for language in self._languages:
            for case, fetched in linked_items:
                title = values.name(fetched.what.labels.get(language, ""))
                case.add_texts(in_language(case.records["wikidata"], language, title=title))
            await self._pages(linked_items, language)

    async def _pages(self, linked_items: Sequence[tuple[FilmCase, FetchedEntity]], language: str) -> None:
        host, source = wikipedia.host_of(language), f"{wikipedia.SOURCE}_{language}"
        site = host.partition(".")[0]
        pending = [(case, page) for case, fetched in linked_items if (page := fetched.what.pages.get(site))]
        found, failed = await fetch_articles(
            self._fetcher, (page for _, page in pending), host, lambda article, answer: (article, answer.retrieved_at)
        )
        for case, page in pending:
            if page in found:
                article, at = found[page]
                base = case.records.get(wikipedia.SOURCE) or _base(case.records["wikidata"], page, at)
                url = wikipedia.page_url(article.title, host)
                case.add_texts(wikipedia.article_texts(base, article, language, url, at))
            elif page in failed:
                case.outcomes[source] = failed[page].outcome

    async def by_key(self, source: KeyedSource, bearers: Mapping[str, Sequence[FilmCase]]) -> None:
        """Add the texts of a source with `SPEAKS`; `bearers` are its movies by requested key."""
        if not getattr(source, "SPEAKS", False):
            return
        linked_items = {
            key: [case for case in cases if source.SOURCE in case.records] for key, cases in bearers.items()
        }
        for language in self._languages:
            found, failed = await fetch_by_key(
                self._fetcher,
                (key for key, cases in linked_items.items() if cases),
                source.BATCH,
                lambda keys, language=language: source.plan(keys, language),  # type: ignore[misc]
                source.parse,
            )
            for key, cases in linked_items.items():
                for case in cases:
                    if key in found:
                        case.add_texts(translated(case.records[source.SOURCE], found[key], language))
                    elif key in failed:
                        case.outcomes[f"{source.SOURCE}_{language}"] = failed[key].outcome


def _base(item: SourceRecord, page: str, at: datetime) -> SourceRecord:
    """Return a stand-in for the record of a missing English page."""
    named = {"source": wikipedia.SOURCE, "source_id": page, "licence": wikipedia.LICENCE, "retrieved_at": at}
    return item.model_copy(update=named)
