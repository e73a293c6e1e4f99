"""Films by the million that look real, and what another list makes of them.

The seed are the real films of the shared folder: titles, years, minutes and directors of IMDb's files, The Numbers and
DBpedia, one a title (they have the same films, and some twice), some 75,000. Further films are composed of them: the
first words of one title and the last of another, with a real year and runtime, and a director whose given name and
surname are of two real ones. Directors make several films. As in life titles collide: of a hundred composed films four
are sequels (a number behind the title, the same director, one to four years later), two are remakes (the same title,
years later, by somebody else), two are parts of a series (the same title before a colon), and one has the title and the
year of another film by somebody else.

`damaged` is the same film in another list: of a hundred, ten have a misspelling in the title (two have two), half of
the articles are put behind or lost, a twentieth of the subtitles are lost, half of all `&` are written out (and the
other way round), half of all numerals are Roman where they were not, half of all accents are lost or transcribed; the
year is one off in ten and missing in two, the runtime up to three minutes off in thirty and missing in twenty, the
director missing in twenty-five, misspelt in five.
"""

import csv
import gzip
import random
import re
import string
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from movie_db.stitching.names import fold_title

_ROMAN: Final = dict(zip("2 3 4 5 6 7 8 9".split(), "II III IV V VI VII VIII IX".split(), strict=True))
_TRANSCRIBED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ß": "ss", "ñ": "nh"})


@dataclass(frozen=True)
class Made:
    """A film of a list; what is not known is empty."""

    title: str
    year: int | None
    director: str
    minutes: int | None


