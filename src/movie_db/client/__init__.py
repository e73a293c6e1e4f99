"""The database's API from Python, typed: `with Client("http://127.0.0.1:8200") as api: …`.

A method for each operation, called as `openapi.yaml` calls it. What they return are dictionaries as the API tells them
(`models`); lists are iterated row by row, however many pages; errors are exceptions (`errors`). With `if_match`, which
takes what was read, a film is written only if it still is as it was.
"""

from movie_db.client import errors, models
from movie_db.client._caller import Pages, etag_of
from movie_db.client.operations import Operations as Client

__all__ = ["Client", "Pages", "errors", "etag_of", "models"]
