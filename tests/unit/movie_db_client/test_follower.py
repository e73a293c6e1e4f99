"""The thread that follows the log, and what it tells of itself."""

import threading
import time
from collections.abc import Callable

import pytest

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.movie_db_client.ingest.follower import Follower


def _wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.005)


def _in_trouble(follower: Follower) -> bool:
    try:
        follower.running()
    except UnavailableError:
        return True
    return False


def test_it_follows_until_it_is_left() -> None:
    ended = threading.Event()

    def follow(stop: threading.Event) -> None:
        stop.wait()
        ended.set()

    with Follower(follow) as follower:
        assert follower.running()
        assert not ended.is_set()
    assert ended.is_set()


def test_without_anything_to_follow_it_is_not_running_and_not_in_trouble() -> None:
    with Follower(None) as follower:
        assert not follower.running()


def test_a_database_that_comes_back_is_followed_again() -> None:
    attempts: list[int] = []

    def follow(stop: threading.Event) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise UnavailableError("The database does not answer.")
        stop.wait()

    with Follower(follow, again_after=0.01) as follower:
        _wait_for(lambda: len(attempts) == 3)
        assert follower.running()


def test_while_the_database_is_gone_it_says_so() -> None:
    def follow(stop: threading.Event) -> None:
        raise UnavailableError("The database does not answer.")

    with Follower(follow, again_after=60) as follower:
        _wait_for(lambda: _in_trouble(follower))
        with pytest.raises(UnavailableError, match="does not answer"):
            follower.running()


@pytest.mark.parametrize(
    ("error", "result"), [(UsageError("Cut log."), "Cut log"), (ValueError("x"), "Following the log failed")]
)
def test_other_trouble_ends_it_and_is_told(error: Exception, result: str) -> None:
    attempts: list[int] = []

    def follow(stop: threading.Event) -> None:
        attempts.append(1)
        raise error

    with Follower(follow, again_after=0.001) as follower:
        _wait_for(lambda: _in_trouble(follower))
        time.sleep(0.02)
        with pytest.raises(UnavailableError, match=result):
            follower.running()
    assert len(attempts) == 1
