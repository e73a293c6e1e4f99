"""A refresh: what of a gallery's films is due is asked for again, and only what changed is told.

The list comes with whole titles, so it tells of every film what its own source says now. Pages and items are compared
by their revisions; a film of which one changed is gathered again as in a build, and so is a film that came.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Final, Literal

from movie_db.contract.gallery_address import JUSTWATCH
from movie_db.contract.messages import (
    AnyMessage,
    ChunkDone,
    MovieFacts,
    MovieItem,
    MovieListEntry,
    Outcome,
    RecordsUnchanged,
    SourceCount,
    SourceRecord,
    now,
)
from movie_db.contract.runs import Run
from movie_db.contract.state import state_of
from movie_db.crawling_module import sources
from movie_db.crawling_module.galleries.base import Gallery
from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.gathering.gatherer import Gatherer, listed_record
from movie_db.crawling_module.gathering.justwatch_titles import fetch_titles
from movie_db.crawling_module.gathering.list_order import ListedFilms, order
from movie_db.crawling_module.gathering.wikimedia import fetch_by_key
from movie_db.crawling_module.refreshing.plan import Plan, PlannedMovie, PlannedRecord
from movie_db.crawling_module.refreshing.revisions import Compared, compare_items, compare_pages
from movie_db.crawling_module.sources import justwatch
from movie_db.crawling_module.sources.base import KeyedSource

SHARE: Final = 50
"""Films of a source that is asked for one by one, at once: the oldest first, until its quota ends."""
OWN: Final = ("own_list", "gallery")
"""Sources whose records are what the list itself says."""
Entity = Literal["movie", "person", "company"]


class Refresher:
    """Refreshes the films of one run's gallery by a plan; new and changed ones are the gatherer's."""

    def __init__(
        self, fetcher: Fetcher, gatherer: Gatherer, gallery: Gallery, run: Run, plan: Plan, listed: ListedFilms
    ) -> None:
        self._fetcher = fetcher
        self._gatherer = gatherer
        self._gallery = gallery
        self._run = run
        self._plan = plan
        self._listed = listed
        self._here = {entry.key for entry in self._entries()}
        self._again = {key for key, film in plan.films.items() if film.search}
        self._changed: defaultdict[str, list[SourceRecord]] = defaultdict(list)
        self._gone: dict[str, SourceRecord] = {}
        self._same: defaultdict[tuple[Entity, str, datetime], list[str]] = defaultdict(list)
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        gatherer.claim({r.asked_by: key for key, film in plan.films.items() for r in film.records})

    async def messages(self, start: int | None) -> AsyncIterator[AnyMessage]:
        """All that is to be told. `start`: where an interrupted refresh stood in gathering, if it came so far."""
        self._count_due()
        await self._by_list()
        self._by_own_word()
        for source, compare in (("wikidata", compare_items), ("wikipedia", compare_pages)):
            known = {r.asked_by: r for film in self._plan.films.values() if (r := film.of(source)) and r.due}
            self._take("movie", source, await compare(self._fetcher, {k: r.state for k, r in known.items()}), known)
        for keyed in sources.keyed():
            await self._by_key(keyed)
        parties = [message async for message in self._parties()]
        if start is None:
            for message in (*self._unchanged(), *self._items(), *parties):
                yield message
            yield ChunkDone(run=self._run.id, position=0)
        async for message in self._gatherer.gather(self._to_gather(), start or 0):
            yield message
        # Last: a film that has a new id is told by then, and its offers go on.
        for key, record in sorted(self._gone.items()):
            yield self._item(self._plan.films[key].entry, (record,), "not_found")

    def sources(self) -> dict[str, SourceCount]:
        """Requests and outcomes by source, for the report."""
        told = self._gatherer.sources()
        return {source: count.model_copy(update=self._counts[source]) for source, count in told.items()}

    def _entries(self) -> Iterator[MovieListEntry]:
        for start in range(0, len(self._listed), 1000):
            yield from self._listed[start : start + 1000]

    def _count_due(self) -> None:
        for film in self._plan.films.values():
            for record in film.records:
                self._counts[record.source]["due"] += record.due
        self._counts["wikidata"]["due"] += len(self._plan.people) + len(self._plan.companies)

    def _note(self, key: str, film: PlannedMovie, source: str, told: SourceRecord | datetime) -> None:
        """Notes what a source says of a film, or when it said the same again."""
        known = film.of(source)
        if known and isinstance(told, SourceRecord) and _says_the_same(film, told):
            told = told.retrieved_at
        if known and isinstance(told, datetime):
            self._same["movie", source, told].append(known.source_id)
            self._counts[source]["unchanged"] += 1
        elif isinstance(told, SourceRecord):
            self._changed[key].append(told)
            self._counts[source]["changed"] += 1

    async def _by_list(self) -> None:
        """What JustWatch says: by the list, or by id of films that it has no longer, or tells too little of."""
        films, country = self._plan.films, self._gallery.country
        if country is None:
            return

        def keep(told: SourceRecord) -> SourceRecord | datetime:
            film = films.get(f"justwatch:{told.source_id}")
            return told.retrieved_at if film and _says_the_same(film, told) else told

        heard = await self._gallery.records(self._fetcher.read, keep)
        for key, told in heard.items():
            if told and key in films:
                self._note(key, films[key], "justwatch", told)
        asked: dict[str, str] = {}
        for key, film in films.items():
            known = film.of("justwatch")
            departed = key not in self._here and not film.left
            if known and key not in heard and (known.due or departed):
                asked[known.asked_by] = key
        titles = await fetch_titles(self._fetcher, asked, country)
        for source_id, key in asked.items():
            if record := titles.records.get(source_id):
                self._note(key, films[key], "justwatch", record)
            elif source_id in titles.gone and key not in self._here:
                gone = _gone(films[key], source_id)
                if _says_the_same(films[key], gone):
                    self._note(key, films[key], "justwatch", gone)
                else:
                    self._gone[key] = gone
                    self._counts["justwatch"]["changed"] += 1

    def _by_own_word(self) -> None:
        """Films that their list calls otherwise now may be other films."""
        for entry in self._entries():
            film = self._plan.films.get(entry.key)
            known = next((k for k in film.records if k.source in OWN), None) if film else None
            if known and known.state == state_of(listed_record(entry)):
                self._same["movie", known.source, self._run.started.started_at].append(known.source_id)
                self._counts[known.source]["unchanged"] += 1
            elif known:
                self._again.add(entry.key)

    def _take(
        self, entity: Entity, source: str, compared: Compared, known: Mapping[str, PlannedRecord] | None = None
    ) -> None:
        """Notes which revisions are the known ones; films of the others are gathered again."""
        for asked_by, at in compared.same.items():
            self._same[entity, source, at].append(known[asked_by].source_id if known else asked_by)
        self._counts[source]["unchanged"] += len(compared.same)
        self._counts[source]["changed"] += len(compared.changed)
        if known:
            changed = {(source, asked_by) for asked_by in compared.changed}
            films = self._plan.films.items()
            self._again |= {key for key, film in films if any((r.source, r.asked_by) in changed for r in film.records)}

    async def _by_key(self, source: KeyedSource) -> None:
        """A source that is asked for one film a request: what is due, the oldest first, as far as its quota goes."""
        due = {
            known.asked_by: key
            for key, film in self._plan.films.items()
            if (known := film.of(source.SOURCE)) and known.due and key not in self._again
        }
        films = self._plan.films
        ordered = sorted(due, key=lambda asked_by: min(r.asked_at for r in films[due[asked_by]].records))
        for part in (ordered[i : i + SHARE] for i in range(0, len(ordered), SHARE)):
            found, failed = await fetch_by_key(self._fetcher, part, source.BATCH, source.plan, source.parse)
            for asked_by, told in found.items():
                if asked_by in due:
                    self._note(due[asked_by], films[due[asked_by]], source.SOURCE, told)
            if failed and not found:
                return

    async def _parties(self) -> AsyncIterator[AnyMessage]:
        """People and companies that are due: those whose items changed."""
        people = await compare_items(self._fetcher, self._plan.people)
        companies = await compare_items(self._fetcher, self._plan.companies)
        self._take("person", "wikidata", people)
        self._take("company", "wikidata", companies)
        for message in await self._gatherer.tell(people.changed, companies.changed):
            yield message

    def _unchanged(self) -> Iterator[RecordsUnchanged]:
        for (entity, source, at), ids in sorted(self._same.items()):
            yield RecordsUnchanged(
                run=self._run.id, entity=entity, source=source, source_ids=tuple(sorted(set(ids))), checked_at=at
            )

    def _items(self) -> Iterator[MovieItem]:
        """What sources say otherwise of films that are not gathered again."""
        changed = self._changed.keys() - self._again
        gone = [self._plan.films[key].entry for key in sorted(changed - self._here)]
        for entry in (*self._entries(), *gone):
            if entry.key in changed:
                records = tuple(sorted(self._changed[entry.key], key=lambda record: record.source))
                yield self._item(entry, records, "found")

    def _item(self, entry: MovieListEntry, records: tuple[SourceRecord, ...], outcome: Outcome) -> MovieItem:
        return MovieItem(
            type="record_item",
            run=self._run.id,
            entry=entry,
            records=records,
            outcomes={record.source: outcome for record in records},
        )

    def _to_gather(self) -> list[MovieListEntry]:
        """The films that came, and those of which something changed that others may hang on."""
        films = self._plan.films
        found = [entry for entry in self._entries() if entry.key not in films or entry.key in self._again]
        found += [films[key].entry for key in self._again - self._here]
        return sorted(found, key=order)


def _gone(film: PlannedMovie, source_id: str) -> SourceRecord:
    """What JustWatch's word that it has no such title comes to: no offers; what it told before is kept."""
    entry = film.entry
    return SourceRecord(
        source="justwatch",
        source_id=source_id,
        url=entry.url or f"https://{JUSTWATCH}",
        retrieved_at=now(),
        licence=justwatch.LICENCE,
        language="en",
        kind="film",
        ids={**entry.ids, "justwatch": source_id},
        facts=MovieFacts(title=entry.title),
    )


def _says_the_same(film: PlannedMovie, told: SourceRecord) -> bool:
    known = film.of(told.source)
    return known is not None and (known.source_id, known.state) == (told.source_id, state_of(told))
