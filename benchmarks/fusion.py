"""How fused records agree with hand-made ones: `python benchmarks/fusion.py`, with MOVIE_DB_SHARED set.

Three sources of films (Academy Awards, actors, Golden Globes), linked by hand, are fused by the house's own rules, no
source preferred, and compared with 20 films that people fused: the University of Mannheim's example of WInte.r. Its
dates are years written as January 1st, so years are compared. The house has no field of awards: they are counted apart,
as no rule of ours fused them. `where sources differ` counts only what a rule had to decide.

PyDI's tutorial on the same films (github.com/wbsg-uni-mannheim/PyDI, movie_data_fusion.ipynb), which trusts the
Academy Awards most, prints 91 of 95, awards among them: title 19, director 15, actors 18, date 19, oscar 20.
"""

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from movie_db.contract.messages import Credit, MovieFacts, SourceRecord
from movie_db.stitching.fuse import fuse
from movie_db.stitching.names import fold_name, fold_title
from standin import SHARED

DATA: Final = SHARED / "data" / "fusion"
AWARDS: Final = ("oscar", "globe")
SOURCES: Final = ("academy_awards", "actors", "golden_globes")
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    if not DATA.exists():
        sys.exit(f"There is no shared data at {DATA}: set MOVIE_DB_SHARED.")
    films = {film.findtext("id", ""): film for source in SOURCES for film in movies(DATA / "input" / f"{source}.xml")}
    linked = links()
    right: Counter[str] = Counter()
    told: Counter[str] = Counter()
    decided: Counter[bool] = Counter()
    wrong = []
    gold = list(movies(DATA / "goldstandard/fused.xml"))
    for film in gold:
        together = [films[key] for key in sorted(linked[film.findtext("id", "")]) if key in films]
        wanted = attributes(film)
        found = fused(together)
        each = [attributes(one) for one in together]
        for name, value in wanted.items():
            if value:
                told[name] += 1
                right[name] += found[name] == value
                if name not in AWARDS and len({one[name] for one in each if one[name]}) > 1:
                    decided[found[name] == value] += 1
                if found[name] != value:
                    wrong.append(f"{wanted['title']}: {name} is {found[name]!r}, by hand {value!r}")
    print(f"{len(gold)} films fused by hand; of the values that they have, fused alike:")
    for name, n in told.items():
        print(f"   {name:9} {right[name]:3} of {n:3} ({right[name] / n:.0%})")
    copied = sum(told[name] for name in AWARDS)
    fused_right, fused_all = right.total() - sum(right[name] for name in AWARDS), told.total() - copied
    print(f"   {'all':9} {right.total():3} of {told.total():3} ({right.total() / told.total():.1%}), {copied} copied")
    print(f"   without them {fused_right} of {fused_all} ({fused_right / fused_all:.1%})")
    print(f"   where sources differ {decided[True]} of {decided.total()} ({decided[True] / decided.total():.1%})")
    print(*wrong, sep="\n")


def movies(path: Path) -> Iterator[ElementTree.Element]:
    yield from ElementTree.parse(path).getroot().iterfind("movie")


def links() -> dict[str, set[str]]:
    """All records that are the same film, by each one's id."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in ("academy_awards_2_actors", "actors_2_golden_globes"):
        with open(DATA / "correspondences" / f"{name}_correspondences.csv", encoding="utf-8") as file:
            for left, right, _ in csv.reader(file):
                group = groups[left] | groups[right] | {left, right}
                for one in group:
                    groups[one] = group
    return groups


def attributes(film: ElementTree.Element) -> dict[str, Any]:
    """A film's attributes, in a form in which spellings compare equal."""
    return {
        "title": fold_title(film.findtext("title", "")),
        "director": fold_name(film.findtext("director/name") or film.findtext("director") or "").strip(),
        "actors": frozenset(fold_name(n.text or "") for n in film.iterfind("actors/actor/name")),
        "year": film.findtext("date", "")[:4],
        "oscar": film.findtext("oscar", ""),
        "globe": film.findtext("globe", ""),
    }


def fused(films: list[ElementTree.Element]) -> dict[str, Any]:
    values = fuse(map(record, films)).values
    return {
        "title": fold_title(values.get("title", "")),
        "director": fold_name(values["directors"][0].name) if values.get("directors") else "",
        "actors": frozenset(fold_name(c.name) for c in values.get("cast", ())),
        "year": str(values.get("year", "")),
        # Records have no field of awards: who tells of one is believed.
        "oscar": next((told for film in films if (told := film.findtext("oscar"))), ""),
        "globe": next((told for film in films if (told := film.findtext("globe"))), ""),
    }


def record(film: ElementTree.Element) -> SourceRecord:
    key, year = film.findtext("id", ""), film.findtext("date", "")[:4]
    director = film.findtext("director/name") or (film.findtext("director") or "").strip()
    return SourceRecord(
        source=key.rpartition("_")[0],
        source_id=key,
        url="file:///fusion",
        retrieved_at=NOW,
        licence="Apache-2.0",
        facts=MovieFacts(
            title=film.findtext("title") or None,
            year=int(year) if year else None,
            directors=(Credit(name=director),) if director else (),
            cast=tuple(Credit(name=n.text) for n in film.iterfind("actors/actor/name") if n.text),
        ),
    )


if __name__ == "__main__":
    main()
