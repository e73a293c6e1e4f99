"""Whether a run is gone on with is read from the log alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import ChunkDone, GalleryListed, Message, RunFinished, RunStarted, SourceCount, now
from movie_db.contract.runs import Run, last_messages, messages, named, newest, start_or_resume
from presence import present

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GALLERY = "https://www.justwatch.com/us/provider/max/movies"


@pytest.fixture
def started(tmp_path: Path) -> Any:
    """`started(id, listed=…, finished=…)` writes a run of the gallery as far as it got."""

    def start(
        run: str,
        *,
        limit: int | None = None,
        listed: int | None = None,
        finished: bool = False,
        gallery: Any = GALLERY,
        at: Any = NOW,
    ) -> Any:
        begun = Run(RunStarted(run=run, gallery=gallery, started_at=at, limit=limit), tmp_path)
        end = [] if listed is None else [GalleryListed(run=run, gallery=gallery, found=listed, door="d")]
        _write(begun.list_segment, begun.started, *end)
        if finished:
            _write(begun.item_segment, RunFinished(run=run, finished_at=NOW, movies=1))
        return begun

    return start


def _write(segment: Path, *told: Message) -> None:
    with SegmentWriter(segment) as writer:
        writer.write(*told)


def test_the_first_run_of_a_gallery_is_new(tmp_path: Path) -> None:
    run, again = start_or_resume(tmp_path, GALLERY, 5)
    assert not again
    assert (run.started.gallery, run.started.limit, run.data) == (GALLERY, 5, tmp_path)
    assert run.list_segment == tmp_path / "movie_list" / f"{run.id}-list.jsonl"


@pytest.mark.parametrize("listed", [None, 3])
def test_an_unfinished_run_is_gone_on_with(tmp_path: Path, started: Any, listed: Any) -> None:
    begun = started("r1", listed=listed)
    assert start_or_resume(tmp_path, GALLERY, None) == (begun, True)


def test_after_a_finished_run_there_is_a_new_one(tmp_path: Path, started: Any) -> None:
    begun = started("r1", listed=3, finished=True)
    run, again = start_or_resume(tmp_path, GALLERY, None)
    assert not again
    assert run.id != begun.id


@pytest.mark.parametrize("outcome", ["failed", "blocked", "unreadable"])
def test_after_a_run_with_gaps_a_new_one_takes_the_answers_that_came(
    tmp_path: Path, started: Any, outcome: str
) -> None:
    begun = started("r1", listed=3, at=now())
    counts = {
        "wikidata": SourceCount(outcomes={"found": 2, outcome: 1}),
        "justwatch": SourceCount(outcomes={"found": 3}),
    }
    _write(begun.item_segment, RunFinished(run="r1", finished_at=now(), movies=3, sources=counts))
    run, again = start_or_resume(tmp_path, GALLERY, None)
    assert begun.gaps() == {"wikidata": 1}
    assert (again, run.answers_since) == (False, begun.started.started_at)
    assert run.id != begun.id


def test_answers_of_more_than_a_day_ago_fill_no_gaps(tmp_path: Path, started: Any) -> None:
    begun = started("r1", listed=3, at=now() - timedelta(days=2))
    counts = {"wikidata": SourceCount(outcomes={"failed": 1})}
    _write(begun.item_segment, RunFinished(run="r1", finished_at=now(), movies=3, sources=counts))
    fresh, _ = start_or_resume(tmp_path, GALLERY, None)
    assert fresh.answers_since == fresh.started.started_at


def test_another_limit_is_another_run(tmp_path: Path, started: Any) -> None:
    started("r1", limit=10, listed=3)
    assert not start_or_resume(tmp_path, GALLERY, 20)[1]
    assert not start_or_resume(tmp_path, GALLERY, None)[1]
    assert start_or_resume(tmp_path, GALLERY, 10)[1]


def test_another_gallery_is_another_run(tmp_path: Path, started: Any) -> None:
    started("r1", gallery="file:/a.csv")
    assert not start_or_resume(tmp_path, GALLERY, None)[1]


def test_a_gallery_that_was_empty_is_looked_at_anew(tmp_path: Path, started: Any) -> None:
    started("r1", listed=0)
    assert not start_or_resume(tmp_path, GALLERY, None)[1]


def test_the_newest_run_counts(tmp_path: Path, started: Any) -> None:
    started("20260101T000000-a")
    started("20260102T000000-b", finished=True)
    assert present(newest(tmp_path, GALLERY)).id == "20260102T000000-b"
    assert not start_or_resume(tmp_path, GALLERY, None)[1]


def test_what_is_torn_or_broken_does_not_hide_a_run(tmp_path: Path, started: Any) -> None:
    begun = started("r1", listed=3)
    with open(begun.list_segment, "ab") as file:
        file.write(b'not json\n{"type":"unheard_of"}\n\xff\xfe\n{"type":"run_fin')
    assert begun.listed().found == 3
    assert start_or_resume(tmp_path, GALLERY, None) == (begun, True)
    assert [m.type for m in messages(begun.list_segment)] == ["run_started", "gallery_listed"]


def test_rubbish_in_the_folder_does_not_hide_a_run(tmp_path: Path, started: Any) -> None:
    begun = started("r1")
    for name, content in (("zz.jsonl", b"\x00\xff rubbish\n"), ("zzz.jsonl", b""), ("zzzz.txt", b"?")):
        (tmp_path / "movie_list" / name).write_bytes(content)
    assert start_or_resume(tmp_path, GALLERY, None) == (begun, True)


def test_a_segment_without_its_beginning_is_no_run(tmp_path: Path) -> None:
    _write(tmp_path / "movie_list" / "r1-list.jsonl", ChunkDone(run="r1", position=1))
    assert newest(tmp_path, GALLERY) is None


def test_the_last_messages_are_found_behind_a_long_log(tmp_path: Path) -> None:
    segment = tmp_path / "s.jsonl"
    _write(segment, *(ChunkDone(run="r1", position=n) for n in range(5000)))
    found = last_messages(segment, within=200)
    assert isinstance(found[0], ChunkDone)
    assert found[0].position == 4999
    assert len(found) < 5
    assert last_messages(tmp_path / "nowhere") == []


def test_a_run_that_was_given_its_name_is_gone_on_with_by_it_alone(tmp_path: Path, started: Any) -> None:
    other = started("r1", listed=3)
    run, again = start_or_resume(tmp_path, GALLERY, None, name="mine")
    assert (run.id, again) == ("mine", False)
    mine = started("mine", listed=3, finished=True)
    started("r2")
    assert start_or_resume(tmp_path, GALLERY, None, name="mine") == (mine, True)
    assert start_or_resume(tmp_path, GALLERY, None)[0].id == "r2"
    assert named(tmp_path, "r1") == other
    assert named(tmp_path, "r3") is None


def test_a_new_run_with_a_name_takes_the_answers_of_one_that_was_interrupted(tmp_path: Path, started: Any) -> None:
    begun = started("r1", listed=3, at=now())
    run, again = start_or_resume(tmp_path, GALLERY, None, name="mine")
    assert (run.started.answers_since, again) == (begun.started.started_at, False)
