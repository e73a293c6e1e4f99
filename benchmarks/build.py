"""The whole build of a gallery on the stand-in web, measured: `python benchmarks/build.py [WORLD] [--gallery URL] …`.

Prints, against the world's gold: films, links right and wrong; requests a film by the stand-in's own counters; wall
time beside a bare Scrapy spider downloading the same requests in the same run; and the peak memory of each process.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from standin import SHARED, StandIn, standin

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
WIKIMEDIA = ("en.wikipedia.org", "www.wikidata.org", "query.wikidata.org")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "max")
    parser.add_argument("--gallery", default=GALLERY)
    parser.add_argument("--db", help="The database's URL (default: SQLite in a temporary folder)")
    parser.add_argument("--memory", action="store_true", help="Only: memory of each process, sample beside WORLD")
    parser.add_argument("--folder", type=Path, help="Where to work; kept afterwards")
    arguments = parser.parse_args()
    if arguments.memory:
        compare_memory([SHARED / "worlds" / "sample", arguments.world], arguments.gallery)
        return
    with tempfile.TemporaryDirectory() as temporary, standin(arguments.world) as web:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        measure(arguments.world, arguments.gallery, arguments.db or f"sqlite:///{folder}/movie_db.sqlite", folder, web)


def measure(world: Path, gallery: str, db: str, folder: Path, web: StandIn) -> None:
    peaks, cpu, took = build(gallery, db, folder, web)
    hosts = web.control("stats")["hosts"]
    export = folder / "export.jsonl"
    subprocess.run([sys.executable, "-m", "movie_db.cli", "export", "--db", db, str(export)], check=True)
    movies = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    print(f"\nmovies in the database        {len(movies):>8,}")
    for which, name in (("all", "all films"), ("shown", "list tells an id"), ("hidden", "list tells none")):
        print(f"{name:<29} {score(export, world, which)}")
    asked = {host: told["requests"] for host, told in hosts.items() if told.get("requests")}
    print(f"requests                      {sum(asked.values()):>8,}  {asked}")
    print(f"requests a film               {sum(asked.values()) / max(1, len(movies)):>8.3f}")
    at_once = {host: hosts[host]["max_concurrency"] for host in WIKIMEDIA if host in asked}
    print(f"at once, by host              {at_once}")
    print(f"requests without User-Agent   {sum(told.get('missing_user_agent', 0) for told in hosts.values()):>8,}")
    for name, peak in sorted(peaks.items()):
        print(f"{name:<16} peak memory {peak / 2**20:>7.0f} MB, CPU {cpu[name]:>5.1f} s")
    web.reset()
    bare = download_bare(folder, web)
    print(f"build                         {took:>8.1f} s")
    print(f"bare Scrapy, same requests    {bare:>8.1f} s")
    print(f"ratio                         {took / bare:>8.2f}")


def build(
    gallery: str, db: str, folder: Path, web: StandIn, told: int | None = None
) -> tuple[dict[str, int], dict[str, float], float]:
    """One build: peak memory in bytes and CPU seconds of each process, and the seconds it took."""
    environment = {**os.environ, "MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
    command = [sys.executable, "-m", "movie_db.cli", "build", gallery, "--db", db, "--data", str(folder / "data")]
    web.reset()
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=told, stderr=told)
    peaks, cpu = watch(process)
    if process.wait() != 0:
        sys.exit("the build failed")
    return peaks, cpu, time.monotonic() - started


def compare_memory(worlds: Sequence[Path], gallery: str) -> None:
    """Peak memory of each process, world by world: it should not grow with the gallery."""
    peaks = []
    for world in worlds:
        with tempfile.TemporaryDirectory() as temporary, standin(world) as web:
            db = f"sqlite:///{temporary}/movie_db.sqlite"
            peaks.append(build(gallery, db, Path(temporary), web, subprocess.DEVNULL)[0])
            with sqlite3.connect(Path(temporary) / "movie_db.sqlite") as database:
                peaks[-1]["films"] = database.execute("SELECT count(*) FROM movies").fetchone()[0]
    films = [found.pop("films") for found in peaks]
    print(f"{'peak memory, MB':<18}" + "".join(f"{number:>8,} films" for number in films) + f"{'growth':>9}")
    for name in sorted(peaks[0].keys() | peaks[-1].keys()):
        sizes = [found.get(name, 0) / 2**20 for found in peaks]
        print(f"{name:<18}" + "".join(f"{size:>14.0f}" for size in sizes) + f"{sizes[-1] / max(sizes[0], 1):>8.2f}x")


def score(export: Path, world: Path, which: str) -> str:
    """What the world's own scorer says of the export."""
    command = [sys.executable, str(SHARED / "worlds" / "score.py"), str(export), str(world / "gold.jsonl"), which]
    scored: str = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return scored.strip()


def watch(process: "subprocess.Popen[bytes]") -> tuple[dict[str, int], dict[str, float]]:
    """Peak resident memory in bytes and CPU seconds of a process and its children, by name, sampled until it ends."""
    peaks: dict[str, int] = defaultdict(int)
    cpu: dict[str, float] = defaultdict(float)

    def sample() -> None:
        root = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                for child in [root, *root.children(recursive=True)]:
                    words = child.cmdline()
                    module = next((w for w in words if w.startswith("movie_db.")), "movie_db.other")
                    name = module.removeprefix("movie_db.")
                    peaks[name] = max(peaks[name], child.memory_info().rss)
                    used = child.cpu_times()
                    cpu[name] = max(cpu[name], used.user + used.system)
            except psutil.Error:
                pass
            time.sleep(0.2)

    threading.Thread(target=sample, daemon=True).start()
    return peaks, cpu


def download_bare(folder: Path, web: StandIn) -> float:
    """Seconds that a bare Scrapy spider needs to download what the archive holds, as it was asked."""
    requests = folder / "requests.jsonl"
    with sqlite3.connect(folder / "data" / "archive.sqlite") as archive, open(requests, "w", encoding="utf-8") as out:
        rows = archive.execute("SELECT method, url, request_body FROM answers JOIN bodies ON answer_id = id")
        for method, url, body in rows:
            out.write(json.dumps([method, url, body.decode("utf-8")]) + "\n")
    started = time.monotonic()
    subprocess.run([sys.executable, __file__, "--bare", str(requests), web.url], check=True)
    return time.monotonic() - started


def bare(requests: str, proxy: str) -> None:
    """The bare spider: every request, nothing done with the answers."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    lines = Path(requests).read_text("utf-8").splitlines()

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> Any:
            for line in lines:
                method, url, body = json.loads(line)
                kind = "application/json" if "graphql" in url else "application/x-www-form-urlencoded"
                yield scrapy.Request(
                    url.replace("https://", "http://", 1),
                    method=method,
                    body=body,
                    headers={"Content-Type": kind, "Accept": "application/sparql-results+json, application/json"},
                    meta={"proxy": proxy},
                    dont_filter=True,
                )

        def parse(self, response: Any) -> None:
            pass

    process = CrawlerProcess({"LOG_ENABLED": False, "USER_AGENT": "bare/1.0 (benchmark)", "ROBOTSTXT_OBEY": False})
    process.crawl(Bare)
    process.start()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        bare(*sys.argv[2:])
    else:
        main()
