"""Converts Wikidata's entities of films, people and companies to messages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from movie_db.contract.fitting import fit
from movie_db.contract.ids import PERSON_NAMESPACES, CompanyNamespace, MovieNamespace, PersonNamespace, is_movie_id
from movie_db.contract.kinds import WorkKind
from movie_db.contract.messages import (
    CompanyItem,
    Money,
    Origin,
    PersonItem,
    Release,
    SourceRecord,
)
from movie_db.crawling_module.sources._wikidata_ratings import RATED, certificates_of, ratings
from movie_db.crawling_module.sources._wikidata_unusable import day, minutes, unusable
from movie_db.crawling_module.sources.base import several
from movie_db.crawling_module.sources.wikidata_entity import LANGUAGES, Entity, Statement, amount, qid_of, unit_of
from movie_db.stitching import values
from movie_db.stitching.kind import FILM_KINDS, kind_of, of_classes

SOURCE: Final = "wikidata"
LICENCE: Final = "CC0-1.0"

Entities = Mapping[str, Entity]

_PEOPLE: Final = ("P57", "P58", "P161", "P725")
_COMPANIES: Final = ("P272", "P750")
_THINGS: Final = ("P136", "P495", "P364", *RATED)
_MONEY: Final = ("P2130", "P2142")
_WORLD: Final = "Q13780930"

_CURRENCIES: Final = {
    "Q4917": "USD", "Q4916": "EUR", "Q25224": "GBP", "Q80524": "INR", "Q8146": "JPY", "Q39099": "CNY", "Q202040": "KRW",
    "Q1104069": "CAD", "Q259502": "AUD", "Q25344": "CHF", "Q41044": "RUB", "Q122922": "SEK", "Q132643": "NOK",
    "Q25417": "DKK", "Q31015": "HKD", "Q173117": "BRL",
}  # fmt: skip


def refs(film: Entity) -> dict[str, set[str]]:
    """Return the items that a film's record needs for their names: `people`, `companies`, `things` (genres,
    countries, …).

    Things are needed completely, because countries and currencies have codes.
    """
    currencies = {u for pid in _MONEY for s in film.best(pid) if (u := unit_of(s.value)) and u not in _CURRENCIES}
    return {
        "people": {q for pid in _PEOPLE for s in film.all(pid) if (q := qid_of(s.value))},
        "companies": {q for pid in _COMPANIES for q in film.items(pid)},
        "things": currencies | {q for pid in _THINGS for q in film.items(pid)} | set(_named_beside(film)),
    }


def _named_beside(film: Entity) -> Iterator[str]:
    """Yield the characters that people play, and the places of showings."""
    for pid, qualifier in (("P161", "P453"), ("P725", "P453"), ("P577", "P291")):
        for statement in film.all(pid):
            for value in statement.qualifiers.get(qualifier, ()):
                if qid := qid_of(value):
                    yield qid


def film_record(film: Entity, entities: Entities, retrieved_at: datetime, url: str) -> SourceRecord:
    """Return the film's record. Items that are not among `entities` are left out, because their names are missing.

    Release date: the earliest full date. Box office: the largest sum that is not for one country alone. Runtime: the
    first. Cast: in the order of P1545 if given, or else as listed, preferred statements first.
    """
    showings = list(_showings(film, entities))
    released = [showing.date for showing in showings]
    rated = list(certificates_of(film, entities))
    lasting, cost, earned = runtimes(film), _sums(film.best("P2130"), entities), _sums(film.best("P2142"), entities)
    return fit(
        SourceRecord,
        {
            "source": SOURCE,
            "source_id": film.qid,
            "url": url,
            "retrieved_at": retrieved_at,
            "licence": LICENCE,
            "language": "en",
            "revision": film.revision,
            "edited_at": film.edited_at,
            "kind": kind(film),
            "ids": film_ids(film),
            "facts": {
                "title": title(film),
                "original_title": original_title(film),
                "alternative_titles": other_titles(film),
                "year": min((y for d in released if (y := values.year_of(d)) and y >= 1870), default=None),
                "release_date": values.earliest([d for d in released if d >= "1870"]),
                "runtime": next(iter(lasting), None),
                "genres": _names(film.items("P136"), entities),
                "languages": _codes(film.items("P364"), entities, _language),
                "countries": _codes(film.items("P495"), entities, _country),
                "budget": _money(film.best("P2130"), entities),
                "box_office": _money(film.best("P2142"), entities),
                "directors": _credits(film.best("P57"), entities),
                "writers": _credits(film.best("P58"), entities),
                "cast": _credits([*film.all("P161"), *film.all("P725")], entities),
                "studios": _companies(film.items("P272"), entities),
                "distributors": _companies(film.items("P750"), entities),
                "age_rating": rated[0].rating if rated else None,
                "ratings": tuple(ratings(film)),
                "poster_url": next(map(_picture, film.texts("P3383")), None),
                "homepage": next((u for u in film.texts("P856") if _is_url(u)), None),
            },
            "several": several(
                runtimes=lasting, budgets=cost, box_offices=earned, releases=showings, certificates=rated
            ),
        },
        tuple(unusable(film)),
    )


def _showings(film: Entity, entities: Entities) -> Iterator[Release]:
    for statement in film.best("P577"):
        if (date := day(statement.value)) and date >= "1870":
            places = (_name(q, entities) for v in statement.qualifiers.get("P291", ()) if (q := qid_of(v)))
            yield Release(date=date, place=next(filter(None, places), None))


def _picture(name: str) -> str | None:
    """Return the address of a file at Wikimedia Commons."""
    found = f"https://commons.wikimedia.org/wiki/Special:FilePath/{quote(name.replace(' ', '_'))}"
    return found if len(found) <= 255 else None


def other_titles(film: Entity) -> tuple[str, ...]:
    """Return the aliases, and the names in the languages that are always requested, so that other requested languages
    don't change the result.
    """
    labels = (text for language, text in film.labels.items() if language in LANGUAGES)
    options = (values.name(text) for text in (*film.aliases, *labels))
    return tuple(dict.fromkeys(n for n in options if n and n != title(film)))


def kind(film: Entity) -> WorkKind | None:
    """Return the kind by classes, or else by description. An item that is both a film and a novel counts as a film."""
    classes = film.items("P31")
    alone = [k for c in classes if (k := of_classes([c])) in FILM_KINDS]
    options = of_classes(classes) or next(iter(alone), None)
    return options or kind_of(wikidata_classes=classes, description=film.description)


def film_ids(film: Entity) -> dict[MovieNamespace, str]:
    """Return the film's ids, the first of each namespace."""
    candidates: list[tuple[MovieNamespace, str]] = [
        ("wikidata", film.qid),
        *(("imdb", v) for v in film.texts("P345")),
        *(("tmdb", v) for v in film.texts("P4947")),
        *((("wikipedia", film.wikipedia),) if film.wikipedia else ()),
    ]
    # Reversed, for the first of a namespace to be the one that stays.
    return {n: v for n, v in reversed(candidates) if is_movie_id(n, v)}


