# The last step of making the database's cluster: see the entrypoint of `movie_db` in compose.yml.
rm -f /var/lib/postgresql/data/unfinished
