"""The state of a source record, to detect changes: the source's own revision, otherwise a digest of the content."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from movie_db.contract.messages import SourceRecord

_COMPARED: Final = ("url", "kind", "language", "ids")


def state_of(record: SourceRecord) -> str:
    """The state of a record: its revision, or a digest of 32 hexadecimal digits."""
    return state_of_json(json.loads(record.model_dump_json(exclude_defaults=True)))


def state_of_json(record: Mapping[str, Any]) -> str:
    """The state of a record as JSON without default values. Fields kept from earlier records don't count."""
    revision: str | None = record.get("revision")
    facts = {name: value for name, value in record.get("facts", {}).items() if name not in record.get("kept", {})}
    content = {name: record.get(name) for name in _COMPARED} | {"facts": facts}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
    return revision or digest.hexdigest()[:32]
