"""JustWatch's GraphQL: what is asked, and what its answers say, errors included."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from movie_db.contract.errors import BlockedError, RetryLaterError, UnreadableError
from movie_db.crawling_module.sources import graphql
from movie_db.crawling_module.sources.base import SourceAnswer
from presence import present


def answer(reply: Any) -> Any:
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    request = graphql.request("Q", "query Q { x }", {})
    return SourceAnswer(request, graphql.DOOR, datetime(2026, 11, 23, tzinfo=UTC), body)


def error(code: Any, *path: Any) -> Any:
    return {"message": "told so", "path": list(path), "extensions": {"code": code}}


def test_equal_questions_have_equal_bytes() -> None:
    one = graphql.request("Q", "query Q {\n  x\n}", {"b": 1, "a": "é"})
    assert one == graphql.request("Q", "query  Q { x }", {"a": "é", "b": 1})
    assert json.loads(present(one.body)) == {
        "operationName": "Q",
        "query": "query Q { x }",
        "variables": {"a": "é", "b": 1},
    }
    assert dict(one.headers)["Content-Type"] == "application/json"


def test_data_is_what_was_asked() -> None:
    assert graphql.data(answer({"data": {"x": 1}})) == {"x": 1}


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (b"<html>", UnreadableError, "not JSON"),
        (b'{"data": {"x"', UnreadableError, "not JSON"),
        ([], UnreadableError, "without data"),
        ({}, UnreadableError, "without data"),
        ({"data": None}, UnreadableError, "without data"),
        ({"errors": [error("GRAPHQL_VALIDATION_FAILED")], "data": None}, UnreadableError, "told so"),
        ({"errors": [error("INTERNAL_SERVER_ERROR", "x")], "data": {"x": None}}, RetryLaterError, "told so"),
        ({"errors": [error("OTHER", "x")], "data": {"x": None, "y": 1}}, UnreadableError, "told so"),
        ({"errors": {"message": "told so"}}, UnreadableError, "told so"),
        ({"errors": ["told so"]}, UnreadableError, "told so"),
        ({"errors": [{}]}, UnreadableError, "no reason given"),
    ],
)
def test_an_answer_that_is_not_whole_is_an_error_with_its_reason(reply: Any, kind: Any, says: Any) -> None:
    with pytest.raises(kind, match=says):
        graphql.data(answer(reply))


def test_what_is_gone_is_null_and_no_error() -> None:
    reply = answer({"errors": [error("NOT_FOUND", "n0")], "data": {"n0": None, "n1": {"id": "tm1"}}})
    assert graphql.parts(reply) == ({"n0": None, "n1": {"id": "tm1"}}, set())
    assert graphql.data(reply)["n1"] == {"id": "tm1"}


def test_of_several_things_those_in_trouble_are_named() -> None:
    reply = answer({"errors": [error("TIMEOUT", "n0", "offers")], "data": {"n0": None, "n1": {"id": "tm1"}}})
    assert graphql.parts(reply) == ({"n0": None, "n1": {"id": "tm1"}}, {"n0"})


def test_where_nothing_came_the_trouble_is_told() -> None:
    with pytest.raises(RetryLaterError):
        graphql.parts(answer({"errors": [error("TIMEOUT", "n0")], "data": {"n0": None}}))


def test_outside_ids_are_those_that_look_like_ids() -> None:
    ids = {"imdbId": "tt0113277", "tmdbId": 949, "wikidataId": None}
    assert graphql.outside_ids({"externalIds": ids}) == {"imdb": "tt0113277", "tmdb": "949"}
    assert graphql.outside_ids({"externalIds": {"imdbId": "", "tmdbId": "0", "wikidataId": "x"}}) == {}
    assert graphql.outside_ids({"externalIds": None}) == graphql.outside_ids({}) == {}


def failing(message: Any, **extensions: Any) -> Any:
    return answer({"errors": [{"message": message, "path": ["x"], "extensions": extensions}], "data": {"x": None}})


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("internal system error", "INTERNAL_ERROR"),
        ("internal system error", ""),
        ("oops", "INTERNAL_SERVER_ERROR"),
        ("oops", "GATEWAY_TIMEOUT"),
        ("oops", "RATE_LIMITED"),
        ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"),
        ("rpc error: code = Unavailable desc = connection refused", "OTHER"),
        ("rpc error: code = DeadlineExceeded desc = x", ""),
        ("context deadline exceeded", ""),
        ("upstream request timeout", ""),
    ],
)
def test_trouble_behind_the_door_may_pass(message: Any, code: Any) -> None:
    with pytest.raises(graphql.UpstreamError):
        graphql.data(failing(message, code=code))


@pytest.mark.parametrize(
    ("message", "code", "kind"),
    [
        ("Cannot query field", "GRAPHQL_VALIDATION_FAILED", UnreadableError),
        ("operation has complexity 2000", "COMPLEXITY_LIMIT_EXCEEDED", UnreadableError),
        ("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED", UnreadableError),
        ("rpc error: code = InvalidArgument desc = bad id", "INTERNAL_ERROR", UnreadableError),
        ("no", "FORBIDDEN", BlockedError),
        ("rpc error: code = PermissionDenied desc = no", "INTERNAL_ERROR", BlockedError),
    ],
)
def test_what_asking_again_cannot_change_is_not_asked_again(message: Any, code: Any, kind: Any) -> None:
    with pytest.raises(kind):
        graphql.data(failing(message, code=code))


def test_what_a_backend_does_not_find_is_null_and_no_error() -> None:
    reply = failing("rpc error: code = NotFound desc = no such title", code="INTERNAL_ERROR")
    assert graphql.data(reply) == {"x": None}
