"""What a build and a match show: the progress, and the report at the end."""

import csv
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from movie_db.contract.files import atomic_file, make_folder
from movie_db.contract.messages import GalleryListed, Outcome, RunFinished
from movie_db.contract.runs import Run
from movie_db.contract.settings import Settings
from movie_db.pipeline.progress import Progress

if TYPE_CHECKING:  # importing it would slow down the start of every build
    from movie_db.matching import Summary

NAMED = 5
"""This many movies with gaps are named; all of them are in a file."""
STAGES = ("listed", "gathered", "ingested")
OUTCOMES: tuple[Outcome, ...] = ("found", "not_found", "unsure", "blocked", "failed", "unreadable", "not_asked")


class BuildScreen:
    """Shows the progress of a build: one bar per stage on a terminal, else plain lines. A context manager."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._live = self._console.is_terminal
        self._bars = Bars(
            TextColumn("{task.description:>9}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )
        self._tasks = {stage: self._bars.add_task(stage, total=None) for stage in STAGES}
        self._printed: tuple[int, ...] = ()
        self._printed_at = 0.0

    def __enter__(self) -> "BuildScreen":
        if self._live:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stops the bars where they are."""
        if self._live:
            self._bars.stop()

    def notify(self, sentence: str) -> None:
        """Shows one sentence above the bars."""
        self._console.print(sentence, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def show(self, progress: Progress) -> None:
        """Updates the bars. Without a terminal, prints a line at most every five seconds, if something changed."""
        done = {"listed": progress.listed or 0, "gathered": progress.gathered, "ingested": progress.ingested}
        if self._live:
            for stage, task in self._tasks.items():
                self._bars.update(task, completed=done[stage], total=progress.listed)
            return
        now = tuple(done.values())
        if (
            progress.gathered
            and now != self._printed
            and (time.monotonic() - self._printed_at > 5 or len(set(now)) == 1)
        ):
            self._printed, self._printed_at = now, time.monotonic()
            self.notify(
                f"{progress.gathered:,} of {done['listed']:,} movies gathered, {progress.ingested:,} in the database"
            )


class MatchScreen:
    """Shows the progress of a match: one bar per stage on a terminal, else plain lines. A context manager."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        # The bars have no refresh thread, because processes are forked meanwhile.
        self._bars = Bars(
            TextColumn("{task.description:>9}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            auto_refresh=False,
        )
        self._tasks: dict[str, TaskID] = {}
        self._printed_at = 0.0

    def __enter__(self) -> "MatchScreen":
        if self._console.is_terminal:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._console.is_terminal:
            self._bars.refresh()
            self._bars.stop()

    def show(self, stage: str, done: int, total: int) -> None:
        """Updates the stage's bar, at most five times per second. Without a terminal, prints a line every 5 s."""
        started = stage in self._tasks
        if not started:
            self._tasks[stage] = self._bars.add_task(stage, total=None)
        pause = 0.2 if self._console.is_terminal else 5
        if started and done != total and time.monotonic() - self._printed_at < pause:
            return
        self._printed_at = time.monotonic()
        self._bars.update(self._tasks[stage], completed=done, total=total or None)
        if self._console.is_terminal:
            self._bars.refresh()
        elif done and stage != "reading":
            self._console.print(f"{stage}: {done:,}{f' of {total:,}' if total else ''} movies")


def print_match(summary: "Summary", out: Path | None) -> None:
    """Prints the result of a match on standard error."""
    left, right = summary.alone
    text = f"{summary.matched:,} matched, {summary.to_review:,} to review, alone: {left:,} left, {right:,} right"
    if any(summary.left_out):
        text += f"; rows without a movie: {summary.left_out[0]:,} left, {summary.left_out[1]:,} right"
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"{text}.{f' The pairs are in {out}.' if out else ''}")


