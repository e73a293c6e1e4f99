"""What imports of CSV files share: reading rows with their lines, and one error for everything that is wrong."""

import csv
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from movie_db.contract.errors import UsageError
from movie_db.contract.text import clean_text

_SHOWN: Final = 20
"""Wrong rows that an error lists."""


def read_rows(path: Path, columns: Sequence[str], required: Collection[str]) -> list[tuple[int, dict[str, str]]]:
    """Returns the rows of a file, each with the line it ends on. Missing cells are empty, and U+0000 is removed.

    Raises:
        UsageError: the file cannot be read, or lacks a required column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(file, path, columns, required))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} can't be read: {reason}.") from None


def _rows(
    file: TextIO, path: Path, columns: Sequence[str], required: Collection[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(map(clean_text, file))
    if missing := set(required) - set(reader.fieldnames or ()):
        raise UsageError(
            f"{path} has no column {' and no column '.join(sorted(missing))}: import a file that --export wrote."
        )
    for row in reader:
        yield reader.line_num, {name: (row.get(name) or "").strip() for name in columns}


def refuse(path: Path, faults: Sequence[str]) -> None:
    """Raises UsageError if there are faults: an import takes all rows or none."""
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise UsageError(f"Nothing was imported from {path}: {'; '.join(faults[:_SHOWN])}{more}.")
