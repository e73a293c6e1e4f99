"""Turns list entries into items, by passing them through all sources, one chunk at a time.

JustWatch's titles come first. Then the chunk goes through the rounds of `candidate_search.py`, each requesting only
what earlier rounds left open. Candidates are matched after each round, and certain matches drop out. Last, everything
that the linked items refer to is fetched.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from movie_db.contract.errors import BlockedError, SourceError, UnreadableError
from movie_db.contract.messages import (
    AnyMessage,
    ChunkDone,
    CompanyItem,
    Credit,
    MovieFacts,
    MovieItem,
    MovieListEntry,
    Outcome,
    PersonItem,
    SourceCount,
    SourceRecord,
    now,
)
from movie_db.crawling_module import sources
from movie_db.crawling_module.gathering.candidate_search import CandidateSearch, add
from movie_db.crawling_module.gathering.database_api import UNDECIDED, Decisions
from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.gathering.film_case import FilmCase
from movie_db.crawling_module.gathering.justwatch_titles import fetch_titles
from movie_db.crawling_module.gathering.translator import Translator
from movie_db.crawling_module.gathering.wikimedia import Wikimedia, fetch_by_key
from movie_db.crawling_module.sources import justwatch_page, wikidata
from movie_db.crawling_module.sources.base import KeyedSource
from movie_db.stitching import match

CHUNK: Final = 250
"""Movies per chunk: enough to fill batches, few enough for memory."""
HOPEFUL: Final = -7.0
"""The match weight below which agreement on people couldn't make a candidate a match."""
CROWD: Final = 3
SOURCES: Final = ("justwatch", "wikidata", "wikipedia")


