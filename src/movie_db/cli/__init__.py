"""The command `movie-db`, a file per group of commands; each imports what it needs when it is called."""

from movie_db.cli.app import main

__all__ = ["main"]
