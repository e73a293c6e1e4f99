"""Both APIs against their own specs, by Schemathesis: `python benchmarks/specs.py [--examples N] [--db URL]`.

All checks, all phases, stateful ones included, as a bearer of an admin's key, over the sample's 120 films; the wiki API
over the stand-in web. Needs the program `schemathesis` (pip install schemathesis, best in an environment of its own).

Two operations are left out, the streams of events: they have no end by design (tests/integration has them). What a
schema can't say is told here: a precondition that fails is 412, and a rule between two fields 422.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from standin import SHARED, standin

ROOT = Path(__file__).resolve().parents[1]
GALLERY = "https://www.justwatch.com/us/provider/max/movies"
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428", "429"]
# A line that is wrong is answered by a line that says so.
[[operations]]
include-path-regex = "/bulk$|^/v1/ingest$"
checks.negative_data_rejection.enabled = false
"""
HOOKS = """
import json
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    told = value if isinstance(value, list) else [value]
    return b"".join(v if isinstance(v, bytes) else json.dumps(v).encode() + b"\\n" for v in told)
"""


@contextmanager
def running(module: str, *arguments: str, **settings: str) -> Iterator[str]:
    """A service of ours on a free port; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = os.environ | {"MOVIE_DB_LOG_LEVEL": "ERROR", "MOVIE_DB_RATE_LIMIT": "1000000000"} | settings
    process = subprocess.Popen([sys.executable, "-m", f"movie_db.{module}", f"--port={port}", *arguments], env=env)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def movie_db(*arguments: str) -> str:
    """What the command says."""
    done = subprocess.run(
        [sys.executable, "-m", "movie_db.cli", *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def tried(name: str, url: str, spec: str, folder: Path, examples: int, options: Sequence[str]) -> bool:
    """Runs Schemathesis over one API; whether it found nothing."""
    (folder / "schemathesis.toml").write_text(CONFIG)
    (folder / "hooks.py").write_text(HOOKS)
    program = shutil.which("schemathesis") or sys.exit("There is no schemathesis on the PATH: pip install schemathesis")
    command = [program, "run", f"{url}{spec}", f"--url={url}", f"--max-examples={examples}", "--continue-on-failure"]
    done = subprocess.run(
        [*command, "--request-timeout=30", "--no-color", *options],
        check=False,
        cwd=folder,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    (folder / f"{name}.txt").write_text(done.stdout)
    if done.returncode:
        click.echo(done.stdout)
    generated = re.findall(r"([\d,]+) generated", done.stdout)
    click.echo(f"{name}: {generated[-1] if generated else 0} test cases, exit code {done.returncode}")
    return done.returncode == 0


@click.command(help=__doc__)
@click.option("--examples", default=100, show_default=True, help="For each operation, of fuzzing and stateful.")
@click.option("--db", help="An empty database [default: SQLite in a temporary folder].")
@click.option("--only", type=click.Choice(["client", "wiki"]), help="One of the two.")
def main(examples: int, db: str | None, only: str | None) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        good = True
        if only != "wiki":
            db = db or f"sqlite:///{folder}/movies.sqlite"
            data = f"--data={folder}/data"
            movie_db("build", GALLERY, f"--replay={ROOT / 'sample' / 'max.warc.gz'}", f"--db={db}", data)
            key = movie_db("key", "create", "schemathesis", "--scope=admin", f"--db={db}").split()[-1]
            url = stack.enter_context(running("movie_db_client", f"--db={db}", data, "--ingest"))
            bearer = ["--exclude-path-regex=/events$", "-H", f"Authorization: Bearer {key}"]
            good &= tried("client", url, "/openapi.yaml", folder, examples, bearer)
            with urllib.request.urlopen(f"{url}/v1/ready") as answer:
                click.echo(f"client afterwards: {answer.read().decode()}")
        if only != "client":
            web = stack.enter_context(standin(SHARED / "worlds" / "sample"))
            upstream = {"MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
            gateway = stack.enter_context(running("web_gateway", f"--data={folder}/web", **upstream))
            url = stack.enter_context(running("wiki_api", f"--gateway={gateway}"))
            good &= tried("wiki", url, "/openapi.json", folder, examples * 5, [])
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
