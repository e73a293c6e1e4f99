"""Wikidata's entities, reduced to what a film, a person or a company needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, DecimalException
from typing import Any, Final, Literal, NamedTuple, cast

from movie_db.contract.parts import LeftOut
from movie_db.crawling_module.sources.answers import moment_of, revision_of
from movie_db.crawling_module.sources.base import Reads, left_out
from movie_db.stitching.values import MAX_AMOUNT

LANGUAGES: Final = ("en", "mul", "fr", "de", "es", "it")
"""Languages whose labels serve as English names, best first: some items have names only in their own language."""
_ENTITY: Final = "http://www.wikidata.org/entity/"

KEPT: Final = frozenset(
    "P17 P27 P31 P57 P58 P136 P159 P161 P218 P219 P220 P272 P276 P297 P345 P364 P444 P495 P498 P569 P570 P571 P577 P725"
    " P740 P750 P856 P1476 P1657 P1981 P2047 P2130 P2142 P2363 P2629 P2684 P2756 P2758 P3156 P3216 P3306 P3383 P3402"
    " P3428 P3650 P3818 P3834 P4437 P4947 P4985 P5970".split()
)
"""Properties that are read. Entities of people have hundreds more, which would only take memory."""
KEPT_QUALIFIERS: Final = frozenset("P291 P447 P453 P1545 P3005 P4633 P7887".split())


_CLAIM: Final = "entities.*.claims.{}[].mainsnak.datavalue.value"
READS: Final[Reads] = {
    "entities.*.id": "text",
    "entities.*.lastrevid": "number",
    "entities.*.modified": "text",
    "entities.*.missing": "text?",
    "entities.*.labels.*.value": "text",
    "entities.*.descriptions.*.value": "text",
    "entities.*.aliases.*[].value": "text?",
    "entities.*.sitelinks.*.title": "text",
    "entities.*.claims.*[].rank": "text",
    "entities.*.claims.*[].mainsnak.snaktype": "text",
    "entities.*.claims.*[].qualifiers": "object?",
    **{f"{_CLAIM.format(pid)}.id": "text" for pid in ("P31", "P57", "P136", "P161", "P364", "P495")},
    **{f"{_CLAIM.format(pid)}.id": "text?" for pid in ("P58", "P272", "P750")},
    **{f"{_CLAIM.format('P577')}.{part}": kind for part, kind in (("time", "text"), ("precision", "number"))},
    **{f"{_CLAIM.format('P2047')}.{part}": "text" for part in ("amount", "unit")},
    **{f"{_CLAIM.format(pid)}.{part}": "text?" for pid in ("P2130", "P2142") for part in ("amount", "unit")},
    f"{_CLAIM.format('P1476')}.text": "text",
    **{_CLAIM.format(pid): "text" for pid in ("P345", "P4947")},
    _CLAIM.format("P856"): "text?",
}
"""The fields of films: properties that every well-known film has, and some that many have."""


class Statement(NamedTuple):
    """One value of a property, never a deprecated one. `value` is as in the JSON: text, or an object of its type."""

    value: Any
    preferred: bool
    qualifiers: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Entity:
    """One item. `wikipedia` is the title of its English page; `pages` and `descriptions` are those in other
    languages, by code. `revision` and `edited_at` identify its state, if given. `malformed` are statements that were
    left out.
    """

    qid: str
    labels: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None
    aliases: tuple[str, ...] = ()
    claims: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    wikipedia: str | None = None
    descriptions: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    revision: str | None = None
    edited_at: datetime | None = None
    malformed: tuple[LeftOut, ...] = ()

    @property
    def label(self) -> str | None:
        """The English name, else the one for all languages, else another in Latin letters."""
        return next((self.labels[language] for language in LANGUAGES if language in self.labels), None)

    def all(self, pid: str) -> list[Statement]:
        """Every statement of a property, the preferred ones first."""
        return sorted(self.claims.get(pid, ()), key=lambda s: not s.preferred)

    def best(self, pid: str) -> list[Statement]:
        """The preferred statements if there are any, else the normal ones."""
        found = self.claims.get(pid)
        if not found:
            return []
        return [s for s in found if s.preferred] or list(found)

    def texts(self, pid: str) -> list[str]:
        """The best values that are plain text (ids, addresses)."""
        return [s.value for s in self.best(pid) if isinstance(s.value, str)]

    def items(self, pid: str) -> list[str]:
        """The best values that are items, as their QIDs."""
        return [q for s in self.best(pid) if (q := qid_of(s.value))]


def qid_of(value: Any) -> str | None:
    """The QID of a value of type item."""
    if not isinstance(value, dict):
        return None
    qid = value.get("id")
    return qid if isinstance(qid, str) and qid.startswith("Q") else None


def unit_of(value: Any) -> str | None:
    """The QID of a quantity's unit; None where it has none, or is no quantity."""
    unit = value.get("unit") if isinstance(value, dict) else None
    return unit.rpartition("/")[2] if isinstance(unit, str) and unit.startswith(_ENTITY) else None


