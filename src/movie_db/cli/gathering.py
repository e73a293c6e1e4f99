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
@clearly
def list_(address: str, data: Path | None, limit: int | None, language: str | None) -> None:
    """Lists the films of a gallery into the logs, without asking anybody else."""
    _crawl(address, settings_of(data=data, language=language), limit, "movie_list")
    click.echo("Next: movie-db crawl or movie-db build, with the same arguments, go on from here.")


@click.command(cls=_Listing)
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
    from movie_db.movie_db_client.data_model.engine import make_engine
    from movie_db.movie_db_client.data_model.schema_version import upgrade
    from movie_db.movie_db_client.ingest.cut_segments import set_aside_all
    from movie_db.movie_db_client.ingest.ingest import ingest_once
    from movie_db.movie_db_client.ingest.preferences import preferences
    from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

    settings = settings_of(db, data)
    how = preferences(settings)
    if not any(settings.data.glob("*_list/*.jsonl")):
        raise UsageError(f"There are no logs in {settings.data}: --data takes the folder of a build or crawl.")
    upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    set_aside_all(engine, settings.data, lambda said: click.echo(said, err=True))
    store = SqlStore(engine)
    done = ingest_once(lambda: SqlUnitOfWork(store, how), settings.data)
    click.echo(f"{done.lines:,} messages: {done.films:,} films written or changed, {done.rejected:,} rejected.")


@click.command(cls=_Listing)
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@clearly
def parse(source: str, file: Path) -> None:
    """Prints the records in FILE, a saved answer or page of SOURCE, as JSON Lines.

    SOURCE is a source's name, one of its hosts, or `auto`. For wikipedia, FILE may also hold the wikitext of a page
    (in a file named after it) or a MediaWiki export (XML).
    """
    from datetime import UTC, datetime

    from movie_db.crawling_module.saved_answers import SavedAnswer, read

    saved_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    for record in read(source, SavedAnswer(file.name, file.read_bytes(), saved_at)):
        click.echo(record.model_dump_json(exclude_defaults=True))


COMMANDS = (build, refresh, list_, crawl, ingest, parse)
