"""The gateway's own error responses, for when it has no answer of a source."""

from typing import Final

from movie_db.contract.errors import MovieDbError

CODES: Final[dict[str, tuple[int, str]]] = {
    "bad-request": (400, "This request can't be read"),
    "host-not-allowed": (403, "This host is not in the table of allowed hosts"),
    "no-key": (403, "This host needs a key"),
    "robots": (403, "robots.txt of this host forbids this page"),
    "too-large": (413, "The request is too large"),
    "quota": (429, "The daily quota for this host is used up"),
    "method-not-supported": (501, "This method is not supported"),
    "proxy": (502, "The forward proxy refuses the connection"),
    "redirect-refused": (502, "The source redirects to an address that is not allowed"),
    "unreachable": (502, "The source gives no valid response"),
    "host-down": (503, "This host is suspended for a while"),
    "timed-out": (504, "The source does not answer in time"),
    "not-in-archive": (504, "The archive has no such answer"),
    "not-in-replay": (504, "The recording has no such answer"),
    "archive": (507, "The archive can't be written"),
}
"""Code (as in the header X-Gateway-Error) → HTTP status and title."""


class GatewayError(MovieDbError):
    """Becomes an application/problem+json response. `retry_after`: seconds until a retry makes sense."""

    def __init__(self, code: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.retry_after = retry_after
        self.status, self.title = CODES[code]

    def as_problem(self) -> dict[str, object]:
        """The body, in the form of RFC 9457."""
        return {"type": "about:blank", "title": self.title, "status": self.status, "detail": str(self)}
