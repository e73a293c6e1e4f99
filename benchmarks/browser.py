"""What a page on another origin may read of both APIs, in a real Chromium.

`python benchmarks/browser.py [--pictures DIR]`: the page asks with `fetch`, preflights included, and tells the status
and body that it could read of each answer: 200, 304, 400, 401, 404, 409, 412 and 500 of the database's API; 200, 400,
404, 500 and 502 of the wiki API. Then both APIs' pages for people are opened, counting what they ask of others, and
pictures are taken. Needs `chromium` on the PATH.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.request import urlopen

import click
import uvicorn

from movie_db.contract.service import address_of, listen
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.editing import api_keys
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app as make_client
from movie_db.movie_db_client.server import make_service
from movie_db.wiki_api.clients import MovieWikiClient, WikiPage
from movie_db.wiki_api.server import make_app as make_wiki
from movie_db.wiki_api.upstream import WikimediaHttp
from specs import running
from standin import SHARED, standin

PAGE = """<!DOCTYPE html><title>Another origin</title><script>
const [asked, found] = [ASKED, []];
(async () => {
  let tag = null;
  for (const one of asked) {
    const told = {name: one.name, wanted: one.status};
    try {
      const headers = {...one.headers, ...(one.tag ? {"If-None-Match": tag} : {})};
      const answer = await fetch(one.url, {method: one.method || "GET", headers, body: one.body, cache: "no-store"});
      tag = answer.headers.get("ETag") || tag;
      const text = await answer.text();
      Object.assign(told, {status: answer.status, body: text.slice(0, 90), length: text.length,
                           kind: answer.headers.get("Content-Type"), id: answer.headers.get("X-Request-ID")});
    } catch (error) { told.error = String(error); }
    found.push(told);
  }
  await fetch("/found", {method: "POST", body: JSON.stringify(found)});
})();
</script>"""


class Broken(MovieWikiClient):
    """A search that breaks: what answers then is a 500."""

    def search_page(self, title: str, limit: int = 10, cache_control: str | None = None) -> list[WikiPage]:
        raise RuntimeError(f"{title} broke {limit} {cache_control}")


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An ASGI application in a thread, on a free port; its address."""
    listening = listen("127.0.0.1", 0, "benchmark")
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield address_of(listening)
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def page_of(asked: list[dict[str, Any]]) -> Iterator[tuple[str, "Queue[list[dict[str, Any]]]"]]:
    """The page on an origin of its own, and what it finds."""
    found: Queue[list[dict[str, Any]]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.replace("ASKED", json.dumps(asked)).encode())

        def do_POST(self) -> None:
            told = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            found.put(json.loads(told))

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", found
    finally:
        server.shutdown()


