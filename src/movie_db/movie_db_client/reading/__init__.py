"""Reads for the API in plain SQL, without an ORM. The database itself builds the JSON of a movie."""
