"""Commands that decide which value wins: pin, unpin, pins, restitch."""

from pathlib import Path

import click

from movie_db.cli.options import DB, WHY, open_units, read_settings, report_errors
from movie_db.cli.outputs import FORCE, Output, print_about
from movie_db.contract.errors import UsageError


@click.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@WHY
@DB
@report_errors
def pin(movie: str, values: tuple[str, ...], why: str | None, db: str | None) -> None:
    """Set values of a movie that no refresh changes.

    MOVIE is a title, id or number. FIELD=VALUE sets a field, and FIELD= empties it. The values of a list are separated
    by semicolons: genres="Drama; Comedy".
    """
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing.pins import pin_movie

    given = {}
    for value in values:
        field, equals, text = value.partition("=")
        if not equals:
            raise UsageError(f"{value!r} is no pin: write FIELD=VALUE, such as runtime=117.")
        given[field] = text
    with open_units(db) as units, units() as unit:
        number = pin_movie(unit, movie, given, now(), why)
    click.echo(f"Pinned for movie {number}: {', '.join(given)}.")


@click.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@DB
@report_errors
def unpin(movie: str, fields: tuple[str, ...], db: str | None) -> None:
    """Remove pins, so that the sources decide again.

    MOVIE is a title, id or number, and FIELD a pinned field, such as runtime.
    """
    from movie_db.movie_db_client.editing.pins import unpin_movie

    with open_units(db) as units, units() as unit:
        number = unpin_movie(unit, movie, fields)
    click.echo(f"Unpinned for movie {number}: {', '.join(fields)}.")


@click.command()
@click.option("--export", "out", type=click.Path(path_type=Path), metavar="FILE", help="Write all pins to a CSV file.")
@click.option("--import", "back", type=click.Path(path_type=Path), metavar="FILE", help="Set the pins in such a file.")
@FORCE
@DB
@report_errors
def pins(out: Path | None, back: Path | None, force: bool, db: str | None) -> None:
    """List all pins, or export and import them as CSV."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing import pins_csv
    from movie_db.movie_db_client.editing.pins import list_pins
    from movie_db.stitching import pin_values

    if out and back:
        raise UsageError("--export and --import are separate steps: give one of them.")
    if out:
        settings = read_settings(db)
        Output(out, "csv", pins_csv.COLUMNS).check([settings.database_url, settings.policy], force=force)
    with open_units(db) as units, units() as unit:
        if out:
            print_about(out, f"{pins_csv.export_pins(unit, out):,} pins in {out}.")
        elif back:
            click.echo(f"{pins_csv.import_pins(unit, back, now()):,} pins set.")
        else:
            for one in list_pins(unit):
                note = f"  ({one.note})" if one.note else ""
                click.echo(f"{one.movie} {one.title}: {one.field}={pin_values.write(one.field, one.value)}{note}")


@click.command()
@DB
@report_errors
def restitch(db: str | None) -> None:
    """Recompute all movies after a change of policy.

    The movies are computed from the stored source records, without any request.
    """
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.editing.restitch import restitch_movies
    from movie_db.movie_db_client.repository.views import film_numbers

    numbers = film_numbers(open_built(read_settings(db).database_url))
    done = left = 0
    with open_units(db) as units:
        for films, refused in restitch_movies(units, numbers):
            done, left = done + films, left + len(refused)
            for reason in refused:
                click.echo(f"Unchanged: {reason}.", err=True)
    click.echo(f"{done:,} movies recomputed{f', {left:,} left unchanged' if left else ''}.")
