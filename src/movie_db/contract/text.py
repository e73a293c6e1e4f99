"""Text that every database can keep: without U+0000 and without halves of surrogate pairs.

PostgreSQL's text can't hold U+0000, and no UTF-8 can hold half a surrogate pair. Both are cleaned where text comes in,
so that SQLite and PostgreSQL hold the same: U+0000 is left out, half a pair becomes U+FFFD.
"""

import json
import re
from typing import Any, Final

import orjson

_HALF: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_NUL: Final = b"\\u0000"


def clean_text(text: str) -> str:
    """The text without U+0000, and with U+FFFD for each half of a surrogate pair."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return _HALF.sub("\ufffd", text.replace("\0", ""))


def clean(value: Any) -> Any:
    """A JSON value with clean text; keys are cleaned, too. Text that is clean is given back as it is."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def load_json(body: bytes | str) -> Any:
    """Reads JSON and cleans its text.

    Numbers that JSON does not know (`NaN`, `Infinity`) are read, so that they cost no more than the part they stand in.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    if b"\0" in raw:
        raw = raw.replace(b"\0", b"")
    try:
        told = orjson.loads(raw)
    except ValueError:
        # Half a surrogate pair, NaN, or a bare control character; what is damaged fails here, too.
        return clean(json.loads(raw.decode("utf-8", "surrogatepass"), strict=False))
    return clean(told) if _ESCAPED_NUL in raw else told
