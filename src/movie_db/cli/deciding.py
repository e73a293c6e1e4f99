"""Are two records one film? match, review, merge, split."""

import sys
from pathlib import Path
from typing import Any

import click

from movie_db.cli.options import BY, DB, WHY, clearly, settings_of, units_of
from movie_db.cli.outputs import FORCE, Output, format_by_name, say
from movie_db.contract.errors import UsageError


@click.command()
@click.argument("left", metavar="LEFT")
@click.argument("right", metavar="RIGHT")
@click.option(
    "--map", "maps", multiple=True, metavar="MAP", help="Columns by field: left.title=Name,right.year=Released"
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file, not to the terminal.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), help="[by the name of FILE, else csv]")
@click.option("--all", "everything", is_flag=True, help="Write also what a person shall decide, and what is different.")
@FORCE
@clearly
def match(
    left: str, right: str, maps: tuple[str, ...], out: Path | None, form: Any, everything: bool, force: bool
) -> None:
    """Links the films of two lists: CSV, TSV or JSON Lines (or gzip of them), or databases (a URL or SQLite file)."""
    from movie_db import matching
    from movie_db.cli.terminal import build_report
    from movie_db.matching.writing import COLUMNS

    form = form or (out and format_by_name(out, ("csv", "jsonl"))) or "csv"
    if out:
        Output(out, form, COLUMNS).check([left, right], force=force)
    with build_report.Matching() as screen:
        pair = matching.sources(left, right, maps)
        summary = matching.match(pair, out, form, everything=everything, show=screen.show)
    build_report.print_match(summary, out)


@click.command()
@click.option("--export", "out", type=click.Path(path_type=Path), metavar="FILE", help="Write the open pairs as CSV.")
@click.option(
    "--import", "back", type=click.Path(path_type=Path), metavar="FILE", help="Take in such a file, filled in."
)
@FORCE
@BY
@DB
@clearly
def review(out: Path | None, back: Path | None, force: bool, by: str, db: str | None) -> None:
    """Asks you about pairs that may be one film: here, key by key, or in a CSV whose column `decision` you fill in."""
    from rich.console import Console

    from movie_db.cli.terminal.review_prompt import review as run_review
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing import review_csv
    from movie_db.movie_db_client.editing.review import list_questions
    from movie_db.movie_db_client.entity_resolution.decisions import By

    if out and back:
        raise UsageError("--export and --import are two steps: give one of them.")
    if out:
        settings = settings_of(db)
        Output(out, "csv", review_csv.COLUMNS).check([settings.database_url, settings.policy], force=force)
    with units_of(db) as units, units() as unit:
        if out:
            pairs = review_csv.export_questions(unit, out)
            say(out, f"{pairs:,} open pairs in {out}: fill in its column decision.")
            return
        if back:
            answers = review_csv.import_answers(unit, back, By(by, now()))
            click.echo(f"{answers:,} decisions taken in.")
            return
        waiting = len(list_questions(unit))
        unit.rollback()
        if not waiting:
            click.echo("No pair waits for a decision.")
        elif not sys.stdin.isatty():
            raise UsageError(f"{waiting:,} pairs wait, and this is no terminal: --export FILE and --import FILE do it.")
        else:
            click.echo(f"{run_review(units, by, Console(), click.getchar):,} decisions taken.")


@click.command()
@click.argument("keep", metavar="KEEP")
@click.argument("other", metavar="OTHER")
@BY
@WHY
@DB
@clearly
def merge(keep: str, other: str, by: str, why: str | None, db: str | None) -> None:
    """Makes the films KEEP and OTHER one, under KEEP's number; OTHER may be a record, SOURCE:ID, that no film has."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing.merge_split import merge_movies
    from movie_db.movie_db_client.entity_resolution.decisions import By

    with units_of(db) as units, units() as unit:
        number = merge_movies(unit, keep, other, By(by, now(), why))
    click.echo(f"They are film {number} now, whatever later runs find.")


@click.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("records", nargs=-1, required=True, metavar="SOURCE:ID...")
@BY
@WHY
@DB
@clearly
def split(movie: str, records: tuple[str, ...], by: str, why: str | None, db: str | None) -> None:
    """Parts records such as wikidata:Q184843 from the film MOVIE, which was wrongly merged with theirs."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing.merge_split import split_movie
    from movie_db.movie_db_client.entity_resolution.decisions import By

    with units_of(db) as units, units() as unit:
        numbers = split_movie(unit, movie, records, By(by, now(), why))
    click.echo(f"Parted, whatever later runs find: film {' and film '.join(map(str, numbers))}.")


COMMANDS = (match, review, merge, split)
