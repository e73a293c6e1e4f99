"""The database's API from Python, typed: `with Client("http://127.0.0.1:8200") as api: …`.

Each operation of `openapi.yaml` is a method named after its `operationId`. Methods return the API's JSON as
dictionaries (`models`). Iterating a list gives the rows of all pages. Errors are raised as exceptions (`errors`). With
`if_match`, which takes an ETag or a document that was read, a write succeeds only if the movie is unchanged.
"""

from movie_db.client import errors, models
from movie_db.client._caller import Pages, etag_of
from movie_db.client.operations import Operations as Client

__all__ = ["Client", "Pages", "errors", "etag_of", "models"]
