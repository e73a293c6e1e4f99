"""What the error codes of MediaWiki's Action API mean. It gives them with status 200, so all who ask it need this."""

from typing import Final

from movie_db.contract.errors import BadPage, Blocked, Gone, SourceError, TryLater

_CODES: Final[tuple[tuple[str, type[SourceError]], ...]] = (
    ("maxlag", TryLater),
    ("ratelimited", TryLater),
    ("readonly", TryLater),
    ("internal_api_error", TryLater),
    ("cirrussearch-too-busy-error", TryLater),
    ("cirrussearch-backend-error", TryLater),
    ("pool-", TryLater),
    ("timeout", TryLater),
    ("blocked", Blocked),
    ("autoblocked", Blocked),
    ("globalblocking", Blocked),
    ("wikimedia-globalblocking", Blocked),
    ("permissiondenied", Blocked),
    ("readapidenied", Blocked),
    ("assert", Blocked),
    ("missingtitle", Gone),
    ("nosuchpageid", Gone),
    ("no-such-entity", Gone),
)
"""By the beginning of the code: mediawiki.org/wiki/API:Errors_and_warnings"""


def kind_of_error(code: str) -> type[SourceError]:
    """The error that a code of the API stands for; `BadPage` where asking so is wrong."""
    return next((kind for start, kind in _CODES if code.startswith(start)), BadPage)
