"""JustWatch's GraphQL door: requests and answers, shared by its gallery and its titles.

The door is unofficial. What it is known to do: `first` above 100 is refused as too complex; an offset + count above
1,999 gives an empty list in place of the rest; an unknown package code switches the filter off without a word.
"""

import json
from typing import Any, Final

from movie_db.contract.errors import BadPage, TryLater
from movie_db.contract.ids import MovieNamespace, is_movie_id
from movie_db.contract.text import load_json
from movie_db.crawling_module.sources.base import Answer, Ask

DOOR: Final = "https://apis.justwatch.com/graphql"
PAGE: Final = 100
CAP: Final = 1999


def ask(operation: str, query: str, variables: dict[str, Any]) -> Ask:
    """One GraphQL request; the same arguments give the same bytes."""
    body = {"operationName": operation, "query": " ".join(query.split()), "variables": variables}
    return Ask(
        "justwatch",
        DOOR,
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(),
        (("Accept", "application/json"), ("Content-Type", "application/json")),
    )


def data(answer: Answer) -> dict[str, Any]:
    """The `data` of an answer that is whole.

    Raises:
        BadPage: it is no JSON, or JustWatch reports errors (its first one is told).
        TryLater: JustWatch reports trouble of its own.
    """
    found, errors = _open(answer)
    if errors:
        raise _refusal(errors[0])
    return found


def parts(answer: Answer) -> tuple[dict[str, Any], set[str]]:
    """The `data` of an answer that names several things, and the names of those that met an error.

    What JustWatch no longer has is null, and no error.

    Raises:
        BadPage, TryLater: as `data`, where nothing at all came.
    """
    found, errors = _open(answer)
    if errors and not any(found.values()):
        raise _refusal(errors[0])
    return found, {str(error["path"][0]) for error in errors if error.get("path")}


def _open(answer: Answer) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What came, and the errors that are more than the absence of something."""
    try:
        told = load_json(answer.body)
    except (ValueError, RecursionError):
        raise BadPage("JustWatch answered with something that is no JSON.") from None
    said = told.get("errors") if isinstance(told, dict) else None
    listed = said if isinstance(said, list) else [said] if said else []
    errors = [e if isinstance(e, dict) else {"message": str(e)} for e in listed]
    errors = [e for e in errors if _code(e) != "NOT_FOUND"]
    found = told.get("data") if isinstance(told, dict) else None
    if not isinstance(found, dict):
        raise _refusal(errors[0]) if errors else BadPage("JustWatch answered JSON without data.")
    return found, errors


def _code(error: dict[str, Any]) -> str:
    extensions = error.get("extensions")
    return str(extensions.get("code", "")) if isinstance(extensions, dict) else ""


def _refusal(error: dict[str, Any]) -> BadPage | TryLater:
    message = f"JustWatch refused the query: {error.get('message', 'no reason given')}"
    return TryLater(message) if _code(error) in {"INTERNAL_SERVER_ERROR", "TIMEOUT"} else BadPage(message)


def outside_ids(content: dict[str, Any]) -> dict[MovieNamespace, str]:
    """The ids that a title's content gives for other sites; what has not the form of an id is left out."""
    told = content.get("externalIds")
    told = told if isinstance(told, dict) else {}
    spaces: tuple[MovieNamespace, ...] = ("imdb", "tmdb", "wikidata")
    return {n: str(told.get(f"{n}Id")) for n in spaces if is_movie_id(n, str(told.get(f"{n}Id")))}
