"""The commands of `movie-db`, a room each group; each imports what it needs when it is called."""
