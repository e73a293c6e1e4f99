"""The command `movie-db`: every way in, for people."""

import getpass
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from movie_db import __version__
from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

DB = click.option("--db", metavar="URL", help="The database: sqlite:///FILE or postgresql://… [MOVIE_DB_DATABASE_URL]")
DATA = click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="The data folder. [MOVIE_DB_DATA]")
LIMIT = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take the first N films only.")


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _settings(db: str | None = None, data: Path | None = None) -> Settings:
    given = {"database_url": db, "data": data}
    return Settings.read().model_copy(update={k: v for k, v in given.items() if v is not None})


def _clearly(command: F) -> F:
    """Our own errors become one sentence and an exit code: 2 for usage, 1 for the rest, 130 for Ctrl-C."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        signal.signal(signal.SIGTERM, _stop)
        try:
            return command(*args, **kwargs)
        except MovieDbError as error:
            click.echo(f"movie-db: {error}", err=True)
            sys.exit(2 if isinstance(error, UsageError) else 1)
        except KeyboardInterrupt:
            click.echo("movie-db: stopped; the same command goes on from here.", err=True)
            sys.exit(130)

    return run  # type: ignore[return-value]


class _Commands(click.Group):
    """Has wrong usage told as our other errors are."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            more = f" {error.ctx.command_path} --help tells more." if error.ctx else ""
            click.echo(f"movie-db: {error.format_message()}{more}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="movie-db")
def main() -> None:
    """Builds a movie database from the address of a page full of movies, or from a list of your own."""


@main.command()
@click.argument("address", metavar="URL|FILE|-")
@DB
@DATA
@LIMIT
@click.option("--record", type=click.Path(path_type=Path), metavar="FILE", help="Write all answers used to this WARC.")
@click.option("--replay", type=click.Path(path_type=Path), metavar="FILE", help="Answer from this WARC; ask nobody.")
@_clearly
def build(
    address: str, db: str | None, data: Path | None, limit: int | None, record: Path | None, replay: Path | None
) -> None:
    """Builds the database of the films at URL (a gallery), in FILE (CSV, or a title a line), or on standard input."""
    from movie_db import report
    from movie_db.build import build as run_build
    from movie_db.contract.runs import Run

    settings = _settings(db, data)

    def tell(run: Run) -> None:
        screen.close()
        report.print_report(run, settings)

    with report.Screen() as screen:
        run_build(
            address,
            settings,
            limit=limit,
            record=record,
            replay=replay,
            say=screen.say,
            show=screen.show,
            tell=tell,
        )


@main.command(name="list")
@click.argument("address", metavar="URL|FILE|-")
@DATA
@LIMIT
@_clearly
def list_(address: str, data: Path | None, limit: int | None) -> None:
    """Lists the films of a gallery into the logs, without asking anybody else."""
    _crawl(address, _settings(data=data), limit, "movie_list")
    click.echo("Next: movie-db crawl or movie-db build, with the same arguments, go on from here.")


@main.command()
@click.argument("address", metavar="URL|FILE|-")
@DATA
@LIMIT
@_clearly
def crawl(address: str, data: Path | None, limit: int | None) -> None:
    """Gathers what the sources say of a gallery's films into the logs, without a database."""
    settings = _settings(data=data)
    _crawl(address, settings, limit, None)
    click.echo(f"What was gathered is in {settings.data}. Next: movie-db ingest")


def _crawl(address: str, settings: Settings, limit: int | None, only: str | None) -> None:
    from movie_db.build import crawl as run_crawl

    run_crawl(address, settings, limit=limit, only=only, say=click.echo)


@main.command()
@DB
@DATA
@_clearly
def ingest(db: str | None, data: Path | None) -> None:
    """Takes what the logs hold, and the database does not yet, into the database."""
    from movie_db.movie_db_client.data_model.engine import make_engine
    from movie_db.movie_db_client.data_model.schema_version import upgrade
    from movie_db.movie_db_client.ingest import ingest_once
    from movie_db.movie_db_client.preferences import preferences
    from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

    settings = _settings(db, data)
    how = preferences(settings)
    if not any(settings.data.glob("*_list/*.jsonl")):
        raise UsageError(f"There are no logs in {settings.data}: --data takes the folder of a build or crawl.")
    upgrade(settings.database_url)
    store = SqlStore(make_engine(settings.database_url))
    done = ingest_once(lambda: SqlUnitOfWork(store, how), settings.data)
    click.echo(f"{done.lines:,} messages: {done.films:,} films written or changed, {done.rejected:,} rejected.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "parquet", "sqlite"]), default="jsonl", show_default=True
)
@DB
@_clearly
def export(file: Path, form: str, db: str | None) -> None:
    """Writes all movies of the database to FILE."""
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.export import export as run_export

    click.echo(f"{run_export(open_built(_settings(db).database_url), form, file):,} movies in {file}.")


@main.command()
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@_clearly
def parse(source: str, file: Path) -> None:
    """Prints the records that FILE gives, a saved answer or page of SOURCE, as JSON Lines.

    Of wikipedia also the wikitext of a page, in a file of its name, or a MediaWiki export (XML).
    """
    from datetime import UTC, datetime

    from movie_db.crawling_module.readers import Saved, read

    saved_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    for record in read(source, Saved(file.name, file.read_bytes(), saved_at)):
        click.echo(record.model_dump_json(exclude_defaults=True))


@main.command()
@click.argument("movie", metavar="TITLE|ID")
@DB
@_clearly
def show(movie: str, db: str | None) -> None:
    """Shows one film, every value with its source; by title, or by an id such as imdb:tt0083658."""
    from rich.console import Console

    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.show import show as run_show

    run_show(open_built(_settings(db).database_url), movie, Console())


@main.command()
@click.argument("left", metavar="LEFT")
@click.argument("right", metavar="RIGHT")
@click.option(
    "--map", "maps", multiple=True, metavar="MAP", help="Columns by field: left.title=Name,right.year=Released"
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file, not to the terminal.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Write also what a person shall decide, and what is different.")
@_clearly
def match(left: str, right: str, maps: tuple[str, ...], out: Path | None, form: Any, everything: bool) -> None:
    """Links the films of two lists: CSV, TSV or JSON Lines (or gzip of them), or databases (a URL or SQLite file)."""
    from movie_db import matching, report

    with report.Matching() as screen:
        pair = matching.sources(left, right, maps)
        summary = matching.match(pair, out, form, everything=everything, show=screen.show)
    report.print_match(summary, out)


@contextmanager
def _units(db: str | None) -> Iterator[Any]:
    """What makes units of work on a database that was built already."""
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.preferences import preferences
    from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

    settings = _settings(db)
    how = preferences(settings)
    engine = open_built(settings.database_url)
    try:
        store = SqlStore(engine)
        yield lambda: SqlUnitOfWork(store, how)
    finally:
        engine.dispose()


BY = click.option("--by", default=getpass.getuser, metavar="NAME", help="Who decides. [the user of this computer]")
WHY = click.option("--why", metavar="TEXT", help="The reason, kept with the decision.")


@main.command()
@click.option("--export", "out", type=click.Path(path_type=Path), metavar="FILE", help="Write the open pairs as CSV.")
@click.option(
    "--import", "back", type=click.Path(path_type=Path), metavar="FILE", help="Take in such a file, filled in."
)
@BY
@DB
@_clearly
def review(out: Path | None, back: Path | None, by: str, db: str | None) -> None:
    """Asks you about pairs that may be one film: here, key by key, or in a CSV whose column `decision` you fill in."""
    from rich.console import Console

    from movie_db.ask import review as run_review
    from movie_db.contract.messages import now
    from movie_db.movie_db_client import review_csv
    from movie_db.movie_db_client.decisions import By
    from movie_db.movie_db_client.reviewing import answer, questions

    if out and back:
        raise UsageError("--export and --import are two steps: give one of them.")
    with _units(db) as units, units() as unit:
        if out:
            click.echo(f"{review_csv.write(unit.repository, out):,} open pairs in {out}: fill in its column decision.")
            return
        if back:
            answers = review_csv.read(unit.repository, back)
            answer(unit.repository, answers, By(by, now()))
            unit.commit()
            click.echo(f"{len(answers):,} decisions taken in.")
            return
        waiting = len(questions(unit.repository))
        unit.rollback()
        if not waiting:
            click.echo("No pair waits for a decision.")
        elif not sys.stdin.isatty():
            raise UsageError(f"{waiting:,} pairs wait, and this is no terminal: --export FILE and --import FILE do it.")
        else:
            click.echo(f"{run_review(units, by, Console(), click.getchar):,} decisions taken.")


@main.command()
@click.argument("movie", metavar="TITLE|ID|NUMBER")
@DB
@_clearly
def explain(movie: str, db: str | None) -> None:
    """Tells why each source's page was taken for a film: probability, evidence, or who decided it."""
    from movie_db.explain import explain as run_explain
    from movie_db.movie_db_client.correcting import find_film

    with _units(db) as units, units() as unit:
        for line in run_explain(unit.repository, find_film(unit.repository, movie)):
            click.echo(line)


@main.command()
@click.option("--since", required=True, metavar="DATE", help="From this day (or moment, in UTC) on: 2026-03-01.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@DB
@_clearly
def changes(since: str, form: str, db: str | None) -> None:
    """Tells what changed: films that came to galleries and left, offers, and values that sources tell otherwise."""
    from movie_db.movie_db_client import history
    from movie_db.movie_db_client.data_model.schema_version import open_built

    for event in history.changes(open_built(_settings(db).database_url), history.moment(since)):
        click.echo(json.dumps(event.as_json(), ensure_ascii=False) if form == "jsonl" else str(event))


@main.command()
@click.argument("keep", metavar="KEEP")
@click.argument("other", metavar="OTHER")
@BY
@WHY
@DB
@_clearly
def merge(keep: str, other: str, by: str, why: str | None, db: str | None) -> None:
    """Makes the films KEEP and OTHER one, under KEEP's number; OTHER may be a record, SOURCE:ID, that no film has."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.correcting import merge as run_merge
    from movie_db.movie_db_client.decisions import By

    with _units(db) as units, units() as unit:
        number = run_merge(unit.repository, keep, other, By(by, now(), why))
        unit.commit()
    click.echo(f"They are film {number} now, whatever later runs find.")


@main.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("records", nargs=-1, required=True, metavar="SOURCE:ID...")
@BY
@WHY
@DB
@_clearly
def split(movie: str, records: tuple[str, ...], by: str, why: str | None, db: str | None) -> None:
    """Parts records such as wikidata:Q184843 from the film MOVIE, which was wrongly merged with theirs."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.correcting import split as run_split
    from movie_db.movie_db_client.decisions import By

    with _units(db) as units, units() as unit:
        numbers = run_split(unit.repository, movie, records, By(by, now(), why))
        unit.commit()
    click.echo(f"Parted, whatever later runs find: film {' and film '.join(map(str, numbers))}.")


@main.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@WHY
@DB
@_clearly
def pin(movie: str, values: tuple[str, ...], why: str | None, db: str | None) -> None:
    """Gives fields of the film MOVIE a value that no refresh changes; FIELD= empties it. Of lists: "Drama; Comedy"."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.pinning import pin as run_pin

    given = {}
    for value in values:
        field, equals, text = value.partition("=")
        if not equals:
            raise UsageError(f"{value!r} is no pin: one is written FIELD=VALUE, as in runtime=117.")
        given[field] = text
    with _units(db) as units, units() as unit:
        number = run_pin(unit.repository, movie, given, now(), why)
        unit.commit()
    click.echo(f"Pinned for film {number}, whatever sources say: {', '.join(given)}.")


@main.command()
@click.argument("movie", metavar="MOVIE")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@DB
@_clearly
def unpin(movie: str, fields: tuple[str, ...], db: str | None) -> None:
    """Has the sources decide again on fields of the film MOVIE that were pinned."""
    from movie_db.movie_db_client.pinning import unpin as run_unpin

    with _units(db) as units, units() as unit:
        number = run_unpin(unit.repository, movie, fields)
        unit.commit()
    click.echo(f"Of film {number}, sources decide again on {', '.join(fields)}.")


@main.command()
@click.option("--export", "out", type=click.Path(path_type=Path), metavar="FILE", help="Write all pins as CSV.")
@click.option("--import", "back", type=click.Path(path_type=Path), metavar="FILE", help="Set the pins of such a file.")
@DB
@_clearly
def pins(out: Path | None, back: Path | None, db: str | None) -> None:
    """Lists what is pinned, or brings it from one database to another as a CSV."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client import pin_values, pins_csv
    from movie_db.movie_db_client.pinning import pin_all, pinned

    if out and back:
        raise UsageError("--export and --import are two steps: give one of them.")
    with _units(db) as units, units() as unit:
        if out:
            click.echo(f"{pins_csv.write(unit.repository, out):,} pins in {out}.")
        elif back:
            wanted = pins_csv.read(unit.repository, back, now())
            pin_all(unit.repository, wanted)
            unit.commit()
            click.echo(f"{len(wanted):,} pins set.")
        else:
            for one in pinned(unit.repository):
                note = f"  ({one.note})" if one.note else ""
                click.echo(f"{one.movie} {one.title}: {one.field}={pin_values.write(one.field, one.value)}{note}")


@main.command()
@DB
@_clearly
def restitch(db: str | None) -> None:
    """Stitches all films anew from what the sources said, after a change of policy; asks nobody."""
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.repository.views import film_numbers
    from movie_db.movie_db_client.restitching import restitch as run_restitch

    numbers = film_numbers(open_built(_settings(db).database_url))
    done = left = 0
    with _units(db) as units:
        for films, refused in run_restitch(units, numbers):
            done, left = done + films, left + len(refused)
            for reason in refused:
                click.echo(f"Left as it was: {reason}.", err=True)
    click.echo(f"{done:,} films stitched anew{f', but for {left:,}' if left else ''}.")


@main.command()
@click.option("--field", metavar="FIELD", help="Only this field, such as runtime.")
@click.option("--source", metavar="SOURCE", help="Only where this source is outvoted.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@DB
@_clearly
def conflicts(field: str | None, source: str | None, form: str, db: str | None) -> None:
    """Lists where sources say otherwise than a film's golden record; as text, also how often each is outvoted."""
    from rich.console import Console

    from movie_db.conflicts import Tally
    from movie_db.conflicts import conflicts as run_conflicts
    from movie_db.movie_db_client.data_model.schema_version import open_built

    tally = Tally()
    for conflict in run_conflicts(open_built(_settings(db).database_url), tally, field, source):
        click.echo(conflict.json() if form == "jsonl" else str(conflict))
    if form == "text":
        Console().print(tally.table() if tally.outvoted else "The sources agree.")


@main.group()
def db() -> None:
    """Looks after the database."""


@db.command()
@DB
@_clearly
def upgrade(db: str | None) -> None:
    """Brings the database to the newest schema."""
    from movie_db.movie_db_client.data_model import schema_version

    schema_version.upgrade(_settings(db).database_url)
    click.echo("The database has the newest schema.")


@db.command()
@click.argument("table", required=False)
@DB
@_clearly
def info(table: str | None, db: str | None) -> None:
    """Shows the tables of the live database, or one TABLE."""
    from movie_db.movie_db_client.data_model.reflection import Reflection
    from movie_db.movie_db_client.data_model.schema_version import open_built

    reflection = Reflection(open_built(_settings(db).database_url))
    for name in [table] if table else sorted(reflection.tables):
        reflection.get_table_info(name)


if __name__ == "__main__":
    main()
