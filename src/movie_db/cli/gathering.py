"""What asks the sources, and what takes in what they said: build, refresh, list, crawl, ingest, parse."""

from pathlib import Path

import click

from movie_db.cli.options import DATA, DB, LANGUAGE, LIMIT, clearly, settings_of
from movie_db.cli.outputs import FORCE, Output
from movie_db.contract.errors import UsageError
from movie_db.contract.settings import Settings


@click.command()
@click.argument("address", metavar="URL|FILE|-")
@DB
@DATA
@LIMIT
@LANGUAGE
@click.option("--record", type=click.Path(path_type=Path), metavar="FILE", help="Write all answers used to this WARC.")
@click.option("--replay", type=click.Path(path_type=Path), metavar="FILE", help="Answer from this WARC; ask nobody.")
@FORCE
@clearly
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
    """Builds the database of the films at URL (a gallery), in FILE (CSV, or a title a line), or on standard input."""
    from movie_db.cli.terminal import build_report
    from movie_db.contract.runs import Run
    from movie_db.pipeline.build import build as run_build

    settings = settings_of(db, data, language)
    if record and not replay:
        archive = settings.data / "archive.sqlite"
        reads = (address, settings.database_url, settings.policy, archive, settings.imdb_files)
        Output(record, "warc").check(reads, force=force)

    def tell(run: Run) -> None:
        screen.close()
        build_report.print_report(run, settings)

    with build_report.Screen() as screen:
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


@click.command()
@DB
@DATA
@click.option("--all", "every", is_flag=True, help="Take every film as due; its pages may still be quiet ones.")
@click.option("--pages", is_flag=True, help="Every film, and every page and item of theirs, too.")
@clearly
def refresh(db: str | None, data: Path | None, every: bool, pages: bool) -> None:
    """Asks again for what is due of the database's galleries and films, and keeps what changed."""
    from movie_db.cli.terminal.refresh_report import print_refreshed
    from movie_db.contract.messages import Refresh
    from movie_db.pipeline.refresh import refresh as run_refresh

    settings = settings_of(db, data)
    how: Refresh = "pages" if pages else "all" if every else "due"
    run_refresh(
        settings,
        how,
        say=lambda sentence: click.echo(sentence, err=True),
        tell=lambda run, engine: print_refreshed(run, engine, settings),
    )


@click.command(name="list")
@click.argument("address", metavar="URL|FILE|-")
@DATA
@LIMIT
@LANGUAGE
@clearly
def list_(address: str, data: Path | None, limit: int | None, language: str | None) -> None:
    """Lists the films of a gallery into the logs, without asking anybody else."""
    _crawl(address, settings_of(data=data, language=language), limit, "movie_list")
    click.echo("Next: movie-db crawl or movie-db build, with the same arguments, go on from here.")


@click.command()
@click.argument("address", metavar="URL|FILE|-")
@DATA
@LIMIT
@LANGUAGE
@clearly
def crawl(address: str, data: Path | None, limit: int | None, language: str | None) -> None:
    """Gathers what the sources say of a gallery's films into the logs, without a database."""
    settings = settings_of(data=data, language=language)
    _crawl(address, settings, limit, None)
    click.echo(f"What was gathered is in {settings.data}. Next: movie-db ingest")


def _crawl(address: str, settings: Settings, limit: int | None, only: str | None) -> None:
    from movie_db.pipeline.build import crawl as run_crawl

    run_crawl(address, settings, limit=limit, only=only, say=click.echo)


@click.command()
@DB
@DATA
@clearly
def ingest(db: str | None, data: Path | None) -> None:
    """Takes what the logs hold, and the database does not yet, into the database."""
    from movie_db.movie_db_client.bootstrap import open_database
    from movie_db.movie_db_client.data_model.schema_version import upgrade
    from movie_db.movie_db_client.ingest.cut_segments import set_aside_all
    from movie_db.movie_db_client.ingest.ingest import ingest_once
    from movie_db.movie_db_client.ingest.preferences import preferences

    settings = settings_of(db, data)
    preferences(settings)  # an unusable policy is reported before the database is touched
    if not any(settings.data.glob("*_list/*.jsonl")):
        raise UsageError(f"There are no logs in {settings.data}: --data takes the folder of a build or crawl.")
    upgrade(settings.database_url)
    with open_database(settings) as database:
        set_aside_all(database.engine, settings.data, lambda said: click.echo(said, err=True))
        done = ingest_once(database.units, settings.data)
    click.echo(f"{done.lines:,} messages: {done.films:,} films written or changed, {done.rejected:,} rejected.")


@click.command()
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@clearly
def parse(source: str, file: Path) -> None:
    """Prints the records that FILE gives, a saved answer or page of SOURCE, as JSON Lines.

    Of wikipedia also the wikitext of a page, in a file of its name, or a MediaWiki export (XML).
    """
    from datetime import UTC, datetime

    from movie_db.crawling_module.saved_answers import Saved, read

    saved_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    for record in read(source, Saved(file.name, file.read_bytes(), saved_at)):
        click.echo(record.model_dump_json(exclude_defaults=True))


COMMANDS = (build, refresh, list_, crawl, ingest, parse)
