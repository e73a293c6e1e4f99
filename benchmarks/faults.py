"""Builds while the web misbehaves: `python benchmarks/faults.py [WORLD] [--seeds N] [--only WORD …]`.

For each kind of trouble, prints how long the build took, how many requests it made, and whether its database is the
one of a build without trouble, row for row. A host that is down is down for the whole first build; then a second runs.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from compare import Rows, differences, snapshot
from resume import GALLERY, requests, start
from standin import SHARED, StandIn, standin

Rule = dict[str, Any]

KINDS: Final[dict[str, Rule]] = {
    "503": {"kind": "status", "status": 503, "retry_after": 1},
    "429": {"kind": "status", "status": 429, "retry_after": 1},
    "500": {"kind": "status", "status": 500},
    "truncate": {"kind": "truncate"},
    "reset": {"kind": "reset"},
    "hang": {"kind": "hang", "seconds": 30},
    "malformed": {"kind": "malformed"},
    "gzip_garbage": {"kind": "gzip_garbage"},
    "html": {"kind": "html"},
    "empty": {"kind": "empty", "status": 202},
    "slow": {"kind": "slow", "bytes_per_s": 20_000},
}
MIXED: Final = (("503", 0.10), ("truncate", 0.05), ("reset", 0.05), ("hang", 0.03), ("gzip_garbage", 0.02))
DOWN: Final = ("apis.justwatch.com", "en.wikipedia.org", "www.wikidata.org", "query.wikidata.org")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", nargs="?", type=Path, default=SHARED / "worlds" / "sample")
    parser.add_argument("--gallery", default=GALLERY)
    parser.add_argument("--seeds", type=int, default=3, help="So many seeds of all faults at once")
    parser.add_argument("--only", action="append", help="Only the troubles whose name has this word")
    arguments = parser.parse_args()
    troubles: dict[str, list[tuple[str, list[Rule]]]] = {}
    for seed in range(1, arguments.seeds + 1):
        troubles[f"all at once, seed {seed}"] = [("*", [{**KINDS[kind], "p": p, "seed": seed} for kind, p in MIXED])]
    for kind, rule in KINDS.items():
        troubles[f"30 % {kind}"] = [("*", [{**rule, "p": 0.3}])]
    for host in DOWN:
        troubles[f"{host} down"] = [(host, [{"kind": "reset"}])]
    with tempfile.TemporaryDirectory() as temporary, standin(arguments.world) as web:
        print(f"{'trouble':<26} {'exit':>4} {'seconds':>8} {'requests':>9}  database")
        whole = one("none", [], Path(temporary) / "whole", arguments.gallery, web, None)
        for name, plan in troubles.items():
            if not arguments.only or any(word in name for word in arguments.only):
                folder = Path(temporary) / name.replace(" ", "_")
                one(name, plan, folder, arguments.gallery, web, whole)
                if name.endswith("down"):
                    one("    then up again", [], folder, arguments.gallery, web, whole)


def one(
    name: str, plan: Sequence[tuple[str, list[Rule]]], folder: Path, gallery: str, web: StandIn, whole: Rows | None
) -> Rows:
    """One build under the faults of `plan`; prints a row of the table and tells what is in the database."""
    web.reset()
    for host, rules in plan:
        web.control("faults", {"host": host, "seed": rules[0].get("seed", 7), "rules": rules})
    began = time.monotonic()
    process: subprocess.Popen[str] = start(folder, gallery, web)
    _, errors = process.communicate()
    took = time.monotonic() - began
    rows = snapshot(f"sqlite:///{folder}/movie_db.sqlite")
    found = differences(whole, rows) if whole is not None else {}
    told = "the same" if not found else f"{sum(len(a) + len(b) for a, b in found.values()):,} rows differ"
    print(f"{name:<26} {process.returncode:>4} {took:>8.1f} {requests(web):>9,}  {told}", flush=True)
    for table, (missing, extra) in found.items():
        print(f"    {table}: {len(missing):,} missing, {len(extra):,} more", flush=True)
    if process.returncode:
        print(f"    {errors.strip().splitlines()[-1]}", flush=True)
        if whole is None:
            sys.exit("the build without trouble failed")
    return rows


if __name__ == "__main__":
    main()
