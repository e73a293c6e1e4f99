"""A client that a generator not ours makes of the API's definition lists and writes films.

`python benchmarks/second_client.py` needs the program `openapi-python-client` (pip install openapi-python-client ruff,
best in an environment of its own). Line-wise bodies (application/x-ndjson), which it does not know, are bytes to it.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.editing import api_keys
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from specs import running

SPEC = Path(__file__).resolve().parents[1] / "src" / "movie_db" / "movie_db_client" / "openapi.yaml"
CONFIG = """
content_type_overrides:
  application/x-ndjson: application/octet-stream
  application/rss+xml: text/html
  text/calendar: text/html
"""
USE = """
import sys
from {package} import AuthenticatedClient, Client
from {package}.api.movies import list_movies, read_movie
from {package}.api.writing import create_movie, delete_movie, patch_movie, put_director
from {package}.models import MovieFields, MovieNew, PersonWrite, Problem

url, key = sys.argv[1:]
with AuthenticatedClient(base_url=url, token=key) as api:
    for number in range(1, 8):
        body = MovieNew.from_dict({{"title": f"Film {{number}}", "year": 1990 + number}})
        made = create_movie.sync(client=api, body=body)
        print("created", made.movie_id, made.title, made.year)
    changed = patch_movie.sync(made.movie_id, client=api, body=MovieFields.from_dict({{"runtime": 117}}))
    print("patched", changed.movie_id, changed.runtime)
    scott = PersonWrite.from_dict({{"name": "Ridley Scott"}})
    print("put", put_director.sync("imdb:nm0000631", client=api, body=scott).name)
    print("delete", delete_movie.sync_detailed(1, client=api).status_code)
with Client(base_url=url) as api:
    cursor = None
    while True:
        page = list_movies.sync(client=api, limit=3, **({{"cursor": cursor}} if cursor else {{}}))
        print("page", [movie.title for movie in page.movies])
        cursor = page.next_
        if not cursor:
            break
    print("read", read_movie.sync(str(changed.movie_id), client=api).title)
    missing = read_movie.sync("imdb:tt0000000", client=api)
    print("missing", isinstance(missing, Problem), missing.status, missing.detail)
"""


@click.command(help=__doc__)
def main() -> None:
    program = shutil.which("openapi-python-client") or sys.exit("There is no openapi-python-client on the PATH.")
    python = Path(program).parent / "python"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "config.yaml").write_text(CONFIG)
        made = subprocess.run(
            [program, "generate", f"--path={SPEC}", f"--output-path={folder}/made", f"--config={folder}/config.yaml"],
            capture_output=True,
            text=True,
            check=True,
        )
        for warning in re.findall(r"WARNING .*", made.stdout + made.stderr):
            click.echo(warning)
        (package,) = (path.name for path in (folder / "made").iterdir() if (path / "client.py").exists())
        for model in (folder / "made" / package / "models").glob("*.py"):
            # The generator calls typing.cast where a member named `cast`, as films have one, hides it.
            model.write_text(re.sub(r"\bcast\(", "__import__('typing').cast(", model.read_text("utf-8")), "utf-8")
        db = f"sqlite:///{folder}/movies.sqlite"
        upgrade(db)
        with SqlUnitOfWork(SqlStore(make_engine(db))) as unit:
            key = api_keys.create_key(unit, "second", "write")
        with running("movie_db_client", f"--db={db}") as url:
            command = [str(python), "-c", USE.format(package=package), url, key]
            told = subprocess.run(command, cwd=folder / "made", check=True, stdout=subprocess.PIPE, text=True).stdout
    click.echo(told)
    for wanted in (
        "created 7",
        "patched 7 117",
        "put Ridley Scott",
        "delete 204",
        "page ['Film 2'",
        "missing True 404",
    ):
        if wanted not in told:
            sys.exit(f"The generated client did not say: {wanted}")


if __name__ == "__main__":
    main()
