"""robots.txt of each host, read as RFC 9309 says."""

from collections.abc import Awaitable, Callable
from typing import Final

from protego import Protego

from movie_db.web_gateway.addresses import Address
from movie_db.web_gateway.exchange import Answer, Question
from movie_db.web_gateway.problems import GatewayError

AGENT: Final = "movie_db"
FRESH: Final = 24 * 3600
"""Seconds that a robots.txt may be old: RFC 9309, section 2.4."""


class Robots:
    """Judges pages by robots.txt, which it gets through `ask` (that one keeps it for a day)."""

    def __init__(self, ask: Callable[[Question], Awaitable[Answer]]) -> None:
        self._ask = ask
        self._read: dict[str, tuple[int, Protego]] = {}

    async def check(self, address: Address) -> None:
        """Does nothing if the address may be fetched.

        Raises:
            GatewayError: `robots` if it is forbidden, or what kept us from reading robots.txt: then nothing may.
        """
        if not address.manners.obeys_robots(address.path):
            return
        rules = await self._rules(address)
        if not rules.can_fetch(address.url, AGENT):
            raise GatewayError("robots", f"robots.txt of {address.host} forbids {address.shown_url} to programs.")

    async def _rules(self, address: Address) -> Protego:
        home = Address(address.host, "/robots.txt", "/robots.txt", address.manners)
        answer = await self._ask(Question("GET", home))
        known = self._read.get(address.host)
        if known and known[0] == answer.retrieved_at:
            return known[1]
        if answer.status >= 500:
            raise GatewayError("unreachable", f"{address.host} does not give its robots.txt ({answer.status}).")
        text = answer.body.decode("utf-8", "replace") if answer.status < 300 else ""
        rules = Protego.parse(text)
        self._read[address.host] = (answer.retrieved_at, rules)
        return rules
