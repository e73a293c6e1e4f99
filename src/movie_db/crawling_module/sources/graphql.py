"""JustWatch's GraphQL door: requests and answers, shared by its gallery and its titles.

The door is unofficial. What it is known to do: `first` above 100 is refused as too complex; an offset + count above
1,999 gives an empty list in place of the rest; an unknown package code switches the filter off without a word.
"""

import json
from typing import Any, Final

from movie_db.contract.errors import BadPage, TryLater
from movie_db.contract.ids import MovieNamespace, is_movie_id
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
    """The `data` of an answer.

    Raises:
        BadPage: it is no JSON, or JustWatch reports errors (its first one is told).
        TryLater: JustWatch reports trouble of its own.
    """
    try:
        told = json.loads(answer.body)
    except ValueError:
        raise BadPage("JustWatch answered with something that is no JSON.") from None
    errors = told.get("errors") if isinstance(told, dict) else None
    if errors:
        first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
        message = f"JustWatch refused the query: {first.get('message', 'no reason given')}"
        code = str((first.get("extensions") or {}).get("code", ""))
        raise TryLater(message) if code in {"INTERNAL_SERVER_ERROR", "TIMEOUT"} else BadPage(message)
    if not isinstance(told, dict) or not isinstance(told.get("data"), dict):
        raise BadPage("JustWatch answered JSON without data.")
    found: dict[str, Any] = told["data"]
    return found


def outside_ids(content: dict[str, Any]) -> dict[MovieNamespace, str]:
    """The ids that a title's content gives for other sites; what has not the form of an id is left out."""
    told = content.get("externalIds") or {}
    spaces: tuple[MovieNamespace, ...] = ("imdb", "tmdb", "wikidata")
    return {n: str(told.get(f"{n}Id")) for n in spaces if is_movie_id(n, str(told.get(f"{n}Id")))}
