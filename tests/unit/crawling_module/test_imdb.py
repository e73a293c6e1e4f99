"""IMDb's files: rows of the films asked for, and the records that they make."""

import asyncio
import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import pytest

from movie_db.contract.errors import NotFoundError, RetryLaterError, UnreadableError
from movie_db.contract.files import write_atomically
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import Credit, MovieFacts, MovieItem, Rating, SourceRecord
from movie_db.crawling_module.imdb_files import files as imdb_files
from movie_db.crawling_module.imdb_files.files import ImdbFiles
from movie_db.crawling_module.imdb_files.stage import ImdbStage
from movie_db.crawling_module.sources import imdb
from presence import present

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FILES = {
    "title.basics": """tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres
tt0000008 movie Before\xa0It Before\xa0It 0 1990 \\N 90 Drama
tt0000009 tvMovie Amélie\xa0 Le\xa0fabuleux 1 2001 \\N 122 Comedy,Romance
tt0000010 tvSeries Ten \\N 0 \\N \\N 0 \\N""",
    "title.ratings": "tconst averageRating numVotes\ntt0000009 8.3 812345\ntt0000010 \\N \\N",
    "title.crew": "tconst directors writers\ntt0000009 nm0000001 nm0000002,nm0000404,nm0000001",
    "title.principals": """tconst ordering nconst category job characters
tt0000009 2 nm0000003 actress \\N ["Amélie\xa0Poulain","Zorro"]
tt0000009 1 nm0000001 self \\N \\N
tt0000009 3 nm0000002 producer \\N \\N
tt0000010 1 nm0000002 director \\N \\N""",
    "title.akas": """titleId ordering title region language types attributes isOriginalTitle
tt0000009 1 Amelie US \\N \\N \\N 0
tt0000009 2 Amelie GB \\N \\N \\N 0""",
    "name.basics": "nconst primaryName birthYear\nnm0000001 Ann\xa0One 1950\nnm0000002 Two \\N\nnm0000003 Three \\N",
}