def films(shared: Path, number: int, seed: int = 1) -> list[Made]:
    """So many distinct films, real ones first in line, in an order by chance."""
    chance = random.Random(seed)
    real = list({fold_title(film.title).replace(" ", ""): film for film in _real(shared)}.values())
    chance.shuffle(real)
    found = real[:number]
    # Nobody makes two films of one title, but for years between them.
    known = {(film.title, film.director) for film in found}
    given, surnames = zip(*(n for f in real if len(n := f.director.split(" ", 1)) == 2), strict=True)
    directors = [f"{chance.choice(given)} {chance.choice(surnames)}" for _ in range(number // 4 + 1)]
    while len(found) < number:
        film = _composed(chance, real, found, directors)
        if (film.title, film.director) not in known:
            known.add((film.title, film.director))
            found.append(film)
    chance.shuffle(found)
    return found


def _composed(chance: random.Random, real: list[Made], found: list[Made], directors: list[str]) -> Made:
    """A film that is none of those found, but may be near one."""
    director, kind, old = chance.choice(directors), chance.random(), chance.choice(found)
    year, minutes = chance.choice(real).year, chance.choice(real).minutes
    if kind < 0.04 and old.year:
        number = int(told[0]) + 1 if (told := re.findall(r" (\d)$", old.title)) else 2
        title = re.sub(r" \d$", "", old.title)
        return Made(f"{title} {number}", old.year + chance.randint(1, 4), old.director, minutes)
    if kind < 0.06 and old.year:
        return Made(old.title, min(2026, old.year + chance.randint(3, 40)), director, minutes)
    if kind < 0.08:
        title = f"{old.title.partition(':')[0]}: {_words(chance, real)}"
        return Made(title, year, chance.choice((director, old.director)), minutes)
    if kind < 0.09:
        return Made(old.title, old.year, director, minutes)
    return Made(_words(chance, real), year, director, minutes)


def _words(chance: random.Random, real: list[Made]) -> str:
    one, other = chance.choice(real).title.split(), chance.choice(real).title.split()
    head, tail = one[: chance.randint(1, max(1, len(one) - 1))], other[-chance.randint(1, max(1, len(other) - 1)) :]
    return " ".join([*head, *tail])[:200]


def _real(shared: Path) -> Iterator[Made]:
    imdb = ("\t", "primaryTitle", "startYear", "", "runtimeMinutes")
    plain = (",", "title", "year", "director", "runtime")
    for name, (between, title, year, director, runtime) in {
        "worlds/max/imdb/title.basics.tsv.gz": imdb,
        "data/imdb_files/a-ocheretko/title.basics.tsv": imdb,
        "data/matching/imdb_thenumbers/imdb.csv": plain,
        "data/matching/imdb_thenumbers/thenumbers.csv": plain,
        "data/matching/D10/dbpedia.csv": ("|", "title", "year", "director name", ""),
    }.items():
        text = (shared / name).read_bytes()
        lines = (gzip.decompress(text) if name.endswith(".gz") else text).decode("utf-8").split("\n")
        # IMDb's files quote nothing: there a quotation mark is one.
        quote = None if between == "\t" else '"'
        for row in csv.DictReader(lines, delimiter=between, quotechar=quote, quoting=0 if quote else 3):
            called = re.sub(r"\s*\(\d{4}.*\)$", "", row[title] or "").strip()
            if called and (row.get("titleType") or "movie") in {"movie", "tvMovie", "short"}:
                yield Made(called, _number(row[year]), _person(row.get(director)), _number(row.get(runtime)))


def _number(text: str | None) -> int | None:
    told = re.match(r"\d{1,4}", text or "")
    return int(told[0]) if told and int(told[0]) else None


def _person(text: str | None) -> str:
    name = re.sub(r"\s*\([IVX]+\)$", "", text or "")
    name = " ".join(reversed(name.split(", "))) if name.count(", ") == 1 else name.partition(",")[0]
    return "" if name == "-1" else name


def damaged(film: Made, chance: random.Random) -> Made:
    """The film as another list has it; see the module's text."""
    title = film.title
    for odds, change in _CHANGES:
        if chance.random() < odds:
            title = change(title, chance)
    for odds in (0.1, 0.2):
        if chance.random() > odds:
            break
        title = misspelt(title, chance)
    year, minutes, director = film.year, film.minutes, film.director
    if year:
        luck = chance.random()
        year = None if luck < 0.02 else year + chance.choice((-1, 1)) if luck < 0.12 else year
    if minutes:
        luck = chance.random()
        minutes = None if luck < 0.2 else max(1, minutes + chance.randint(-3, 3)) if luck < 0.5 else minutes
    if director:
        luck = chance.random()
        director = "" if luck < 0.25 else misspelt(director, chance) if luck < 0.3 else director
    return replace(film, title=title, year=year, director=director, minutes=minutes)


def _article(title: str, chance: random.Random) -> str:
    behind = article_behind(title)
    return behind.rpartition(",")[0] if behind != title and chance.random() < 0.5 else behind


def article_behind(title: str) -> str:
    """`Thing, The`."""
    told = re.match(r"(The|A|An) (.+)", title)
    return f"{told[2]}, {told[1]}" if told else title


def _subtitle(title: str, chance: random.Random) -> str:
    head = re.split(r": | - ", title)[0]
    return head if len(head) > 3 else title


def _and(title: str, chance: random.Random) -> str:
    return title.replace(" & ", " and ") if " & " in title else title.replace(" and ", " & ")


def numeral(title: str, chance: random.Random) -> str:
    return re.sub(r"(?<= )([2-9])(?=$|:)", lambda told: _ROMAN[told[1]], title)


def accents(title: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        title = title.translate(_TRANSCRIBED)
    return "".join(letter for letter in unicodedata.normalize("NFKD", title) if not unicodedata.combining(letter))


def misspelt(text: str, chance: random.Random) -> str:
    """One letter left out, doubled, exchanged with the next or for another."""
    at = chance.randrange(len(text))
    letter = chance.choice(string.ascii_lowercase)
    if len(text) < 3:
        return text
    return chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[: at + 1] + text[at:],
            text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
            text[:at] + letter + text[at + 1 :],
        )
    )


_CHANGES: Final[tuple[tuple[float, Callable[[str, random.Random], str]], ...]] = (
    (0.5, _article),
    (0.05, _subtitle),
    (0.5, _and),
    (0.5, numeral),
    (0.5, accents),
)
