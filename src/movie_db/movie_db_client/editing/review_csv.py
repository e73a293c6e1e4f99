"""The review queue as a CSV: out to a spreadsheet, and back with a person's decisions.

A person fills in `decision`: same, different, or nothing (still open); and `note`, if they like. The rest is there to
decide by, and is not read again but for `key`, which names the pair.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from movie_db.contract.errors import UsageError
from movie_db.contract.files import atomic_file
from movie_db.contract.text import clean_text
from movie_db.movie_db_client.editing.review import ReviewAnswer, ReviewQuestion, questions
from movie_db.movie_db_client.entity_resolution.decisions import VERDICTS
from movie_db.movie_db_client.repository import Repository

COLUMNS: Final = (
    *("key", "probability", "title", "year", "directors", "runtime", "ids", "url"),
    *("candidate", "candidate_title", "candidate_year", "candidate_directors", "candidate_runtime", "candidate_ids"),
    *("candidate_url", "evidence", "runner_up", "decision", "note"),
)
_MANY: Final = 20
"""So many bad rows are told."""


def write(repository: Repository, file: Path) -> int:
    """Writes all open questions to a file; returns how many.

    Raises:
        UsageError: the path is a folder, or in none.
        Unavailable: the file can't be written.
    """
    asked = questions(repository)
    with atomic_file(file) as part, part.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(map(_row, asked))
    return len(asked)


def _row(question: ReviewQuestion) -> dict[str, Any]:
    entry, record = question.item["entry"], question.candidate
    facts = record.facts
    return {
        "key": question.key,
        "probability": question.row["probability"],
        "title": entry["title"],
        "year": entry.get("year"),
        "directors": "; ".join(directors(question)),
        "runtime": entry.get("runtime"),
        "ids": ids_told(entry.get("ids", {})),
        "url": entry.get("url"),
        "candidate": f"{record.source}:{record.source_id}",
        "candidate_title": facts.title,
        "candidate_year": facts.year or (facts.release_date or "")[:4],
        "candidate_directors": "; ".join(credit.name for credit in facts.directors),
        "candidate_runtime": facts.runtime,
        "candidate_ids": ids_told(record.ids),
        "candidate_url": record.url,
        "evidence": "; ".join(question.item.get("evidence", ())),
        "runner_up": question.item.get("runner_up"),
    }


def directors(question: ReviewQuestion) -> list[str]:
    """Who directed the entry's film, by the list or by the film's records."""
    listed: list[str] = question.item["entry"].get("directors", [])
    return listed or next(([c.name for c in r.facts.directors] for r in question.known if r.facts.directors), [])


def ids_told(ids: Any) -> str:
    return "; ".join(f"{namespace}:{value}" for namespace, value in sorted(ids.items()))


def read(repository: Repository, file: Path) -> list[ReviewAnswer]:
    """The decisions that a person filled in.

    Raises:
        UsageError: the file can't be read, or some rows are wrong: says which lines, and why. Then none count.
    """
    try:
        with open(file, encoding="utf-8-sig", newline="") as told:
            rows = list(_rows(told, file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{file} can't be read: {reason}.") from None
    known = {row["key"] for row in repository.read("review_queue", key=[row["key"] for _, row in rows])}
    answers: dict[str, ReviewAnswer] = {}
    wrong: list[str] = []
    for line, row in rows:
        said = row["decision"].casefold()
        verdict = next((v for v in VERDICTS if v == said), None)
        if not said:
            continue
        if row["key"] not in known:
            wrong.append(f"line {line}: there is no question {row['key'][:80]!r}")
        elif verdict is None:
            wrong.append(f"line {line}: the decision is same, different or nothing, not {row['decision'][:40]!r}")
        elif row["key"] in answers and answers[row["key"]].verdict != verdict:
            wrong.append(f"line {line}: the same question was answered otherwise above")
        else:
            answers[row["key"]] = ReviewAnswer(row["key"], verdict, row["note"] or None)
    if wrong:
        more = f"; and {len(wrong) - _MANY} more" if len(wrong) > _MANY else ""
        raise UsageError(f"Nothing of {file} was taken: {'; '.join(wrong[:_MANY])}{more}.")
    return list(answers.values())


def _rows(file: TextIO, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the lines that they end on."""
    reader = csv.DictReader(map(clean_text, file))
    if missing := {"key", "decision"} - set(reader.fieldnames or ()):
        raise UsageError(
            f"{path} has no column {' and no column '.join(sorted(missing))}: it takes a file that --export wrote."
        )
    for row in reader:
        yield reader.line_num, {name: (row.get(name) or "").strip() for name in ("key", "decision", "note")}