@pytest.fixture
def folder(tmp_path: Path) -> Any:
    """A folder with IMDb's files; a space here is a tab there."""
    for name, text in FILES.items():
        lines = text.replace(" ", "\t").replace("\xa0", " ") + "\n"
        (tmp_path / f"{name}.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    return tmp_path


def test_a_film_is_put_together_from_all_files(folder: Any) -> None:
    found = ImdbFiles(folder).look_up({"tt0000009", "tt0000404"})
    assert list(found) == ["tt0000009"]
    record = present(found["tt0000009"])
    assert (record.kind, record.ids, record.source_id) == ("TV film", {"imdb": "tt0000009"}, "tt0000009")
    ann, two, three = ({"imdb": f"nm000000{n}"} for n in (1, 2, 3))
    assert record.facts == MovieFacts(
        title="Amélie",
        original_title="Le fabuleux",
        alternative_titles=("Amelie",),
        year=2001,
        runtime=122,
        genres=("Comedy", "Romance", "Adult"),
        ratings=(Rating(source="imdb", score=8.3, votes=812345, original="8.3/10"),),
        directors=(Credit(name="Ann One", ids=ann),),
        writers=(Credit(name="Two", ids=two), Credit(name="Ann One", ids=ann)),
        cast=(
            Credit(name="Ann One", ids=ann, billing=1),
            Credit(name="Three", ids=three, role="Amélie Poulain", billing=2),
            Credit(name="Three", ids=three, role="Zorro", billing=2),
        ),
    )


def test_what_is_null_is_left_out_and_missing_files_are_done_without(folder: Any) -> None:
    for name in ("title.ratings", "title.akas", "title.crew"):
        (folder / f"{name}.tsv.gz").unlink()
    record = present(ImdbFiles(folder).look_up({"tt0000010"})["tt0000010"])
    assert record.kind == "series"
    assert record.facts == MovieFacts(title="Ten", directors=(Credit(name="Two", ids={"imdb": "nm0000002"}),))


def test_lines_of_other_films_are_not_even_decoded() -> None:
    lines = [b"tconst\taverageRating\n", b"tt1\t\xff\n", b"tt11\t7\n"]
    assert list(imdb.rows("x", lines, {b"tt11"})) == [("tt11", {"tconst": "tt11", "averageRating": "7"})]


def test_a_damaged_file_is_told_and_so_is_one_that_is_none(folder: Any) -> None:
    path = folder / "title.crew.tsv.gz"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(UnreadableError, match=r"title\.crew\.tsv\.gz is damaged"):
        ImdbFiles(folder).look_up({"tt0000009"})
    path.write_bytes(gzip.compress(b"<html>\n"))
    with pytest.raises(UnreadableError, match="is not one of IMDb's files"):
        ImdbFiles(folder).look_up({"tt0000009"})
    with pytest.raises(NotFoundError, match="has none of IMDb's files"):
        ImdbFiles(folder / "elsewhere").look_up({"tt0000009"})


def packed(seed: Any) -> Any:
    """1 KB or so that is different each time and can't be packed much."""
    return gzip.compress(b"tconst\tprimaryTitle\n" + Random(seed).randbytes(1000).hex().encode())


class Server:
    """Stands in for the host of the files: knows If-None-Match, and breaks off where it is told to."""

    def __init__(self) -> None:
        self.body, self.tag = packed(1), '"1"'
        self.breaks: list[Any] = []
        self.asked: list[dict[str, str]] = []

    def client(self, **_: Any) -> Any:
        return _CLIENT(transport=httpx2.MockTransport(self.answer))

    def answer(self, request: httpx2.Request) -> Any:
        self.asked.append({n: request.headers[n] for n in ("if-none-match", "range") if n in request.headers})
        if not request.url.path.startswith("/title.basics"):
            return httpx2.Response(403)
        if request.headers.get("if-none-match") == self.tag:
            return httpx2.Response(304)
        start = 0
        if request.headers.get("if-range") == self.tag:
            start = int(request.headers["range"][6:-1])
        return httpx2.Response(206 if start else 200, headers={"ETag": self.tag}, content=self.chunks(start))

    def chunks(self, start: Any) -> Iterator[Any]:
        cut = self.breaks.pop(0) if self.breaks else len(self.body)
        yield self.body[start:cut]
        if cut < len(self.body):
            raise httpx2.ReadError("cut off")


_CLIENT = httpx2.Client


def test_files_are_fetched_again_only_when_they_changed_and_gone_on_with_where_they_broke_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    monkeypatch.setattr(httpx2, "Client", server.client)
    server.breaks = [300, 700]
    files = ImdbFiles(tmp_path / "imdb")
    assert len(files.download("http://gateway")) == 5, "the others are refused, and said so"
    assert (tmp_path / "imdb" / "title.basics.tsv.gz").read_bytes() == server.body
    assert server.asked[:3] == [{}, {"range": "bytes=300-"}, {"range": "bytes=700-"}]
    server.asked.clear()
    files.download("http://gateway")
    assert server.asked[0] == {"if-none-match": '"1"'}
    server.tag, server.body = '"2"', packed(2)
    files.download("http://gateway")
    assert (tmp_path / "imdb" / "title.basics.tsv.gz").read_bytes() == server.body


NAME = "title.basics.tsv.gz"


@pytest.mark.parametrize(
    "damage", [lambda body: b"", lambda body: body[:-1], lambda body: body + b"x", lambda body: None]
)
def test_a_file_that_is_not_as_it_was_fetched_is_fetched_whole_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Any
) -> None:
    server = Server()
    monkeypatch.setattr(httpx2, "Client", server.client)
    files = ImdbFiles(tmp_path)
    files.download("http://gateway")
    left = damage(server.body)
    (tmp_path / NAME).unlink() if left is None else (tmp_path / NAME).write_bytes(left)
    server.asked.clear()
    files.download("http://gateway")
    assert server.asked[0] == {}, "a 304 would keep the damage"
    assert (tmp_path / NAME).read_bytes() == server.body


@pytest.mark.parametrize("tag", ["", '"1"', "[]", '{"etag": "\\"1\\""}'])
def test_an_etag_that_does_not_tell_the_size_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    server = Server()
    monkeypatch.setattr(httpx2, "Client", server.client)
    (tmp_path / NAME).touch()
    (tmp_path / f"{NAME}.etag").write_text(tag)
    ImdbFiles(tmp_path).download("http://gateway")
    assert server.asked[0] == {}
    assert (tmp_path / NAME).read_bytes() == server.body


def test_a_part_that_was_damaged_is_not_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(httpx2, "Client", server.client)
    monkeypatch.setattr(imdb_files, "TRIES", 1)
    server.breaks = [500]
    files = ImdbFiles(tmp_path)
    with pytest.raises(RetryLaterError):
        files.download("http://gateway")
    part = tmp_path / f"{NAME}.part"
    part.write_bytes(part.read_bytes()[:-100] + bytes(100))
    monkeypatch.setattr(imdb_files, "TRIES", 2)
    files.download("http://gateway")
    assert server.asked[1:3] == [{"range": "bytes=500-"}, {}]
    assert (tmp_path / NAME).read_bytes() == server.body


