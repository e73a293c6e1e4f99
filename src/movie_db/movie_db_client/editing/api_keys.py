"""Keys of the API: create, revoke and list them. The database stores a digest of each key, never the key itself."""

import secrets
from datetime import datetime
from typing import Final

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.reading.api_keys import digest
from movie_db.movie_db_client.repository import Row, UnitOfWork

_PREFIX: Final = "mdb_"


def create_key(unit: UnitOfWork, name: str, scope: str) -> str:
    """Creates a key and returns it. It cannot be read again.

    Raises:
        UsageError: a key of this name exists already.
    """
    repository = unit.repository
    if repository.read("api_keys", name=[name]):
        raise UsageError(f"A key named {name!r} exists already: choose another name.")
    key = _PREFIX + secrets.token_urlsafe(32)
    repository.insert("api_keys", [{"name": name, "digest": digest(key), "scope": scope, "revoked_at": None}])
    unit.commit()
    return key


def revoke_key(unit: UnitOfWork, name: str, at: datetime) -> None:
    """Revokes a key. Revoking it again changes nothing.

    Raises:
        UsageError: there is no key of this name.
    """
    rows = unit.repository.read("api_keys", name=[name])
    if not rows:
        names = ", ".join(row["name"] for row in list_keys(unit)) or "none"
        raise UsageError(f"There is no key named {name!r}. Keys: {names}.")
    if rows[0]["revoked_at"] is None:
        unit.repository.update("api_keys", [{"key_id": rows[0]["key_id"], "revoked_at": at}])
    unit.commit()


def list_keys(unit: UnitOfWork) -> list[Row]:
    """Lists all keys, oldest first."""
    return unit.repository.read("api_keys")
