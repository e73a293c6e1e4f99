"""movie_db: from the address of a page full of movies to a movie database."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("movie_db")
except PackageNotFoundError:  # a source tree that nobody installed
    __version__ = "0+unknown"
