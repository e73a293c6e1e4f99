"""The movie document: the one shape of a movie in the API, in `as_of`, in exports and in the terminal.

`documents.py` builds it from the database, `members` from values as the contract writes them (past values, or a golden
record that is in no table). Callers may request some of the members; the others are absent.

Units: runtime in minutes, scores and the rating on a scale of 0 to 10, money in whole units of its currency, times in
UTC.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypedDict, cast

from pydantic import BaseModel

from movie_db.stitching.fuse import GoldenRecord

Json = dict[str, Any]


class CreditDocument(TypedDict, total=False):
    """A person or company in a movie.

    One of the keys is present, depending on the list. It is None if the credit's row no longer exists. `ids` is present
    on request, `role` and `billing` only in the cast.
    """

    director_id: int | None
    writer_id: int | None
    actor_id: int | None
    studio_id: int | None
    distributor_id: int | None
    name: str
    role: str | None
    billing: int | None
    ids: dict[str, str]


class RatingDocument(TypedDict):
    source: str
    score: float
    votes: int | None
    original: str | None


class OfferDocument(TypedDict):
    """`first_seen`, `last_seen` and `left_at` are ISO 8601 in UTC; `available_to` is a date as precise as known."""

    provider: str
    country: str
    kind: str
    presentation: str | None
    price: float | None
    currency: str | None
    url: str | None
    available_to: str | None
    source: str
    first_seen: str
    last_seen: str
    left_at: str | None


class ProvenanceDocument(TypedDict):
    """The source of one field's value. `language` is that of the source's record."""

    field: str
    source: str
    source_id: str
    url: str
    retrieved_at: str
    licence: str
    language: str | None


class MovieDocument(TypedDict, total=False):
    movie_id: int
    title: str
    original_title: str | None
    year: int | None
    release_date: str | None
    runtime: int | None
    plot: str | None
    tagline: str | None
    age_rating: str | None
    age_rating_system: str | None
    rating: float | None
    rating_count: int | None
    budget: float | None
    budget_currency: str | None
    box_office: float | None
    box_office_currency: str | None
    poster_url: str | None
    trailer_url: str | None
    homepage: str | None
    genres: list[str]
    languages: list[str]
    countries: list[str]
    directors: list[CreditDocument]
    writers: list[CreditDocument]
    studios: list[CreditDocument]
    distributors: list[CreditDocument]
    ratings: list[RatingDocument]
    ids: dict[str, list[str]]
    cast: list[CreditDocument]
    alternative_titles: list[str]
    offers: list[OfferDocument]
    provenance: list[ProvenanceDocument]


KEYS: Final[Mapping[str, str]] = {
    "directors": "director_id",
    "writers": "writer_id",
    "cast": "actor_id",
    "studios": "studio_id",
    "distributors": "distributor_id",
}
"""The lists of contributors, and the key of their members in the database."""
SUMS: Final = ("budget", "box_office")
_LISTS: Final = ("genres", "languages", "countries", "alternative_titles")
_RATING: Final = ("source", "score", "votes", "original")
_PLAIN: Final = (
    *("title", "original_title", "alternative_titles", "year", "release_date", "runtime", "plot", "tagline"),
    *("genres", "languages", "countries", "budget", "budget_currency", "box_office", "box_office_currency"),
    *("age_rating", "age_rating_system", "rating", "rating_count", "poster_url", "trailer_url", "homepage"),
)
"""Members that an export line copies unchanged."""
Numbered = Callable[[str, Json], int | None]
"""Returns the number of a credit's row, given the field and the credit as the contract writes it."""


def contract_value(golden: GoldenRecord, field: str) -> Any:
    """Returns a field of a golden record as JSON of the contract, in the precision of the database; None if it has no
    value.

    Credits and ratings are complete objects. Credits that add nothing to others are left out.
    """
    value = golden.values.get(field)
    if field in KEYS:
        return distinct_credits(field, [one.model_dump(mode="json") for one in value or ()]) or None
    if isinstance(value, tuple):
        found = [one.model_dump(mode="json") if isinstance(one, BaseModel) else one for one in value]
        return [one | {"score": _score(one["score"])} for one in found] if field == "ratings" else found or None
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if field == "rating" and value is not None:
        return _score(value)
    return _day(value) if field == "release_date" and value else value


