"""The features by which films are compared."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from movie_db.contract.ids import MovieNamespace
from movie_db.contract.kinds import WorkKind
from movie_db.stitching.names import fold_name, fold_title

if TYPE_CHECKING:
    from movie_db.contract.messages import MovieListEntry, SourceRecord

ID_NAMESPACES: Final = ("imdb", "tmdb", "wikidata", "justwatch")


class FilmFeatures(NamedTuple):
    """A film as the judge compares it. All texts are folded, and all features are sets, since sources may give several.

    `main` are the main titles among `titles`; empty if unknown. `sitelinks` is the number of Wikimedia projects with a
    page about the film.
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
        """The union of the features of two records of the same film."""
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
        """Whether director, runtime and ids are all missing."""
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
    """The folded names that are not empty."""
    return frozenset(filter(None, map(fold_name, names)))


def _numbers(numbers: Iterable[int | None]) -> frozenset[int]:
    return frozenset(n for n in numbers if n)


def _ids(ids: Mapping[MovieNamespace, str]) -> frozenset[tuple[str, str]]:
    return frozenset((n, v) for n, v in ids.items() if n in ID_NAMESPACES)
