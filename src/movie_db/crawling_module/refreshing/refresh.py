"""A refresh requests what is due for a gallery's movies, and writes only what changed.

The list comes with complete titles, so it has everything its own source says about every movie. Pages and items are
compared by revision. New movies, and movies with a changed page or item, are gathered as in a build.
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
"""Movies requested at once from a source that takes one per request: the oldest first, until its quota ends."""
OWN: Final = ("own_list", "gallery")
"""Sources whose records come from the list itself."""
Entity = Literal["movie", "person", "company"]


class Refresher:
    """Refreshes the movies of one run's gallery by a plan; the gatherer handles new and changed ones."""

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
        """Yield all messages. `start` is the position in gathering of an interrupted refresh, if it got that far."""
        self._count_due()
        await self._by_list()
        self._by_list_entries()
        for source, compare in (("wikidata", compare_items), ("wikipedia", compare_pages)):
            existing = {r.asked_by: r for film in self._plan.films.values() if (r := film.of(source)) and r.due}
            self._take(
                "movie", source, await compare(self._fetcher, {k: r.state for k, r in existing.items()}), existing
            )
        for keyed in sources.keyed():
            await self._by_key(keyed)
        contributors = [message async for message in self._contributors()]
        if start is None:
            for message in (*self._unchanged(), *self._items(), *contributors):
                yield message
            yield ChunkDone(run=self._run.id, position=0)
        async for message in self._gatherer.gather(self._to_gather(), start or 0):
            yield message
        # Last: a movie with a new id has been written by then, and its offers continue.
        for key, record in sorted(self._gone.items()):
            yield self._item(self._plan.films[key].entry, (record,), "not_found")

    def sources(self) -> dict[str, SourceCount]:
        """Requests and outcomes by source, for the report."""
        latest = self._gatherer.sources()
        return {source: count.model_copy(update=self._counts[source]) for source, count in latest.items()}

    def _entries(self) -> Iterator[MovieListEntry]:
        for start in range(0, len(self._listed), 1000):
            yield from self._listed[start : start + 1000]

    def _count_due(self) -> None:
        for film in self._plan.films.values():
            for record in film.records:
                self._counts[record.source]["due"] += record.due
        self._counts["wikidata"]["due"] += len(self._plan.people) + len(self._plan.companies)

    def _note(self, key: str, film: PlannedMovie, source: str, latest: SourceRecord | datetime) -> None:
        """Record what a source says of a movie, or when it said the same again."""
        existing = film.of(source)
        if existing and isinstance(latest, SourceRecord) and _is_unchanged(film, latest):
            latest = latest.retrieved_at
        if existing and isinstance(latest, datetime):
            self._same["movie", source, latest].append(existing.source_id)
            self._counts[source]["unchanged"] += 1
        elif isinstance(latest, SourceRecord):
            self._changed[key].append(latest)
            self._counts[source]["changed"] += 1

    async def _by_list(self) -> None:
        """Read JustWatch's records: from the list, or by id if the list lacks or shortens a movie."""
        films, country = self._plan.films, self._gallery.country
        if country is None:
            return

        def convert(latest: SourceRecord) -> SourceRecord | datetime:
            film = films.get(f"justwatch:{latest.source_id}")
            return latest.retrieved_at if film and _is_unchanged(film, latest) else latest

        listed = await self._gallery.records(self._fetcher.read, convert)
        for key, latest in listed.items():
            if latest and key in films:
                self._note(key, films[key], "justwatch", latest)
        requested: dict[str, str] = {}
        for key, film in films.items():
            existing = film.of("justwatch")
            departed = key not in self._here and not film.left
            if existing and key not in listed and (existing.due or departed):
                requested[existing.asked_by] = key
        titles = await fetch_titles(self._fetcher, requested, country)
        for source_id, key in requested.items():
            if record := titles.records.get(source_id):
                self._note(key, films[key], "justwatch", record)
            elif source_id in titles.gone and key not in self._here:
                gone = _gone(films[key], source_id)
                if _is_unchanged(films[key], gone):
                    self._note(key, films[key], "justwatch", gone)
                else:
                    self._gone[key] = gone
                    self._counts["justwatch"]["changed"] += 1

    def _by_list_entries(self) -> None:
        """Gather movies again whose list entry changed: they may be other movies."""
        for entry in self._entries():
            film = self._plan.films.get(entry.key)
            existing = next((k for k in film.records if k.source in OWN), None) if film else None
            if existing and existing.state == state_of(listed_record(entry)):
                self._same["movie", existing.source, self._run.started.started_at].append(existing.source_id)
                self._counts[existing.source]["unchanged"] += 1
            elif existing:
                self._again.add(entry.key)

    def _take(
        self, entity: Entity, source: str, compared: Compared, existing: Mapping[str, PlannedRecord] | None = None
    ) -> None:
        """Record which revisions are unchanged; movies of the others are gathered again."""
        for asked_by, at in compared.same.items():
            self._same[entity, source, at].append(existing[asked_by].source_id if existing else asked_by)
        self._counts[source]["unchanged"] += len(compared.same)
        self._counts[source]["changed"] += len(compared.changed)
        if existing:
            changed = {(source, asked_by) for asked_by in compared.changed}
            films = self._plan.films.items()
            self._again |= {key for key, film in films if any((r.source, r.asked_by) in changed for r in film.records)}

    async def _by_key(self, source: KeyedSource) -> None:
        """Request what is due from a source by key, the oldest first, until its quota ends."""
        due = {
            existing.asked_by: key
            for key, film in self._plan.films.items()
            if (existing := film.of(source.SOURCE)) and existing.due and key not in self._again
        }
        films = self._plan.films
        ordered = sorted(due, key=lambda asked_by: min(r.asked_at for r in films[due[asked_by]].records))
        for part in (ordered[i : i + SHARE] for i in range(0, len(ordered), SHARE)):
            found, failed = await fetch_by_key(self._fetcher, part, source.BATCH, source.plan, source.parse)
            for asked_by, latest in found.items():
                if asked_by in due:
                    self._note(due[asked_by], films[due[asked_by]], source.SOURCE, latest)
            if failed and not found:
                return

    async def _contributors(self) -> AsyncIterator[AnyMessage]:
        """Yield people and companies that are due and whose items changed."""
        people = await compare_items(self._fetcher, self._plan.people)
        companies = await compare_items(self._fetcher, self._plan.companies)
        self._take("person", "wikidata", people)
        self._take("company", "wikidata", companies)
        for message in await self._gatherer.contributor_items(people.changed, companies.changed):
            yield message

    def _unchanged(self) -> Iterator[RecordsUnchanged]:
        for (entity, source, at), ids in sorted(self._same.items()):
            yield RecordsUnchanged(
                run=self._run.id, entity=entity, source=source, source_ids=tuple(sorted(set(ids))), checked_at=at
            )

    def _items(self) -> Iterator[MovieItem]:
        """Yield changed records of movies that aren't gathered again."""
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
        """Return new movies, and those with a change that other records may depend on."""
        films = self._plan.films
        found = [entry for entry in self._entries() if entry.key not in films or entry.key in self._again]
        found += [films[key].entry for key in self._again - self._here]
        return sorted(found, key=order)


def _gone(film: PlannedMovie, source_id: str) -> SourceRecord:
    """Return the record of a title that JustWatch no longer has: no offers; its other facts are kept."""
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


def _is_unchanged(film: PlannedMovie, latest: SourceRecord) -> bool:
    existing = film.of(latest.source)
    return existing is not None and (existing.source_id, existing.state) == (latest.source_id, state_of(latest))
