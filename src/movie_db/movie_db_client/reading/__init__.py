"""Reads for the API: straight SQL, without an ORM; the database itself makes the JSON of a film."""