def distinct_credits(field: str, credits: Sequence[Json]) -> list[Json]:
    """Removes duplicate credits. In the cast, a person may have several roles, or none."""
    distinct: dict[Any, Json] = {}
    acting = {_who(one) for one in credits if one.get("role")}
    for one in credits:
        if field != "cast":
            distinct.setdefault(_who(one), one)
        elif one["role"] or _who(one) not in acting:
            distinct.setdefault((_who(one), one["role"]), one)
    return list(distinct.values())


def _who(one: Json) -> Any:
    return frozenset(one["ids"].items()) or one["name"]


def _score(score: float) -> float:
    return float(round(Decimal(str(score)), 1))


def _day(text: str) -> str:
    """Shortens a date to its month if the calendar has no such day."""
    try:
        date.fromisoformat(text if len(text) == 10 else f"{text[:7]}-01"[:10])
    except ValueError:
        return text[:7]
    return text


def members(field: str, value: Any, numbered: Numbered) -> MovieDocument:
    """Returns the members of a document that show one field's value as the contract writes it. None: no value."""
    if field in KEYS:
        found: Json = {field: [credit(field, one, numbered(field, one)) for one in value or ()]}
    elif field in SUMS:
        found = {field: value and value["amount"], f"{field}_currency": value and value.get("currency")}
    elif field == "ratings":
        found = {field: [{name: one[name] for name in _RATING} for one in value or ()]}
    else:
        found = {field: (value or []) if field in _LISTS else value}
    return cast(MovieDocument, found)


def credit(field: str, credit_value: Json, number: int | None) -> CreditDocument:
    """Returns a credit as the contract writes it, with its number."""
    found: Json = {KEYS[field]: number, "name": credit_value["name"]}
    if field == "cast":
        found |= {"role": credit_value.get("role") or None, "billing": credit_value.get("billing")}
    return cast(CreditDocument, found | {"ids": credit_value.get("ids") or {}})


def contract_movie(document: MovieDocument) -> Json:
    """Returns the document as a line of an export: the contract's `Movie`, sorted independently of the database."""
    fields = cast(Json, document)
    line: Json = {name: fields[name] for name in _PLAIN}
    line |= {name: _number(line[name]) for name in (*SUMS, "rating")}
    line["ratings"] = sorted(document["ratings"], key=lambda rating: rating["source"])
    for field in KEYS:
        line[field] = [{"name": one["name"], "ids": one["ids"]} for one in fields[field]]
    line["cast"] = [
        {"name": one["name"], "role": one["role"], "ids": one["ids"]} for one in sorted(document["cast"], key=_billed)
    ]
    line["offers"] = [
        {name: offer[name] for name in _OFFERED} | {"price": _number(offer["price"])}
        for offer in sorted(fields["offers"], key=_place)
    ]
    line["ids"] = {
        space: values[0] if len(values) == 1 else sorted(values) for space, values in sorted(fields["ids"].items())
    }
    line["provenance"] = {
        one["field"]: {name: one[name] for name in _ORIGIN}
        for one in sorted(fields["provenance"], key=lambda one: one["field"])
    }
    return line


_OFFERED: Final = ("provider", "country", "kind", "presentation", "currency", "url", "available_to")
_OFFER_ORDER: Final = ("source", "provider", "country", "kind", "presentation")
_ORIGIN: Final = ("source", "url", "retrieved_at", "licence", "language")


def _place(offer: Json) -> list[tuple[bool, str]]:
    return [(offer[name] is None, offer[name] or "") for name in _OFFER_ORDER]


def _billed(one: CreditDocument) -> tuple[bool, int, str, str, int]:
    billing = one["billing"]
    return billing is None, billing or 0, one["name"], one["role"] or "", one.get("actor_id") or 0


def _number(value: float | None) -> float | None:
    """Returns a number in its shortest form, whatever type the database returned."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def without_ids(documents: Iterable[MovieDocument]) -> None:
    """Removes the ids of contributors from documents."""
    for document in documents:
        for field in KEYS:
            for one in cast(Json, document).get(field, ()):
                one.pop("ids", None)
