"""The films of a list are read from the log as they are needed."""

from pathlib import Path

from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import GalleryListed, MovieListEntry
from movie_db.crawling_module.gathering.list_order import ListedFilms, order


def entry(key: str, title: str = "Alien", **ids: str) -> MovieListEntry:
    return MovieListEntry.model_validate(
        {"run": "r", "gallery": "g", "key": key, "position": 1, "title": title, "ids": ids}
    )


def written(path: Path, *entries: MovieListEntry) -> ListedFilms:
    with SegmentWriter(path) as writer:
        writer.write(*entries, GalleryListed(run="r", gallery="g", found=len(entries), door="test"))
    return ListedFilms(path)


def test_a_list_is_in_the_order_of_gathering_however_it_was_written(tmp_path: Path) -> None:
    entries = [entry("c"), entry("b", imdb="tt0078748"), entry("a", justwatch="tm1"), entry("d", tmdb="348")]
    films = written(tmp_path / "1-list.jsonl", *entries)
    assert films[:] == sorted(entries, key=order)
    assert [film.key for film in films] == ["b", "d", "a", "c"]
    assert (len(films), films[1].key, films[1:3]) == (4, "d", sorted(entries, key=order)[1:3])


def test_an_entry_written_again_counts_once_as_it_was_written_last(tmp_path: Path) -> None:
    films = written(tmp_path / "1-list.jsonl", entry("a", "Alien"), entry("b"), entry("a", "Aliens"))
    assert [(film.key, film.title) for film in films] == [("a", "Aliens"), ("b", "Alien")]


def test_a_broken_line_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "1-list.jsonl"
    path.write_bytes(b'{"type": "movie_list_entry"}\nrubbish\n')
    assert len(written(path, entry("a"))) == 1


def test_no_segment_is_no_film(tmp_path: Path) -> None:
    assert len(ListedFilms(tmp_path / "none.jsonl")) == 0
