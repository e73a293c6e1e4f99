"""The review queue as CSV: exported for a spreadsheet, imported with a person's decisions.

A person fills in `decision` (same, different, or nothing to leave the question open) and, if they like, `note`. Of the
other columns only `key` is read again; they are there to decide by.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from movie_db.contract.files import atomic_file
from movie_db.movie_db_client.editing.csv_import import read_rows, refuse
from movie_db.movie_db_client.editing.review import ReviewAnswer, ReviewQuestion, answer_questions, list_questions
from movie_db.movie_db_client.entity_resolution.decisions import VERDICTS, Decider
from movie_db.movie_db_client.repository import Repository, UnitOfWork

COLUMNS: Final = (
    *("key", "probability", "title", "year", "directors", "runtime", "ids", "url"),
    *("candidate", "candidate_title", "candidate_year", "candidate_directors", "candidate_runtime", "candidate_ids"),
    *("candidate_url", "evidence", "runner_up", "decision", "note"),
)


def export_questions(unit: UnitOfWork, path: Path) -> int:
    """Writes all open questions to a file and returns their number.

    Raises:
        UsageError: the path is a folder, or its folder does not exist.
        UnavailableError: the file cannot be written.
    """
    questions = list_questions(unit)
    with atomic_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(map(_row, questions))
    return len(questions)


def import_answers(unit: UnitOfWork, path: Path, by: Decider) -> int:
    """Reads the decisions that a person filled in, applies them, and returns their number.

    Raises:
        UsageError: the file cannot be read or some rows are wrong, and nothing was imported.
    """
    answers = read_answers(unit.repository, path)
    answer_questions(unit, answers, by)
    return len(answers)


def read_answers(repository: Repository, path: Path) -> list[ReviewAnswer]:
    """Returns the decisions in a file.

    Raises:
        UsageError: the file cannot be read, or some rows are wrong; the message lists their lines.
    """
    rows = read_rows(path, ("key", "decision", "note"), {"key", "decision"})
    existing = {row["key"] for row in repository.read("review_queue", key=[row["key"] for _, row in rows])}
    answers: dict[str, ReviewAnswer] = {}
    faults: list[str] = []
    for line, row in rows:
        decision = row["decision"].casefold()
        verdict = next((v for v in VERDICTS if v == decision), None)
        if not decision:
            continue
        if row["key"] not in existing:
            faults.append(f"line {line}: there is no question {row['key'][:80]!r}")
        elif verdict is None:
            faults.append(f"line {line}: the decision is same, different or nothing, not {row['decision'][:40]!r}")
        elif row["key"] in answers and answers[row["key"]].verdict != verdict:
            faults.append(f"line {line}: an earlier line answers the same question differently")
        else:
            answers[row["key"]] = ReviewAnswer(row["key"], verdict, row["note"] or None)
    refuse(path, faults)
    return list(answers.values())


def _row(question: ReviewQuestion) -> dict[str, Any]:
    entry, record = question.item["entry"], question.candidate
    facts = record.facts
    return {
        "key": question.key,
        "probability": question.row["probability"],
        "title": entry["title"],
        "year": entry.get("year"),
        "directors": "; ".join(question.directors),
        "runtime": entry.get("runtime"),
        "ids": format_ids(entry.get("ids", {})),
        "url": entry.get("url"),
        "candidate": f"{record.source}:{record.source_id}",
        "candidate_title": facts.title,
        "candidate_year": facts.year or (facts.release_date or "")[:4],
        "candidate_directors": "; ".join(credit.name for credit in facts.directors),
        "candidate_runtime": facts.runtime,
        "candidate_ids": format_ids(record.ids),
        "candidate_url": record.url,
        "evidence": "; ".join(question.item.get("evidence", ())),
        "runner_up": question.item.get("runner_up"),
    }


def format_ids(ids: Mapping[Any, str]) -> str:
    """Formats ids as `imdb:tt0083658; wikidata:Q184843`."""
    return "; ".join(f"{namespace}:{value}" for namespace, value in sorted(ids.items()))
