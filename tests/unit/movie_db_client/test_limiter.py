"""How many requests a client may make."""

from movie_db.movie_db_client.api.limiter import Limiter


def test_each_client_is_counted_by_itself_and_anew_each_minute() -> None:
    now = [60.0]
    limiter = Limiter(2, lambda: now[0])
    assert [limiter.take("a") for _ in range(3)] == [(1, 60), (0, 60), (-1, 60)]
    assert limiter.take("b") == (1, 60)
    now[0] = 119.5
    assert limiter.take("a") == (-1, 1)
    now[0] = 120.0
    assert limiter.take("a") == (1, 60)