def chromium(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    program = shutil.which("chromium") or sys.exit("There is no chromium on the PATH.")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [program, "--headless", "--disable-gpu", *quiet, *sandbox, f"--user-data-dir={folder}", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def of_client(url: str, key: str, broken: str) -> list[dict[str, Any]]:
    """Films are written and read; what the broken one answers is a 500."""
    film = json.dumps({"title": "Alien", "year": 1979, "ids": {"imdb": "tt0078748"}})
    bearer = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    one = f"{url}/v1/movies/imdb:tt0078748"
    return [
        {"name": "create", "status": 201, "url": f"{url}/v1/movies", "method": "POST", "headers": bearer, "body": film},
        {"name": "read", "status": 200, "url": one},
        {"name": "read again", "status": 304, "url": one, "tag": True},
        {"name": "list", "status": 200, "url": f"{url}/v1/movies?facets=genre"},
        {"name": "bad question", "status": 400, "url": f"{url}/v1/movies?limit=0"},
        {"name": "without a key", "status": 401, "url": f"{url}/v1/movies", "method": "POST", "body": film},
        {"name": "no such film", "status": 404, "url": f"{url}/v1/movies/999999"},
        {"name": "no such page", "status": 404, "url": f"{url}/nowhere"},
        {"name": "twice", "status": 409, "url": f"{url}/v1/movies", "method": "POST", "headers": bearer, "body": film},
        {
            "name": "changed meanwhile",
            "status": 412,
            "url": one,
            "method": "PATCH",
            "headers": bearer | {"If-Match": '"x"'},
            "body": '{"runtime": 1}',
        },
        {
            "name": "change",
            "status": 200,
            "url": one,
            "method": "PATCH",
            "headers": bearer,
            "body": '{"runtime": 117}',
        },
        {"name": "broken", "status": 500, "url": f"{broken}/v1/health"},
        {"name": "delete", "status": 204, "url": one, "method": "DELETE", "headers": bearer},
    ]


def of_wiki(url: str, broken: str, alone: str) -> list[dict[str, Any]]:
    """The search over the stand-in web, one that breaks, and one whose Wikipedia does not answer."""
    search = "/v1/search/movies?title=Alien"
    return [
        {"name": "search", "status": 200, "url": url + search, "headers": {"Cache-Control": "no-cache"}},
        {"name": "bad question", "status": 400, "url": f"{url}/v1/search/movies"},
        {"name": "no such page", "status": 404, "url": f"{url}/nowhere"},
        {"name": "broken", "status": 500, "url": broken + search.replace("movies", "pages")},
        {"name": "no Wikipedia", "status": 502, "url": alone + search},
    ]


@click.command(help=__doc__)
@click.option("--pictures", type=click.Path(path_type=Path), help="Keep pictures of the pages for people here.")
def main(pictures: Path | None) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        db = f"sqlite:///{folder}/movies.sqlite"
        upgrade(db)
        engine = make_engine(db)
        with SqlUnitOfWork(SqlStore(engine)) as unit:
            key = api_keys.create_key(unit, "browser", "write")

        def breaks() -> bool:
            raise RuntimeError("broken")

        client = stack.enter_context(served(make_client(make_service(engine, lambda: False))))
        broken = stack.enter_context(served(make_client(make_service(engine, breaks))))
        web = stack.enter_context(standin(SHARED / "worlds" / "sample"))
        upstream = {"MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
        gateway = stack.enter_context(running("web_gateway", f"--data={folder}/web", **upstream))
        wiki = stack.enter_context(running("wiki_api", f"--gateway={gateway}"))
        broken_wiki = stack.enter_context(served(make_wiki(Broken(WikimediaHttp(gateway)))))
        alone = stack.enter_context(running("wiki_api", "--gateway=http://127.0.0.1:9"))
        asked = [*of_client(client, key, broken), *of_wiki(wiki, broken_wiki, alone)]
        page, found = stack.enter_context(page_of(asked))
        browser = chromium(folder / "profile", "--remote-debugging-port=0", page)
        try:
            told = found.get(timeout=90)
        finally:
            browser.terminate()
            browser.wait(20)
        wrong = 0
        for one in told:
            good = one.get("status") == one["wanted"] and (one["length"] or one["wanted"] in {204, 304})
            wrong += not good
            seen = one.get("error") or f"{one['status']}  {one['kind'] or '':28} {one['body']}"
            click.echo(f"{'ok   ' if good else 'WRONG'} {one['name']:18} {seen}")
        for name, address in (
            ("docs", f"{client}/docs"),
            ("reference", f"{client}/reference"),
            ("wiki", f"{wiki}/ui/"),
        ):
            wrong += not looked_at(name, address, folder, pictures)
    click.echo(f"{len(told)} answers, {wrong} wrong")
    sys.exit(1 if wrong else 0)


def looked_at(name: str, address: str, folder: Path, pictures: Path | None) -> bool:
    """Opens a page for people; whether it asks nobody but its own server."""
    log = folder / f"{name}.json"
    arguments = [f"--log-net-log={log}", "--window-size=1200,1600", "--virtual-time-budget=8000"]
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    picture = (pictures or folder) / f"{name}.png"
    chromium(folder / f"profile-{name}", *arguments, f"--screenshot={picture}", address).wait(60)
    host = address.split("/")[2]
    events = (event.get("params", {}) for event in json.loads(log.read_text("utf-8", "replace"))["events"])
    # What the browser asks for itself has no page that asks for it.
    own = (told for told in events if isinstance(told, dict) and host in str(told.get("initiator")) and "url" in told)
    asked = {told["url"].split("/")[2] for told in own} | {host}
    others = asked - {host}
    with urlopen(address) as answer:
        kind = answer.headers["Content-Type"]
    click.echo(
        f"{'ok   ' if not others else 'WRONG'} {name:18} {kind}, asks {', '.join(sorted(asked))}; {picture.name}"
    )
    return not others


if __name__ == "__main__":
    main()
