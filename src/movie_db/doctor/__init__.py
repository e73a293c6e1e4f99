"""`movie-db doctor`: what a person runs first, and attaches to a bug report."""
