"""By what it is known again that a source says what it said before: its own revision, else a digest of what it says."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from movie_db.contract.messages import SourceRecord

_SAID: Final = ("url", "kind", "language", "ids")


def state_of(record: SourceRecord) -> str:
    """The name of a record's state."""
    return state_of_json(json.loads(record.model_dump_json(exclude_defaults=True)))


def state_of_json(told: Mapping[str, Any]) -> str:
    """The same of a record as JSON, without what is at its default; what is kept of former ones is not said now."""
    revision: str | None = told.get("revision")
    facts = {name: value for name, value in told.get("facts", {}).items() if name not in told.get("kept", {})}
    said = json.dumps({name: told.get(name) for name in _SAID} | {"facts": facts}, sort_keys=True, ensure_ascii=False)
    return revision or hashlib.sha256(said.encode()).hexdigest()[:32]