def amount(value: Any) -> Decimal | None:
    """A quantity's number, 0 or more."""
    try:
        number = Decimal(str(value["amount"])) if isinstance(value, dict) else None
    except (DecimalException, KeyError):
        return None
    return number if number is not None and number.is_finite() and 0 <= number < MAX_AMOUNT else None


def read(raw: Mapping[str, Any]) -> Entity:
    """Parse one entity in the JSON of wbgetentities. Malformed parts are left out."""
    kept = {pid: found for pid, found in _mapping(raw.get("claims")).items() if pid in KEPT}
    links = {site: _mapping(link).get("title") for site, link in _mapping(raw.get("sitelinks")).items()}
    pages = {site: title for site, title in links.items() if site.endswith("wiki") and isinstance(title, str)}
    descriptions = dict(_texts(raw.get("descriptions")))
    return Entity(
        qid=str(raw.get("id")),
        labels=dict(_texts(raw.get("labels"))),
        description=descriptions.pop("en", None),
        aliases=tuple(dict.fromkeys(_aliases(raw.get("aliases")))),
        claims={pid: statements for pid, found in kept.items() if (statements := tuple(_statements(found)))},
        wikipedia=pages.pop("enwiki", None),
        descriptions=descriptions,
        pages={site.removesuffix("wiki"): title for site, title in pages.items()},
        revision=revision_of(raw.get("lastrevid")),
        edited_at=moment_of(raw.get("modified")),
        malformed=tuple(_malformed(kept)),
    )


def _mapping(raw: object) -> Mapping[str, Any]:
    # PHP writes an empty object as an empty list.
    return cast("Mapping[str, Any]", raw) if isinstance(raw, dict) else {}


def _texts(raw: object) -> Iterator[tuple[str, str]]:
    for language, term in _mapping(raw).items():
        text = _mapping(term).get("value")
        if isinstance(text, str) and text.strip():
            yield language, text.strip()


def _aliases(raw: object) -> Iterator[str]:
    for language in LANGUAGES[:2]:
        terms = _mapping(raw).get(language)
        for term in terms if isinstance(terms, list) else ():
            text = _mapping(term).get("value")
            if isinstance(text, str) and text.strip():
                yield text.strip()


def _statements(raw: object) -> Iterator[Statement]:
    for claim in raw if isinstance(raw, list) else ():
        rank: Literal["preferred", "normal", "deprecated"] = _mapping(claim).get("rank", "normal")
        value = _value(_mapping(claim).get("mainsnak"))
        if value is not None and rank != "deprecated":
            qualifiers = {
                pid: tuple(v for snak in snaks if (v := _value(snak)) is not None)
                for pid, snaks in _mapping(claim.get("qualifiers")).items()
                if pid in KEPT_QUALIFIERS and isinstance(snaks, list)
            }
            yield Statement(value, rank == "preferred", qualifiers)


def _malformed(claims: Mapping[str, Any]) -> Iterator[LeftOut]:
    """Yield the statements that say that they have a value, but have none."""
    for pid, found in claims.items():
        for number, claim in enumerate(found if isinstance(found, list) else [found]):
            snak = _mapping(_mapping(claim).get("mainsnak"))
            if snak.get("snaktype") not in ("somevalue", "novalue") and _value(snak) is None:
                yield left_out(f"claims.{pid}.{number}", "it has no value", claim)


def _value(snak: object) -> Any:
    """The value of a snak; None for `somevalue` and `novalue`."""
    return _mapping(_mapping(snak).get("datavalue")).get("value") if _mapping(snak).get("snaktype") == "value" else None
