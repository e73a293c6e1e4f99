"""What reads a database that is there: show, export, changes, conflicts, explain."""

import json
from pathlib import Path
from typing import Any, Literal

import click

from movie_db.cli.options import DB, clearly, settings_of, units_of
from movie_db.cli.outputs import FORCE, Output, format_by_name, say


@click.command()
@click.argument("movie", metavar="TITLE|ID")
@DB
@clearly
def show(movie: str, db: str | None) -> None:
    """Shows one film, every value with its source; by title, or by an id such as imdb:tt0083658."""
    from rich.console import Console

    from movie_db.cli.terminal.movie_view import show as run_show
    from movie_db.movie_db_client.data_model.schema_version import open_built

    run_show(open_built(settings_of(db).database_url), movie, Console())


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet", "sqlite"]),
    help="[by the name of FILE, else jsonl]",
)
@click.option(
    "--edition",
    type=click.Choice(["all", "open"]),
    default="all",
    show_default=True,
    help="open: only what sources say whose licence lets anybody use it.",
)
@FORCE
@DB
@clearly
def export(file: Path, form: Any, edition: Literal["all", "open"], force: bool, db: str | None) -> None:
    """Writes the movies of the database to FILE, and tells whom they owe thanks."""
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.exporting.export import COLUMNS, MoviesToExport, export_movies
    from movie_db.movie_db_client.ingest.preferences import preferences

    settings = settings_of(db)
    form = form or format_by_name(file) or "jsonl"
    Output(file, form, COLUMNS).check([settings.database_url, settings.policy], force=force)
    films = MoviesToExport(open_built(settings.database_url), edition, preferences(settings))
    export_movies(films, form, file)
    say(file, f"{films.written:,} movies in {file}.")
    if edition == "open" and films.left_out:
        say(file, f"{films.left_out:,} more are not in it: no open source tells their titles.")
    for one in films.attributions():
        told = [one.name, one.licence, one.licence_url, one.attribution]
        say(file, f"Credit: {' · '.join(filter(None, told))}")


@click.command()
@click.argument("movie", metavar="TITLE|ID|NUMBER")
@DB
@clearly
def explain(movie: str, db: str | None) -> None:
    """Tells why each source's page was taken for a film: probability, evidence, or who decided it."""
    from movie_db.cli.terminal.match_explanation import explain as run_explain
    from movie_db.movie_db_client.editing.finding import find_movie

    with units_of(db) as units, units() as unit:
        for line in run_explain(unit.repository, find_movie(unit.repository, movie)):
            click.echo(line)


@click.command()
@click.option("--since", required=True, metavar="DATE", help="From this day (or moment, in UTC) on: 2026-03-01.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@DB
@clearly
def changes(since: str, form: str, db: str | None) -> None:
    """Tells what changed: films that came to galleries and left, offers, and values that sources tell otherwise."""
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.history import changes

    for event in changes.changes(open_built(settings_of(db).database_url), changes.moment(since)):
        click.echo(json.dumps(event.as_json(), ensure_ascii=False) if form == "jsonl" else str(event))


@click.command()
@click.option("--field", metavar="FIELD", help="Only this field, such as runtime.")
@click.option("--source", metavar="SOURCE", help="Only where this source is outvoted.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@DB
@clearly
def conflicts(field: str | None, source: str | None, form: str, db: str | None) -> None:
    """Lists where sources say otherwise than a film's golden record; as text, also how often each is outvoted."""
    from rich.console import Console

    from movie_db.cli.terminal.conflict_table import Tally
    from movie_db.cli.terminal.conflict_table import conflicts as run_conflicts
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.reading.conflicts import ConflictFilter

    engine, tally, wanted = open_built(settings_of(db).database_url), Tally(), ConflictFilter(field)
    for conflict in run_conflicts(engine, wanted):
        tally.add(conflict)
        if source is None or conflict.outvotes(source):
            told = json.dumps(conflict.as_json(), ensure_ascii=False)
            click.echo(told if form == "jsonl" else str(conflict))
    if form == "text":
        tally.count(engine, wanted.fields)
        Console().print(tally.table() if tally.outvoted else "The sources agree.")


COMMANDS = (show, export, explain, changes, conflicts)
