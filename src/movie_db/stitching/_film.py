"""A film as the judge sees it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from movie_db.contract.ids import MovieNamespace
from movie_db.contract.kinds import WorkKind
from movie_db.stitching.names import fold_name, fold_title

if TYPE_CHECKING:
    from movie_db.contract.messages import MovieListEntry, SourceRecord

ID_NAMESPACES: Final = ("imdb", "tmdb", "wikidata", "justwatch")


class FilmFeatures(NamedTuple):
    """A film as the judge sees it: everything folded, everything a set, since sources may give several.

    `main` are those of its titles that it goes by; the others are alternatives. Where it is empty, nobody told which.
    `sitelinks` is in how many Wikipedias and their sisters it has a page.
    """

    titles: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    directors: frozenset[str] = frozenset()
    cast: frozenset[str] = frozenset()
    runtimes: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    ids: frozenset[tuple[str, str]] = frozenset()
    kind: WorkKind | None = None
    main: frozenset[str] = frozenset()
    sitelinks: int | None = None

    def __or__(self, other: "FilmFeatures") -> "FilmFeatures":
        """Both records as one film, for records that are known to be of one."""
        return FilmFeatures(
            self.titles | other.titles,
            self.years | other.years,
            self.directors | other.directors,
            self.cast | other.cast,
            self.runtimes | other.runtimes,
            self.countries | other.countries,
            self.ids | other.ids,
            self.kind or other.kind,
            self.main | other.main,
            self.sitelinks if self.sitelinks is not None else other.sitelinks,
        )

    @property
    def is_stub(self) -> bool:
        """Whether little more than its title is told: neither who directed it nor how long it is, nor its id."""
        return not (self.directors or self.runtimes or any(n in {"imdb", "tmdb"} for n, _ in self.ids))


def of_entry(entry: "MovieListEntry") -> FilmFeatures:
    titles = _titles((entry.title, entry.original_title))
    return FilmFeatures(
        titles=titles,
        years=_numbers((entry.year,)),
        directors=_names(entry.directors),
        runtimes=_numbers((entry.runtime,)),
        ids=_ids(entry.ids),
        main=titles,
    )


def of_record(record: "SourceRecord") -> FilmFeatures:
    facts = record.facts
    released = int(facts.release_date[:4]) if facts.release_date else None
    main = _titles((facts.title, facts.original_title))
    return FilmFeatures(
        titles=main | _titles(facts.alternative_titles),
        years=_numbers((facts.year, released)),
        directors=_names(c.name for c in facts.directors),
        cast=_names(c.name for c in facts.cast),
        runtimes=_numbers((facts.runtime,)),
        countries=frozenset(facts.countries),
        ids=_ids(record.ids),
        kind=record.kind,
        main=main,
    )


def _titles(titles: Iterable[str | None]) -> frozenset[str]:
    return frozenset(filter(None, (fold_title(t) for t in titles if t)))


def _names(names: Iterable[str]) -> frozenset[str]:
    """The names folded; one of which nothing is left is none."""
    return frozenset(filter(None, map(fold_name, names)))


def _numbers(numbers: Iterable[int | None]) -> frozenset[int]:
    return frozenset(n for n in numbers if n)


def _ids(ids: Mapping[MovieNamespace, str]) -> frozenset[tuple[str, str]]:
    return frozenset((n, v) for n, v in ids.items() if n in ID_NAMESPACES)
