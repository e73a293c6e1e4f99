"""Text is cleaned of what no database can hold, and of nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.contract.text import clean_text, load_json

ANY = st.text(st.characters(exclude_categories=[]), max_size=30)


@given(ANY)
def test_clean_text_holds_no_nul_and_can_be_encoded(text: Any) -> None:
    cleaned = clean_text(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert clean_text(cleaned) == cleaned


@given(st.recursive(st.none() | st.integers() | ANY, lambda inner: st.lists(inner) | st.dictionaries(ANY, inner)))
def test_every_json_is_read_with_clean_text(value: Any) -> None:
    cleaned = json.dumps(load_json(json.dumps(value)), ensure_ascii=False)
    cleaned.encode()
    assert "\\u0000" not in cleaned


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'{"a": "x\u0000y"}', {"a": "xy"}),
        (b'{"a": "x\0y"}', {"a": "xy"}),
        (rb'{"a": "\\u0000"}', {"a": "\\u0000"}),
        (rb'{"a": "\ud83d\ude00"}', {"a": "😀"}),
        (rb'{"a": "\ud83d!"}', {"a": "\ufffd!"}),
        (b'{"a": "line\nbreak"}', {"a": "line\nbreak"}),
    ],
)
def test_json_is_cleaned(body: Any, value: Any) -> None:
    assert load_json(body) == value


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": "x', b"\xff\xfe"])
def test_damaged_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        load_json(body)
