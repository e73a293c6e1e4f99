"""Keys of the API: who bears one may write. The database keeps a digest of each, never the key."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.repository import Repository, Row

SCOPES: Final = ("read", "write", "admin")
"""Each may do what those before it may."""
_BEGINS: Final = "mdb_"


def create(repository: Repository, name: str, scope: str) -> str:
    """Makes a key of this name; returns it, and no one can read it again.

    Raises:
        UsageError: a key of that name is there already.
    """
    if repository.read("api_keys", name=[name]):
        raise UsageError(f"There is a key {name!r} already: give this one another name.")
    key = _BEGINS + secrets.token_urlsafe(32)
    repository.insert("api_keys", [{"name": name, "digest": digest(key), "scope": scope, "revoked_at": None}])
    return key


def revoke(repository: Repository, name: str, at: datetime) -> None:
    """Has a key open nothing any more.

    Raises:
        UsageError: there is no key of that name.
    """
    rows = repository.read("api_keys", name=[name])
    if not rows:
        known = ", ".join(row["name"] for row in listed(repository)) or "none"
        raise UsageError(f"There is no key {name!r}; there are: {known}.")
    if rows[0]["revoked_at"] is None:
        repository.update("api_keys", [{"key_id": rows[0]["key_id"], "revoked_at": at}])


def listed(repository: Repository) -> list[Row]:
    """All keys, in the order in which they were made."""
    return repository.read("api_keys")


def digest(key: str) -> str:
    """What is kept of a key. It has 256 bits by chance, so that a plain hash is enough."""
    return sha256(key.encode()).hexdigest()


def opens(scope: str, needed: Collection[str]) -> bool:
    """Whether a key of this scope may do what needs all of these."""
    granted: Sequence[str] = SCOPES[: SCOPES.index(scope) + 1]
    return set(needed) <= set(granted)
