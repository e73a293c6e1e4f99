"""Writes the pairs as CSV or JSON Lines."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Final, Literal, TextIO

Form = Literal["csv", "jsonl"]


@dataclass(frozen=True)
class MatchRow:
    """A pair in the output. Ids are those of the lists, or the numbers of rows, from 1.

    `evidence` has the findings with their bits, and `runner_up` the next likely pair of either film.
    """

    left: str
    right: str
    verdict: str
    probability: float
    left_title: str
    left_year: int | None
    right_title: str
    right_year: int | None
    evidence: str
    runner_up: str


COLUMNS: Final = tuple(field.name for field in fields(MatchRow))


def write(pairs: Iterable[MatchRow], form: Form, file: TextIO) -> None:
    """Writes the pairs. CSV has a header."""
    if form == "jsonl":
        file.writelines(json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs)
    else:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(pair) for pair in pairs)


def _cells(pair: MatchRow) -> Iterator[object]:
    return (getattr(pair, column) for column in COLUMNS)
