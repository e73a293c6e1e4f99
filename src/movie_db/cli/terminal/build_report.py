"""What a build shows: progress while it runs, and the report at its end."""

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
from movie_db.pipeline.build import Progress

if TYPE_CHECKING:  # to read what links lists would hold up every build's start
    from movie_db.matching import Summary

NAMED = 5
"""So many films that lack something are named, the others are in a file."""
STAGES = ("listed", "gathered", "ingested")
OUTCOMES: tuple[Outcome, ...] = ("found", "not_found", "unsure", "blocked", "failed", "unreadable", "not_asked")


class Screen:
    """A bar a stage on a terminal, else a plain line now and then; a context manager."""

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
        self._told: tuple[int, ...] = ()
        self._told_at = 0.0

    def __enter__(self) -> "Screen":
        if self._live:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the bars, where they stand."""
        if self._live:
            self._bars.stop()

    def say(self, sentence: str) -> None:
        """Shows one sentence above the bars."""
        self._console.print(sentence, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def show(self, progress: Progress) -> None:
        """Brings the bars up to date; without a terminal, a line every five seconds in which something moved."""
        done = {"listed": progress.listed or 0, "gathered": progress.gathered, "ingested": progress.ingested}
        if self._live:
            for stage, task in self._tasks.items():
                self._bars.update(task, completed=done[stage], total=progress.listed)
            return
        now = tuple(done.values())
        if progress.gathered and now != self._told and (time.monotonic() - self._told_at > 5 or len(set(now)) == 1):
            self._told, self._told_at = now, time.monotonic()
            self.say(
                f"{progress.gathered:,} of {done['listed']:,} films gathered, {progress.ingested:,} in the database"
            )


class Matching:
    """A bar a stage of `movie-db match` on a terminal, else a plain line now and then; a context manager."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        # Without a thread of its own: processes are forked meanwhile.
        self._bars = Bars(
            TextColumn("{task.description:>9}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            auto_refresh=False,
        )
        self._tasks: dict[str, TaskID] = {}
        self._told_at = 0.0

    def __enter__(self) -> "Matching":
        if self._console.is_terminal:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._console.is_terminal:
            self._bars.refresh()
            self._bars.stop()

    def show(self, stage: str, done: int, total: int) -> None:
        """Brings the stage's bar up to date, a few times a second at most; without a terminal, a line every 5 s."""
        known = stage in self._tasks
        if not known:
            self._tasks[stage] = self._bars.add_task(stage, total=None)
        if known and done != total and time.monotonic() - self._told_at < (0.2 if self._console.is_terminal else 5):
            return
        self._told_at = time.monotonic()
        self._bars.update(self._tasks[stage], completed=done, total=total or None)
        if self._console.is_terminal:
            self._bars.refresh()
        elif done and stage != "reading":
            self._console.print(f"{stage}: {done:,}{f' of {total:,}' if total else ''} films")


def print_match(summary: "Summary", out: Path | None) -> None:
    """Says on standard error what came of linking two lists."""
    left, right = summary.alone
    told = f"{summary.matched:,} matched, {summary.to_review:,} to review, alone: {left:,} left, {right:,} right"
    if any(summary.left_out):
        told += f"; rows without a film: {summary.left_out[0]:,} left, {summary.left_out[1]:,} right"
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"{told}.{f' The pairs are in {out}.' if out else ''}")


def print_report(run: Run, settings: Settings) -> None:
    """Says what the run came to, and where to look next."""
    from movie_db.movie_db_client.data_model.engine import make_engine, shown
    from movie_db.movie_db_client.history.quality import quality

    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False, markup=False, emoji=False)
    found, before, alarms = quality(make_engine(settings.database_url), run.id)
    listed, finished = run.listed(), run.finished()
    if listed:
        console.print(gallery_line(listed, run.started.limit), soft_wrap=True)
    if finished:
        console.print("\nWhat became of asking each source, in films", style="bold")
        console.print(_sources(finished))
        for source, count in finished.sources.items():
            if count.note:
                console.print(f"{source}: {count.note}", soft_wrap=True)
        if run.gaps():
            for line in _gaps(run):
                console.print(line, soft_wrap=True)
    since = "" if before is None else ", and how that moved since the last run"
    console.print(f"\nFields filled, of {found.movies:,} movies{since}", style="bold")
    console.print(_fields(found.movies, found.filled, found.sources, before))
    for alarm in alarms:
        console.print(f"ALARM  {alarm}", style="bold red", soft_wrap=True)
    database = shown(settings.database_url)
    waiting = f" {found.to_review:,} wait for your decision: movie-db review." if found.to_review else ""
    told = f" {found.rejected:,} messages were rejected, whole or in part (rejected_items)."
    console.print(f"\n{found.movies:,} movies in {database}.{waiting}{told if found.rejected else ''}", soft_wrap=True)
    # A database that the settings name needs no option.
    option = "" if settings.database_url == Settings.read().database_url else f" --db {shlex.quote(database)}"
    console.print(f"Next: movie-db export{option} --format csv movies.csv", soft_wrap=True)


def gallery_line(listed: GalleryListed, limit: int | None) -> str:
    """One sentence on how complete the list of a gallery is."""
    name = " ".join(filter(None, (listed.provider, f"({listed.country})" if listed.country else ""))) or listed.gallery
    complete = f"{listed.found:,} films"
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
    """Which films lack what; all of them go to a file, some are named."""
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
        yield f"No answer came from {source} for {len(titles):,} films: {', '.join(titles[:NAMED])}{more}."
    yield f"All of them are in {path}; the same command asks only for what is lacking."


def _fields(
    movies: int,
    filled: Mapping[str, int],
    sources: Mapping[str, Mapping[str, int]],
    before: Mapping[str, int] | None,
) -> Table:
    """A line a field: how many movies have it, how many more than after the last run, and from which sources."""
    table = Table()
    for column in ("field", "movies", "share", *(() if before is None else ("moved",)), "from"):
        table.add_column(column, justify="left" if column in {"field", "from"} else "right")
    for field, films in filled.items():
        share = f"{100 * films / movies:.1f} %" if movies else ""
        moved = films - (before or {}).get(field, 0)
        change = () if before is None else (f"{moved:+,}" if moved else "",)
        told = sorted(sources.get(field, {}).items(), key=lambda s: (-s[1], s[0]))
        table.add_row(field, f"{films:,}", share, *change, ", ".join(f"{source} {count:,}" for source, count in told))
    return table