def test_the_etag_comes_after_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(httpx2, "Client", server.client)
    there = []

    def reply(path: Path, content: Any) -> None:
        if path.name == f"{NAME}.etag":
            there.append((tmp_path / NAME).read_bytes() == server.body)
        write_atomically(path, content)

    monkeypatch.setattr(imdb_files, "write_atomically", reply)
    ImdbFiles(tmp_path).download("http://gateway")
    assert there == [True]


def test_a_fetched_file_whose_content_is_damaged_is_fetched_again_within_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: Any
) -> None:
    server = Server()
    rows = FILES["title.basics"].replace(" ", "\t").replace("\xa0", " ") + "\n"
    server.body = gzip.compress(rows.encode())
    monkeypatch.setattr(httpx2, "Client", server.client)
    data = tmp_path / "imdb"
    ImdbFiles(data).download("http://gateway")
    path = data / NAME
    path.write_bytes(bytes(len(server.body)))  # as long as it was
    segment = tmp_path / "r1-movies.jsonl"
    with SegmentWriter(segment) as writer:
        writer.write(item(entry, "tm1", "tt0000009", title="Amelie", year=2001))

    async def everything() -> Any:
        return [message async for message in ImdbStage(segment, "download", "http://gateway", tmp_path).items()]

    server.asked.clear()
    (reply,) = asyncio.run(everything())
    assert [requests_ for requests_ in server.asked if requests_] == [{"if-none-match": server.tag}]
    assert path.read_bytes() == server.body
    assert reply.outcomes == {"imdb": "found"}


def item(entry: Any, key: str, tconst: Any, **facts: Any) -> Any:
    content = {"externalIds": {"imdbId": tconst, "tmdbId": None}, "originalReleaseYear": None, "runtime": None}
    reply = SourceRecord(
        source="justwatch",
        source_id=key,
        url="https://x.org/",
        retrieved_at=NOW,
        licence="x",
        facts=MovieFacts(**facts),
    )
    listed = entry(key, content | {"title": facts["title"]})
    return MovieItem(run="r1", entry=listed, records=(reply,), outcomes={"justwatch": "found"})


def staged(segment: Path, folder: Any) -> Any:
    async def everything() -> Any:
        stage = ImdbStage(segment, str(folder), None, folder)
        return [message async for message in stage.items()], stage.count()

    return asyncio.run(everything())


def test_the_stage_adds_to_every_film_what_imdb_says_once(folder: Any, tmp_path: Path, entry: Any) -> None:
    segment = tmp_path / "r1-movies.jsonl"
    films = [
        item(entry, "tm1", "tt0000009", title="Amelie", year=2001),
        item(entry, "tm2", "tt0000008", title="Another Film", year=1931, runtime=12),
        item(entry, "tm3", None, title="Without an Id"),
        item(entry, "tm4", "tt0000404", title="Unknown"),
    ]
    with SegmentWriter(segment) as writer:
        writer.write(*films)
    (ann, *reply), count = staged(segment, folder)
    assert (ann.name, ann.ids, ann.born, ann.died) == ("Ann One", {"imdb": "nm0000001"}, "1950", None)
    outcomes = {m.entry.key: m.outcomes["imdb"] for m in reply}
    assert {m.type for m in reply} == {"record_item"}
    assert outcomes == {
        "justwatch:tm1": "found",
        "justwatch:tm2": "unsure",  # its id says so, all else speaks against it
        "justwatch:tm3": "not_asked",
        "justwatch:tm4": "not_found",
    }
    assert [m.records[0].source_id for m in reply if m.records] == ["tt0000009"]
    with SegmentWriter(segment) as writer:
        writer.write(*reply[:2])
    (again_ann, *rest), again = staged(segment, folder)
    assert again_ann == ann, "who was told twice is one"
    assert rest == reply[2:], "what was written before an interruption is not told again"
    assert again == count
    with SegmentWriter(segment) as writer:
        writer.write(*reply[2:])
    assert staged(segment, folder)[0] == [], "nothing is left to tell"


@pytest.mark.world
def test_slices_of_the_real_files_are_read() -> None:
    shared = os.environ.get("MOVIE_DB_SHARED")
    if not shared:
        pytest.skip("MOVIE_DB_SHARED is not set: no files of IMDb to read")
    folder = Path(shared) / "data" / "imdb_files" / "othonas"
    ids = [line.split("\t")[0] for line in (folder / "title.basics.tsv").read_text("utf-8").splitlines()[1:]]
    found = ImdbFiles(folder).look_up(ids)
    assert set(found) == set(ids)
    assert all(record and record.facts.title for record in found.values())
