"""Sends one request once: to the internet, possibly through a forward proxy, or to a stand-in web."""

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
from movie_db.web_gateway.bodies import ACCEPT_ENCODING, LARGEST, DamagedBodyError, decompress
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.exchange import KEPT_HEADERS, ProxyRequest, ProxyResponse, ResponseStream
from movie_db.web_gateway.proxies import Proxies
from movie_db.web_gateway.retry import TRANSIENT, Trouble

CHUNK: Final = 64 * 1024
STREAM_HEADERS: Final = (*KEPT_HEADERS, "Content-Encoding", "Content-Length")


class Upstream:
    """Sends requests to the sources; an asynchronous context manager.

    Args:
        user_agent: the User-Agent header.
        stand_in: `http://host:port` of a server that answers for every host instead of the internet. It gets plain-text
            requests for `http://host/path`, like an HTTP proxy for pages without TLS.
        proxies: the forward proxies to use. They tunnel (CONNECT) to each host, so TLS is end to end.
    """

    def __init__(self, user_agent: str, stand_in: str | None, proxies: Proxies | None = None) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": ACCEPT_ENCODING}
        self._stand_in = URL(checked_stand_in(stand_in)) if stand_in else None
        self._proxies = proxies
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> "Upstream":
        # Gates limit the concurrency. We decompress bodies ourselves, so that no damage goes unnoticed.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )
        # aiohttp retries by itself when a connection breaks, bypassing our rates, quotas and counts. There is no public
        # switch for it; a test counts the requests that arrive.
        self._session._retry_connection = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, question: ProxyRequest, seconds: float, silence: float) -> tuple[ProxyResponse | Trouble, int]:
        """The response to one try, whatever its status, or why there is none; and the number of bytes received.

        Args:
            seconds: total timeout.
            silence: timeout between two reads.

        Raises:
            GatewayError: the source can't be reached, and a retry would not help.
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
                proxy=self._proxy(address.host),
                timeout=limits,
            ) as response:
                async for chunk in response.content.iter_chunked(CHUNK):
                    received += chunk
                    if len(received) > LARGEST:
                        raise DamagedBodyError(f"it is larger than {LARGEST >> 20} MB")
            plain = decompress(bytes(received), response.headers.get("Content-Encoding", ""))
        except TimeoutError:
            return Trouble("timed-out", "it does not answer in time"), len(received)
        except DamagedBodyError as error:
            return Trouble("unreachable", f"its answer is damaged: {error}"), len(received)
        except aiohttp.ClientHttpProxyError as error:
            return self._refused(address.host, error.status), len(received)
        except aiohttp.ClientConnectorCertificateError:
            raise _untrusted(address.host) from None
        except aiohttp.ClientProxyConnectionError:
            return Trouble("unreachable", f"{self._way(address.host)} can't be reached"), len(received)
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError):
            return Trouble("unreachable", "its answer is cut off or garbled"), len(received)
        except (aiohttp.ClientError, OSError) as error:
            return Trouble("unreachable", f"the connection failed ({type(error).__name__})"), len(received)
        kept = tuple((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
        return ProxyResponse(response.status, kept, plain, address.shown_url, at), len(received)

    @asynccontextmanager
    async def stream(self, question: ProxyRequest) -> AsyncIterator[ResponseStream]:
        """Streams the response to one try, for as long as data arrives.

        Raises:
            GatewayError: there is no response, or it breaks off.
        """
        address = question.address
        limits = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=address.policy.idle)
        headers = {**dict(question.headers), **self._headers, "Accept-Encoding": "identity"}
        try:
            async with self._session.get(
                self._url(question),
                headers=headers,
                allow_redirects=False,
                proxy=self._proxy(address.host),
                timeout=limits,
            ) as response:
                kept = tuple((name, response.headers[name]) for name in STREAM_HEADERS if name in response.headers)
                yield ResponseStream(response.status, kept, response.content.iter_chunked(CHUNK))
        except TimeoutError:
            raise GatewayError("timed-out", f"{address.shown_url} does not answer in time.") from None
        except aiohttp.ClientHttpProxyError as error:
            trouble = self._refused(address.host, error.status)
            raise GatewayError(trouble.code, f"{address.shown_url} can't be had: {trouble.reason}.") from None
        except aiohttp.ClientConnectorCertificateError:
            raise _untrusted(address.host) from None
        except (aiohttp.ClientError, OSError) as error:
            told = f"{address.shown_url} can't be had: the connection failed ({type(error).__name__})."
            raise GatewayError("unreachable", told) from None

    def _url(self, question: ProxyRequest) -> URL:
        address = question.address
        return URL(address.url if self._stand_in is None else f"http://{address.host}{address.target}", encoded=True)

    def _proxy(self, host: str) -> URL | None:
        return self._stand_in or (self._proxies.of(host) if self._proxies else None)

    def _way(self, host: str) -> str:
        """The proxy or stand-in through which a host is reached, without the user's password."""
        url = self._proxy(host)
        return (
            f"the {'stand-in web' if self._stand_in else 'proxy'} {url.host if url else ''}:{url.port if url else ''}"
        )

    def _refused(self, host: str, status: int) -> Trouble:
        """Handles a proxy's refusal of a tunnel.

        Raises:
            GatewayError: a retry would not help.
        """
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            told = "wants another user name and password (407): MOVIE_DB_PROXY takes http://USER:PASSWORD@HOST:PORT"
            raise GatewayError("proxy", f"{host} can't be asked: {self._way(host)} {told}.")
        if (status < 500 and status not in TRANSIENT) or status == HTTPStatus.NOT_IMPLEMENTED:
            raise GatewayError("proxy", f"{host} can't be asked: {self._way(host)} refuses the tunnel ({status}).")
        return Trouble("unreachable", f"{self._way(host)} answers {status}")


def _untrusted(host: str) -> GatewayError:
    told = "SSL_CERT_FILE names the certificates of a proxy or network that opens TLS"
    return GatewayError("unreachable", f"{host} shows a certificate that this machine does not trust: {told}.")


def checked_stand_in(stand_in: str) -> str:
    """Validates the address of a stand-in web.

    Raises:
        UsageError: it is not of the form http://host:port.
    """
    try:
        parts = urlsplit(stand_in)
        good = parts.scheme == "http" and parts.hostname and (parts.port or True) and parts.path in {"", "/"}
    except ValueError:
        good = False
    if not good:
        raise UsageError(f"MOVIE_DB_UPSTREAM takes the address of a stand-in web, http://host:port, not {stand_in!r}.")
    return stand_in


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