class Gatherer:
    """Gathers the movies of one run. `country` is the country of JustWatch's offers (None: JustWatch isn't
    requested).
    """

    def __init__(
        self,
        fetcher: Fetcher,
        search: Fetcher,
        wiki_api: str | None,
        run: str,
        country: str | None,
        decisions: Decisions = UNDECIDED,
        languages: Sequence[str] = (),
    ) -> None:
        self._fetcher = fetcher
        self._search = search
        self._run = run
        self._country = country
        self._decisions = decisions
        self._languages = tuple(language for language in languages if language != "en")
        self._wikimedia = Wikimedia(fetcher, self._languages)
        self._candidate_search = CandidateSearch(fetcher, search, wiki_api, self._wikimedia, self._languages)
        self._translator = Translator(fetcher, self._wikimedia, self._languages)
        self._keyed = sources.keyed()
        self._taken: dict[str, str] = {}
        self.counts: dict[str, dict[str, int]] = {
            source: {} for source in (*SOURCES, *(keyed.SOURCE for keyed in self._keyed))
        }
        self.filled: dict[str, Counter[str]] = {}
        self.movies = 0

    def remember(self, message: AnyMessage) -> None:
        """Restore the state from a message that this run wrote before it was interrupted."""
        if isinstance(message, PersonItem | CompanyItem):
            self._wikimedia.remember(message)
        elif isinstance(message, MovieItem):
            self._count(message)
            for link in message.links:
                self._taken[link.source_id] = message.entry.key
        elif isinstance(message, ChunkDone):
            self._fetcher.notes |= message.notes
            self._fetcher.spent |= set(message.spent)

    def checkpoint(self, position: int) -> ChunkDone:
        """Return the message that all movies up to `position` are written."""
        notes, spent = dict(self._fetcher.notes), tuple(sorted(self._fetcher.spent))
        return ChunkDone(run=self._run, position=position, notes=notes, spent=spent)

    def claim(self, pages: Mapping[str, str]) -> None:
        """Assign items and pages that earlier runs found, given as page → entry key."""
        self._taken |= pages

    async def contributor_items(self, people: set[str], companies: set[str]) -> list[PersonItem | CompanyItem]:
        """Return these people and companies as Wikidata has them now."""
        await self._wikimedia.fetch_names(people | companies)
        return await self._wikimedia.contributor_items(people, companies, self._run)

    async def gather(self, entries: Sequence[MovieListEntry], start: int) -> AsyncIterator[AnyMessage]:
        """Yield the messages of all entries (in the order of `list_order`) from position `start` on."""
        for position in range(start, len(entries), CHUNK):
            async for message in self._chunk(entries[position : position + CHUNK]):
                yield message
            yield self.checkpoint(min(position + CHUNK, len(entries)))

    def sources(self) -> dict[str, SourceCount]:
        """Requests and outcomes by source, for the report."""
        requested = self._fetcher.requests + self._search.requests
        notes = dict(self._fetcher.notes)
        for source in self._fetcher.spent & self.counts.keys():
            rest = self.counts[source].get("failed", 0)
            notes[source] += f" {rest:,} movies are left for tomorrow: the same command requests only those."
        return {
            source: SourceCount.model_validate(
                {
                    "requests": requested[source],
                    "note": notes.get(source),
                    "outcomes": outcomes,
                    "filled": self.filled.get(source, {}),
                }
            )
            for source, outcomes in self.counts.items()
        }

    async def _chunk(self, entries: Sequence[MovieListEntry]) -> AsyncIterator[AnyMessage]:
        cases = [self._case(entry) for entry in entries]
        self._wikimedia.next_chunk()
        await self._justwatch(cases)
        for case in cases:
            if case.decided:
                add(case, [case.decided])
        await self._judge([case for case in cases if case.decided])
        for search_round in self._candidate_search.rounds():
            # Movies whose page a person decided aren't searched, even if that page can't be fetched now.
            open_cases = [case for case in cases if not case.linked and not case.decided]
            if open_cases:
                await search_round(open_cases)
                await self._judge(open_cases)
        self._assign_pages(cases)
        for messages in await self._complete(cases):
            yield messages
        for source in self._keyed:
            await self._by_key(source, cases)
        for case in cases:
            self._close(case)
            item = case.item(self._run)
            self._count(item)
            yield item
            if case.outcomes["wikidata"] == "unsure" and case.likeliest:
                yield case.review(self._run, self._candidate_record(case.likeliest))

    def _case(self, entry: MovieListEntry) -> FilmCase:
        case = FilmCase.of(entry)
        case.decided = self._decisions.same.get(entry.key)
        case.refused = self._decisions.different.get(entry.key, frozenset())
        return case

    def _count(self, item: MovieItem) -> None:
        self.movies += 1
        for source, outcome in item.outcomes.items():
            counted = self.counts.setdefault(source, {})
            counted[outcome] = counted.get(outcome, 0) + 1
        for record in item.records:
            self.filled.setdefault(record.source, Counter()).update(record.facts.present)

    async def _justwatch(self, cases: Sequence[FilmCase]) -> None:
        requested = {case.entry.ids["justwatch"]: case for case in cases if "justwatch" in case.entry.ids}
        country = self._country
        if country is None:
            return
        titles = await fetch_titles(self._fetcher, requested, country, self._languages)
        for key, case in requested.items():
            if record := titles.records.get(key):
                case.add_record(record)
                for messages in titles.texts.get(key, ()):
                    case.add_texts(messages)
            else:
                error = titles.failed.get(key)
                case.outcomes["justwatch"] = error.outcome if error else "not_found"
        closed = [key for key, error in titles.failed.items() if isinstance(error, BlockedError | UnreadableError)]
        await self._justwatch_pages([requested[key] for key in closed])

    async def _justwatch_pages(self, cases: Sequence[FilmCase]) -> None:
        """Read the titles' own pages, one per movie, when GraphQL is blocked."""
        requested = {case.entry.url: case for case in cases if case.entry.url}
        found, failed = await fetch_by_key(
            self._fetcher,
            requested,
            1,
            justwatch_page.plan,
            lambda got: {got.request.url: justwatch_page.parse(got, requested[got.request.url].entry.ids["justwatch"])},
        )
        for url, case in requested.items():
            if url in found:
                case.add_record(found[url])
            elif url in failed:
                case.outcomes[justwatch_page.SOURCE] = failed[url].outcome

    async def _judge(self, cases: Sequence[FilmCase]) -> None:
        """Fetch promising candidates in full, and match."""
        wikimedia = self._wikimedia
        new = {key for case in cases for key, film in case.candidates.items() if not film.titles}
        await wikimedia.fetch_films(key for key in new if _is_item(key))
        close = {key for case in cases for key in self._hopeful(case, new & case.candidates.keys())}
        entities = [wikimedia.films[key].what for key in close if key in wikimedia.films]
        await wikimedia.fetch_names(q for film in entities for q in film.items("P57"))
        pages = {film.qid: film.wikipedia for film in entities if film.wikipedia}
        await wikimedia.fetch_articles([*pages.values(), *(key for key in close if not _is_item(key))])
        for case in cases:
            for key in close & case.candidates.keys():
                case.candidates[key] = self._film(key)
            for key in [key for key, film in case.candidates.items() if not film.titles]:
                case.trouble = wikimedia.failed.get(key, case.trouble)
                del case.candidates[key]
            case.decide()

    def _hopeful(self, case: FilmCase, new: set[str]) -> set[str]:
        """Return the candidates worth fetching; of more than `CROWD`, those that agreement on people could make a
        match.
        """
        if len(new) <= CROWD:
            return new
        films = {key: self._of_item(key) for key in new & self._wikimedia.films.keys()}
        return new - {key for key, film in films.items() if match.bits(match.weigh(case.film, film)) < HOPEFUL}

    def _film(self, key: str) -> match.FilmFeatures:
        """Return a candidate's features: its item and article together."""
        wikimedia = self._wikimedia
        film = match.FilmFeatures()
        page: str | None = key
        if key in wikimedia.films:
            film = self._of_item(key)
            page = wikimedia.films[key].what.wikipedia
        if page and page in wikimedia.articles:
            film |= match.of_record(wikimedia.articles[page])
        return film._replace(sitelinks=wikimedia.sitelinks.get(key))

    def _of_item(self, key: str) -> match.FilmFeatures:
        """Return the features of an item alone."""
        return match.of_record(self._wikimedia.sketch(key))

    def _candidate_record(self, key: str) -> SourceRecord:
        return self._wikimedia.film_record(key) if _is_item(key) else self._wikimedia.articles[key]

    def _assign_pages(self, cases: Sequence[FilmCase]) -> None:
        """Give each page to one movie: if several entries claim it, the likeliest gets it and the others are unsure.

        Entries that share ids with it are duplicates of one movie, and share it.
        """
        for case in sorted(cases, key=lambda c: (-c.verdict.probability, c.entry.key)):
            key = case.linked
            if key is None:
                continue
            if self._taken.setdefault(key, case.entry.key) != case.entry.key and not case.proven:
                case.verdict = match.Verdict(
                    "ask",
                    case.verdict.best,
                    case.verdict.probability,
                    (*case.verdict.evidence, match.Evidence("taken", f"by {self._taken[key]}", -8.0)),
                    case.verdict.runner_up,
                )

    async def _complete(self, cases: Sequence[FilmCase]) -> list[PersonItem | CompanyItem]:
        """Fetch what the linked items refer to, and add the records to the movies."""
        wikimedia = self._wikimedia
        linked = [(case, key) for case in cases if (key := case.linked)]
        items = [key for _, key in linked if _is_item(key)]
        refs = [wikidata.refs(wikimedia.films[key].what) for key in items]
        people = {q for named in refs for q in named["people"]}
        companies = {q for named in refs for q in named["companies"]}
        await wikimedia.fetch_names(people | companies | {q for named in refs for q in named["things"]})
        await wikimedia.fetch_articles(p for key in items if (p := wikimedia.films[key].what.wikipedia))
        messages = await wikimedia.contributor_items(people, companies, self._run)
        for case, key in linked:
            page: str | None = key
            if _is_item(key):
                page = wikimedia.films[key].what.wikipedia
                case.add_record(wikimedia.film_record(key))
            if page and page in wikimedia.articles:
                article = wikimedia.articles[page]
                # The item's link counts: titles differ if a page was moved since.
                case.add_record(article.model_copy(update={"ids": {**article.ids, "wikipedia": page}}))
            elif page and page in wikimedia.failed:
                case.outcomes["wikipedia"] = wikimedia.failed[page].outcome
        await self._translator.by_items(linked)
        return messages

    async def _by_key(self, source: KeyedSource, cases: Sequence[FilmCase]) -> None:
        """Request a source by the movies' ids. A record counts only if its other fields don't contradict."""
        requested: dict[str, list[FilmCase]] = {}
        for case in cases:
            key = source.key_of(case.ids)
            if key is None:
                case.outcomes[source.SOURCE] = "not_asked"
            else:
                requested.setdefault(key, []).append(case)
        found: dict[str, SourceRecord] = {}
        failed: dict[str, SourceError] = {}
        ordered = sorted(requested)
        # The first batch alone: without a key or quota, the rest isn't requested.
        for part in (ordered[: source.BATCH], ordered[source.BATCH :]):
            good, bad = await fetch_by_key(self._fetcher, part, source.BATCH, source.plan, source.parse)
            found |= good
            failed |= bad
        for key, bearers in requested.items():
            record, error = found.get(key), failed.get(key)
            for case in bearers:
                if record is None:
                    case.outcomes[source.SOURCE] = error.outcome if error else "not_found"
                elif match.judge(case.film, [match.of_record(record)]).status == "same":
                    case.add_record(record)
                else:
                    case.outcomes[source.SOURCE] = "unsure"
        await self._translator.by_key(source, requested)

    def _close(self, case: FilmCase) -> None:
        """Set the outcomes that are still open, and add a record if no source gave one."""
        case.outcomes.setdefault("justwatch", "not_asked")
        rest: Outcome = "not_found"
        if case.trouble and case.outcomes.get("wikidata") != "found":
            rest = case.trouble.outcome  # the missing answer might have had the movie
        elif not case.linked and case.verdict.status == "ask":
            rest = "unsure"
        for source in ("wikidata", "wikipedia"):
            case.outcomes.setdefault(source, rest)
        if not case.records.keys() & {"justwatch", justwatch_page.SOURCE}:
            listed = listed_record(case.entry)
            case.records[listed.source] = listed


def listed_record(entry: MovieListEntry) -> SourceRecord:
    """Return the list's own record of a movie, used if its source was not requested or didn't answer."""
    own = entry.url is None
    return SourceRecord(
        source="own_list" if own else "gallery",
        source_id=entry.key[:255],
        url=entry.url or f"file:///{quote(entry.gallery.rpartition('/')[2])}",
        retrieved_at=now(),
        licence="the user's own" if own else "the gallery's terms of use",
        ids=entry.ids,
        facts=MovieFacts(
            title=entry.title,
            original_title=entry.original_title,
            year=entry.year,
            runtime=entry.runtime,
            directors=tuple(Credit(name=name) for name in entry.directors),
        ),
    )


def _is_item(key: str) -> bool:
    return key[0] == "Q" and key[1:].isdecimal()
