"""Which entries are one film: by ids, by all of them at once, whatever their order."""

from hypothesis import given
from hypothesis import strategies as st

from movie_db.movie_db_client.entity_resolution.by_id import Claimant, resolve


def claim(key: str, **ids: str) -> Claimant:
    return Claimant(key, frozenset(ids.items()))


def test_entries_that_share_an_id_are_one_film() -> None:
    films, doubts = resolve([claim("b", imdb="tt1", tmdb="5"), claim("a", imdb="tt1"), claim("c", imdb="tt2")])
    assert films == [["a", "b"], ["c"]]
    assert doubts == []


def test_an_entry_that_knows_the_ids_of_two_others_makes_them_one() -> None:
    films, _ = resolve([claim("a", imdb="tt1"), claim("b", wikidata="Q1"), claim("c", imdb="tt1", wikidata="Q1")])
    assert films == [["a", "b", "c"]]


def test_another_imdb_id_for_the_same_item_makes_two_films_and_a_doubt() -> None:
    films, doubts = resolve([claim("a", wikidata="Q1", imdb="tt1"), claim("b", wikidata="Q1", imdb="tt2")])
    assert films == [["a"], ["b"]]
    assert [(d.one, d.other) for d in doubts] == [("a", "b")]
    assert doubts[0].evidence == ("both have wikidata Q1, but imdb tt1 is not tt2",)


def test_a_second_tmdb_id_does_not_part_what_a_decisive_id_joins() -> None:
    films, _ = resolve([claim("a", imdb="tt1", tmdb="1"), claim("b", imdb="tt1", tmdb="2")])
    assert films == [["a", "b"]]


def test_a_second_tmdb_id_parts_films_that_nothing_decisive_joins() -> None:
    films, doubts = resolve([claim("a", wikipedia="A", tmdb="1"), claim("b", wikipedia="A", tmdb="2")])
    assert films == [["a"], ["b"]]
    assert len(doubts) == 1


def test_a_film_may_be_listed_twice_by_one_site() -> None:
    films, _ = resolve([claim("a", justwatch="tm1", imdb="tt1"), claim("b", justwatch="tm2", imdb="tt1")])
    assert films == [["a", "b"]]


ids = st.dictionaries(st.sampled_from(("imdb", "wikidata", "tmdb", "wikipedia")), st.sampled_from("123"), min_size=1)
claimants = st.dictionaries(st.sampled_from("abcdef"), ids, max_size=6).map(
    lambda entries: [claim(key, **result) for key, result in entries.items()]
)


@given(claimants.flatmap(lambda c: st.tuples(st.just(c), st.permutations(c))))
def test_the_films_hang_not_on_the_order_of_entries(both: tuple[list[Claimant], list[Claimant]]) -> None:
    assert resolve(both[0]) == resolve(both[1])


@given(claimants)
def test_every_entry_is_in_exactly_one_film(entries: list[Claimant]) -> None:
    films, _ = resolve(entries)
    assert sorted(key for film in films for key in film) == sorted(c.key for c in entries)
