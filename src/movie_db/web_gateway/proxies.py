"""Chooses the forward proxy, if any, through which a host is reached."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from yarl import URL

from movie_db.contract.errors import UsageError

_VARIABLES: Final = ("HTTPS_PROXY", "ALL_PROXY")
"""Sources are requested over https only, so HTTP_PROXY does not apply."""


class Proxies:
    """The configured forward proxy, if any, and the hosts that are reached without it.

    Args:
        setting: MOVIE_DB_PROXY, which takes precedence over HTTPS_PROXY and ALL_PROXY.
        environment: the variables of this process; NO_PROXY always applies.

    Raises:
        UsageError: an address is invalid. The text names the variable, never its value, which may contain a password.
    """

    def __init__(self, setting: str | None, environment: Mapping[str, str]) -> None:
        self._without = [name.strip().lower() for name in _value(environment, "NO_PROXY").split(",") if name.strip()]
        given = [("MOVIE_DB_PROXY", setting or ""), *((name, _value(environment, name)) for name in _VARIABLES)]
        name, address = next(((name, value) for name, value in given if value), ("", ""))
        self._proxy = _checked(name, address) if address else None

    def of(self, host: str) -> URL | None:
        """The proxy for this host; None means a direct connection."""
        return None if any(_covers(name, host) for name in self._without) else self._proxy


def _covers(name: str, host: str) -> bool:
    """Whether an entry of NO_PROXY covers a host: the host itself, a parent domain, with or without port, or `*`."""
    domain = name.removesuffix(":443").removeprefix("*.").lstrip(".")
    return name == "*" or host == domain or host.endswith(f".{domain}")


def _value(environment: Mapping[str, str], name: str) -> str:
    """Reads a variable as most programs do: lower case takes precedence over upper case."""
    return environment.get(name.lower(), environment.get(name, "")).strip()


def _checked(name: str, address: str) -> URL:
    url = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(url)
        port = parts.port is None or parts.port > 0
        good = parts.scheme in {"http", "https"} and parts.hostname and port and parts.path in {"", "/"}
        good = good and not (parts.query or parts.fragment) and url.isprintable() and " " not in url
        if good:
            return URL(url)
    except ValueError:
        pass
    told = "takes the address of a forward proxy, http://HOST:PORT or http://USER:PASSWORD@HOST:PORT"
    raise UsageError(f"{name} {told}; other kinds, such as SOCKS, are not supported.")
