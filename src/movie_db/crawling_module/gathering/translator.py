"""Texts in other languages than English: asked for when it is known which films they are of, batch by batch."""

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
    """Adds texts in `languages` (English is none of them) to the films of a run."""

    def __init__(self, fetcher: Fetcher, wikimedia: Wikimedia, languages: Sequence[str]) -> None:
        self._fetcher = fetcher
        self._wikimedia = wikimedia
        self._languages = languages

    async def by_items(self, linked: Sequence[tuple[FilmCase, str]]) -> None:
        """Titles as Wikidata's items have them, titles and plots of the pages that these items name."""
        films = self._wikimedia.films
        known = [(case, films[key]) for case, key in linked if key in films]
        for language in self._languages:
            for case, held in known:
                title = values.name(held.what.labels.get(language, ""))
                case.tell(in_language(case.records["wikidata"], language, title=title))
            await self._pages(known, language)

    async def _pages(self, known: Sequence[tuple[FilmCase, FetchedEntity]], language: str) -> None:
        host, source = wikipedia.host_of(language), f"{wikipedia.SOURCE}_{language}"
        site = host.partition(".")[0]
        wanted = [(case, page) for case, held in known if (page := held.what.pages.get(site))]
        found, failed = await fetch_articles(
            self._fetcher, (page for _, page in wanted), host, lambda article, answer: (article, answer.retrieved_at)
        )
        for case, page in wanted:
            if page in found:
                article, at = found[page]
                base = case.records.get(wikipedia.SOURCE) or _base(case.records["wikidata"], page, at)
                url = wikipedia.page_url(article.title, host)
                case.tell(wikipedia.article_texts(base, article, language, url, at))
            elif page in failed:
                case.outcomes[source] = failed[page].outcome

    async def by_key(self, source: KeyedSource, bearers: Mapping[str, Sequence[FilmCase]]) -> None:
        """What a source that `SPEAKS` other languages tells in them; `bearers` are its films by the key it knows."""
        if not getattr(source, "SPEAKS", False):
            return
        known = {key: [case for case in cases if source.SOURCE in case.records] for key, cases in bearers.items()}
        for language in self._languages:
            found, failed = await fetch_by_key(
                self._fetcher,
                (key for key, cases in known.items() if cases),
                source.BATCH,
                lambda keys, language=language: source.plan(keys, language),  # type: ignore[misc]
                source.parse,
            )
            for key, cases in known.items():
                for case in cases:
                    if key in found:
                        case.tell(translated(case.records[source.SOURCE], found[key], language))
                    elif key in failed:
                        case.outcomes[f"{source.SOURCE}_{language}"] = failed[key].outcome


def _base(item: SourceRecord, page: str, at: datetime) -> SourceRecord:
    """What stands for the record of an English page, where there is none."""
    named = {"source": wikipedia.SOURCE, "source_id": page, "licence": wikipedia.LICENCE, "retrieved_at": at}
    return item.model_copy(update=named)
