"""One movie on its way through the sources."""

from dataclasses import dataclass, field
from typing import Final

from movie_db.contract.errors import SourceError
from movie_db.contract.messages import Link, MovieItem, MovieListEntry, Outcome, ReviewItem, SourceRecord
from movie_db.stitching import match
from movie_db.stitching.match import FilmFeatures, Verdict
from movie_db.stitching.policy import base_source

_DECIDED: Final = match.Evidence("decision", "a person confirmed it", 40.0)


@dataclass
class FilmCase:
    """The current state of one list entry.

    `texts` are records with texts in other languages. `film` holds the features to match. `candidates` are Wikidata
    items (`Q…`) or, for pages without an item, Wikipedia titles; `verdict` is about them. `decided` is the candidate
    that a person confirmed, `refused` are those that a person rejected. `trouble` is the error of a request that
    failed; `all_of_title` says that Wikidata was searched completely, so the candidates include all its films of the
    title.
    """

    entry: MovieListEntry
    film: FilmFeatures
    records: dict[str, SourceRecord] = field(default_factory=dict)
    texts: dict[str, SourceRecord] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    candidates: dict[str, FilmFeatures] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=lambda: Verdict("different"))
    decided: str | None = None
    refused: frozenset[str] = frozenset()
    trouble: SourceError | None = None
    all_of_title: bool = False

    @classmethod
    def of(cls, entry: MovieListEntry) -> "FilmCase":
        return cls(entry, match.of_entry(entry))

    def add_record(self, record: SourceRecord) -> None:
        """Add a record that is about this movie."""
        self.records[record.source] = record
        self.outcomes[record.source] = "found"
        self.film |= match.of_record(record)

    def add_texts(self, texts: SourceRecord | None) -> None:
        """Add a record's texts in another language. They are no evidence."""
        if texts:
            self.texts[texts.source] = texts
            self.outcomes[texts.source] = "found"

    @property
    def titles(self) -> list[str]:
        """The titles to search for, the gallery's first."""
        facts = [r.facts for r in self.records.values()]
        found = [
            self.entry.title,
            self.entry.original_title,
            *(t for f in facts for t in (f.title, f.original_title)),
        ]
        return list(dict.fromkeys(t for t in found if t))

    @property
    def original_titles(self) -> list[str]:
        """Titles in the movie's own language, if they differ from those it is shown under."""
        facts = [r.facts for r in self.records.values()]
        shown = {self.entry.title, *(f.title for f in facts)}
        found = [self.entry.original_title, *(f.original_title for f in facts)]
        return list(dict.fromkeys(t for t in found if t and t not in shown))

    @property
    def searches(self) -> list[str]:
        """The queries to search for, in order: with the year, without, and with the director."""
        title = self.titles[0]
        found = [
            f"{title} {self.year or ''}".strip(),
            title,
            *(f"{title} {name}" for name in sorted(self.film.directors)),
        ]
        return list(dict.fromkeys(found))

    @property
    def year(self) -> int | None:
        return self.entry.year or min(self.film.years, default=None)

    @property
    def ids(self) -> dict[str, str]:
        """The movie's ids by namespace, if its sources agree on one."""
        grouped: dict[str, set[str]] = {}
        for namespace, value in self.film.ids:
            grouped.setdefault(namespace, set()).add(value)
        return {namespace: next(iter(values)) for namespace, values in grouped.items() if len(values) == 1}

    @property
    def linked(self) -> str | None:
        """The candidate that is the movie, if the match is certain.

        If an answer is missing, it may have had a better candidate: then only a shared id is proof.
        """
        sure = self.verdict.status == "same" and (self.trouble is None or self.proven)
        return self._key(self.verdict.best) if sure else None

    @property
    def proven(self) -> bool:
        """Whether the best candidate shares an id with the movie, or a person confirmed it."""
        if self.decided and self.likeliest == self.decided:
            return True
        return any(e.what == "ids" and e.bits > 0 for e in self.verdict.evidence)

    @property
    def likeliest(self) -> str | None:
        return self._key(self.verdict.best)

    @property
    def runner_up(self) -> str | None:
        return self._key(self.verdict.runner_up)

    def _key(self, index: int | None) -> str | None:
        return None if index is None else sorted(self.candidates)[index]

    def decide(self) -> None:
        """Match all candidates. A person's decision takes precedence."""
        if self.decided in self.candidates:
            self.verdict = Verdict("same", sorted(self.candidates).index(self.decided), 1.0, (_DECIDED,))
            return
        candidates = [self.candidates[key] for key in sorted(self.candidates)]
        self.verdict = match.judge(self.film, candidates, all_of_title=self.all_of_title)

    def item(self, run: str) -> MovieItem:
        """Return the movie as a message, with records sorted by source."""
        linked = self.linked
        evidence = tuple(map(str, self.verdict.evidence))
        grouped = sorted((self.records | self.texts).items())
        links = tuple(
            Link(source=s, source_id=r.source_id, probability=round(self.verdict.probability, 6), evidence=evidence)
            for s, r in grouped
            if linked and base_source(s) in {"wikidata", "wikipedia"}
        )
        records = tuple(record for _, record in grouped)
        outcomes = dict(sorted(self.outcomes.items()))
        return MovieItem(run=run, entry=self.entry, records=records, links=links, outcomes=outcomes)

    def review(self, run: str, candidate: SourceRecord) -> ReviewItem:
        """Return the question to a person: is the best candidate this movie?"""
        return ReviewItem(
            run=run,
            key=f"{self.entry.key}|{candidate.source}:{candidate.source_id}",
            entry=self.entry,
            candidate=candidate,
            probability=round(self.verdict.probability, 6),
            evidence=tuple(map(str, self.verdict.evidence)),
            runner_up=self.runner_up,
        )
