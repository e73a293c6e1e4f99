"""The API as an ASGI application: `openapi.yaml` defines the operations, and each is the handler of its name."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import anyio.to_thread
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from movie_db.contract.errors import UnavailableError
from movie_db.movie_db_client.api import responses
from movie_db.movie_db_client.api.definition import Definition
from movie_db.movie_db_client.api.edge import Edge
from movie_db.movie_db_client.api.endpoint import Handler, bind
from movie_db.movie_db_client.api.limiter import Limiter
from movie_db.movie_db_client.api.parameters import InvalidRequestError
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.bootstrap import unit_factory
from movie_db.movie_db_client.handlers import (
    builds,
    contract,
    contributor_writing,
    contributors,
    decisions,
    docs,
    exporting,
    health,
    ingesting,
    jobs,
    movies,
    news,
    origins,
    review,
    writing,
)
from movie_db.movie_db_client.reading.errors import MissingResourceError
from movie_db.movie_db_client.reading.fast_lookup import open_lookup
from movie_db.stitching.policy import DEFAULTS, Preferences

_HANDLERS: Final = (
    *(movies.list_movies, movies.read_movie),
    *(origins.read_provenance, origins.read_sources, origins.read_history, origins.read_offers),
    origins.list_conflicts,
    *(contributors.list_ratings, contributors.read_rating, contributors.list_cast, contributors.read_cast_member),
    *(exporting.export_movies, exporting.list_credits),
    *(writing.create_movie, writing.put_movie, writing.patch_movie, writing.delete_movie, writing.upsert_movies),
    *(decisions.list_decisions, decisions.list_all_pins, decisions.list_pins, writing.delete_pin),
    *(news.list_changes, news.read_changes_feed, news.read_leaving_calendar, news.list_runs),
    *(builds.start_build, builds.list_builds, builds.read_build, builds.cancel_build),
    *(builds.watch_builds, builds.watch_build),
    *(review.list_review, review.answer_review, ingesting.ingest_messages),
    *(jobs.list_jobs, jobs.read_plan),
    *(contract.read_contract, contract.read_message, contract.read_table),
    *(health.read_health, health.read_readiness, health.read_metrics),
)
OPERATIONS: Final[Mapping[str, Handler]] = {
    **{handler.__name__: handler for handler in _HANDLERS},
    **contributors.handlers(),
    **contributor_writing.handlers(),
}


_THREADS: Final = 8
"""Responses that are made at the same time, besides those of the fast lookup: more would only wait for each other."""


def make_service(
    engine: Engine,
    ingesting: Callable[[], bool],
    rate: int = Service.rate,
    *,
    preferences: Preferences = DEFAULTS,
    data: Path | None = None,
    heartbeat: float = Service.heartbeat,
) -> Service:
    """Returns the service over a database; see `Service` for the arguments."""
    units = unit_factory(engine, preferences)
    return Service(engine, units, ingesting, rate, preferences=preferences, data=data, heartbeat=heartbeat)


def make_app(service: Service) -> ASGIApp:
    """Returns the service as an ASGI application."""
    definition = Definition()

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        service.shortcut.lookup = await open_lookup(service.engine)
        yield
        if service.shortcut.lookup is not None:
            await service.shortcut.lookup.close()

    app = Starlette(
        lifespan=running,
        routes=[*bind(definition, OPERATIONS, service), *docs.routes(definition)],
        exception_handlers={
            HTTPException: responses.refused,
            MissingResourceError: responses.missing,
            InvalidRequestError: responses.invalid,
            UnavailableError: responses.unavailable,
            Exception: responses.broken,
        },
    )
    app.router.redirect_slashes = False
    return Edge(app, Limiter(service.rate))
