"""A user's own list: a CSV file with titles, years and optional ids, or one title per line; `-` is standard input."""

import codecs
import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from movie_db.contract.errors import ContractError, UnavailableError, UsageError
from movie_db.contract.ids import is_movie_id
from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem, explain
from movie_db.contract.text import clean_text
from movie_db.crawling_module.galleries.base import Gallery, GalleryMessage, Read
from movie_db.stitching import columns
from movie_db.stitching.values import minutes

IDS: Final = ("justwatch", "imdb", "tmdb", "wikidata", "wikipedia")
"""A row's key is the first of these ids."""
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""The first bytes of what spreadsheets call Unicode text."""
_BULLET: Final = r"(?:[-*•–]\s+)?"
_NUMBERED: Final = re.compile(r"\s*\d{1,5}[.)]\s+\S")


class OwnList(Gallery):
    """A file (or standard input) with movies."""

    reads = "a CSV or text file (one title per line, 'Title (1999)' or 'Title, 1999'), or - for standard input"
    source = "own_list"
    fallback = True

    def __init__(self, address: str, path: Path | None) -> None:
        super().__init__(address)
        self.path = path

    @classmethod
    def at(cls, address: str) -> Gallery | None:
        return cls("-", None) if address == "-" else None

    @classmethod
    def in_file(cls, path: Path, head: bytes) -> Gallery | None:
        return cls(f"file:{path.resolve()}", path)

    async def films(self, read: Read, run: str) -> AsyncIterator[GalleryMessage]:
        name = str(self.path or "standard input")
        text = self._text()
        seen: set[str] = set()
        again, bad = 0, ""
        table = _table(text)
        for number, row in _lines(text) if table is None else table:
            try:
                entry = MovieListEntry(run=run, gallery=self.address, position=len(seen) + 1, **_film(row))
            except (ContractError, ValidationError) as error:
                why = explain(error) if isinstance(error, ValidationError) else error
                bad = bad or f"line {number}: {why}"
                raw = json.dumps(row, ensure_ascii=False)[:100_000]
                yield RejectedItem(run=run, reason=f"{name}, line {number}: {why}", raw=raw)
                continue
            if entry.key in seen:
                again += 1
                continue
            seen.add(entry.key)
            yield entry
        if not seen:
            raise UsageError(
                f"{name} has no movies{f' ({bad})' if bad else ''}: supported is {self.reads}. "
                "A CSV needs a column 'title'."
            )
        note = f"{again} lines repeated a movie." if again else None
        yield GalleryListed(
            run=run, gallery=self.address, declared=len(seen), found=len(seen), door="own list", note=note
        )

    def _text(self) -> str:
        try:
            raw = self.path.read_bytes() if self.path else sys.stdin.buffer.read()
        except OSError as error:
            raise UnavailableError(f"{self.path} can't be read: {error.strerror}.") from None
        try:
            return clean_text(raw.decode("utf-16" if raw.startswith(_UTF16) else "utf-8-sig"))
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise UsageError(f"{self.path or 'Standard input'} is not UTF-8 (line {line}): save it as UTF-8.") from None


def _table(text: str) -> Iterator[tuple[int, dict[str, str]]] | None:
    """Return the rows of a CSV file whose header names a title and more; None if it isn't one."""
    above, table = _letterboxd(text)
    head = table.partition("\n")[0]
    separator = columns.delimiter(head)
    names = next(csv.reader([head], delimiter=separator), [])
    indexes = columns.guess(names)
    if "title" not in indexes or len(names) < 2:
        return None
    return _rows(table, separator, indexes, above)


def _rows(table: str, separator: str, indexes: dict[str, int], above: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows that are not blank, with their line numbers.

    Raises:
        UsageError: A quotation mark is never closed.
    """
    reader = csv.reader(io.StringIO(table, newline=""), delimiter=separator)
    try:
        next(reader)
        for row in reader:
            if any(map(str.strip, row)):
                yield above + reader.line_num, {field: row[i].strip() for field, i in indexes.items() if i < len(row)}
    except csv.Error as error:
        raise UsageError(
            f"Line {above + reader.line_num} of the list is not CSV ({error}): is a quotation mark open?"
        ) from None


def _letterboxd(text: str) -> tuple[int, str]:
    """Return the number of lines above the table, and the table: Letterboxd's exports begin with facts about the
    list.
    """
    if not text.startswith("Letterboxd list export"):
        return 0, text
    above, gap, table = text.replace("\r\n", "\n").partition("\n\n")
    return (above + gap).count("\n"), table


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield one title per line, with an optional year: `Title (1999)`, `Title, 1999` or `Title`."""
    # A heading alone is not a movie.
    heading = columns.folded(text.partition("\n")[0]) in columns.COLUMNS["title"]
    lines = text.splitlines()
    numbered = len(lines) > 1 and all(_NUMBERED.match(line) for line in lines if line.strip())
    begin = r"\s*\d+[.)]\s+" if numbered else rf"\s*{_BULLET}(?:(?P<c>\d{{4}})\s*[;\t]\s*)?"
    form = re.compile(begin + r"(?P<title>\S.*?)(?:\s*[(\[](?P<a>\d{4})[)\]]|\s*[,;\t]\s*(?P<b>\d{4}))?\s*")
    for number, line in enumerate(lines, 1):
        parsed = form.fullmatch(line)
        if parsed and not (heading and number == 1):
            fields = parsed.groupdict()
            yield (
                number,
                {"title": fields["title"].strip('"'), "year": fields["a"] or fields["b"] or fields.get("c") or ""},
            )


def _film(row: dict[str, str]) -> dict[str, Any]:
    """Return a row as fields of `MovieListEntry`.

    Raises:
        ContractError: The row can't be a movie. The message says what it lacks.
    """
    title = columns.unescape_html(row.get("title", ""))
    year = row.get("year", "")
    behind = columns.split_year(title)
    if behind and year in {"", str(behind[1])}:
        title, year = behind[0], str(behind[1])
    if not 0 < len(title) <= 255:
        raise ContractError("a movie needs a title of 1 to 255 characters")
    if columns.NO_FILMS.search(row.get("kind", "")):
        raise ContractError(f"a {row['kind']} is not a movie")
    ids = {namespace: row[namespace] for namespace in IDS if row.get(namespace)}
    for namespace, value in ids.items():
        if not is_movie_id(namespace, value):
            raise ContractError(f"{value!r} is not an id of {namespace}")
    numbers: dict[str, int] = {}
    if year:
        if not (re.fullmatch(r"\d{4}", year) and 1870 <= int(year) <= 2100):
            raise ContractError(f"{year!r} is not a year")
        numbers["year"] = int(year)
    if runtime := row.get("runtime"):
        parsed = minutes(runtime)
        if parsed is None:
            raise ContractError(f"{runtime!r} is not a runtime")
        numbers["runtime"] = parsed
    directors = tuple(filter(None, (d.strip() for d in re.split(r"[,;|]", row.get("directors", "")))))
    if not ids:
        fields = "|".join((title.casefold(), str(numbers.get("year", "")), *sorted(map(str.casefold, directors))))
        ids = {"own_list": hashlib.sha256(fields.encode()).hexdigest()[:16]}
    namespace, value = next(iter(ids.items()))
    original = columns.unescape_html(row.get("original_title", "")) or None
    return {
        "key": f"{namespace}:{value}",
        "title": title,
        "original_title": original,
        "directors": directors,
        "ids": ids,
    } | numbers
