"""Sends requests to Wikimedia: through the web gateway, or over https if there is none."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Self

import httpx2

from movie_db.contract import service_log
from movie_db.contract.errors import BlockedError, RetryLaterError, UnreadableError
from movie_db.contract.mediawiki import kind_of_error

Query = Mapping[str, str | int]

TIMEOUT_SECONDS = 300.0
"""Long, because the gateway queues and retries requests."""


class BusyError(RetryLaterError):
    """The upstream asks for a later retry; `retry_after` is its Retry-After header (seconds or a date), if any."""

    def __init__(self, text: str, retry_after: str | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class TooSlowError(RetryLaterError):
    """The upstream did not answer in time."""


class WikimediaHttp:
    """One connection pool for all threads; a context manager.

    Args:
        gateway: the web gateway's address, used as a forward proxy for `http://host/…`; None for direct https.
        contact: a mail address or web page, which Wikimedia asks for in the User-Agent.
    """

    def __init__(self, gateway: str | None = None, contact: str | None = None) -> None:
        self._scheme = "http" if gateway else "https"
        about = f" ({contact})" if contact else ""
        self._client = httpx2.Client(
            proxy=gateway,
            trust_env=not gateway,
            timeout=httpx2.Timeout(TIMEOUT_SECONDS, connect=10),
            follow_redirects=True,
            headers={
                "Accept": "application/json",
                "User-Agent": f"movie_db/{version('movie_db')}{about} httpx2/{httpx2.__version__}",
            },
        )

    def get_json(self, host: str, path: str, query: Query, cache_control: str | None = None) -> dict[str, Any]:
        """Fetches the JSON object at an address; `cache_control` tells the gateway how old an answer may be.

        Raises:
            BusyError: 429 or 503, or a transient error of the Action API.
            TooSlowError: no answer in time, 408 or 504.
            RetryLaterError: unreachable, 425 or another 5xx.
            BlockedError: 401 or 403, or an error of the Action API that says so.
            UnreadableError: any other status or error, or a body that is not a JSON object.
        """
        headers = {"Cache-Control": cache_control} if cache_control else {}
        if self._scheme == "http" and (run := service_log.ids().get("run")):  # for the gateway, not for Wikimedia
            headers[service_log.RUN_HEADER] = run
        try:
            answer = self._client.get(f"{self._scheme}://{host}{path}", params=dict(query), headers=headers)
        except httpx2.TimeoutException:
            raise TooSlowError(f"{host} did not answer in time.") from None
        except httpx2.DecodingError:
            raise UnreadableError(f"{host} gave a damaged answer.") from None
        except httpx2.TransportError as error:
            raise RetryLaterError(f"{host} can't be reached: {error}.") from None
        _check(host, answer)
        try:
            data = answer.json()
        except ValueError:
            raise UnreadableError(f"{host} answered with something other than JSON.") from None
        if not isinstance(data, dict):
            raise UnreadableError(f"{host} answered with JSON of another shape than its API has.")
        if isinstance(refusal := data.get("error"), dict):
            code = str(refusal.get("code", ""))[:200]
            kind = kind_of_error(code)
            said = f"{host} answers with the error {code!r}: {str(refusal.get('info', ''))[:200]}"
            raise BusyError(said, answer.headers.get("Retry-After")) if kind is RetryLaterError else kind(said)
        return data

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check(host: str, answer: httpx2.Response) -> None:
    status = answer.status_code
    if status == 200:
        return
    said = f"{host}: {_gateways_word(answer) or f'its answer has status {status}.'}"
    if status in {429, 503}:
        raise BusyError(f"{said} Try again later.", answer.headers.get("Retry-After"))
    if status in {408, 504}:
        raise TooSlowError(said)
    if status >= 500 or status == 425:
        raise RetryLaterError(f"{said} Try again later.")
    if status in {401, 403}:
        raise BlockedError(f"{said} We are not let in.")
    raise UnreadableError(said)


def _gateways_word(answer: httpx2.Response) -> str | None:
    """The web gateway's own error message, if the response is not Wikimedia's."""
    if "X-Gateway-Error" not in answer.headers:
        return None
    try:
        return str(answer.json()["detail"])
    except (KeyError, TypeError, ValueError):
        return None
