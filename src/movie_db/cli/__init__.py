"""The command `movie-db`, one file per group of commands. Each command imports what it needs when it is called."""

from movie_db.cli.app import main

__all__ = ["main"]
