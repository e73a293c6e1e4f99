"""Sends the doctor's requests through the web gateway, which it starts as a build does."""

import json
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

import httpx2

from movie_db.contract.settings import Settings
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest
from movie_db.pipeline.services import ServiceTree

PATIENCE: Final = 30.0
"""Seconds that a source may take to respond, including the gateway's retries."""
FIRST_BYTES: Final = 64 * 1024


class Reply(NamedTuple):
    """The outcome of a request. `refused` says why there is nothing to read. `skew` is how many seconds this machine's
    clock is ahead of the source's."""

    answer: SourceAnswer
    status: int
    refused: str | None = None
    advice: str | None = None
    code: str | None = None
    """The gateway's code, if the gateway itself refuses."""
    skew: float | None = None


class Gateway:
    """The web gateway and the wiki API: those that the settings name, else started for the time of this context.

    Raises:
        MovieDbError: they can't be started.
    """

    def __init__(self, settings: Settings, patience: float = PATIENCE) -> None:
        self._settings = settings
        self._patience = patience
        self._stack = ExitStack()
        self.skews: list[float] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            settings = self._settings
            if not (settings.data.is_dir() and _writable(settings.data)):  # the sources can be checked anyway
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="movie_db_doctor_"))
                settings = settings.model_copy(update={"data": Path(folder)})
            tree = stack.enter_context(ServiceTree(settings))
            tree.open_sockets(search=True)
            tree.start_services()
            for module in ("web_gateway", "wiki_api"):
                if any(child.module == module for child in tree.children):
                    tree.wait_for(module)
            self.address = tree.environment["MOVIE_DB_GATEWAY"]
            self.wiki_api = tree.environment["MOVIE_DB_WIKI_API"]
            self._client = stack.enter_context(httpx2.Client(proxy=self.address, timeout=self._patience))
            self._direct = stack.enter_context(httpx2.Client(trust_env=False, timeout=self._patience))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stack.close()

    def send(self, request: SourceRequest) -> Reply:
        """Sends a request that bypasses the archive. Of a streamed file, only the first bytes are read."""
        ours = request.url.startswith(self.wiki_api)
        client = self._direct if ours else self._client
        url = request.url if ours else request.url.replace("https://", "http://", 1)
        headers = {**dict(request.headers), "Cache-Control": "no-cache"}
        nothing = SourceAnswer(request, request.url, datetime.now(UTC), b"")
        host = urlsplit(request.url).netloc
        began, body = time.monotonic(), bytearray()
        try:
            with client.stream(
                "POST" if request.body else "GET", url, content=request.body, headers=headers
            ) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if "Range" in headers and len(body) >= FIRST_BYTES:
                        break
                    if time.monotonic() - began > self._patience:
                        raise httpx2.ReadTimeout("it takes too long")
        except httpx2.TimeoutException:
            return Reply(nothing, 0, self._silence(host), "try again later; a browser shows whether the site is up")
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            return Reply(nothing, 0, f"no answer ({type(error).__name__})", "see the gateway's log")
        skew = self._skew(response)
        answer = SourceAnswer(request, request.url, datetime.now(UTC), bytes(body))
        code = response.headers.get("X-Gateway-Error")
        refused, advice = _refusal(host, response, bytes(body), code)
        return Reply(answer, response.status_code, refused, advice, code, skew)

    def _silence(self, host: str) -> str:
        """Why there is no response, as far as the gateway knows."""
        silence = f"no good answer within {self._patience:.0f} s"
        try:
            rows = self._direct.get(f"{self.address}/_gateway/stats", timeout=5).json()
            trouble = rows.get(host, {}).get("trouble")
        except (httpx2.HTTPError, ValueError, AttributeError):
            trouble = None
        return f"{silence}: {trouble}" if trouble else silence

    def _skew(self, response: httpx2.Response) -> float | None:
        sent_at = response.headers.get("X-Source-Date")
        if not sent_at or response.headers.get("X-Cache") != "miss":
            return None
        try:
            theirs = parsedate_to_datetime(sent_at)
        except ValueError:
            return None
        skew = (datetime.now(UTC) - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))).total_seconds()
        self.skews.append(skew)
        return skew


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _refusal(host: str, response: httpx2.Response, body: bytes, code: str | None) -> tuple[str | None, str | None]:
    """Why a response is refused, and advice; None for a good one and for one that its JSON explains."""
    status = response.status_code
    if code or response.headers.get("Content-Type", "").startswith("application/problem+json"):
        try:
            detail = str(json.loads(body)["detail"])
        except (ValueError, KeyError, TypeError):
            detail = f"the gateway answers {code or status}"
        return detail.rstrip("."), None
    if status == 202 and not body:
        return "blocked: an empty page (202)", "such blocks usually end after some minutes"
    if status in {401, 403, 451}:
        keyed = host in {"api.themoviedb.org", "www.omdbapi.com"}
        advice = (
            f"its key is not accepted: MOVIE_DB_{'TMDB' if 'moviedb' in host else 'OMDB'}_KEY takes a valid one"
            if keyed
            else "such blocks usually end after 5 to 10 minutes; data-centre addresses may stay blocked"
        )
        return f"refuses access ({status})", advice
    if status == 429:
        return "limits our requests (429)", "try again later; MOVIE_DB_CONTACT raises the limits of Wikimedia"
    if status in {404, 410}:
        return f"there is nothing at {urlsplit(str(response.url)).path} ({status})", None
    if status >= 500:
        return f"has an internal error ({status})", "try again later"
    if status >= 300 and status not in {400, 422}:
        return f"answers with {status}", None
    return None, None