def print_report(run: Run, settings: Settings) -> None:
    """Prints the result of a run, and what to do next."""
    from movie_db.movie_db_client.data_model.engine import make_engine, shown
    from movie_db.movie_db_client.history.quality import quality

    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False, markup=False, emoji=False)
    found, before, alarms = quality(make_engine(settings.database_url), run.id)
    listed, finished = run.listed(), run.finished()
    if listed:
        console.print(gallery_line(listed, run.started.limit), soft_wrap=True)
    if finished:
        console.print("\nMovies by source and outcome", style="bold")
        console.print(_sources(finished))
        for source, count in finished.sources.items():
            if count.note:
                console.print(f"{source}: {count.note}", soft_wrap=True)
        if run.gaps():
            for line in _gaps(run):
                console.print(line, soft_wrap=True)
    since = "" if before is None else ", and the change since the last run"
    console.print(f"\nMovies with each field, of {found.movies:,}{since}", style="bold")
    console.print(_fields(found.movies, found.filled, found.sources, before))
    for alarm in alarms:
        console.print(f"ALARM  {alarm}", style="bold red", soft_wrap=True)
    database = shown(settings.database_url)
    waiting = f" {found.to_review:,} pairs are waiting for your decision: movie-db review." if found.to_review else ""
    rejected = f" {found.rejected:,} messages were rejected, completely or in part (table rejected_items)."
    console.print(
        f"\n{found.movies:,} movies in {database}.{waiting}{rejected if found.rejected else ''}", soft_wrap=True
    )
    # The option is needed only if the settings name another database.
    option = "" if settings.database_url == Settings.read().database_url else f" --db {shlex.quote(database)}"
    console.print(f"Next: movie-db export{option} --format csv movies.csv", soft_wrap=True)


def gallery_line(listed: GalleryListed, limit: int | None) -> str:
    """One sentence about how complete the list of a gallery is."""
    name = " ".join(filter(None, (listed.provider, f"({listed.country})" if listed.country else ""))) or listed.gallery
    complete = f"{listed.found:,} movies"
    if listed.declared is not None:
        complete = f"{listed.found:,} of {listed.declared:,} declared"
        missing = listed.declared - listed.found
        complete += f"; {missing:,} are missing" if missing > 0 else ""
    slices = f", in slices {'; '.join(listed.slices)}" if len(listed.slices) > 1 else ""
    taken = f" The first {limit:,} were taken." if limit is not None and limit < listed.found else ""
    return f"{name}: {complete} ({listed.door}{slices}).{taken} {listed.note or ''}".rstrip()


def _sources(finished: RunFinished) -> Table:
    counts = finished.sources
    shown = [o for o in OUTCOMES if any(c.outcomes.get(o) for c in counts.values())]
    table = Table()
    for column in ("source", "requests", *(o.replace("_", " ") for o in shown)):
        table.add_column(column, justify="left" if column == "source" else "right")
    for source, count in counts.items():
        table.add_row(source, f"{count.requests:,}", *(f"{count.outcomes.get(o, 0):,}" for o in shown))
    return table


def _gaps(run: Run) -> Iterator[str]:
    """Lists which movies lack which sources. All of them are written to a file, and some are named."""
    path = run.data / "gaps" / f"{run.id}.csv"
    make_folder(path.parent)
    films: dict[str, list[str]] = {}
    with atomic_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("key", "title", "year", "lacks"))
        for entry, missed in run.movies_with_gaps():
            out.writerow((entry.key, entry.title, entry.year or "", " ".join(missed)))
            for source in missed:
                films.setdefault(source, []).append(f"{entry.title} ({entry.year})" if entry.year else entry.title)
    for source, titles in sorted(films.items()):
        more = f" and {len(titles) - NAMED:,} more" if len(titles) > NAMED else ""
        yield f"No answer came from {source} for {len(titles):,} movies: {', '.join(titles[:NAMED])}{more}."
    yield f"All of them are in {path}. Run the same command again to request only what is missing."


def _fields(
    movies: int,
    filled: Mapping[str, int],
    sources: Mapping[str, Mapping[str, int]],
    before: Mapping[str, int] | None,
) -> Table:
    """One line per field: how many movies have it, the change since the last run, and the sources."""
    table = Table()
    for column in ("field", "movies", "share", *(() if before is None else ("change",)), "from"):
        table.add_column(column, justify="left" if column in {"field", "from"} else "right")
    for field, films in filled.items():
        share = f"{100 * films / movies:.1f} %" if movies else ""
        difference = films - (before or {}).get(field, 0)
        change = () if before is None else (f"{difference:+,}" if difference else "",)
        counts = sorted(sources.get(field, {}).items(), key=lambda s: (-s[1], s[0]))
        table.add_row(field, f"{films:,}", share, *change, ", ".join(f"{source} {count:,}" for source, count in counts))
    return table
