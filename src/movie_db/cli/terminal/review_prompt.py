"""Reviews the queue in the terminal: shows both sides and the evidence, and takes one key per answer."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from movie_db.contract.messages import MovieListEntry, SourceRecord, now
from movie_db.movie_db_client.editing.review import (
    ReviewAnswer,
    ReviewQuestion,
    StateBeforeAnswer,
    answer_question,
    is_open,
    list_questions,
    undo_answer,
)
from movie_db.movie_db_client.editing.review_csv import format_ids
from movie_db.movie_db_client.entity_resolution.decisions import Decider
from movie_db.movie_db_client.repository import UnitOfWork

_KEYS: Final = "[b]s[/b]ame  [b]d[/b]ifferent  s[b]k[/b]ip  [b]u[/b]ndo  [b]q[/b]uit"
Units = Callable[[], UnitOfWork]


def review(units: Units, reviewer: str, console: Console, key: Callable[[], str]) -> int:
    """Shows the open pairs, the most likely first, and stores each answer at once. Returns the number of answers.

    Args:
        units: makes units of work.
        reviewer: the name that is stored with the decisions.
        console: where the pairs are shown.
        key: waits for a key and returns it; '' at the end of the input.

    Raises:
        UsageError: an answer contradicts an earlier decision.
    """
    with units() as unit:
        waiting = list_questions(unit)
    given: list[tuple[int, StateBeforeAnswer | None]] = []
    place = 0
    while place < len(waiting):
        question = waiting[place]
        with units() as unit:
            if not is_open(unit, question.key):
                place += 1
                continue
        console.print(page(question, place + 1, len(waiting)))
        console.print(_KEYS)
        match _pressed(key):
            case "q":
                break
            case "u" if given:
                place, was = given.pop()
                if was is not None:
                    with units() as unit:
                        undo_answer(unit, was)
            case "u":
                console.print("There is nothing to undo.")
            case "k":
                given.append((place, None))
                place += 1
            case pressed:
                given.append((place, _answer(units, question, pressed, reviewer)))
                place += 1
    return sum(was is not None for _, was in given)


def _pressed(key: Callable[[], str]) -> str:
    while True:
        pressed = key().lower()
        if pressed in {"s", "d", "k", "u", "q"}:
            return pressed
        if pressed in {"", "\x04", "\x1b"}:
            return "q"
        if pressed == "\x03":
            raise KeyboardInterrupt


def _answer(units: Units, question: ReviewQuestion, pressed: str, reviewer: str) -> StateBeforeAnswer:
    with units() as unit:
        given = ReviewAnswer(question.key, "same" if pressed == "s" else "different")
        return answer_question(unit, given, Decider(reviewer, now()))


def page(question: ReviewQuestion, place: int, count: int) -> Table:
    """One question as a page: both sides, then the evidence."""
    ours, theirs = sides(question)
    evidence = "\n".join(question.item.get("evidence", ()))
    runner_up = question.item.get("runner_up")
    caption = f"{evidence}\n" + (f"runner-up: {runner_up}\n" if runner_up else "")
    table = Table(
        title=f"{place} of {count}: the same movie? {question.row['probability']:.0%} likely",
        caption=escape(caption.rstrip()),
        title_justify="left",
        caption_justify="left",
        expand=True,
    )
    table.add_column("", style="bold")
    table.add_column("the gallery's", overflow="fold", ratio=1)
    table.add_column("the candidate", overflow="fold", ratio=1)
    for name in dict.fromkeys((*ours, *theirs)):
        table.add_row(name, escape(ours.get(name, "")), escape(theirs.get(name, "")))
    return table


def sides(question: ReviewQuestion) -> tuple[dict[str, str], dict[str, str]]:
    """Both sides of a question, as text for each field."""
    entry: dict[str, Any] = question.item["entry"]
    listed = MovieListEntry.model_validate({"run": "none", **entry})
    ours = {
        "title": listed.title,
        "original title": listed.original_title,
        "year": listed.year,
        "directors": ", ".join(question.directors),
        "runtime": listed.runtime,
        "ids": format_ids(listed.ids),
        "page": listed.url,
        "from": listed.gallery,
    }
    for record in question.records:
        ours = {name: value or _facts(record).get(name) for name, value in ours.items()} | {
            name: value for name, value in _facts(record).items() if value and not ours.get(name)
        }
    return _texts(ours), _texts(_facts(question.candidate) | {"from": question.candidate.source})


def _facts(record: SourceRecord) -> dict[str, Any]:
    facts = record.facts
    return {
        "title": facts.title,
        "original title": facts.original_title,
        "year": facts.year or (facts.release_date or "")[:4],
        "directors": _first(c.name for c in facts.directors),
        "cast": _first(c.name for c in facts.cast),
        "runtime": facts.runtime,
        "countries": ", ".join(facts.countries),
        "kind": record.kind,
        "ids": format_ids(record.ids),
        "page": record.url,
    }


def _first(names: Iterable[str], count: int = 6) -> str:
    every = list(names)
    return ", ".join(every[:count]) + (f" and {len(every) - count} more" if len(every) > count else "")


def _texts(fields: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items() if value}
