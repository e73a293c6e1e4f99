"""Refreshes an existing database, one gallery after another, with the same services as a build."""

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
from movie_db.pipeline.build import Unfinished, check_log
from movie_db.pipeline.progress import Notify, all_ingested, ingest_positions, relay
from movie_db.pipeline.services import POLL, RELEASE_WITHIN, ServiceTree
from movie_db.pipeline.supervisor import CONTINUES, Child

Report = Callable[[Run, Engine], None]
"""Reports on the run of one gallery."""
_MINUTE: Final = "%Y-%m-%d %H:%M UTC"


def refresh(settings: Settings, how: Refresh, notify: Notify, report: Report) -> None:
    """Requests again whatever is due in each gallery of the database. Continues an interrupted refresh.

    A gallery that can't be read is reported and does not stop the others.

    Raises:
        UsageError: the database has no gallery.
        MovieDbError: what stopped the refresh, in one sentence. The same call continues it.
    """
    from movie_db.movie_db_client.data_model.lease import building
    from movie_db.movie_db_client.data_model.schema_version import open_built, upgrade
    from movie_db.movie_db_client.ingest.preferences import preferences

    preferences(settings)
    engine = open_built(settings.database_url)
    upgrade(settings.database_url)
    if not galleries(engine):
        raise UsageError("The database has no gallery to refresh. Fill it with movie-db build ADDRESS first.")
    with building(settings.database_url, settings.data, RELEASE_WITHIN) as check:
        check_log(settings, notify)
        with ServiceTree(settings) as tree:
            tree.check_lease = check
            tree.open_sockets(database=True, search=True)
            tree.start_services()
            _watch(tree, settings, None, notify)  # what is gathered and not ingested yet is not due
            listings, failed, done = galleries(engine), list[MovieDbError](), 0
            for listed in listings:
                try:
                    done += _refresh(listed, settings, how, tree, engine, notify, report)
                except MovieDbError as error:
                    if tree.has_lost_service() or len(listings) == 1:
                        raise
                    failed.append(error)
                    notify(f"{listed.gallery}: {error}")
            if failed:
                raise UnavailableError(
                    f"{len(failed)} of {len(listings)} galleries could not be refreshed. {CONTINUES}"
                )
            if not done:
                notify("Nothing is due. To refresh anyway, run movie-db refresh --all.")


def _refresh(
    listed: Listed, settings: Settings, how: Refresh, tree: ServiceTree, engine: Engine, notify: Notify, report: Report
) -> bool:
    """Refreshes one gallery, if it is due."""
    gallery = listed.gallery
    unfinished = Unfinished(gallery, settings, how)
    gathered = unfinished.gathered(listed.limit, listed.languages)
    run, continued = start_or_resume(settings.data, gallery, listed.limit, listed.languages, how)
    if not gathered and not continued and listed.due_at(how) > datetime.now(UTC):
        notify(f"{gallery}: listed {listed.listed_at:{_MINUTE}}, due again {listed.due_at(how):{_MINUTE}}.")
        return False
    unfinished.begin()
    if not gathered:
        notify(f"Refreshing {gallery}.")
        tree.environment["MOVIE_DB_LANGUAGE"] = ",".join(listed.languages)
        crawler = tree.crawl(gallery, listed.limit, "--refresh", how)
        try:
            _watch(tree, settings, crawler, notify)
        finally:
            tree.remove(crawler)
    report(gathered or newest(settings.data, gallery, how) or run, engine)
    unfinished.end()
    return True


def _watch(tree: ServiceTree, settings: Settings, crawler: Child | None, notify: Notify) -> None:
    """Waits until the crawler, if there is one, has ended, and the complete log is in the database."""
    client = tree.environment["MOVIE_DB_CLIENT_API"]
    with httpx2.Client(timeout=5, trust_env=False) as http:
        while True:
            ended = tree.check() or crawler is None
            if crawler:
                relay(crawler, notify)
            if ended and all_ingested(ingest_positions(http, client), settings.data):
                return
            time.sleep(POLL)
