"""The review queue: questions to people, and what their answers do at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from movie_db.contract.errors import UsageError
from movie_db.contract.fitting import fit
from movie_db.contract.messages import SourceRecord
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.entity_resolution.decisions import Decider, DecisionVerdict, keep
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_movies
from movie_db.movie_db_client.ingest.record_book import RecordBook
from movie_db.movie_db_client.ingest.stored_records import keep_record
from movie_db.movie_db_client.repository import Repository, Row, UnitOfWork

_BATCH: Final = 200
"""Answers that are applied together."""


class UnknownQuestionError(UsageError):
    """The review queue has no such question."""


@dataclass(frozen=True)
class ReviewQuestion:
    """A question: is the movie of an entry that of a candidate, or that of another entry?

    `records` are the source records of the entry's movie.
    """

    row: Row
    records: tuple[SourceRecord, ...]

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

    @property
    def directors(self) -> list[str]:
        """The directors of the entry's movie, from the list or from the movie's records."""
        listed: list[str] = self.item["entry"].get("directors", [])
        return listed or next(([c.name for c in r.facts.directors] for r in self.records if r.facts.directors), [])


class ReviewAnswer(NamedTuple):
    """An answer to the question with this key."""

    key: str
    verdict: DecisionVerdict
    why: str | None = None


@dataclass(frozen=True)
class StateBeforeAnswer:
    """The state before an answer, which `undo_answer` restores."""

    row: Row
    decision: Row | None
    ties: tuple[Pair, ...]
    numbers: Mapping[str, int]


def list_questions(unit: UnitOfWork) -> list[ReviewQuestion]:
    """Lists the open questions, most probable pair first."""
    repository = unit.repository
    rows = [row for row in repository.read("review_queue", status=["open"]) if row["entry_key"] is not None]
    records: dict[int, list[SourceRecord]] = {}
    for row in repository.read("source_records", movie_id={row["movie_id"] for row in rows if row["movie_id"]}):
        records.setdefault(row["movie_id"], []).append(fit(SourceRecord, row["record"]))
    rows.sort(key=lambda row: (-row["probability"], row["key"]))
    return [ReviewQuestion(row, tuple(records.get(row["movie_id"], ()))) for row in rows]


def is_open(unit: UnitOfWork, key: str) -> bool:
    """Whether a question is still open: the answer to another one may have settled it."""
    return bool(unit.repository.read("review_queue", key=[key], status=["open"]))


def answer_questions(unit: UnitOfWork, answers: Sequence[ReviewAnswer], by: Decider) -> None:
    """Stores answers as decisions and applies them at once: all of them, or none if one is rejected.

    Raises:
        UnknownQuestionError: there is no such question.
        UsageError: the database would reject a movie as it would be then.
    """
    _answer(unit.repository, answers, by)
    unit.commit()


def answer_question(unit: UnitOfWork, answer: ReviewAnswer, by: Decider) -> StateBeforeAnswer:
    """Answers one question as `answer_questions` does, and returns what `undo_answer` needs."""
    before = state_before(unit.repository, answer.key)
    _answer(unit.repository, [answer], by)
    unit.commit()
    return before


def undo_answer(unit: UnitOfWork, before: StateBeforeAnswer) -> None:
    """Undoes the answer that was given after `before`."""
    repository, row, key = unit.repository, before.row, before.row["key"]
    repository.delete("decisions", key=[key])
    if before.decision is not None:
        repository.insert("decisions", [{k: v for k, v in before.decision.items() if k != "decision_id"}])
    again = {row["entry_key"], row["other_key"] or row["entry_key"]}
    stitch(repository, again, ties={row["entry_key"]: before.ties})
    _redirect(repository, before.numbers)
    if repository.read("review_queue", review_id=[row["review_id"]]):
        repository.update("review_queue", [{"review_id": row["review_id"], "status": row["status"]}])
    unit.commit()


def _answer(repository: Repository, answers: Sequence[ReviewAnswer], by: Decider) -> None:
    questions = {row["key"]: row for row in repository.read("review_queue", key=[a.key for a in answers])}
    for start in range(0, len(answers), _BATCH):
        rows = []
        again: set[str] = set()
        for one in answers[start : start + _BATCH]:
            if one.key not in questions:
                raise UnknownQuestionError(f"There is no question {one.key!r} in the review queue.")
            row = questions[one.key]
            rows.append(_decision(row, one, by))
            again |= {row["entry_key"], row["other_key"] or row["entry_key"]}
            if one.verdict == "same" and row["other_key"] is None:
                keep_record(repository, fit(SourceRecord, row["item"]["candidate"]))
        keep(repository, rows)
        stitch(repository, again)


def _decision(row: Row, answer: ReviewAnswer, by: Decider) -> Row:
    by = Decider(by.who, by.at, answer.why or by.why)
    if row["other_key"] is not None:
        decision = by.pair(row["entry_key"], row["other_key"], answer.verdict)
    else:
        candidate = row["item"]["candidate"]
        decision = by.link(row["entry_key"], candidate["source"], candidate["source_id"], answer.verdict)
    return {**decision, "key": row["key"]}


def stitch(repository: Repository, again: set[str], **options: Any) -> None:
    """Recomputes the movies of these entries.

    Args:
        options: further arguments of `apply_movies`.

    Raises:
        UsageError: the database would reject a movie as it would be then.
    """
    try:
        apply_movies(repository, [], again=again, **options)
    except RejectedMoviesError as error:
        raise rejection(error) from None


def rejection(error: RejectedMoviesError) -> UsageError:
    """Returns the error that says why the database rejects movies."""
    return UsageError(f"The database rejects this: {'; '.join(sorted(set(error.reasons.values())))}.")


def state_before(repository: Repository, key: str) -> StateBeforeAnswer:
    """Returns the state around a question.

    Raises:
        UnknownQuestionError: there is no such question.
    """
    row = next(iter(repository.read("review_queue", key=[key])), None)
    if row is None:
        raise UnknownQuestionError(f"There is no question {key!r} in the review queue.")
    decision = next(iter(repository.read("decisions", key=[key])), None)
    entry = row["entry_key"]
    book = RecordBook(repository, [], [entry])
    keys = [k for k in (entry, row["other_key"]) if k]
    numbers = {r["key"]: r["movie_id"] for r in repository.read("gallery_entries", key=keys) if r["movie_id"]}
    return StateBeforeAnswer(row, decision, tuple(book.names_of(entry)), numbers)


def _redirect(repository: Repository, numbers: Mapping[str, int]) -> None:
    """Redirects numbers that a movie had before it was merged to where its entries are now."""
    now = {r["key"]: r["movie_id"] for r in repository.read("gallery_entries", key=list(numbers)) if r["movie_id"]}
    rows = {
        row["old_movie_id"]: row["movie_id"]
        for row in repository.read("movie_redirects", old_movie_id=numbers.values())
    }
    moved = {old: now[key] for key, old in numbers.items() if old in rows and now.get(key, rows[old]) != rows[old]}
    repository.update("movie_redirects", [{"old_movie_id": old, "movie_id": new} for old, new in moved.items()])
