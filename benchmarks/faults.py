"""Builds while the web misbehaves: `python benchmarks/faults.py [WORLD] [--seeds …] [--kinds …] [--down …]`.

For each trouble, prints how long the build took, how many requests it made, how many of them asked for what the archive
held already, and whether its database is the one of a build without trouble, row for row. A host that is down stays so
for a whole build, then for the first half of another; if anything lacks, a second runs on a web that is well again.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from compare import Rows, differences, snapshot
from resume import GALLERY, requests, start
from standin import SHARED, StandIn, standin

Rule = dict[str, Any]
Plan = Sequence[tuple[str, list[Rule]]]

KINDS: Final[dict[str, Rule]] = {
    "503": {"kind": "status", "status": 503, "retry_after": 1},
    "429": {"kind": "status", "status": 429, "retry_after": 1},
    "500": {"kind": "status", "status": 500},
    "truncate": {"kind": "truncate"},
    "reset": {"kind": "reset"},
    "hang": {"kind": "hang"},
    "malformed": {"kind": "malformed"},
    "gzip_garbage": {"kind": "gzip_garbage"},
    "html": {"kind": "html"},
    "empty": {"kind": "empty", "status": 202},
    "slow": {"kind": "slow", "bytes_per_s": 20_000},
}
MIXED: Final = (("503", 0.10), ("truncate", 0.05), ("reset", 0.05), ("hang", 0.03), ("gzip_garbage", 0.02))
GONE: Final[list[Rule]] = [{"kind": "reset"}]
DOWN: Final[dict[str, Plan]] = {
    **{host: [(host, GONE)] for host in ("en.wikipedia.org", "www.wikidata.org", "query.wikidata.org")},
    "apis.justwatch.com": [("apis.justwatch.com", GONE)],
    "apis.justwatch.com, once it has listed": [("apis.justwatch.com", [{**GONE[0], "match_body": "node\\(id"}])],
    "www.justwatch.com, its other door shut": [  # pages are asked for titles only where that door refuses them
        ("apis.justwatch.com", [{"kind": "status", "status": 403, "match_body": "node\\(id"}]),
        ("www.justwatch.com", GONE),
    ],
}


class Built(NamedTuple):
    """What a build left, whether that is what one without trouble leaves, and how long it took in seconds."""

    rows: Rows
    same: bool
    took: float


class Bench:
    """Builds one gallery again and again. `whole` is the database of a build without trouble, once there is one."""

    def __init__(self, web: StandIn, gallery: str, folder: Path) -> None:
        self._web = web
        self._gallery = gallery
        self._folder = folder
        self._whole: Rows | None = None
        print(f"{'trouble':<46} {'exit':>4} {'seconds':>8} {'requests':>9} {'twice':>6}  database")
        self._whole = self.build("none", []).rows

    def build(
        self,
        name: str,
        plan: Plan,
        *,
        within: str | None = None,
        mended_after: float | None = None,
        lacking: bool = False,
    ) -> Built:
        """One build under the faults of `plan`, in the folder of an earlier one (`within`) or a new one; prints a row.

        After `mended_after` seconds the web is well again. Of a build that must be `lacking`, how is not printed.
        """
        folder = self._folder / (within or name).replace(" ", "_")
        held = answers(folder)
        self._web.reset()
        for host, rules in plan:
            self._web.control("faults", {"host": host, "seed": rules[0].get("seed", 7), "rules": rules})
        mending = threading.Timer(mended_after or 0, self._mend, [plan])
        began = time.monotonic()
        process: subprocess.Popen[str] = start(folder, self._gallery, self._web)
        if mended_after is not None:
            mending.start()
        _, errors = process.communicate()
        took = time.monotonic() - began
        mending.cancel()
        rows = snapshot(f"sqlite:///{folder}/movie_db.sqlite")
        now = answers(folder)
        twice = sum(now[key] > at for key, at in held.items())
        found = differences(self._whole, rows) if self._whole is not None else {}
        if within:
            found.pop("runs", None)  # two builds are two runs
        told = "the same" if not found else f"{sum(len(a) + len(b) for a, b in found.values()):,} rows differ"
        asked = requests(self._web)
        print(f"{name:<46} {process.returncode:>4} {took:>8.1f} {asked:>9,} {twice:>6,}  {told}", flush=True)
        if found and not lacking:
            tables = (f"{table} -{len(missing):,} +{len(extra):,}" for table, (missing, extra) in found.items())
            print(f"    {', '.join(tables)}", flush=True)
        if process.returncode:
            print(f"    {errors.strip().splitlines()[-1]}", flush=True)
            if self._whole is None:
                sys.exit("the build without trouble failed")
        return Built(rows, not found, took)

    def _mend(self, plan: Plan) -> None:
        for host, _ in plan:
            self._web.control("faults", {"host": host, "rules": []})


def answers(folder: Path) -> dict[Any, int]:
    """What the archive holds, and since when (seconds since 1970)."""
    path = folder / "data" / "archive.sqlite"
    if not path.exists():
        return {}
    with sqlite3.connect(path) as archive:
        held = archive.execute("SELECT url, method, body_sha256, retrieved_at FROM answers WHERE reusable")
        return {tuple(key): at for *key, at in held}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "sample")
    parser.add_argument("--gallery", default=GALLERY)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3], help="All faults at once, with these seeds")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS, help="Kinds of fault, each alone")
    parser.add_argument("--down", nargs="*", default=list(DOWN), choices=DOWN, metavar="HOST", help=", ".join(DOWN))
    parser.add_argument("--share", type=float, default=0.3, help="Of the requests, met by a kind of fault alone")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, standin(arguments.world) as web:
        bench = Bench(web, arguments.gallery, Path(temporary))
        for seed in arguments.seeds:
            bench.build(f"all at once, seed {seed}", [("*", [{**KINDS[k], "p": p, "seed": seed} for k, p in MIXED])])
        for kind in arguments.kinds:
            bench.build(f"{arguments.share:.0%} {kind}", [("*", [{**KINDS[kind], "p": arguments.share}])])
        for name in arguments.down:
            whole = f"{name} down"
            took = bench.build(whole, DOWN[name], lacking=True).took
            bench.build("    then up again", [], within=whole)
            half = f"{name} down for {took / 2:.0f} s"
            if not bench.build(half, DOWN[name], mended_after=took / 2, lacking=True).same:
                bench.build("    then up all the time", [], within=half)


if __name__ == "__main__":
    main()
