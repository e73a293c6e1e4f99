"""Fetches and applies each host's robots.txt (RFC 9309)."""

import codecs
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from protego import Protego

from movie_db.web_gateway.addresses import Address
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.exchange import ProxyRequest, ProxyResponse
from movie_db.web_gateway.paths import lenient
from movie_db.web_gateway.retry import TRANSIENT

AGENT: Final = "movie_db"
FRESH: Final = 24 * 3600
"""Maximum age of a cached robots.txt in seconds (RFC 9309, section 2.4)."""
LARGEST: Final = 500 * 1024
"""Maximum number of bytes of a robots.txt that are read (RFC 9309, section 2.5)."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRAY: Final = re.compile("[\udc80-\udcff]")
_SAFE: Final = "/:@!$&'()*+,=-._~"


class Robots:
    """Checks pages against robots.txt, which it fetches through `ask` (cached for a day)."""

    def __init__(self, ask: Callable[[ProxyRequest], Awaitable[ProxyResponse]]) -> None:
        self._ask = ask
        self._read: dict[str, tuple[int, Protego]] = {}

    async def check(self, address: Address) -> None:
        """Returns if the address may be fetched.

        Raises:
            GatewayError: `robots` if it is disallowed, another code if robots.txt can't be read: that disallows all.
        """
        if not address.policy.obeys_robots(address.path):
            return
        rules = await self._rules(address)
        _, _, query = address.target.partition("?")
        read = f"https://{address.host}{quote(lenient(address.path), safe=_SAFE)}{'?' if query else ''}{query}"
        if not (rules.can_fetch(address.url, AGENT) and rules.can_fetch(read, AGENT)):
            raise GatewayError("robots", f"robots.txt of {address.host} forbids {address.shown_url} to programs.")

    async def _rules(self, address: Address) -> Protego:
        home = Address(address.host, "/robots.txt", "/robots.txt", address.policy)
        answer = await self._ask(ProxyRequest("GET", home))
        known = self._read.get(address.host)
        if known and known[0] == answer.retrieved_at:
            return known[1]
        # RFC 9309, 2.3.1: 4xx allows everything, 5xx nothing. 429, broken redirects and bot walls count as unavailable.
        wall = answer.status == HTTPStatus.ACCEPTED and not answer.body
        if answer.status >= 500 or answer.status in TRANSIENT or answer.status in range(300, 400) or wall:
            raise GatewayError("unreachable", f"{address.host} does not give its robots.txt ({answer.status}).")
        rules = Protego.parse(text_of(answer.body) if answer.status < 300 else "")
        self._read[address.host] = (answer.retrieved_at, rules)
        return rules


def text_of(body: bytes) -> str:
    """Decodes the first 500 KiB of a robots.txt, as UTF-8 or by its byte order mark.

    Bytes that are not UTF-8 become percent-escapes, as in addresses.
    """
    if len(body) > LARGEST:
        whole = max(body.rfind(b"\n", 0, LARGEST), body.rfind(b"\r", 0, LARGEST))
        body = body[: whole + 1 or LARGEST]
    coding = next((coding for mark, coding in _MARKS if body.startswith(mark)), "utf-8")
    if coding == "utf-8" and b"\0" in body[:2]:
        coding = "utf-16-be" if body[:1] == b"\0" else "utf-16-le"
    text = body.decode(coding, "surrogateescape" if coding == "utf-8" else "replace")
    return _STRAY.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text.replace("\ufeff", ""))
