"""Parses values as sources write them: dates with precision, money, minutes, names, countries, languages.

Every function takes plain text (no markup), and returns None if the text has no such value. Nothing here raises. Values
that are too long are left out and logged; they are never cut.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from movie_db.stitching._codes import country_code, country_name, language_code, language_name
from movie_db.stitching._money import LONGEST, MAX_AMOUNT, box_office, money, sums, without_references

if TYPE_CHECKING:
    from movie_db.contract.messages import Certificate, Release

__all__ = [
    "MAX_AMOUNT",
    "box_office",
    "certificate",
    "certificates",
    "country_code",
    "country_name",
    "date",
    "dates",
    "earliest",
    "language_code",
    "language_name",
    "minutes",
    "money",
    "name",
    "partial_date",
    "releases",
    "runtimes",
    "sums",
    "year_of",
]

_MONTHS: Final = {
    month: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sep sept,october oct,"
        "november nov,december dec".split(","),
        1,
    )
    for month in names.split()
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR: Final = r"(?P<year>1[89]\d\d|20\d\d)"
_DATES: Final = re.compile(
    rf"(?<![\d-]){_YEAR}-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?![\d-])"
    rf"|(?<![a-z]){_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR.replace('year', 'year2')}(?!\d)"
    rf"|(?<!\d)(?P<day3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.replace('month', 'month3')},?\s+"
    rf"{_YEAR.replace('year', 'year3')}(?!\d)"
    rf"|(?<![a-z]){_MONTH.replace('month', 'month4')},?\s+{_YEAR.replace('year', 'year4')}(?!\d)"
    rf"|(?<![\d-]){_YEAR.replace('year', 'year5')}(?![\d-])",
    re.IGNORECASE,
)
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def partial_date(year: int, month: int = 0, day: int = 0) -> str | None:
    """An ISO 8601 date of the known precision (0 is unknown): `1982`, `1982-06`, `1982-06-25`; None if invalid."""
    if not 1000 <= year <= 2199 or not 0 <= month <= 12 or (day and not (month and 1 <= day <= _DAYS[month - 1])):
        return None
    if month == 2 and day == 29 and (year % 4 or (year % 100 == 0 and year % 400)):
        return None
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def dates(text: str) -> list[str]:
    """All dates in a text, in order, each with the precision it is written in."""
    return [day for _, day in _found(text[:LONGEST].replace("\xa0", " "))]


def _found(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in _DATES.finditer(text):
        g = match.groupdict()
        year = next(g[k] for k in ("year", "year2", "year3", "year4", "year5") if g[k])
        word = g["month"] or g["month3"] or g["month4"]
        month = int(g["m"]) if g["m"] else _MONTHS[word.lower()] if word else 0
        value = partial_date(int(year), month, int(g["d"] or g["day"] or g["day3"] or 0))
        if value:
            yield match, value


_PLACE: Final = re.compile(r"(?:\s*\([\d-]{8,10}\))?\s*\(([^()\d]{2,255})\)")


def releases(text: str) -> "list[Release]":
    """All dates in a text, each with the place in brackets after it."""
    from movie_db.contract.messages import Release  # imported here, since importing pydantic models is slow

    text = text[:LONGEST].replace("\xa0", " ")
    found = []
    for match, day in _found(text):
        place = _PLACE.match(text, match.end())
        found.append(Release(date=day, place=place[1].strip() or None if place else None))
    return found


def date(text: str) -> str | None:
    """The earliest date of a text, by the rule of `earliest`."""
    return earliest(dates(text))


def earliest(found: Iterable[str]) -> str | None:
    """The first release: of the dates in the earliest year, the most precise; of those, the earliest."""
    return min(found, key=lambda d: (d[:4], -len(d), d), default=None)


def year_of(value: str | None) -> int | None:
    """The year of a partial date."""
    return int(value[:4]) if value else None


_HOURS: Final = re.compile(
    r"(?<![\d.,])(\d{1,2})\s*(?:h|hrs?|hours?)\b[\s,.:]*(?:and\s+)?(?:(\d{1,2})\s*(?:m|mins?|minutes?)\b)?", re.I
)
_MINUTES: Final = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3})?|\d{1,4})(?:\.\d+)?\s*(?:[-–—/]\s*\d{1,4}\s*)*[-\s]*(?:m|mins?|minut[eo]s?)\b", re.I
)
_ISO: Final = re.compile(r"\bPT(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?\b")
_CLOCK: Final = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])")


def minutes(text: str) -> int | None:
    """The first runtime in a text (usually that of the theatrical cut), in whole minutes.

    Reads `89 minutes (theatrical)`, `1 hour 29 minutes`, `1h 29m`, `PT1H29M`, `1:29:00`, `89:30 minutes`, `7 reels
    (70 min)` and a bare `89`. Of a range, the lower end counts.
    """
    text = without_references(text).strip()
    if match := _ISO.search(text):
        found = int(match[1] or 0) * 60 + int(match[2] or 0)
    elif match := _CLOCK.search(text):
        # Two parts are minutes and seconds if the first is too large for hours.
        first, second, third = int(match[1]), int(match[2]), match[3]
        found = first * 60 + second if third or first < 5 else first
    elif match := _first(_HOURS.search(text), _MINUTES.search(text)):
        found = int(match[1]) * 60 + int(match[2] or 0) if match.re is _HOURS else int(match[1].replace(",", ""))
    elif text.isdecimal():
        found = int(text[:5])
    else:
        return None
    return found if 1 <= found <= 6000 else None


def runtimes(text: str) -> list[int]:
    """All runtimes in a text, that of `minutes` first: `117 minutes (theatrical), 126 minutes (final cut)`."""
    first = minutes(text)
    if first is None:
        return []
    text = _ISO.sub("", without_references(text))
    hours = [(m.start(), m.end(), int(m[1]) * 60 + int(m[2] or 0)) for m in _HOURS.finditer(text)]
    found = [(start, time) for start, _, time in hours]
    for match in _MINUTES.finditer(text):
        if not any(start <= match.start() < end for start, end, _ in hours):
            # 155/170 minutes are two cuts; of 90–95 minutes the lower end counts.
            cuts = re.findall(r"(?:^|/\s*)(\d+)", match[0].replace(",", ""))
            found += [(match.start(), int(cut)) for cut in cuts]
    return list(dict.fromkeys([first, *(time for _, time in sorted(found) if 1 <= time <= 6000)]))


def _first(*found: re.Match[str] | None) -> re.Match[str] | None:
    return min((m for m in found if m), key=lambda m: m.start(), default=None)


_MOST_OF_NAME: Final = 255
_MOST_OF_CERTIFICATE: Final = 10
_LOG: Final = logging.getLogger(__name__)


def name(text: str) -> str | None:
    """A name or title on one line; None if it is empty or longer than its column (255 characters)."""
    visible = text if text.isascii() else text.replace("\u200b", "").replace("\u200e", "")
    return _if_fits(" ".join(visible.split()), _MOST_OF_NAME, "name")


def certificate(text: str) -> str | None:
    """An age rating; None if it is empty or longer than its column (10 characters)."""
    return _if_fits(text.strip(), _MOST_OF_CERTIFICATE, "certificate")


_SYSTEMS: Final[Mapping[str, str]] = {
    "AT": "JMK", "AU": "ACB", "BR": "ClassInd", "CA": "CHVRS", "DE": "FSK", "DK": "Medierådet", "ES": "ICAA",
    "FI": "KAVI", "FR": "CNC", "GB": "BBFC", "HK": "OFNAA", "HU": "NMHH", "IE": "IFCO", "IN": "CBFC", "JP": "Eirin",
    "KR": "KMRB", "NL": "Kijkwijzer", "NO": "Medietilsynet", "NZ": "OFLC", "PH": "MTRCB", "PT": "IGAC", "SE": "SMB",
    "SG": "IMDA", "ZA": "FPB",
}  # fmt: skip
"""Rating systems by country. In the United States, the system depends on the rating."""
_MPA: Final = frozenset("G PG PG-13 R NC-17 GP M X APPROVED PASSED".split())
_UNRATED: Final = frozenset(("NR", "UNRATED", "NOT RATED", "UR"))


def certificates(text: str, country: str | None) -> "tuple[Certificate, ...]":
    """An age rating in a country (ISO 3166-1 alpha-2), with its system; empty if there is none."""
    from movie_db.contract.messages import Certificate

    rating = certificate(text)
    if rating is None:
        return ()
    system = _SYSTEMS.get(country or "")
    if country == "US":
        tv = "TV Parental Guidelines" if rating.upper().startswith("TV-") else None
        system = "MPA" if rating.upper() in _MPA else tv
    return (Certificate(rating=rating, system=None if rating.upper() in _UNRATED else system, country=country),)


def _if_fits(text: str, longest: int, what: str) -> str | None:
    """The text, unless it is empty or too long, which is logged. Cutting it would give a wrong value."""
    if len(text) > longest:
        _LOG.warning("Left out a %s of %d characters, %d fit: %.60r…", what, len(text), longest, text)
        return None
    return text or None
