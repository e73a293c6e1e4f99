"""Decides whether and when to retry, by the kind of failure. Pure functions."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from movie_db.contract.errors import RetryLaterError
from movie_db.contract.mediawiki import kind_of_error
from movie_db.web_gateway.bodies import damage
from movie_db.web_gateway.exchange import ProxyRequest, ProxyResponse

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 20.0

TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 529, *range(520, 528), 530})
"""Transient statuses. Cloudflare uses 520 to 527 and 530 for a failing origin server:
developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors"""
REUSABLE_ERRORS: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the same request may succeed later.

    code: a key of `errors.CODES`. wait: seconds that the source asks us to wait. everyone: the wait applies to all
    requests to this host, because our rate is too high. answer: the source's response, if it can be passed on when we
    give up.
    """

    code: str
    reason: str
    wait: float | None = None
    everyone: bool = False
    answer: ProxyResponse | None = None


def trouble_of(question: ProxyRequest, answer: ProxyResponse) -> Trouble | None:
    """Why a retry makes sense; None if the response is final, good or bad."""
    wait = retry_after(answer.header("Retry-After"), answer.retrieved_at)
    if answer.status in TRANSIENT:
        busy = answer.status == HTTPStatus.TOO_MANY_REQUESTS
        return Trouble("unreachable", f"it answers {answer.status}", wait, busy, answer)
    code = answer.header("MediaWiki-API-Error")
    if code and kind_of_error(code) is RetryLaterError:
        return Trouble("host-down", f"its API answers with {code}", wait, everyone=code == "ratelimited")
    if answer.status == HTTPStatus.OK:
        found = damage(answer.body, answer.header("Content-Type"), question.header("Accept"))
        return Trouble("unreachable", f"its answer is damaged: {found}") if found else None
    return None


def is_reusable(answer: ProxyResponse) -> bool:
    """Whether a final response may be reused: a success, or a definite "does not exist".

    A success without a body means nothing: an empty 202 is a bot wall.
    """
    good = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
    return (good and bool(answer.body)) or answer.status in REUSABLE_ERRORS


def retry_after(value: str, now: float) -> float | None:
    """Parses Retry-After (seconds or an HTTP date) into seconds to wait; `now` in seconds since 1970."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        then: datetime = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp() - now)


def pause(attempt: int, trouble: Trouble, elapsed: float, chance: random.Random) -> float:
    """Seconds to wait before the next try.

    The back-off doubles with each attempt (1, 2, …), with jitter. It counts from the start of the failed try, which
    took `elapsed` seconds, because a timeout was already a pause. It is never shorter than what the source asked for.
    """
    back_off = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (attempt - 1)) * chance.uniform(0.5, 1.0)
    if trouble.wait is None:
        return max(0.0, back_off - elapsed)
    return max(back_off, trouble.wait + chance.uniform(0.0, 0.25))


def http_date(seconds: int) -> str:
    """Formats seconds since 1970 as an HTTP date (RFC 9110)."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
