"""One try at one question: over the internet, or through the proxy that stands in for it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from movie_db.contract.errors import UsageError
from movie_db.web_gateway.bodies import ACCEPT_ENCODING, LARGEST, Damaged, decompress
from movie_db.web_gateway.exchange import KEPT_HEADERS, Answer, Question, Stream
from movie_db.web_gateway.problems import GatewayError
from movie_db.web_gateway.retry import Trouble

CHUNK: Final = 64 * 1024
STREAM_HEADERS: Final = (*KEPT_HEADERS, "Content-Encoding", "Content-Length")


class Upstream:
    """Asks the sources; an asynchronous context manager.

    Args:
        user_agent: what we call ourselves.
        proxy: `http://host:port` to ask instead of the internet, or None.
    """

    def __init__(self, user_agent: str, proxy: str | None) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": ACCEPT_ENCODING}
        self._proxy = URL(checked_proxy(proxy)) if proxy else None
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> "Upstream":
        # How many at once is the gates' business; bodies are unpacked by us, since damage must not pass unseen.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )
        # aiohttp asks again by itself when a connection breaks: past our pace, quotas and counts. There is no public
        # switch for it; a test counts what arrives.
        self._session._retry_connection = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, question: Question, seconds: float, silence: float) -> tuple[Answer | Trouble, int]:
        """The answer to one try, whatever its status, or why there is none; and the bytes that came over the wire.

        Args:
            seconds: how long the try may take in all.
            silence: how long nothing may come.
        """
        address, received = question.address, bytearray()
        at = int(time.time())
        limits = aiohttp.ClientTimeout(total=seconds, sock_connect=10, sock_read=silence)
        try:
            async with self._session.request(
                question.method,
                self._url(question),
                data=question.body or None,
                headers={**dict(question.headers), **self._headers},
                allow_redirects=False,
                proxy=self._proxy,
                timeout=limits,
            ) as response:
                async for chunk in response.content.iter_chunked(CHUNK):
                    received += chunk
                    if len(received) > LARGEST:
                        raise Damaged(f"it is larger than {LARGEST >> 20} MB")
            plain = decompress(bytes(received), response.headers.get("Content-Encoding", ""))
        except TimeoutError:
            return Trouble("timed-out", "it does not answer in time"), len(received)
        except Damaged as error:
            return Trouble("unreachable", f"its answer is damaged: {error}"), len(received)
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError):
            return Trouble("unreachable", "its answer is cut off or garbled"), len(received)
        except (aiohttp.ClientError, OSError) as error:
            return Trouble("unreachable", f"the connection failed ({type(error).__name__})"), len(received)
        kept = tuple((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
        return Answer(response.status, kept, plain, address.shown_url, at), len(received)

    @asynccontextmanager
    async def stream(self, question: Question) -> AsyncIterator[Stream]:
        """The answer to one try, as it comes; however long that takes, while something comes.

        Raises:
            GatewayError: there is none, or no more of it.
        """
        address = question.address
        limits = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=address.manners.idle)
        headers = {**dict(question.headers), **self._headers, "Accept-Encoding": "identity"}
        try:
            async with self._session.get(
                self._url(question), headers=headers, allow_redirects=False, proxy=self._proxy, timeout=limits
            ) as response:
                kept = tuple((name, response.headers[name]) for name in STREAM_HEADERS if name in response.headers)
                yield Stream(response.status, kept, response.content.iter_chunked(CHUNK))
        except TimeoutError:
            raise GatewayError("timed-out", f"{address.shown_url} does not answer in time.") from None
        except (aiohttp.ClientError, OSError) as error:
            told = f"{address.shown_url} can't be had: the connection failed ({type(error).__name__})."
            raise GatewayError("unreachable", told) from None

    def _url(self, question: Question) -> URL:
        address = question.address
        return URL(address.url if self._proxy is None else f"http://{address.host}{address.target}", encoded=True)


def checked_proxy(proxy: str) -> str:
    """The address of the upstream proxy, if it is one.

    Raises:
        UsageError: says what it takes.
    """
    try:
        parts = urlsplit(proxy)
        good = parts.scheme == "http" and parts.hostname and (parts.port or True) and parts.path in {"", "/"}
    except ValueError:
        good = False
    if not good:
        raise UsageError(f"MOVIE_DB_UPSTREAM takes the address of a proxy, http://host:port, not {proxy!r}.")
    return proxy


REDIRECTS: Final = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
KEEPING_METHOD: Final = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
