"""The live contract: the published schemas, tightened by the tables of the live database.

A property stored in a column can't be longer, greater or more often absent than the column allows. Services read this
contract first, and so know what the database would reject.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Engine, Integer, Numeric, SmallInteger, String, Table

from movie_db.contract.schema import Schema, published
from movie_db.movie_db_client.data_model.reflection import Reflection

Columns = Mapping[str, tuple[str, ...]]
"""Property → columns (`table.column`) that store its value."""

_PEOPLE = ("directors", "writers", "actors")
_COMPANIES = ("studios", "distributors")


def _in_each(tables: Iterable[str], column: str) -> tuple[str, ...]:
    return tuple(f"{table}.{column}" for table in tables)


_MOVIE: Final[Columns] = {
    "title": ("movies.title",),
    "original_title": ("movies.original_title",),
    "year": ("movies.release_year",),
    "release_date": ("movies.release_date",),
    "runtime": ("movies.runtime",),
    "plot": ("movies.plot",),
    "tagline": ("movies.tagline",),
    "budget": ("movies.budget",),
    "budget_currency": ("movies.budget_currency",),
    "box_office": ("movies.box_office",),
    "box_office_currency": ("movies.box_office_currency",),
    "age_rating": ("movies.age_rating",),
    "age_rating_system": ("movies.age_rating_system",),
    "rating": ("movies.rating",),
    "rating_count": ("movies.rating_count",),
    "poster_url": ("movies.poster_url",),
    "trailer_url": ("movies.trailer_url",),
    "homepage": ("movies.homepage",),
    "genres": ("genres.name",),
    "alternative_titles": ("alternative_titles.title",),
}
_CREDIT: Final[Columns] = {
    "name": _in_each(_PEOPLE, "name"),
    "role": ("cast.role",),
    "billing": ("cast.billing_order",),
}
_MESSAGES: Final[Mapping[str, Columns]] = {
    "movie": _MOVIE,
    "person_item": {
        "name": _in_each(_PEOPLE, "name"),
        "nationality": _in_each(_PEOPLE, "nationality"),
        "bio": _in_each(_PEOPLE, "bio"),
    },
    "company_item": {"name": _in_each(_COMPANIES, "name"), "location": _in_each(_COMPANIES, "location")},
}
_PARTS: Final[Mapping[str, Columns]] = {
    "MovieFacts": _MOVIE,
    "Credit": _CREDIT,
    "GoldenCredit": _CREDIT,
    "Company": {"name": _in_each(_COMPANIES, "name")},
    "Money": {
        "amount": ("movies.budget", "movies.box_office"),
        "currency": ("movies.budget_currency", "movies.box_office_currency"),
    },
    "Rating": {name: (f"ratings.{name}",) for name in ("source", "score", "votes", "original")},
    "Offer": {
        name: (f"offers.{name}",)
        for name in ("provider", "country", "kind", "presentation", "price", "currency", "url", "available_to")
    },
}


def live(engine: Engine) -> dict[str, Schema]:
    """Returns every published message by name, as this database accepts it.

    Raises:
        UnavailableError: the database does not respond.
    """
    return tighten(published(), engine)


def tighten(schemas: Mapping[str, Schema], engine: Engine) -> dict[str, Schema]:
    """Returns copies of the schemas with the limits of the live tables."""
    tables = Reflection(engine).tables
    tightened = deepcopy(dict(schemas))
    for name, schema in tightened.items():
        for part, columns in _PARTS.items():
            _narrow(schema.get("$defs", {}).get(part), columns, tables)
        if name in _MESSAGES:
            _narrow(schema, _MESSAGES[name], tables)
            _require(schema, _MESSAGES[name], tables)
    if "movie_item" in tightened:
        _require_of_some_record(tightened["movie_item"], tables)
    return tightened


def _narrow(schema: Schema | None, columns: Columns, tables: Mapping[str, Table]) -> None:
    """Sets maximum lengths and ranges."""
    for name, places in columns.items():
        if schema is None or name not in schema["properties"]:
            continue
        for column in _existing(places, tables):
            for variant in _variants(schema["properties"][name]):
                _limit(variant, column)


def _variants(schema: Schema) -> list[Schema]:
    """Returns the forms of a property except null; of a list, those of its items."""
    forms = [form for form in schema.get("anyOf", [schema]) if form.get("type") != "null"]
    return [inner for form in forms for inner in (_variants(form["items"]) if "items" in form else [form])]


def _limit(form: Schema, column: Column[Any]) -> None:
    match form.get("type"), column.type:
        case "string", String(length=int(length)):
            form["maxLength"] = min(length, form.get("maxLength", length))
        case "integer" | "number", Numeric(precision=int(precision), scale=int(scale)):
            greatest = (10**precision - 1) / 10**scale
            form["maximum"] = min(greatest, form.get("maximum", greatest))
        case "integer" | "number", Integer():
            bits = 63 if isinstance(column.type, BigInteger) else 15 if isinstance(column.type, SmallInteger) else 31
            form["maximum"] = min(2**bits - 1, form.get("maximum", 2**bits - 1))


def _require(schema: Schema, columns: Columns, tables: Mapping[str, Table]) -> None:
    """Makes properties required and not null if all of their columns are NOT NULL."""
    for name in _never_null(columns, tables):
        prop = schema["properties"].get(name)
        if prop is None or prop.get("type") == "array":
            continue
        prop.pop("default", None)
        if "anyOf" in prop:
            prop["anyOf"] = [form for form in prop["anyOf"] if form.get("type") != "null"]
        schema["required"] = [*schema.get("required", []), *([name] if name not in schema.get("required", []) else [])]


def _require_of_some_record(schema: Schema, tables: Mapping[str, Table]) -> None:
    """Requires that at least one record has each field that the database requires of a movie.

    The title is left out, because the gallery's entry has it.
    """
    facts = schema["$defs"]["MovieFacts"]["properties"]
    needed = [
        name for name in _never_null(_MOVIE, tables) if name in facts and name != "title" and "items" not in facts[name]
    ]
    if needed:
        schema["properties"]["records"]["allOf"] = [
            {
                "contains": {
                    "properties": {"facts": {"properties": {name: {"not": {"type": "null"}}}, "required": [name]}},
                    "required": ["facts"],
                }
            }
            for name in needed
        ]


def _never_null(columns: Columns, tables: Mapping[str, Table]) -> list[str]:
    found = []
    for name, places in columns.items():
        existing = _existing(places, tables)
        if existing and all(not column.nullable and column.server_default is None for column in existing):
            found.append(name)
    return found


def _existing(places: Iterable[str], tables: Mapping[str, Table]) -> list[Column[Any]]:
    pairs = (place.split(".") for place in places)
    return [tables[table].columns[name] for table, name in pairs if table in tables and name in tables[table].columns]
