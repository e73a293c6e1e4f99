"""Which value wins: pin, unpin, pins, restitch."""

from pathlib import Path

import click

from movie_db.cli.options import DB, WHY, clearly, settings_of, units_of
from movie_db.cli.outputs import FORCE, Output, say
from movie_db.contract.errors import UsageError


@click.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@WHY
@DB
@clearly
def pin(movie: str, values: tuple[str, ...], why: str | None, db: str | None) -> None:
    """Gives fields of the film MOVIE a value that no refresh changes; FIELD= empties it. Of lists: "Drama; Comedy"."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing.pins import pin_movie

    given = {}
    for value in values:
        field, equals, text = value.partition("=")
        if not equals:
            raise UsageError(f"{value!r} is no pin: one is written FIELD=VALUE, as in runtime=117.")
        given[field] = text
    with units_of(db) as units, units() as unit:
        number = pin_movie(unit, movie, given, now(), why)
    click.echo(f"Pinned for film {number}, whatever sources say: {', '.join(given)}.")


@click.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@DB
@clearly
def unpin(movie: str, fields: tuple[str, ...], db: str | None) -> None:
    """Has the sources decide again on fields of the film MOVIE that were pinned."""
    from movie_db.movie_db_client.editing.pins import unpin_movie

    with units_of(db) as units, units() as unit:
        number = unpin_movie(unit, movie, fields)
    click.echo(f"Of film {number}, sources decide again on {', '.join(fields)}.")


@click.command()
@click.option("--export", "out", type=click.Path(path_type=Path), metavar="FILE", help="Write all pins as CSV.")
@click.option("--import", "back", type=click.Path(path_type=Path), metavar="FILE", help="Set the pins of such a file.")
@FORCE
@DB
@clearly
def pins(out: Path | None, back: Path | None, force: bool, db: str | None) -> None:
    """Lists what is pinned, or brings it from one database to another as a CSV."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing import pins_csv
    from movie_db.movie_db_client.editing.pins import list_pins
    from movie_db.stitching import pin_values

    if out and back:
        raise UsageError("--export and --import are two steps: give one of them.")
    if out:
        settings = settings_of(db)
        Output(out, "csv", pins_csv.COLUMNS).check([settings.database_url, settings.policy], force=force)
    with units_of(db) as units, units() as unit:
        if out:
            say(out, f"{pins_csv.export_pins(unit, out):,} pins in {out}.")
        elif back:
            click.echo(f"{pins_csv.import_pins(unit, back, now()):,} pins set.")
        else:
            for one in list_pins(unit):
                note = f"  ({one.note})" if one.note else ""
                click.echo(f"{one.movie} {one.title}: {one.field}={pin_values.write(one.field, one.value)}{note}")


@click.command()
@DB
@clearly
def restitch(db: str | None) -> None:
    """Stitches all films anew from what the sources said, after a change of policy; asks nobody."""
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.editing.restitch import restitch_movies
    from movie_db.movie_db_client.repository.views import film_numbers

    numbers = film_numbers(open_built(settings_of(db).database_url))
    done = left = 0
    with units_of(db) as units:
        for films, refused in restitch_movies(units, numbers):
            done, left = done + films, left + len(refused)
            for reason in refused:
                click.echo(f"Left as it was: {reason}.", err=True)
    click.echo(f"{done:,} films stitched anew{f', but for {left:,}' if left else ''}.")


COMMANDS = (pin, unpin, pins, restitch)
