"""Several data folders feed one database: each position is of one log."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from movie_db.contract.log_id import NAME, log_id
from movie_db.movie_db_client.ingest.ingest import ingest_once, positions
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

Write = Callable[..., Path]
_SEGMENT = "item_list/r-001.jsonl"


def item(make: Any, number: int, title: str = "Metropolis") -> Any:
    return make.item(f"k{number}", make.record("wikidata", f"Q{number}", title=title))


def titles(store: SqlStore) -> list[str]:
    with SqlUnitOfWork(store) as unit:
        return sorted(row["title"] for row in unit.repository.read("movies"))


def ingest(store: SqlStore, data: Path) -> int:
    return ingest_once(lambda: SqlUnitOfWork(store), data).lines


def test_segments_of_one_name_in_two_folders_are_both_read_whole(
    store: SqlStore, engine: Engine, make: Any, write: Write, tmp_path: Path
) -> None:
    one = write(item(make, 1), item(make, 2), data=tmp_path / "one", segment="r-001")
    other = write(item(make, 3, "Nosferatu, eine Symphonie"), data=tmp_path / "other", segment="r-001")
    assert [ingest(store, one), ingest(store, other), ingest(store, one), ingest(store, other)] == [2, 1, 0, 0]
    assert len(titles(store)) == 3
    assert positions(engine, one) == {_SEGMENT: (one / _SEGMENT).stat().st_size}
    assert positions(engine, other) == {_SEGMENT: (other / _SEGMENT).stat().st_size}


def forget_names(store: SqlStore) -> None:
    """Makes the positions what they were before logs had names."""
    with SqlUnitOfWork(store) as unit:
        rows = unit.repository.read("ingest_progress")
        unit.repository.delete("ingest_progress", segment=[row["segment"] for row in rows])
        old = [{**row, "segment": row["segment"].partition(":")[2]} for row in rows]
        unit.repository.insert("ingest_progress", old)
        unit.commit()


def test_an_old_folder_goes_on_where_its_old_database_stood(
    store: SqlStore, engine: Engine, make: Any, write: Write, tmp_path: Path
) -> None:
    data = write(item(make, 1), item(make, 2), data=tmp_path / "data", segment="r-001")
    ingest(store, data)
    forget_names(store)
    (data / NAME).unlink()
    assert ingest(store, data) == 0
    assert positions(engine, data) == {_SEGMENT: (data / _SEGMENT).stat().st_size}
    write(item(make, 3), data=data, segment="r-001")
    assert ingest(store, data) == 1
    assert len(titles(store)) == 3


def test_an_old_position_is_not_taken_by_a_folder_whose_segment_does_not_fit(
    store: SqlStore, make: Any, write: Write, tmp_path: Path
) -> None:
    data = write(item(make, 1), data=tmp_path / "data", segment="r-001")
    ingest(store, data)
    forget_names(store)
    other = write(item(make, 2, "Nosferatu, eine Symphonie"), data=tmp_path / "other", segment="r-001")
    assert [ingest(store, other), ingest(store, data)] == [1, 0]
    assert len(titles(store)) == 2


def test_a_copied_folder_is_a_log_of_its_own_that_goes_on_from_there(
    store: SqlStore, engine: Engine, make: Any, write: Write, tmp_path: Path
) -> None:
    data = write(item(make, 1), data=tmp_path / "data", segment="r-001")
    ingest(store, data)
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    write(item(make, 2), data=data, segment="r-001")
    write(item(make, 3), data=copy, segment="r-001")
    assert [ingest(store, copy), ingest(store, data)] == [1, 1]
    assert len(titles(store)) == 3
    assert log_id(copy).copied_from == log_id(data).name
    assert positions(engine, copy).keys() == positions(engine, data).keys() == {_SEGMENT}


def test_a_folder_that_is_renamed_is_the_same_log(store: SqlStore, make: Any, write: Write, tmp_path: Path) -> None:
    data = write(item(make, 1), data=tmp_path / "data", segment="r-001")
    ingest(store, data)
    assert ingest(store, data.rename(tmp_path / "renamed")) == 0
