"""The same manners on both databases, and errors for people."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.movie_db_client.data_model.contributor_tables import ActorRow, CastMemberRow, DirectorRow
from movie_db.movie_db_client.data_model.engine import make_engine, writing
from movie_db.movie_db_client.data_model.tables import MovieRow, OfferRow

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Engine:
    return make_engine(database_url)


def _offer(movie_id: int, seen: datetime) -> dict[str, object]:
    return {
        "movie_id": movie_id,
        "source": "justwatch",
        "provider": "HBO Max",
        "country": "US",
        "kind": "flatrate",
        "first_seen": seen,
        "last_seen": seen,
    }


def test_a_films_parts_go_when_it_goes_and_its_people_stay(engine: Engine) -> None:
    with engine.begin() as connection:
        director = connection.execute(
            insert(DirectorRow).values(name="Fritz Lang").returning(DirectorRow.director_id)
        ).scalar()
        actor = connection.execute(insert(ActorRow).values(name="Brigitte Helm").returning(ActorRow.actor_id)).scalar()
        movie = connection.execute(
            insert(MovieRow).values(title="Metropolis", director_id=director).returning(MovieRow.movie_id)
        ).scalar()
        connection.execute(insert(CastMemberRow).values(movie_id=movie, actor_id=actor, role="Maria"))
    with engine.begin() as connection:
        connection.execute(delete(MovieRow))
        assert connection.execute(select(func.count()).select_from(CastMemberRow)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(ActorRow)).scalar() == 1


def test_a_director_who_goes_leaves_the_film(engine: Engine) -> None:
    with engine.begin() as connection:
        director = connection.execute(
            insert(DirectorRow).values(name="Fritz Lang").returning(DirectorRow.director_id)
        ).scalar()
        connection.execute(insert(MovieRow).values(title="Metropolis", director_id=director))
        connection.execute(delete(DirectorRow))
        assert connection.execute(select(MovieRow.title, MovieRow.director_id)).all() == [("Metropolis", None)]


def test_a_part_of_no_film_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(CastMemberRow).values(movie_id=1, actor_id=1, role=""))


def test_an_id_is_never_given_twice(engine: Engine) -> None:
    with engine.begin() as connection:
        first = connection.execute(insert(MovieRow).values(title="One").returning(MovieRow.movie_id)).scalar_one()
        connection.execute(delete(MovieRow))
    with engine.begin() as connection:
        assert (
            connection.execute(insert(MovieRow).values(title="Two").returning(MovieRow.movie_id)).scalar_one() > first
        )


def test_what_was_not_committed_never_happened_tables_included(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE half_done (n INTEGER)"))
        connection.execute(insert(MovieRow).values(title="Metropolis"))
        connection.rollback()
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(MovieRow)).scalar() == 0
        assert not engine.dialect.has_table(connection, "half_done")


def test_moments_keep_their_time_in_any_zone_and_are_utc(engine: Engine) -> None:
    seen = MOMENT.astimezone(timezone(timedelta(hours=9)))
    with engine.begin() as connection:
        movie = connection.execute(
            insert(MovieRow).values(title="Metropolis").returning(MovieRow.movie_id)
        ).scalar_one()
        connection.execute(insert(OfferRow).values(_offer(movie, seen)))
        found = connection.execute(select(OfferRow.first_seen, OfferRow.left_at)).one()
    assert found == (MOMENT, None)
    assert found.first_seen.utcoffset() == timedelta(0)


def test_a_moment_without_its_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="no time zone"), engine.begin() as connection:
        connection.execute(insert(OfferRow).values(_offer(1, MOMENT.replace(tzinfo=None))))


def test_rows_tell_when_they_were_made_and_last_changed_in_utc(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(MovieRow).values(title="Metropolis"))
        connection.execute(update(MovieRow).values(updated_at=datetime(2000, 1, 1)))
    with engine.begin() as connection:
        connection.execute(update(MovieRow).values(runtime=153))
        made, changed = connection.execute(select(MovieRow.created_at, MovieRow.updated_at)).one()
    now = datetime.now(UTC).replace(tzinfo=None)
    assert abs(now - made) < timedelta(minutes=1)
    assert abs(now - changed) < timedelta(minutes=1)


def test_writers_take_turns_instead_of_failing_midway(engine: Engine) -> None:
    def read_then_write(title: str) -> None:
        for _ in range(10):
            with writing(engine).begin() as connection:
                connection.execute(select(func.count()).select_from(MovieRow)).scalar()
                time.sleep(0.002)
                connection.execute(insert(MovieRow).values(title=title))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(read_then_write, ("One", "Two", "Three")))
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(MovieRow)).scalar() == 30


def test_readers_do_not_wait_for_a_writer_and_see_nothing_half_done(engine: Engine) -> None:
    with writing(engine).begin() as writer:
        writer.execute(insert(MovieRow).values(title="One"))
        with engine.connect() as reader:
            assert reader.execute(select(func.count()).select_from(MovieRow)).scalar() == 0


@pytest.mark.parametrize(
    ("url", "result"),
    [("nonsense", "can't be read"), ("mysql://localhost/x", "'mysql' can't be used"), ("", "can't be read")],
)
def test_a_url_that_is_none_says_what_would_be_right(url: str, result: str) -> None:
    with pytest.raises(UsageError, match=result) as caught:
        make_engine(url)
    assert "sqlite:///FILE or postgresql://" in str(caught.value)


def _reach(url: str) -> None:
    with make_engine(url).connect() as connection:
        connection.execute(text("SELECT 1"))


def test_a_file_in_no_folder_can_not_be_used(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"nowhere/movie_db\.sqlite can't be opened"):
        _reach(f"sqlite:///{tmp_path}/nowhere/movie_db.sqlite")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Metropolis, 1927\n" * 100)
    with pytest.raises(UnavailableError, match="is not an SQLite database"):
        _reach(f"sqlite:///{tmp_path}/notes.txt")


def test_a_server_that_is_down_is_told_without_the_password() -> None:
    with pytest.raises(UnavailableError, match="does not answer") as caught:
        _reach("postgresql://me:secret@127.0.0.1:1/films")
    assert "secret" not in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_mistake_in_a_statement_is_not_taken_for_a_database_in_trouble(engine: Engine) -> None:
    with pytest.raises(Exception, match="no_such_table") as caught, engine.connect() as connection:
        connection.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(caught.value, UnavailableError)


def test_the_first_to_open_a_database_waits_for_who_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    other.execute("BEGIN IMMEDIATE")
    released = threading.Event()

    def release() -> None:
        released.set()
        other.execute("COMMIT")

    timer = threading.Timer(0.2, release)
    timer.start()
    engine = make_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert released.is_set()
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()
    timer.join()
    other.close()


@pytest.mark.parametrize(("foreign", "least"), [(False, 2), (True, 3)])
def test_a_commit_to_sqlite_is_synced_also_where_the_journal_is_deleted(
    tmp_path: Path, foreign: bool, least: int
) -> None:
    path = tmp_path / "a.sqlite"
    if foreign:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE theirs (x)")
    with make_engine(f"sqlite:///{path}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == ("delete" if foreign else "wal")
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == least
