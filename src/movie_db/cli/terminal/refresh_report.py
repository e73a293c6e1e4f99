"""The report of a refresh: what was due, what was requested, what changed."""

import shlex
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from movie_db.cli.terminal.build_report import gallery_line
from movie_db.contract.messages import RunFinished
from movie_db.contract.runs import Run
from movie_db.contract.settings import Settings
from movie_db.movie_db_client.data_model.engine import shown
from movie_db.movie_db_client.history import changes


def print_refreshed(run: Run, engine: Engine, settings: Settings) -> None:
    """Prints the result of the refresh of one gallery."""
    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False, markup=False, emoji=False)
    listed, finished, since = run.listed(), run.finished(), run.started.started_at
    if listed:
        console.print(gallery_line(listed, run.started.limit), soft_wrap=True)
    if finished:
        console.print("\nRecords that were due, by source", style="bold")
        console.print(_sources(finished))
        for source, count in finished.sources.items():
            if count.note:
                console.print(f"{source}: {count.note}", soft_wrap=True)
    counts = Counter((event.what, event.field) for event in changes.changes(engine, since))
    values = sum(number for (what, _), number in counts.items() if what == "changed")
    console.print(
        f"\nMovies: {counts['came', 'gallery']:,} arrived, {counts['left', 'gallery']:,} left. "
        f"Offers: {counts['came', 'offers']:,} began, {counts['left', 'offers']:,} ended. Values changed: {values:,}.",
        soft_wrap=True,
    )
    database = shown(settings.database_url)
    option = "" if settings.database_url == Settings.read().database_url else f" --db {shlex.quote(database)}"
    if counts:
        console.print(f"Next: movie-db changes{option} --since {since:%Y-%m-%dT%H:%M:%S}", soft_wrap=True)


def _sources(finished: RunFinished) -> Table:
    table = Table()
    for column in ("source", "due", "unchanged", "changed", "requests"):
        table.add_column(column, justify="left" if column == "source" else "right")
    for source, count in finished.sources.items():
        if count.due or count.requests or count.unchanged:
            cells = (count.due, count.unchanged, count.changed, count.requests)
            table.add_row(source, *(f"{number:,}" for number in cells))
    return table
