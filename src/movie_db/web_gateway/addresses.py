"""Decides which addresses are allowed: https, default port, no credentials, a host in the policy table."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit

from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.host_policy import HostPolicy, row_of
from movie_db.web_gateway.paths import without_dots

_PORTS = {"http": (None, 80), "https": (None, 443)}


@dataclass(frozen=True, slots=True)
class Address:
    """An allowed address. `target` is path and query as written, with `.` and `..` segments resolved."""

    host: str
    path: str
    target: str
    policy: HostPolicy

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.target}"

    @property
    def shown_url(self) -> str:
        """The address without the user's key, as it is archived, shown and recorded."""
        path, _, query = self.target.partition("?")
        if self.policy.key is None or not query:
            return self.url
        kept = "&".join(part for part in query.split("&") if part.partition("=")[0] != self.policy.key)
        return f"https://{self.host}{path}{'?' if kept else ''}{kept}"

    @property
    def has_key(self) -> bool:
        """Whether the address contains the key, or needs none."""
        return self.policy.key is None or self.shown_url != self.url

    def with_key(self, key: str) -> "Address":
        """The same address, with the user's key."""
        joint = "&" if "?" in self.target else "?"
        return replace(self, target=f"{self.target}{joint}{self.policy.key}={quote(key, safe='')}")


def admit(url: str) -> Address:
    """Parses and checks the address of a request (absolute form, http or https; https is used in any case).

    Raises:
        GatewayError: `bad-request` or `host-not-allowed`, with the reason.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise GatewayError("bad-request", f"{url!r} is not a valid address.") from None
    if parts.scheme not in _PORTS or not host:
        raise GatewayError(
            "bad-request", "This is a forward proxy: request http://host/path in absolute form (http_proxy)."
        )
    if parts.username is not None or parts.password is not None:
        raise GatewayError("bad-request", "Addresses with a user name or password are refused.")
    if not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        raise GatewayError("bad-request", "The address has characters that must be percent-encoded.")
    if (row := row_of(host)) is None:
        raise GatewayError("host-not-allowed", f"{host} is not among the hosts that this gateway may request.")
    if port not in _PORTS[parts.scheme]:
        raise GatewayError("host-not-allowed", f"{host} is requested on its default port only, not on {port}.")
    path = without_dots(parts.path or "/")
    return Address(host, path, path + (f"?{parts.query}" if parts.query else ""), row)


def follow(base: Address, location: str) -> Address:
    """Resolves the target of a redirect.

    Raises:
        GatewayError: `redirect-refused` if it leaves https, the default port or the allowed hosts.
    """
    try:
        url = urljoin(base.url, location.strip())
        if urlsplit(url).scheme != "https":
            raise GatewayError("bad-request", "only https is followed.")
        return admit(url)
    except (GatewayError, ValueError) as error:
        raise GatewayError(
            "redirect-refused", f"{base.shown_url} redirects to {location[:200]!r}, which is refused: {error}"
        ) from None
