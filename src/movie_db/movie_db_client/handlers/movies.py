"""The films that the database holds."""

from sqlalchemy import select
from starlette.responses import Response

from movie_db.movie_db_client.api.answers import json
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.data_model.tables import Movie
from movie_db.movie_db_client.repository import views


def list_movies(call: Call) -> Response:
    limit, after = call.params["limit"], call.params.get("cursor", 0)
    following = select(Movie.movie_id).where(Movie.movie_id > after).order_by(Movie.movie_id).limit(limit + 1)
    with call.service.engine.connect() as connection:
        found = list(connection.execute(following).scalars())
        page = found[:limit]
        films = views.movies(connection, page)
        body = [{"movie_id": number} | film for number, film in zip(page, films, strict=True)]
    return json({"movies": body, "next": str(page[-1]) if len(found) > limit else None})
