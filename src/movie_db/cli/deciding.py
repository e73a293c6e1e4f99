"""Commands that decide which records are the same movie: match, review, merge, split."""

import sys
from pathlib import Path
from typing import Any

import click

from movie_db.cli.options import BY, DB, WHY, open_units, read_settings, report_errors
from movie_db.cli.outputs import FORCE, Output, format_by_name, print_about
from movie_db.contract.errors import UsageError


@click.command()
@click.argument("left", metavar="LEFT")
@click.argument("right", metavar="RIGHT")
@click.option(
    "--map", "maps", multiple=True, metavar="MAP", help="Columns by field, such as left.title=Name,right.year=Released."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the pairs to this file.  [default: standard output]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    help="The format of the pairs.  [default: by the name of FILE, else csv]",
)
@click.option(
    "--all", "everything", is_flag=True, help="Include pairs for a person to decide, and pairs that are different."
)
@FORCE
@report_errors
def match(
    left: str, right: str, maps: tuple[str, ...], out: Path | None, form: Any, everything: bool, force: bool
) -> None:
    """Link the movies of two lists or databases.

    LEFT and RIGHT are CSV, TSV or JSON Lines files (or gzip of one), or databases (a URL or SQLite file).
    """
    from movie_db import matching
    from movie_db.cli.terminal import build_report
    from movie_db.matching.writing import COLUMNS

    form = form or (out and format_by_name(out, ("csv", "jsonl"))) or "csv"
    if out:
        lists = [name for name in (left, right) if not Path(name).is_dir()]  # a folder is no list, which `match` says
        Output(out, form, COLUMNS).check(lists, force=force)
    with build_report.MatchScreen() as screen:
        pair = matching.sources(left, right, maps)
        summary = matching.match(pair, out, form, everything=everything, show=screen.show)
    build_report.print_match(summary, out)


@click.command()
@click.option(
    "--export", "out", type=click.Path(path_type=Path), metavar="FILE", help="Write the open pairs to a CSV file."
)
@click.option(
    "--import", "back", type=click.Path(path_type=Path), metavar="FILE", help="Apply the decisions in such a file."
)
@FORCE
@BY
@DB
@report_errors
def review(out: Path | None, back: Path | None, force: bool, by: str, db: str | None) -> None:
    """Decide on pairs that may be the same movie.

    Shows one pair after another in the terminal. To decide in a spreadsheet instead, use --export, fill in the column
    decision, and use --import.
    """
    from rich.console import Console

    from movie_db.cli.terminal.review_prompt import review as run_review
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing import review_csv
    from movie_db.movie_db_client.editing.review import list_questions
    from movie_db.movie_db_client.entity_resolution.decisions import Decider

    if out and back:
        raise UsageError("--export and --import are separate steps: give one of them.")
    if out:
        settings = read_settings(db)
        Output(out, "csv", review_csv.COLUMNS).check([settings.database_url, settings.policy], force=force)
    with open_units(db) as units, units() as unit:
        if out:
            pairs = review_csv.export_questions(unit, out)
            print_about(out, f"{pairs:,} open pairs in {out}: fill in the column decision.")
            return
        if back:
            answers = review_csv.import_answers(unit, back, Decider(by, now()))
            click.echo(f"{answers:,} decisions applied.")
            return
        waiting = len(list_questions(unit))
        unit.rollback()
        if not waiting:
            click.echo("No pair is waiting for a decision.")
        elif not sys.stdin.isatty():
            raise UsageError(f"{waiting:,} pairs are waiting, but this is not a terminal: use --export and --import.")
        else:
            click.echo(f"{run_review(units, by, Console(), click.getchar):,} decisions made.")


@click.command()
@click.argument("keep", metavar="KEEP")
@click.argument("other", metavar="OTHER")
@BY
@WHY
@DB
@report_errors
def merge(keep: str, other: str, by: str, why: str | None, db: str | None) -> None:
    """Merge two movies that are the same one.

    The merged movie has the number of KEEP. OTHER can also be a record, SOURCE:ID, that belongs to no movie. Give
    movies by number, title or id.
    """
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing.merge_split import merge_movies
    from movie_db.movie_db_client.entity_resolution.decisions import Decider

    with open_units(db) as units, units() as unit:
        number = merge_movies(unit, keep, other, Decider(by, now(), why))
    click.echo(f"They are now movie {number}. Later runs keep this decision.")


@click.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("records", nargs=-1, required=True, metavar="SOURCE:ID...")
@BY
@WHY
@DB
@report_errors
def split(movie: str, records: tuple[str, ...], by: str, why: str | None, db: str | None) -> None:
    """Split records off a movie that they don't belong to.

    MOVIE is a title, id or number. Records are written SOURCE:ID, such as wikidata:Q184843.
    """
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing.merge_split import split_movie
    from movie_db.movie_db_client.entity_resolution.decisions import Decider

    with open_units(db) as units, units() as unit:
        numbers = split_movie(unit, movie, records, Decider(by, now(), why))
    click.echo(f"Split into movie {' and movie '.join(map(str, numbers))}. Later runs keep this decision.")
