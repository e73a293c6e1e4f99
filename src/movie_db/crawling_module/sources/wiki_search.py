"""The wiki API as a source of candidates: titles of pages about films."""

from urllib.parse import parse_qsl, urlsplit

from movie_db.crawling_module.sources.answers import json_object, part
from movie_db.crawling_module.sources.base import SourceAnswer

_OF = "The wiki API"


def parse(answer: SourceAnswer) -> dict[str, list[str]]:
    """Return the titles found, best first, by requested query.

    Raises:
        UnreadableError: The answer is not one of `/v1/search/movies`.
    """
    movies = part(json_object(answer.body, _OF), list, "movies", of=_OF)
    query = dict(parse_qsl(urlsplit(answer.request.url).query))["title"]
    titles = [movie.get("title") if isinstance(movie, dict) else None for movie in movies]
    return {query: [title for title in titles if isinstance(title, str) and title]}
