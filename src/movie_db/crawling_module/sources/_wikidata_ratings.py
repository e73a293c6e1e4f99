"""Parses ratings in Wikidata: by age, and by reviewers."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from movie_db.contract.messages import Certificate, Rating
from movie_db.crawling_module.sources.wikidata_entity import Entity, amount, qid_of
from movie_db.stitching import values

RATED: Final[Mapping[str, tuple[str, str | None]]] = {
    "P1657": ("MPA", "US"), "P2629": ("BBFC", "GB"), "P1981": ("FSK", "DE"), "P2758": ("CNC", "FR"),
    "P2756": ("Eirin", "JP"), "P3156": ("ACB", "AU"), "P3216": ("ClassInd", "BR"), "P3306": ("ICAA", "ES"),
    "P2684": ("Kijkwijzer", "NL"), "P2363": ("NMHH", "HU"), "P3402": ("CNC", "RO"), "P3428": ("INCAA", "AR"),
    "P3650": ("JMK", "AT"), "P3818": ("KMRB", "KR"), "P3834": ("RTC", "MX"), "P4437": ("FPB", "ZA"),
    "P5970": ("Medierådet", "DK"),
}  # fmt: skip
"""Properties with an age rating: its system and country."""
_REVIEWERS: Final = {"Q37312": ("imdb", "/10"), "Q105584": ("rotten tomatoes", "%"), "Q150248": ("metacritic", "/100")}
"""Reviewers (P447 of P444) whose scores become ratings, and the notation of the score that counts."""


def certificates_of(film: Entity, entities: Mapping[str, Entity]) -> Iterator[Certificate]:
    """Yield the age ratings, that of the United States first."""
    for pid, (system, country) in RATED.items():
        for qid in film.items(pid):
            if rating := values.certificate((entities[qid].label or "") if qid in entities else ""):
                yield Certificate(rating=rating, system=system, country=country)


_SCORE: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?(%|/100?)")


def ratings(film: Entity) -> Iterator[Rating]:
    """Yield the scores of these reviewers; their other figures (an average beside a share) are left out."""
    found: dict[str, Rating] = {}
    for statement in film.best("P444"):
        match = _SCORE.fullmatch(statement.value.strip()) if isinstance(statement.value, str) else None
        raters = [r for v in statement.qualifiers.get("P447", ()) if (r := _REVIEWERS.get(qid_of(v) or ""))]
        if match and raters and raters[0][1] == match[2]:
            score = float(match[1]) / (1 if match[2] == "/10" else 10)
            counts = (n for v in statement.qualifiers.get("P7887", ()) if (n := amount(v)) is not None)
            votes = int(next(counts, 0)) if raters[0][0] == "imdb" else 0
            if score <= 10 and votes < 2**31:
                original = statement.value.strip()
                rated = Rating(source=raters[0][0], score=score, votes=votes or None, original=original)
                found.setdefault(rated.source, rated)
    yield from found.values()
