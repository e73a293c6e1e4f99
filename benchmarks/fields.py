"""How well values are read: `python benchmarks/fields.py`, with MOVIE_DB_SHARED set to the folder of shared data.

Articles with the values expected of their infobox and cast; thousands of infobox values as readers see them; recorded
answers of the APIs. `--show "Box office"` prints 200 of a field's values beside what was read, for reading by eye.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from movie_db.contract.errors import SourceError, UnreadableError
from movie_db.contract.messages import Money
from movie_db.crawling_module.saved_answers import Record, SavedAnswer, read
from movie_db.crawling_module.sources.wikitext import rendering
from movie_db.crawling_module.sources.wikitext.infobox import infobox
from movie_db.crawling_module.sources.wikitext.name_lists import items
from movie_db.stitching import values
from standin import SHARED

DATA: Final = SHARED / "data"
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=sorted(READ), help="print 200 values of this field beside what was read")
    asked = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"There is no shared data at {DATA}: set MOVIE_DB_SHARED.")
    if asked.show:
        show(asked.show)
        return
    articles()
    infobox_values()
    for source, folder in (("tmdb", "api_answers/themoviedb"), ("omdb", "api_answers/omdbapi")):
        answers(source, [(p, json.dumps(json.loads(p.read_text())["body"]).encode()) for p in files(folder)])
    answers("wikidata", [(p, p.read_bytes()) for p in files("wikidata")])
    wire = [p for p in files("justwatch") if p.name.startswith("GetPopularTitles")]
    answers("justwatch", [(p, json.dumps(json.loads(p.read_text())["response"]).encode()) for p in wire])


def files(folder: str) -> list[Path]:
    return sorted((DATA / folder).glob("*.json"))


def articles() -> None:
    """The articles' values by what hands wrote of them; a person or company is found if its shown name is."""
    expected = json.loads((DATA / "wikitext/expected.json").read_text("utf-8"))
    told: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    found: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    lost = []
    for name, row in expected.items():
        body = (DATA / "wikitext" / f"{name}.xml").read_bytes()
        records = read("wikipedia", SavedAnswer(f"{name}.xml", body, NOW))
        broken = bool(row.get("known_broken_in_source"))
        for field, value in (row["expected"] or {}).items():
            wanted = value if isinstance(value, list) else [str(value)]
            got = {folded(text) for text in read_of(field, records[0], body)}
            missing = [text for text in wanted if folded(text) not in got]
            told[broken][field] += len(wanted)
            found[broken][field] += len(wanted) - len(missing)
            lost += [f"{name}: {field} {text}" for text in missing if not broken]
    print(f"{len(expected)} articles parsed, none raised anything.")
    for broken, of in ((False, "sound"), (True, "damaged or disputed")):
        total, right = told[broken].total(), found[broken].total()
        print(f"values of {of} articles: {right} of {total} ({right / total:.1%})")
        print("   " + ", ".join(f"{field} {found[broken][field]}/{n}" for field, n in told[broken].items()))
    print(*lost, sep="\n", end="\n" if lost else "")


def read_of(field: str, record: Record, body: bytes) -> list[str]:
    """What was read of a field, by the names of the expected values."""
    facts = record.facts  # type: ignore[union-attr]
    if field == "producers":
        # No table of ours has them; they are read as the others' names are.
        text = ElementTree.fromstring(body).findtext(".//{*}text") or ""
        box = infobox(rendering.without_unseen(text.partition("\n==")[0]))
        return items(box.first("producer", "producers")) if box else []
    named = {
        "cast": facts.cast,
        "directors": facts.directors,
        "production_companies": facts.studios,
        "distribution_companies": facts.distributors,
    }
    if field in named:
        return [one.name for one in named[field]]
    return [str(facts.year)] if field == "year" else [record.source_id, facts.title or ""]  # type: ignore[union-attr]


def folded(text: str) -> str:
    return "".join(c for c in rendering.plain(text).lower() if c.isalnum())


READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "Budget": values.money,
    "Box office": values.box_office,
    "Running time": values.minutes,
    "Release date": values.date,
}


def infobox_values() -> None:
    """The share of values that were read as one, and those that were not, for a person to say why."""
    for field, parse in READ.items():
        told = list(texts(field))
        unread = [(title, text) for title, text in told if parse(text) is None]
        print(f"{field}: {len(told) - len(unread)} of {len(told)} read ({1 - len(unread) / len(told):.2%})")
        for title, text in unread:
            print(f"   {title}: {text!r}")


def texts(field: str) -> Iterator[tuple[str, str]]:
    for film in json.loads((DATA / "infobox_values/films.json").read_text("utf-8")):
        if told := film.get(field):
            yield film.get("title") or film["url"], told if isinstance(told, str) else " ".join(told)


def show(field: str) -> None:
    for title, text in random.Random(1).sample(list(texts(field)), 200):
        value = READ[field](text)
        shown = f"{value.amount:,} {value.currency}" if isinstance(value, Money) else value
        print(f"{shown!s:>24}  {text[:120]}  ({title})")


def answers(source: str, saved: Sequence[tuple[Path, bytes]]) -> None:
    """Recorded answers: how many records they give, and what the others are said to be."""
    kinds: Counter[str] = Counter()
    for path, body in saved:
        try:
            for record in read(source, SavedAnswer(path.name, body, NOW)):
                kinds[type(record).__name__] += 1
        except SourceError as error:
            kinds[
                f"{type(error).__name__}: {error}" if not isinstance(error, UnreadableError) else "BadPage (no film)"
            ] += 1
    print(f"{source}: {len(saved)} answers: " + "; ".join(f"{n} × {kind}" for kind, n in kinds.most_common()))


if __name__ == "__main__":
    main()
