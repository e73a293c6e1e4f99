"""What a key of the API may do."""

from collections.abc import Collection
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, select

from movie_db.movie_db_client.data_model.bookkeeping import ApiKeyRow

SCOPES: Final = ("read", "write", "admin")
"""Each scope includes those before it."""


def digest(key: str) -> str:
    """Returns what the database stores of a key. A key has 256 random bits, so a plain hash is enough."""
    return sha256(key.encode()).hexdigest()


def scope_of(connection: Connection, key: str) -> str | None:
    """Returns the scope of a key, or None if the key does not exist or was revoked."""
    valid = select(ApiKeyRow.scope).where(ApiKeyRow.digest == digest(key), ApiKeyRow.revoked_at.is_(None))
    return connection.execute(valid).scalar()


def grants(scope: str, required: Collection[str]) -> bool:
    """Whether a scope includes all required ones."""
    return set(required) <= set(SCOPES[: SCOPES.index(scope) + 1])
