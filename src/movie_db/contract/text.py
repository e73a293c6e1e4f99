"""Text that every database can store: without U+0000 and without lone surrogates.

PostgreSQL can't store U+0000, and UTF-8 can't encode a lone surrogate. Both are cleaned on input, so that SQLite and
PostgreSQL store the same text: U+0000 is removed, and a lone surrogate becomes U+FFFD.
"""

import json
import re
from typing import Any, Final

import orjson

_HALF: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_NUL: Final = b"\\u0000"


def clean_text(text: str) -> str:
    """The text without U+0000, and with U+FFFD for each lone surrogate."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return _HALF.sub("\ufffd", text.replace("\0", ""))


def clean(value: Any) -> Any:
    """A JSON value with all its text cleaned, keys included."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def load_json(body: bytes | str) -> Any:
    """Parses JSON and cleans its text.

    `NaN` and `Infinity`, which are not JSON, are accepted, so that only the part that contains them is lost.

    Raises:
        ValueError: the text is not JSON.
        RecursionError: the text is nested too deeply.
    """
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    if b"\0" in raw:
        raw = raw.replace(b"\0", b"")
    try:
        value = orjson.loads(raw)
    except ValueError:
        # A lone surrogate, NaN, or a bare control character. Damaged JSON fails here again.
        return clean(json.loads(raw.decode("utf-8", "surrogatepass"), strict=False))
    return clean(value) if _ESCAPED_NUL in raw else value
