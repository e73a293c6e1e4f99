"""A gallery larger than what its site shows is cut until every film was seen, or the gap is known."""

import asyncio
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.crawling_module.galleries.slices import Cut, Slice, collect

GENRES = ("drm", "cmy", "act")


class Film(NamedTuple):
    year: int | None
    genres: frozenset[str]


class Site:
    """Shows at most `cap` films of a cut, `page` of them at a first look, as JustWatch does."""

    def __init__(self, films: list[Film], cap: int, page: int = 1) -> None:
        self.films = {f"tm{i}": film for i, film in enumerate(films)}
        self.cap, self.page = cap, min(page, cap)
        self.looks: list[tuple[Cut, bool]] = []

    async def look(self, cut: Cut, complete: bool) -> Slice[Film]:
        self.looks.append((cut, complete))
        stored = {key: film for key, film in self.films.items() if self._holds(cut, film)}
        return Slice(len(stored), dict(list(stored.items())[: self.cap if complete else self.page]))

    def collect(self, genres: Any = GENRES) -> Any:
        return asyncio.run(collect(self.look, self.cap, genres))

    @staticmethod
    def _holds(cut: Cut, film: Film) -> bool:
        by_year = cut.years is None or (film.year is not None and cut.years[0] <= film.year <= cut.years[1])
        return by_year and (cut.genre is None or cut.genre in film.genres) and not film.genres & set(cut.without)


def films(count: int, year: int | None, *genres: str) -> list[Film]:
    return [Film(year, frozenset(genres))] * count


FILMS = st.builds(Film, st.none() | st.integers(1990, 1996), st.frozensets(st.sampled_from([*GENRES, "xxx"])))


@given(st.lists(FILMS, max_size=60), st.integers(1, 70), st.integers(1, 5))
def test_nothing_is_invented_and_the_gap_is_known(stored: Any, cap: Any, page: Any) -> None:
    site = Site(stored, cap, page)
    union = site.collect()
    assert union.entries.items() <= site.films.items()
    assert union.declared == len(site.films)
    assert union.complete == (len(union.entries) == len(site.films))


@given(st.lists(FILMS.filter(lambda f: f.year), max_size=60), st.integers(1, 70), st.integers(1, 5))
def test_the_union_is_complete_where_no_year_and_genre_is_above_the_cap(stored: Any, cap: Any, page: Any) -> None:
    site = Site(stored, cap, page)
    cells = [
        sum(
            1
            for f in stored
            if f.year == year and not f.genres & set(GENRES[:i]) and (i == len(GENRES) or g in f.genres)
        )
        for year in range(1990, 1997)
        for i, g in enumerate((*GENRES, None))
    ]
    union = site.collect()
    if max(cells) <= cap:
        assert union.entries == site.films


def test_a_gallery_below_the_cap_is_one_cut() -> None:
    site = Site(films(5, 1999), cap=5, page=2)
    assert site.collect().cuts == [Cut()]
    assert all(cut == Cut() for cut, _ in site.looks)


def test_an_empty_gallery_is_complete() -> None:
    union = Site([], cap=5).collect()
    assert (union.declared, union.entries, union.complete) == (0, {}, True)


def test_a_gallery_above_the_cap_is_cut_by_year() -> None:
    site = Site([*films(4, 1950), *films(4, 2010), *films(4, 2020)], cap=5)
    union = site.collect()
    assert union.complete
    assert all(cut.years and not cut.genre and not cut.without for cut in union.cuts)


def test_a_year_above_the_cap_is_cut_by_genre_without_overlap() -> None:
    site = Site([*films(3, 1999, "drm", "cmy"), *films(3, 1999, "cmy"), *films(3, 1999)], cap=3)
    union = site.collect()
    assert union.complete
    assert [str(cut) for cut in union.cuts] == [
        "1999–1999, drm",
        "1999–1999, cmy, not drm",
        "1999–1999, not drm/cmy/act",
    ]


def test_films_without_a_year_are_found_by_genre() -> None:
    site = Site([*films(4, 1999, "drm"), *films(2, None, "cmy"), *films(2, None)], cap=4)
    assert site.collect().complete


def test_what_no_cut_reaches_is_a_gap() -> None:
    site = Site(films(7, 1999, "drm"), cap=3)
    union = site.collect()
    assert (len(union.entries), union.declared, union.complete) == (3, 7, False)


def test_a_site_without_genres_is_cut_by_year_only() -> None:
    site = Site([*films(3, 1950), *films(3, 2020)], cap=3)
    assert site.collect(genres=()).complete


@pytest.mark.parametrize("cut", [Cut(), Cut((1999, 2003)), Cut((1999, 2000)), Cut(genre="drm")])
def test_halves_by_year_are_a_whole(cut: Any) -> None:
    first, last = cut.years or (1870, 2100)
    lower, upper = cut.by_year()
    assert [*range(lower.years[0], lower.years[1] + 1), *range(upper.years[0], upper.years[1] + 1)] == [
        *range(first, last + 1)
    ]
    assert lower.genre == upper.genre == cut.genre
