"""Commands that read an existing database: show, export, changes, conflicts, explain."""

import json
from pathlib import Path
from typing import Any, Literal

import click

from movie_db.cli.options import DB, TEXT_OR_JSONL, open_units, read_settings, report_errors
from movie_db.cli.outputs import FORCE, Output, format_by_name, print_about


@click.command()
@click.argument("movie", metavar="TITLE|ID")
@DB
@report_errors
def show(movie: str, db: str | None) -> None:
    """Show one movie, every value with its source.

    The movie is given by its TITLE, or by an ID such as imdb:tt0083658.
    """
    from rich.console import Console

    from movie_db.cli.terminal.movie_view import show as run_show
    from movie_db.movie_db_client.data_model.schema_version import open_built

    run_show(open_built(read_settings(db).database_url), movie, Console())


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet", "sqlite"]),
    help="The format of FILE.  [default: by its name, else jsonl]",
)
@click.option(
    "--edition",
    type=click.Choice(["all", "open"]),
    default="all",
    show_default=True,
    help="open: only values from sources with an open licence.",
)
@FORCE
@DB
@report_errors
def export(file: Path, form: Any, edition: Literal["all", "open"], force: bool, db: str | None) -> None:
    """Export the movies to FILE, and print the required attribution."""
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.exporting.export import COLUMNS, MoviesToExport, export_movies
    from movie_db.movie_db_client.ingest.preferences import preferences

    settings = read_settings(db)
    form = form or format_by_name(file) or "jsonl"
    Output(file, form, COLUMNS).check([settings.database_url, settings.policy], force=force)
    films = MoviesToExport(open_built(settings.database_url), edition, preferences(settings))
    export_movies(films, form, file)
    print_about(file, f"{films.written:,} movies in {file}.")
    if edition == "open" and films.left_out:
        print_about(file, f"{films.left_out:,} more are not in it, because no open source has their title.")
    for one in films.attributions():
        parts = [one.name, one.licence, one.licence_url, one.attribution]
        print_about(file, f"Credit: {' · '.join(filter(None, parts))}")


@click.command()
@click.argument("movie", metavar="TITLE|ID|NUMBER")
@DB
@report_errors
def explain(movie: str, db: str | None) -> None:
    """Explain why each source's page was linked to a movie.

    Prints the probability and the evidence of each link, or who decided it. The movie is given by its TITLE, ID (such
    as imdb:tt0083658) or NUMBER.
    """
    from movie_db.cli.terminal.match_explanation import explain as run_explain
    from movie_db.movie_db_client.editing.finding import find_movie

    with open_units(db) as units, units() as unit:
        for line in run_explain(unit.repository, find_movie(unit.repository, movie)):
            click.echo(line)


@click.command()
@click.option("--since", required=True, metavar="DATE", help="The first day, such as 2026-03-01, or a time in UTC.")
@TEXT_OR_JSONL
@DB
@report_errors
def changes(since: str, form: str, db: str | None) -> None:
    """List what changed since a date.

    Lists movies that arrived in or left galleries, offers that began or ended, and values that changed at the source.
    """
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.history import changes

    for event in changes.changes(open_built(read_settings(db).database_url), changes.moment(since)):
        click.echo(json.dumps(event.as_json(), ensure_ascii=False) if form == "jsonl" else str(event))


@click.command()
@click.option("--field", metavar="FIELD", help="Only this field, such as runtime.")
@click.option("--source", metavar="SOURCE", help="Only conflicts in which this source is outvoted.")
@TEXT_OR_JSONL
@DB
@report_errors
def conflicts(field: str | None, source: str | None, form: str, db: str | None) -> None:
    """List values on which sources disagree.

    Each line has the value of the golden record and the values that did not win. The text ends with a table of how
    often each source is outvoted.
    """
    from rich.console import Console

    from movie_db.cli.terminal.conflict_table import Tally
    from movie_db.cli.terminal.conflict_table import conflicts as run_conflicts
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.reading.conflicts import ConflictFilter

    engine, tally, selection = open_built(read_settings(db).database_url), Tally(), ConflictFilter(field)
    for conflict in run_conflicts(engine, selection):
        tally.add(conflict)
        if source is None or conflict.outvotes(source):
            line = json.dumps(conflict.as_json(), ensure_ascii=False) if form == "jsonl" else str(conflict)
            click.echo(line)
    if form == "text":
        tally.count(engine, selection.fields)
        Console().print(tally.table() if tally.outvoted else "The sources agree.")
