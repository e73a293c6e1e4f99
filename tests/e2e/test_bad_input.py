"""What a build can't do, it refuses in one sentence that says what would be right; whatever of it is found late."""

from pathlib import Path
from typing import Any

import pytest

import bad_input

TRIED = [
    *((case, None) for case in bad_input.LATE),
    *((case, bad_input.no_override) for case in bad_input.SHUT),
    *((case, bad_input.small_files) for case in bad_input.FULL),
]


@pytest.mark.parametrize(("case", "before"), TRIED)
def test_a_build_refuses_in_one_sentence(tmp_path: Path, case: Any, before: Any) -> None:
    bad_input.prepare(tmp_path)
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    ended = bad_input.attempt(case, tmp_path, before)
    assert ended.returncode == case[2], ended.stderr
    assert case[3] in ended.stderr
    assert ended.stderr.startswith("movie-db: ") or before is bad_input.small_files
    assert ended.stderr.splitlines()[-1].startswith("movie-db: ")
    assert "Traceback" not in ended.stderr
    assert {path: path.read_bytes() for path in kept} == kept


def test_an_empty_gallery_is_told_and_nothing_is_built(
    workplace: Any, web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.recorded.known, "listed", {})
    ended = workplace.build_from(web)
    assert ended.code == 1
    assert ended.said[-1].startswith("movie-db: The gallery https://www.justwatch.com/us/provider/max/movies is empty")


def test_a_gallery_that_redirects_to_this_machine_is_not_followed(workplace: Any, web: Any) -> None:
    elsewhere = {"Location": "http://127.0.0.1:9/secret"}
    web.faults["apis.justwatch.com"] = lambda _request, _body: (302, elsewhere, b"")
    ended = workplace.build_from(web)
    assert ended.code == 1
    assert len(ended.said) == 1
    assert "127.0.0.1" in ended.said[0]
