"""A user's own list: a CSV file with titles, years and any ids, or one title a line; `-` is standard input."""

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

from movie_db.contract import columns, gallery_address
from movie_db.contract.errors import ContractError, UnavailableError, UsageError
from movie_db.contract.ids import is_movie_id
from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem, explain
from movie_db.contract.text import clean_text
from movie_db.crawling_module.galleries.base import Gallery, Listed, Read
from movie_db.stitching.values import minutes

IDS: Final = ("justwatch", "imdb", "tmdb", "wikidata", "wikipedia")
"""Where a row has several, the first of these names it."""
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How what a spreadsheet calls Unicode text begins."""
_BULLET: Final = r"(?:[-*•–]\s+)?"
_NUMBERED: Final = re.compile(r"\s*\d{1,5}[.)]\s+\S")


class OwnList(Gallery):
    """A file (or standard input) of films."""

    takes = "a CSV or text file (one title a line, 'Title (1999)' or 'Title, 1999'), or - for standard input"

    def __init__(self, address: str, path: Path | None) -> None:
        super().__init__(address)
        self.path = path

    @classmethod
    def at(cls, address: str) -> Gallery | None:
        if address == "-":
            return cls("-", None)
        if re.match(r"[a-z][a-z0-9+.-]+://", address, re.IGNORECASE):
            return None
        path = Path(address.removeprefix("file:"))
        if path.is_dir():
            raise UsageError(f"{address} is a folder; a list of films is a CSV or text file.")
        if not path.exists():
            if gallery_address.looks_like_an_address(address):
                return None
            raise UsageError(f"There is no file {address}, and it is no address of a gallery either.")
        return cls(f"file:{path.resolve()}", path)

    async def films(self, read: Read, run: str) -> AsyncIterator[Listed]:
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
                f"{name} holds no film{f' ({bad})' if bad else ''}: it takes {self.takes}, a CSV with a column 'title'."
            )
        note = f"{again} lines named a film again." if again else None
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
    """The rows of a CSV with a header that names a title and more; None if it is none."""
    above, table = _letterboxd(text)
    head = table.partition("\n")[0]
    between = columns.delimiter(head)
    names = next(csv.reader([head], delimiter=between), [])
    known = columns.guess(names)
    if "title" not in known or len(names) < 2:
        return None
    return _rows(table, between, known, above)


def _rows(table: str, between: str, known: dict[str, int], above: int) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows under the header that are not blank, each with its line.

    Raises:
        UsageError: a quotation mark is never closed.
    """
    reader = csv.reader(io.StringIO(table, newline=""), delimiter=between)
    try:
        next(reader)
        for row in reader:
            if any(map(str.strip, row)):
                yield above + reader.line_num, {field: row[i].strip() for field, i in known.items() if i < len(row)}
    except csv.Error as error:
        raise UsageError(f"Line {above + reader.line_num} of the list is no CSV ({error}): is a quote open?") from None


def _letterboxd(text: str) -> tuple[int, str]:
    """How many lines stand above a list's table, and the table: Letterboxd tells of the list first."""
    if not text.startswith("Letterboxd list export"):
        return 0, text
    above, gap, table = text.replace("\r\n", "\n").partition("\n\n")
    return (above + gap).count("\n"), table


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """One title a line, the year behind it if there is one: `Title (1999)`, `Title, 1999` or `Title`."""
    # A lone heading is no film.
    heading = columns.folded(text.partition("\n")[0]) in columns.COLUMNS["title"]
    lines = text.splitlines()
    numbered = len(lines) > 1 and all(_NUMBERED.match(line) for line in lines if line.strip())
    begin = r"\s*\d+[.)]\s+" if numbered else rf"\s*{_BULLET}(?:(?P<c>\d{{4}})\s*[;\t]\s*)?"
    form = re.compile(begin + r"(?P<title>\S.*?)(?:\s*[(\[](?P<a>\d{4})[)\]]|\s*[,;\t]\s*(?P<b>\d{4}))?\s*")
    for number, line in enumerate(lines, 1):
        told = form.fullmatch(line)
        if told and not (heading and number == 1):
            said = told.groupdict()
            yield number, {"title": said["title"].strip('"'), "year": said["a"] or said["b"] or said.get("c") or ""}


def _film(row: dict[str, str]) -> dict[str, Any]:
    """A row as fields of `MovieListEntry`.

    Raises:
        ContractError: the row can't be a film; says what it lacks.
    """
    title = columns.without_html(row.get("title", ""))
    year = row.get("year", "")
    behind = columns.year_behind(title)
    if behind and year in {"", str(behind[1])}:
        title, year = behind[0], str(behind[1])
    if not 0 < len(title) <= 255:
        raise ContractError("a film needs a title of 1 to 255 characters")
    if columns.NO_FILMS.search(row.get("kind", "")):
        raise ContractError(f"a {row['kind']} is no film")
    ids = {namespace: row[namespace] for namespace in IDS if row.get(namespace)}
    for namespace, value in ids.items():
        if not is_movie_id(namespace, value):
            raise ContractError(f"{value!r} is no id of {namespace}")
    numbers: dict[str, int] = {}
    if year:
        if not (re.fullmatch(r"\d{4}", year) and 1870 <= int(year) <= 2100):
            raise ContractError(f"{year!r} is no year")
        numbers["year"] = int(year)
    if runtime := row.get("runtime"):
        told = minutes(runtime)
        if told is None:
            raise ContractError(f"{runtime!r} is no runtime")
        numbers["runtime"] = told
    directors = tuple(filter(None, (d.strip() for d in re.split(r"[,;|]", row.get("directors", "")))))
    if not ids:
        said = "|".join((title.casefold(), str(numbers.get("year", "")), *sorted(map(str.casefold, directors))))
        ids = {"own_list": hashlib.sha256(said.encode()).hexdigest()[:16]}
    namespace, value = next(iter(ids.items()))
    original = columns.without_html(row.get("original_title", "")) or None
    return {
        "key": f"{namespace}:{value}",
        "title": title,
        "original_title": original,
        "directors": directors,
        "ids": ids,
    } | numbers
