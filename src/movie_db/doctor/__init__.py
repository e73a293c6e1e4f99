"""`movie-db doctor`: checks to run first, and to attach to a bug report."""