def title(film: Entity) -> str | None:
    """The English title: the label, else P1476."""
    return values.name(film.label or "") or original_title(film)


def original_title(film: Entity) -> str | None:
    """P1476, the title in the film's own language."""
    options = (s.value.get("text") for s in film.best("P1476") if isinstance(s.value, dict))
    return next((n for text in options if isinstance(text, str) and (n := values.name(text))), None)


def runtimes(film: Entity) -> list[int]:
    """Return the durations in minutes. Of several cuts, the first one listed comes first."""
    return list(dict.fromkeys(found for s in film.best("P2047") if (found := minutes(s.value))))


def _money(statements: Iterable[Statement], entities: Entities) -> Money | None:
    found = list(statements)
    world = [s for s in found if all(qid_of(v) == _WORLD for v in s.qualifiers.get("P3005", ()))]
    sums = _sums(world or found, entities)
    same = [m for m in sums if m.currency == sums[0].currency]
    return max(same, key=lambda m: m.amount, default=None)


def _sums(statements: Iterable[Statement], entities: Entities) -> list[Money]:
    sums = []
    for statement in statements:
        number = amount(statement.value)
        if number:
            sums.append(Money(amount=round(number, 2), currency=_currency(unit_of(statement.value), entities)))
    return list(dict.fromkeys(sums))


def _currency(unit: str | None, entities: Entities) -> str | None:
    if unit is None or unit in _CURRENCIES:
        return _CURRENCIES.get(unit or "")
    codes = entities[unit].texts("P498") if unit in entities else []
    return next((c for c in codes if len(c) == 3 and c.isascii() and c.isupper()), None)


def _country(entity: Entity) -> str | None:
    codes = [c for c in entity.texts("P297") if len(c) == 2 and c.isascii() and c.isupper()]
    return codes[0] if codes else values.country_code(entity.label or "")


def _language(entity: Entity) -> str | None:
    for code in (*entity.texts("P218"), *entity.texts("P219"), *entity.texts("P220")):
        if found := values.language_code(code):
            return found
    return values.language_code(entity.label or "")


def _codes(qids: Iterable[str], entities: Entities, code: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for q in qids if q in entities and (c := code(entities[q]))))


def _name(qid: str, entities: Entities) -> str | None:
    return values.name(entities[qid].label or "") if qid in entities else None


def _names(qids: Iterable[str], entities: Entities) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for q in qids if (n := _name(q, entities))))


