"""All operations of the API. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from movie_db.client.operations.builds import Builds
from movie_db.client.operations.contract import Contract
from movie_db.client.operations.exports import Exports
from movie_db.client.operations.movies import Movies
from movie_db.client.operations.news import News
from movie_db.client.operations.people_and_companies import PeopleAndCompanies
from movie_db.client.operations.service import Service
from movie_db.client.operations.writing import Writing


class Operations(Movies, PeopleAndCompanies, Exports, News, Writing, Builds, Contract, Service):
    """All operations of the API."""
