"""`python -m movie_db.cli`: the command `movie-db`."""

from movie_db.cli import main

main(prog_name="movie-db")
