"""Commands that gather from the sources and ingest what was gathered: build, refresh, list, crawl, ingest, parse."""

from pathlib import Path

import click

from movie_db.cli.options import DATA, DB, LANGUAGE, LIMIT, read_settings, report_errors
from movie_db.cli.outputs import FORCE, Output
from movie_db.contract.errors import UsageError
from movie_db.contract.settings import Settings


@click.command()
@click.argument("address", metavar="URL|FILE|-")
@DB
@DATA
@LIMIT
@LANGUAGE
@click.option(
    "--record", type=click.Path(path_type=Path), metavar="FILE", help="Write all used responses to this WARC file."
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take all responses from this WARC file, and send no request.",
)
@FORCE
@report_errors
def build(
    address: str,
    db: str | None,
    data: Path | None,
    limit: int | None,
    language: str | None,
    record: Path | None,
    replay: Path | None,
    force: bool,
) -> None:
    """Build a database from a gallery or a list.

    URL is the address of a gallery, FILE a list (CSV, or one title per line), and - a list on standard input. An
    interrupted build continues where it was.
    """
    from movie_db.cli.terminal import build_report
    from movie_db.contract.runs import Run
    from movie_db.pipeline.build import build as run_build

    settings = read_settings(db, data, language)
    if record and not replay:
        archive = settings.data / "archive.sqlite"
        reads = (address, settings.database_url, settings.policy, archive, settings.imdb_files)
        Output(record, "warc").check(reads, force=force)

    def report(run: Run) -> None:
        screen.close()
        build_report.print_report(run, settings)

    with build_report.BuildScreen() as screen:
        run_build(
            address,
            settings,
            limit=limit,
            record=record,
            replay=replay,
            notify=screen.notify,
            show=screen.show,
            report=report,
        )


@click.command()
@DB
@DATA
@click.option(
    "--all", "every", is_flag=True, help="Treat every movie as due, except pages that have not changed for long."
)
@click.option("--pages", is_flag=True, help="Treat every movie and all of its pages as due.")
@report_errors
def refresh(db: str | None, data: Path | None, every: bool, pages: bool) -> None:
    """Request again whatever is due, and store what changed.

    Without an option, only what is due is requested: a gallery once a day, pages the less often the longer they have
    not changed.
    """
    from movie_db.cli.terminal.refresh_report import print_refreshed
    from movie_db.contract.messages import Refresh
    from movie_db.pipeline.refresh import refresh as run_refresh

    settings = read_settings(db, data)
    how: Refresh = "pages" if pages else "all" if every else "due"
    run_refresh(
        settings,
        how,
        notify=lambda sentence: click.echo(sentence, err=True),
        report=lambda run, engine: print_refreshed(run, engine, settings),
    )


class _Listing(click.Command):
    """A command whose help ends with what the registries of the crawler list; they are loaded for the help only."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from movie_db.crawling_module import galleries, saved_answers

        if self.name == "parse":
            found = f"Sources: {', '.join(saved_answers.readable())}."
        else:
            found = f"Supported are: {galleries.supported()}."
        formatter.write_paragraph()
        formatter.write_text(found)


@click.command(name="list", cls=_Listing)
@click.argument("address", metavar="URL|FILE|-")
@DATA
@LIMIT
@LANGUAGE
@report_errors
def list_(address: str, data: Path | None, limit: int | None, language: str | None) -> None:
    """Write the list of a gallery's movies to the log, and stop.

    URL, FILE and - mean the same as for movie-db build.
    """
    _crawl(address, read_settings(data=data, language=language), limit, "movie_list")
    click.echo("Next: movie-db crawl or movie-db build with the same arguments.")


@click.command(cls=_Listing)
@click.argument("address", metavar="URL|FILE|-")
@DATA
@LIMIT
@LANGUAGE
@report_errors
def crawl(address: str, data: Path | None, limit: int | None, language: str | None) -> None:
    """Gather a gallery's movies into the log, without a database.

    URL, FILE and - mean the same as for movie-db build.
    """
    settings = read_settings(data=data, language=language)
    _crawl(address, settings, limit, None)
    click.echo(f"The gathered data is in {settings.data}. Next: movie-db ingest")


def _crawl(address: str, settings: Settings, limit: int | None, only: str | None) -> None:
    from movie_db.pipeline.build import crawl as run_crawl

    run_crawl(address, settings, limit=limit, only=only, notify=click.echo)


@click.command()
@DB
@DATA
@report_errors
def ingest(db: str | None, data: Path | None) -> None:
    """Load what is new in the log into the database."""
    from movie_db.movie_db_client.bootstrap import open_database
    from movie_db.movie_db_client.data_model.schema_version import upgrade
    from movie_db.movie_db_client.ingest.cut_segments import set_aside_all
    from movie_db.movie_db_client.ingest.ingest import ingest_once
    from movie_db.movie_db_client.ingest.preferences import preferences

    settings = read_settings(db, data)
    preferences(settings)  # an unusable policy is reported before the database is touched
    if not any(settings.data.glob("*_list/*.jsonl")):
        raise UsageError(f"There are no logs in {settings.data}: --data takes the folder of a build or crawl.")
    upgrade(settings.database_url)
    with open_database(settings) as database:
        set_aside_all(database.engine, settings.data, lambda sentence: click.echo(sentence, err=True))
        done = ingest_once(database.units, settings.data)
    click.echo(f"{done.lines:,} messages: {done.films:,} movies added or changed, {done.rejected:,} rejected.")


@click.command(cls=_Listing)
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@report_errors
def parse(source: str, file: Path) -> None:
    """Print the records of a saved response as JSON Lines.

    FILE is a response or page of SOURCE. For wikipedia, it can also be the wikitext of a page (in a file
    named after the page), or a MediaWiki export (XML).
    """
    from datetime import UTC, datetime

    from movie_db.contract.fitting import name_of
    from movie_db.crawling_module.saved_answers import SavedAnswer, read

    saved_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    left_out: dict[str, list[str]] = {}
    for record in read(source, SavedAnswer(file.name, file.read_bytes(), saved_at)):
        click.echo(record.model_dump_json(exclude_defaults=True))
        for part in record.left_out:
            name = name_of(record)
            left_out.setdefault(name.partition(":")[0], []).append(f"{name}: {part.reason}")
    for name, reasons in left_out.items():
        click.echo(f"{name}: parts left out: {len(reasons):,}, the first one from {reasons[0]}.", err=True)