def _companies(qids: Iterable[str], entities: Entities) -> list[dict[str, Any]]:
    named = ((q, _name(q, entities)) for q in dict.fromkeys(qids))
    return [{"name": name, "ids": company_ids(entities[q])} for q, name in named if name]


def _credits(statements: Iterable[Statement], entities: Entities) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for statement in sorted(statements, key=_ordinal):
        qid = qid_of(statement.value)
        person = _name(qid, entities) if qid else None
        if qid and person and qid not in found:
            role = _role(statement, entities)
            ids = person_ids(entities[qid])
            found[qid] = {"name": person, "ids": ids, "role": role, "billing": len(found) + 1}
    return list(found.values())


def _ordinal(statement: Statement) -> int:
    ordinals = [v for v in statement.qualifiers.get("P1545", ()) if isinstance(v, str) and v.isdecimal()]
    return int(ordinals[0][:6]) if ordinals else 10**6


def _role(statement: Statement, entities: Entities) -> str:
    """The character: as an item (P453) or in words (P4633)."""
    items = (_name(q, entities) for v in statement.qualifiers.get("P453", ()) if (q := qid_of(v)))
    words = (v for v in statement.qualifiers.get("P4633", ()) if isinstance(v, str))
    roles = [r for r in items if r] or [w for w in words if w.strip()]
    return values.name(" / ".join(roles)) or ""


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://")) and len(text) <= 255 and not any(c.isspace() for c in text)


def person_ids(person: Entity) -> dict[PersonNamespace, str]:
    """The person's ids; of several of one namespace the first."""
    found: dict[PersonNamespace, str] = {"wikidata": person.qid}
    namespaces: tuple[tuple[PersonNamespace, str], ...] = (("imdb", "P345"), ("tmdb", "P4985"))
    for namespace, pid in namespaces:
        valid = [v for v in person.texts(pid) if PERSON_NAMESPACES[namespace].fullmatch(v)]
        if valid:
            found[namespace] = valid[0]
    return found


def company_ids(company: Entity) -> dict[CompanyNamespace, str]:
    """The company's ids."""
    return {"wikidata": company.qid}


def place_refs(entity: Entity) -> set[str]:
    """Return the items that name a person's nationality or a company's place; labels are enough."""
    return {q for pid in ("P27", "P159", "P276", "P740", "P17") for q in entity.items(pid)}


def person_item(person: Entity, entities: Entities, run: str, retrieved_at: datetime, url: str) -> PersonItem | None:
    """Return the person's message; None without a name."""
    name = values.name(person.label or "")
    if name is None:
        return None
    nationality = next((n for q in person.items("P27") if (n := _name(q, entities)) and len(n) <= 50), None)
    return fit(
        PersonItem,
        {
            "run": run,
            "origin": _origin(person, retrieved_at, url),
            "name": name,
            "ids": person_ids(person),
            "born": _first_day(person, "P569"),
            "died": _first_day(person, "P570"),
            "nationality": nationality,
            "bio": person.description,
        },
        tuple(unusable(person)),
    )


def company_item(company: Entity, entities: Entities, run: str, retrieved_at: datetime, url: str) -> CompanyItem | None:
    """Return the company's message; None without a name. Its place is its headquarters (P159), P276, where it was
    founded (P740), or its country.
    """
    name = values.name(company.label or "")
    if name is None:
        return None
    places = (n for pid in ("P159", "P276", "P740", "P17") for q in company.items(pid) if (n := _name(q, entities)))
    return fit(
        CompanyItem,
        {
            "run": run,
            "origin": _origin(company, retrieved_at, url),
            "name": name,
            "ids": company_ids(company),
            "location": next(places, None),
            "founded": _first_day(company, "P571"),
        },
        tuple(unusable(company)),
    )


def person_texts(item: PersonItem, entity: Entity, languages: Sequence[str]) -> Iterator[PersonItem]:
    """Yield a person's names and descriptions in other languages, one message each, beside the English one.

    Companies are brands, and have the same name in all languages.
    """
    for language in languages:
        name = values.name(entity.labels.get(language, "")) or item.name
        bio = entity.descriptions.get(language)
        if bio or name != item.name:
            origin = item.origin.model_copy(update={"source": f"{SOURCE}_{language}", "language": language})
            yield PersonItem(run=item.run, origin=origin, name=name, ids=item.ids, bio=bio)


def _first_day(entity: Entity, pid: str) -> str | None:
    return next((d for s in entity.best(pid) if (d := day(s.value))), None)


def _origin(entity: Entity, retrieved_at: datetime, url: str) -> Origin:
    return Origin(
        source=SOURCE,
        source_id=entity.qid,
        url=url,
        retrieved_at=retrieved_at,
        licence=LICENCE,
        language="en",
        revision=entity.revision,
        edited_at=entity.edited_at,
    )
