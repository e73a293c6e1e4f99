"""The HTTP side of the proxy: requests go to an `Answerer`, whose answers go back."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from movie_db.contract import service_log
from movie_db.contract.service import address_of, listen, ready
from movie_db.web_gateway.addresses import admit
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.exchange import Answerer, ArchivedResponse, Freshness, ProxyRequest
from movie_db.web_gateway.retry import http_date

FORWARDED: Final = ("Accept", "Accept-Language", "Content-Type")
STREAM_FORWARDED: Final = ("If-None-Match", "Range", "If-Range")
STOPPING: Final = 1.5


class Proxy:
    """Handles all requests: absolute form goes to `answerer`, `/_gateway/…` concerns the gateway itself."""

    def __init__(self, answerer: Answerer, mode: str) -> None:
        self._answerer = answerer
        self._mode = mode

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            if request.raw_path.startswith("/"):
                return await self._about(request.raw_path.partition("?")[0])
            question = await _question(request)
            run = request.headers.get(service_log.RUN_HEADER)
            with service_log.about(**({"run": run} if run else {})):
                if question.address.policy.streamed and question.method == "GET":
                    return await self._stream(request, question)
                reply = await self._answerer.answer(question, Freshness.of(request.headers.get("Cache-Control", "")))
        except GatewayError as error:
            return _problem(error)
        return _response(reply)

    async def _stream(self, request: web.BaseRequest, question: ProxyRequest) -> web.StreamResponse:
        """Streams a response. If it breaks off, the client's connection is cut as well."""
        response: web.StreamResponse | None = None
        try:
            async with self._answerer.stream(question) as stream:
                response = web.StreamResponse(status=stream.status, headers=dict(stream.headers))
                await response.prepare(request)
                async for chunk in stream.chunks:
                    await response.write(chunk)
        except GatewayError:
            if response is None:
                raise
            if request.transport:
                request.transport.close()
            return response
        await response.write_eof()
        return response

    async def _about(self, path: str) -> web.Response:
        if path == "/_gateway/health":
            return web.json_response({"status": "ok", "mode": self._mode})
        if path == "/_gateway/stats":
            return web.json_response(await self._answerer.stats())
        raise GatewayError(
            "bad-request", "This is a forward proxy: ask it for http://host/path, in absolute form (http_proxy)."
        )


async def _question(request: web.BaseRequest) -> ProxyRequest:
    if request.method == "CONNECT":
        raise GatewayError(
            "method-not-supported", "CONNECT is not supported: request http://host/path instead of https."
        )
    if request.method not in {"GET", "POST"}:
        raise GatewayError("method-not-supported", f"{request.method} is not supported: only GET and POST are.")
    address = admit(request.raw_path)
    try:
        body = await request.read() if request.method == "POST" else b""
    except web.HTTPRequestEntityTooLarge:
        raise GatewayError("too-large", "A request body has at most 1 MB: use smaller batches.") from None
    forwarded = (*FORWARDED, *STREAM_FORWARDED) if address.policy.streamed else FORWARDED
    headers = tuple((name, request.headers[name]) for name in forwarded if name in request.headers)
    return ProxyRequest(request.method, address, body, headers)


def _response(reply: ArchivedResponse) -> web.Response:
    answer = reply.answer
    headers = {name: value for name, value in answer.headers if name not in {"Location", "Date"}}
    if told := answer.header("Date"):
        headers["X-Source-Date"] = told
    headers |= {
        "Content-Location": answer.url,
        "Date": http_date(answer.retrieved_at),
        "Age": str(max(0, int(time.time()) - answer.retrieved_at)),
        "X-Cache": "hit" if reply.hit else "miss",
    }
    if reply.quota:
        headers["X-Quota"] = "{}/{}".format(*reply.quota)
    return web.Response(status=answer.status, body=answer.body, headers=headers)


def _problem(error: GatewayError) -> web.Response:
    headers = {"X-Gateway-Error": error.code, "Content-Type": "application/problem+json"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return web.Response(status=error.status, body=json.dumps(error.as_problem()).encode(), headers=headers)


@asynccontextmanager
async def listening(answerer: Answerer, mode: str, host: str, port: int) -> AsyncIterator[str]:
    """Listens and yields the address. On exit it gives requests in progress a few seconds to finish.

    Raises:
        UnavailableError: the port is taken, or the address does not belong to this machine.
    """
    runner = web.ServerRunner(web.Server(Proxy(answerer, mode), access_log=None), shutdown_timeout=STOPPING)
    await runner.setup()
    try:
        opened = listen(host, port, "gateway")
        address = address_of(opened)
        await web.SockSite(runner, opened).start()
        yield address
    finally:
        await runner.cleanup()


async def serve(answerer: Answerer, mode: str, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT; prints READY with its address once it listens."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listening(answerer, mode, host, port) as url:
        ready(url)
        await stop.wait()
