"""A refresh of a database that is there: its galleries one after the other, by the services that a build starts."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import httpx2
from sqlalchemy import Engine

from movie_db.contract.errors import MovieDbError, UnavailableError, UsageError
from movie_db.contract.messages import Refresh
from movie_db.contract.runs import Run, newest, start_or_resume
from movie_db.contract.settings import Settings
from movie_db.movie_db_client.history.due import Listed, galleries
from movie_db.pipeline.build import Say, Unfinished, check_log, ingested, relay, sizes
from movie_db.pipeline.services import LET_GO, POLL, Tree
from movie_db.pipeline.supervisor import Child

Tell = Callable[[Run, Engine], None]
_MINUTE: Final = "%Y-%m-%d %H:%M UTC"


def refresh(settings: Settings, how: Refresh, say: Say, tell: Tell) -> None:
    """Asks again for what is due of every gallery in the database; goes on where an interrupted refresh was.

    `tell` reports on each gallery's run. A gallery that can't be read is said, and does not stop the others.

    Raises:
        UsageError: the database has no gallery.
        MovieDbError: what stopped it, in one sentence. The same call goes on from there.
    """
    from movie_db.movie_db_client.data_model.lease import building
    from movie_db.movie_db_client.data_model.schema_version import open_built, upgrade
    from movie_db.movie_db_client.ingest.preferences import preferences

    preferences(settings)
    engine = open_built(settings.database_url)
    upgrade(settings.database_url)
    if not galleries(engine):
        raise UsageError("The database holds no gallery to refresh: movie-db build ADDRESS fills it from one.")
    with building(settings.database_url, settings.data, LET_GO) as check:
        check_log(settings, say)
        with Tree(settings) as tree:
            tree.check_lease = check
            tree.open_doors(database=True, search=True)
            tree.start_services()
            _watch(tree, settings, None, say)  # what was gathered and is not ingested yet is not due
            known, failed, done = galleries(engine), list[MovieDbError](), 0
            for listed in known:
                try:
                    done += _refresh(listed, settings, how, tree, engine, say, tell)
                except MovieDbError as error:
                    if tree.lost() or len(known) == 1:
                        raise
                    failed.append(error)
                    say(f"{listed.gallery}: {error}")
            if failed:
                told = f"{len(failed)} of {len(known)} galleries could not be refreshed"
                raise UnavailableError(f"{told}; the same command goes on from here.")
            if not done:
                say("Nothing is due. movie-db refresh --all asks all the same.")


def _refresh(
    listed: Listed, settings: Settings, how: Refresh, tree: Tree, engine: Engine, say: Say, tell: Tell
) -> bool:
    """Refreshes one gallery, if it is due."""
    gallery = listed.gallery
    unfinished = Unfinished(gallery, settings, how)
    gathered = unfinished.gathered(listed.limit, listed.languages)
    run, again = start_or_resume(settings.data, gallery, listed.limit, listed.languages, how)
    if not gathered and not again and listed.due_at(how) > datetime.now(UTC):
        say(f"{gallery}: listed {listed.listed_at:{_MINUTE}}, due again {listed.due_at(how):{_MINUTE}}.")
        return False
    unfinished.begin()
    if not gathered:
        say(f"Refreshing {gallery}.")
        tree.environment["MOVIE_DB_LANGUAGE"] = ",".join(listed.languages)
        crawler = tree.crawl(gallery, listed.limit, "--refresh", how)
        try:
            _watch(tree, settings, crawler, say)
        finally:
            tree.dismiss(crawler)
    tell(gathered or newest(settings.data, gallery, how) or run, engine)
    unfinished.end()
    return True


def _watch(tree: Tree, settings: Settings, crawler: Child | None, say: Say) -> None:
    """Waits until the crawler, if there is one, has ended, and all that is in the logs is in the database."""
    client = tree.environment["MOVIE_DB_CLIENT_API"]
    with httpx2.Client(timeout=5, trust_env=False) as http:
        while True:
            ended = tree.check() or crawler is None
            if crawler:
                relay(crawler, say)
            if ended:
                read = ingested(http, client)
                if all(read.get(name, 0) >= size for name, size in sizes(settings.data).items()):
                    return
            time.sleep(POLL)
