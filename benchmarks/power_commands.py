"""Commands whose exit code 0 is a promise, each with what tells whether it was kept, and a folder for them all."""

import json
import shutil
import subprocess
from pathlib import Path

from power_checks import Check, rows, tables, whole
from power_rounds import Rounds

Command = tuple[tuple[str, ...], Check]

COMMANDS: dict[str, Command] = {
    "pin": (("pin", "1", "runtime=117"), rows("SELECT count(*) FROM pins")),
    "pins --import": (("pins", "--import", "pins.csv"), rows("SELECT count(*) FROM pins")),
    "merge": (("merge", "1", "2", "--why", "x"), rows("SELECT count(*) FROM movies")),
    "review --import": (("review", "--import", "pairs.csv"), rows("SELECT status FROM review_queue")),
    "key create": (("key", "create", "n"), rows("SELECT count(*) FROM api_keys")),
    "db upgrade": (
        ("db", "upgrade", "--db", "sqlite:///old.sqlite"),
        rows("SELECT version_num FROM alembic_version", "old.sqlite"),
    ),
    "db backup": (("db", "backup", "kept.sqlite"), whole("kept.sqlite", tables)),
    "db restore": (("db", "restore", "backup.sqlite", "--db", "sqlite:///new.sqlite"), whole("new.sqlite", tables)),
    "export": (("export", "films.jsonl"), whole("films.jsonl")),
    "export, over one": (("export", "--force", "older.jsonl"), whole("older.jsonl")),
    "export sqlite": (("export", "--format", "sqlite", "films.sqlite"), whole("films.sqlite", tables)),
    "pins --export": (("pins", "--export", "pins_2.csv"), whole("pins_2.csv")),
    "review --export": (("review", "--export", "pairs_2.csv"), whole("pairs_2.csv")),
    "match --out": (("match", "movie_db.sqlite", "pairs.csv", "--out", "linked.csv", "--all"), whole("linked.csv")),
}

BESIDE: dict[str, Command] = {name: COMMANDS[name] for name in ("pin", "merge", "review --import")} | {
    "key create": (("key", "create", "n"), rows("SELECT count(*) FROM api_keys WHERE name = 'n'")),
    "key revoke": (("key", "revoke", "old"), rows("SELECT revoked_at IS NULL FROM api_keys WHERE name = 'old'")),
}


def prepare(rounds: Rounds) -> Path:
    """A folder with a build, an open question, and files for all commands."""
    folder = rounds.work / "seed-commands"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(rounds.built(online=False), folder)

    def run(*arguments: str) -> None:
        subprocess.run([rounds.command, *arguments], cwd=folder, env=rounds.env, check=True, stdout=subprocess.DEVNULL)

    log = next((folder / "movie_data" / "item_list").glob("*-movies.jsonl"))
    films = [m for m in map(json.loads, log.read_text("utf-8").splitlines()) if m["type"] == "movie_item"][:2]
    candidate = next(record for record in films[1]["records"] if record["source"] == "wikidata")
    entry = films[0]["entry"] | {"key": "justwatch:tm999999901", "title": films[1]["entry"]["title"], "ids": {}}
    asked = {
        "v": 1,
        "run": films[0]["run"],
        "type": "review_item",
        "key": f"{entry['key']}|wikidata:{candidate['source_id']}",
    }
    asked |= {"entry": entry, "candidate": candidate, "probability": 0.6}
    (log.parent / "20301129T000000-aaaaaa-review.jsonl").write_text(json.dumps(asked) + "\n", "utf-8")
    run("ingest")
    run("review", "--export", "pairs.csv")
    head, *pairs = (folder / "pairs.csv").read_text("utf-8").splitlines()
    (folder / "pairs.csv").write_text("\n".join([head, *(pair[:-1] + "different," for pair in pairs)]) + "\n", "utf-8")
    run("pin", "3", "runtime=99")
    run("pins", "--export", "pins.csv")
    run("unpin", "3", "runtime")
    run("key", "create", "old")
    run("db", "backup", "backup.sqlite")
    shutil.copy(rounds.old_database(0) / "old.sqlite", folder)
    (folder / "older.jsonl").write_text("an older one\n", "utf-8")
    for left in [*folder.glob("*-wal"), *folder.glob("*-shm")]:
        left.unlink()
    return folder
