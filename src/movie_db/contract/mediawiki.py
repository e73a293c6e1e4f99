"""The error codes of MediaWiki's Action API, which it returns with status 200."""

from typing import Final

from movie_db.contract.errors import BlockedError, NotFoundError, RetryLaterError, SourceError, UnreadableError

_CODES: Final[tuple[tuple[str, type[SourceError]], ...]] = (
    ("maxlag", RetryLaterError),
    ("ratelimited", RetryLaterError),
    ("readonly", RetryLaterError),
    ("internal_api_error", RetryLaterError),
    ("cirrussearch-too-busy-error", RetryLaterError),
    ("cirrussearch-backend-error", RetryLaterError),
    ("pool-", RetryLaterError),
    ("timeout", RetryLaterError),
    ("blocked", BlockedError),
    ("autoblocked", BlockedError),
    ("globalblocking", BlockedError),
    ("wikimedia-globalblocking", BlockedError),
    ("permissiondenied", BlockedError),
    ("readapidenied", BlockedError),
    ("assert", BlockedError),
    ("missingtitle", NotFoundError),
    ("nosuchpageid", NotFoundError),
    ("no-such-entity", NotFoundError),
)
"""By the start of the code; see mediawiki.org/wiki/API:Errors_and_warnings."""


def kind_of_error(code: str) -> type[SourceError]:
    """The error class for a code of the API; `UnreadableError` for a request that the API does not accept."""
    return next((kind for start, kind in _CODES if code.startswith(start)), UnreadableError)
