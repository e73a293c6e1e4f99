"""The review queue: what waits for a person, and what a person's answer does at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from movie_db.contract.errors import UsageError
from movie_db.contract.fitting import fit
from movie_db.contract.messages import SourceRecord
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.entity_resolution.decisions import Decider, DecisionVerdict, keep
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_movies
from movie_db.movie_db_client.ingest.record_book import RecordBook
from movie_db.movie_db_client.ingest.stored_records import keep_record
from movie_db.movie_db_client.repository import Repository, Row

BATCH = 200
"""Answers that are stitched together."""


@dataclass(frozen=True)
class ReviewQuestion:
    """Is the film of `entry` (a MovieListEntry as JSON) that of `candidate`, or that of the entry `other`?

    `known` are the records of the entry's film.
    """

    row: Row
    known: tuple[SourceRecord, ...]

    @property
    def key(self) -> str:
        return str(self.row["key"])

    @property
    def item(self) -> dict[str, Any]:
        item: dict[str, Any] = self.row["item"]
        return item

    @property
    def candidate(self) -> SourceRecord:
        return fit(SourceRecord, self.item["candidate"])


class ReviewAnswer(NamedTuple):
    """What a person says to the question of this key."""

    key: str
    verdict: DecisionVerdict
    why: str | None = None


@dataclass(frozen=True)
class StateBeforeAnswer:
    """How things were before an answer: what taking it back brings again."""

    row: Row
    decision: Row | None
    ties: tuple[Pair, ...]
    numbers: Mapping[str, int]


def questions(repository: Repository, *, status: Sequence[str] = ("open",)) -> list[ReviewQuestion]:
    """What waits for a person, the likeliest pair first."""
    rows = repository.read("review_queue", status=status)
    rows = [row for row in rows if row["entry_key"] is not None]
    ties = repository.read("source_records", movie_id={row["movie_id"] for row in rows if row["movie_id"]})
    known: dict[int, list[SourceRecord]] = {}
    for tie in ties:
        known.setdefault(tie["movie_id"], []).append(fit(SourceRecord, tie["record"]))
    rows.sort(key=lambda row: (-row["probability"], row["key"]))
    return [ReviewQuestion(row, tuple(known.get(row["movie_id"], ()))) for row in rows]


def answer(repository: Repository, answers: Sequence[ReviewAnswer], by: Decider) -> None:
    """Keeps answers as decisions, and stitches the films anew by them: all or, if one can't be, none.

    Raises:
        UsageError: there is no such question, or a film could not be kept then.
    """
    asked = {row["key"]: row for row in repository.read("review_queue", key=[a.key for a in answers])}
    for start in range(0, len(answers), BATCH):
        rows = []
        again: set[str] = set()
        for one in answers[start : start + BATCH]:
            if one.key not in asked:
                raise UsageError(f"There is no question {one.key!r} in the review queue.")
            row = asked[one.key]
            rows.append(_decision(row, one, by))
            again |= {row["entry_key"], row["other_key"] or row["entry_key"]}
            if one.verdict == "same" and row["other_key"] is None:
                keep_record(repository, fit(SourceRecord, row["item"]["candidate"]))
        keep(repository, rows)
        stitch(repository, again)


def _decision(row: Row, given: ReviewAnswer, by: Decider) -> Row:
    by = Decider(by.who, by.at, given.why or by.why)
    if row["other_key"] is not None:
        told = by.pair(row["entry_key"], row["other_key"], given.verdict)
    else:
        candidate = row["item"]["candidate"]
        told = by.link(row["entry_key"], candidate["source"], candidate["source_id"], given.verdict)
    return {**told, "key": row["key"]}


def stitch(repository: Repository, again: set[str], **how: Any) -> None:
    """Stitches the films of these entries anew; `how` as `apply_films` takes it.

    Raises:
        UsageError: a film could not be kept then, with the reason.
    """
    try:
        apply_movies(repository, [], again=again, **how)
    except RejectedMoviesError as unfit:
        raise UsageError(f"That can't be: {'; '.join(sorted(set(unfit.reasons.values())))}.") from None


def before(repository: Repository, key: str) -> StateBeforeAnswer:
    """How things are around a question."""
    (row,) = repository.read("review_queue", key=[key])
    decision = next(iter(repository.read("decisions", key=[key])), None)
    entry = row["entry_key"]
    book = RecordBook(repository, [], [entry])
    keys = [k for k in (entry, row["other_key"]) if k]
    numbers = {r["key"]: r["movie_id"] for r in repository.read("gallery_entries", key=keys) if r["movie_id"]}
    return StateBeforeAnswer(row, decision, tuple(book.names_of(entry)), numbers)


def take_back(repository: Repository, was: StateBeforeAnswer) -> None:
    """Undoes the answer that was given after `was`."""
    row, key = was.row, was.row["key"]
    repository.delete("decisions", key=[key])
    if was.decision is not None:
        repository.insert("decisions", [{k: v for k, v in was.decision.items() if k != "decision_id"}])
    again = {row["entry_key"], row["other_key"] or row["entry_key"]}
    stitch(repository, again, ties={row["entry_key"]: was.ties})
    _redirect(repository, was.numbers)
    status = {"review_id": row["review_id"], "status": row["status"]}
    if repository.read("review_queue", review_id=[row["review_id"]]):
        repository.update("review_queue", [status])


def _redirect(repository: Repository, numbers: Mapping[str, int]) -> None:
    """Has the numbers that a film had before it was merged lead to it again."""
    now = {r["key"]: r["movie_id"] for r in repository.read("gallery_entries", key=list(numbers)) if r["movie_id"]}
    rows = {
        row["old_movie_id"]: row["movie_id"]
        for row in repository.read("movie_redirects", old_movie_id=numbers.values())
    }
    moved = {old: now[key] for key, old in numbers.items() if old in rows and now.get(key, rows[old]) != rows[old]}
    repository.update("movie_redirects", [{"old_movie_id": old, "movie_id": new} for old, new in moved.items()])
