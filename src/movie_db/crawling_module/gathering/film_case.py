"""One film on its way through the sources."""

from dataclasses import dataclass, field
from typing import Final

from movie_db.contract.errors import SourceError
from movie_db.contract.messages import Link, MovieItem, MovieListEntry, Outcome, ReviewItem, SourceRecord
from movie_db.stitching import match
from movie_db.stitching.match import FilmFeatures, Verdict
from movie_db.stitching.policy import base_source

_DECIDED: Final = match.Evidence("decision", "a person called it the same film", 40.0)


@dataclass
class FilmCase:
    """What is known so far of one entry of the list.

    `texts` are records of its texts in other languages. `film` is how the judge sees it. `candidates` are the
    Wikidata items (`Q…`) and, where a page has no item, the Wikipedia titles that may be it; `verdict` is of them.
    `decided` is the candidate that a person called this film, `refused` are those that a person called another.
    `trouble` is what kept a source from being asked to the end; `all_of_title` says that Wikidata was, and the
    candidates hold all films it has of the title.
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

    def learn(self, record: SourceRecord) -> None:
        """Takes in a record that is known to be of this film."""
        self.records[record.source] = record
        self.outcomes[record.source] = "found"
        self.film |= match.of_record(record)

    def tell(self, texts: SourceRecord | None) -> None:
        """Takes in what a source of its records says in another language; that is no evidence of what it is."""
        if texts:
            self.texts[texts.source] = texts
            self.outcomes[texts.source] = "found"

    @property
    def titles(self) -> list[str]:
        """The titles to look it up by, the gallery's first."""
        facts = [r.facts for r in self.records.values()]
        said = [self.entry.title, self.entry.original_title, *(t for f in facts for t in (f.title, f.original_title))]
        return list(dict.fromkeys(t for t in said if t))

    @property
    def original_titles(self) -> list[str]:
        """Titles in the film's own language, where they are not those it is shown under."""
        facts = [r.facts for r in self.records.values()]
        shown = {self.entry.title, *(f.title for f in facts)}
        said = [self.entry.original_title, *(f.original_title for f in facts)]
        return list(dict.fromkeys(t for t in said if t and t not in shown))

    @property
    def searches(self) -> list[str]:
        """The words to search for it by, one after the other: with its year, without, and with its director."""
        title = self.titles[0]
        said = [
            f"{title} {self.year or ''}".strip(),
            title,
            *(f"{title} {name}" for name in sorted(self.film.directors)),
        ]
        return list(dict.fromkeys(said))

    @property
    def year(self) -> int | None:
        return self.entry.year or min(self.film.years, default=None)

    @property
    def ids(self) -> dict[str, str]:
        """The ids it bears, by namespace, where its sources agree on one."""
        told: dict[str, set[str]] = {}
        for namespace, value in self.film.ids:
            told.setdefault(namespace, set()).add(value)
        return {namespace: next(iter(values)) for namespace, values in told.items() if len(values) == 1}

    @property
    def linked(self) -> str | None:
        """The candidate that is the film, if the judge is sure.

        Where an answer is missing, it may have named a likelier candidate: then only a shared id is proof.
        """
        sure = self.verdict.status == "same" and (self.trouble is None or self.proven)
        return self._key(self.verdict.best) if sure else None

    @property
    def proven(self) -> bool:
        """Whether the likeliest candidate shares an id with the film, or a person said that it is the film."""
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
        """Has the judge look at all candidates; a person's word counts before his."""
        if self.decided in self.candidates:
            self.verdict = Verdict("same", sorted(self.candidates).index(self.decided), 1.0, (_DECIDED,))
            return
        candidates = [self.candidates[key] for key in sorted(self.candidates)]
        self.verdict = match.judge(self.film, candidates, all_of_title=self.all_of_title)

    def item(self, run: str) -> MovieItem:
        """The film as a message, its records in the order of their sources' names."""
        linked = self.linked
        evidence = tuple(map(str, self.verdict.evidence))
        told = sorted((self.records | self.texts).items())
        links = tuple(
            Link(source=s, source_id=r.source_id, probability=round(self.verdict.probability, 6), evidence=evidence)
            for s, r in told
            if linked and base_source(s) in {"wikidata", "wikipedia"}
        )
        records = tuple(record for _, record in told)
        outcomes = dict(sorted(self.outcomes.items()))
        return MovieItem(run=run, entry=self.entry, records=records, links=links, outcomes=outcomes)

    def review(self, run: str, candidate: SourceRecord) -> ReviewItem:
        """The question to a person: is the likeliest candidate this film?"""
        return ReviewItem(
            run=run,
            key=f"{self.entry.key}|{candidate.source}:{candidate.source_id}",
            entry=self.entry,
            candidate=candidate,
            probability=round(self.verdict.probability, 6),
            evidence=tuple(map(str, self.verdict.evidence)),
            runner_up=self.runner_up,
        )
