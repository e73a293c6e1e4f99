"""Rounds on a disk whose power is cut: what all kinds of `power_cut.py` have in common."""

import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from power_checks import WrongResultError
from power_disk import SPARED, PowerDisk
from power_servers import NO_NUMBER, Postgres, Writer
from standin import StandIn

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
RECORDING = Path(__file__).resolve().parents[1] / "sample" / "max.warc.gz"
OF_THE_MOMENT = ("provenance", "movie_id", "id", "created_at", "updated_at")
"""What differs between two builds of the same films."""


class Case:
    """A command that is cut and has to go on.

    Args:
        arguments: of `movie-db`.
        online: ask the stand-in web.
        seed: what is on the disk before.
        given: standard input.
        environment: settings.
    """

    def __init__(
        self, *arguments: str, online: bool = False, seed: Path | None = None, given: str = "", **environment: str
    ) -> None:
        self.arguments = arguments
        self.online = online
        self.seed = seed
        self.given = given
        self.environment = environment
        self.before: Callable[[], None] = lambda: None
        """What happens before each round."""
        self.until: str | None = None
        """A file: the cut comes when it appears."""
        self.check: Callable[[PowerDisk, bool], None] = lambda disk, ended: None
        """Raises `WrongResultError`; told whether the command had ended with exit code 0 before the cut."""
        self.result: Callable[[PowerDisk], str] | None = None
        """What has to be equal in the end; by default the films."""


class Rounds:
    """`wrong` holds a sentence for each round that went wrong."""

    def __init__(self, work: Path, command: Path, count: int, chance: random.Random, stand_in: StandIn | None) -> None:
        self.work = work.absolute()
        self.command = command
        self.count = count
        self.chance = chance
        self.megabytes = 400
        self.wrong: list[str] = []
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("MOVIE_DB_")}
        self.env["COLUMNS"] = "200"
        self._web = stand_in
        if stand_in:
            SPARED.add(stand_in.pid)
        self._postgres: Postgres | None = None

    def numbers(self, _kind: str) -> Iterator[int]:
        yield from range(1, self.count + 1)

    def disk(self, number: int) -> PowerDisk:
        """The disk of a round: as it comes, or without ext4's help, or with early writeback."""
        options = "" if number % 2 else "noauto_da_alloc,commit=1"
        return PowerDisk(self.work / "power", self.megabytes, options, number % 4 == 0, self.chance)

    def wait(self, least: float, most: float) -> None:
        """Waits not at all or some seconds."""
        time.sleep(self.chance.choice((0, self.chance.uniform(least, most))))

    def run(self, disk: PowerDisk, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Runs `movie-db` to its end; exit code and the last line that it said."""
        with open(self.work / "said", "w+", encoding="utf-8") as out:
            code = disk.start([str(self.command), *arguments], out, env or self.env).wait()
            out.seek(0)
            lines = [line for line in out.read().splitlines() if line.strip()]
        return code, lines[-1][:400] if lines else ""

    def succeed(self, disk: PowerDisk, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Runs `movie-db` to exit code 0, and gives the last line that it said."""
        code, said = self.run(disk, *arguments, env=env)
        if code:
            raise SystemExit(f"movie-db {' '.join(arguments)} ends with exit code {code}, undisturbed: {said}")
        return said

    def fail(self, kind: str, number: int, what: str) -> None:
        self.wrong.append(f"{kind} {number}: {what}")
        print(self.wrong[-1], flush=True)

    def compare(self, kind: str, number: int, found: object, want: object, before: object) -> str:
        """A word for what is found: there, as before, or wrong; all but the first are wrong."""
        word = "there" if found == want else "as before" if found == before else str(found)[:60]
        if word != "there":
            self.fail(kind, number, f"exit code 0, and then: {word}")
        return word

    def films(self, disk: PowerDisk, env: Mapping[str, str]) -> str:
        """How many films there are, and a digest of them, without what is of the moment."""
        file = self.work / "films.jsonl"
        file.unlink(missing_ok=True)
        code, said = self.run(disk, "export", "--format", "jsonl", str(file), env=env)
        if code:
            return f"the export fails: {said}"
        told = []
        for line in file.read_text("utf-8").splitlines():
            film = {name: value for name, value in json.loads(line).items() if name not in OF_THE_MOMENT}
            for offer in film.get("offers", []):
                offer.pop("first_seen", None)
                offer.pop("last_seen", None)
            told.append(json.dumps(film, sort_keys=True))
        digest = hashlib.sha256("".join(sorted(told)).encode()).hexdigest()
        return f"{len(told)} films {digest[:12]}"

    def rows(self, path: Path, statement: str) -> list[Any]:
        with closing(sqlite3.connect(path)) as database:
            return database.execute(statement).fetchall()

    # the stand-in web
    def online(self) -> dict[str, str]:
        assert self._web is not None
        return self.env | {"MOVIE_DB_UPSTREAM": self._web.url, "MOVIE_DB_PACE": "unlimited"}

    def replace(self, host: str, old: str, new: str) -> None:
        """Has a host of the stand-in web say something else."""
        assert self._web is not None
        self._web.control("faults", {"host": host, "rules": [{"kind": "replace", "from": old, "to": new}]})

    def asked(self, host: str | None = None) -> int:
        """How many requests the stand-in web, or one of its hosts, was asked since the start of the round."""
        assert self._web is not None
        told = self._web.control("stats")
        return int(told["hosts"].get(host, {}).get("requests", 0) if host else told["total_requests"])

    # databases to begin with
    def built(self, *, online: bool) -> Path:
        """A folder with an undisturbed build."""
        folder = self.work / ("seed-online" if online else "seed")
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            if online and self._web:
                self._web.reset()
            source = () if online else ("--replay", str(RECORDING))
            env = self.online() if online else self.env
            subprocess.run(
                [self.command, "build", GALLERY, *source], cwd=making, env=env, check=True, capture_output=True
            )
            making.rename(folder)
        return folder

    def old_database(self, films: int) -> Path:
        """A folder with `old.sqlite`, of an older schema, with so many films besides those of the build."""
        from movie_db.movie_db_client.data_model.schema_version import downgrade

        folder = self.work / f"seed-old-{films}"
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            shutil.copy(self.built(online=False) / "movie_db.sqlite", making / "old.sqlite")
            with closing(sqlite3.connect(making / "old.sqlite")) as database:
                database.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                    "INSERT INTO movies (title, release_year) SELECT 'Film ' || i, 1950 + i % 70 FROM n WHERE ? > 0",
                    (films, films),
                )
                database.commit()
            downgrade(f"sqlite:///{making}/old.sqlite", "0005")
            for left in making.glob("old.sqlite-*"):
                left.unlink()
            making.rename(folder)
        return folder

    def use_postgres(self) -> None:
        self._postgres = Postgres()

    def close(self) -> None:
        if self._postgres:
            self._postgres.close()

    # kinds
    def interrupted(self, case: Case) -> Counter[str]:
        """Cuts a command; the same command must go on, and end with the undisturbed result."""
        counts: Counter[str] = Counter()
        want, took, asked = "", 0.0, 0
        for number in range(self.count + 1):
            with self.disk(number) as disk:
                disk.begin(case.seed)
                if case.online and self._web:
                    self._web.reset()
                case.before()
                env = (self.online() if case.online else self.env) | case.environment
                if self._postgres:
                    env["MOVIE_DB_DATABASE_URL"] = self._postgres.new()
                if number == 0:
                    began = time.monotonic()
                    self._go(disk, case, env)
                    took, want = time.monotonic() - began, self._result(disk, case, env)
                    asked = self.asked() if case.online else 0
                    print(f"undisturbed: {want[:60]}, {took:.1f} s, {asked} requests", flush=True)
                    continue
                try:
                    ended = self._cut(disk, case, env, took, number)
                    counts["cut after the end"] += ended
                    case.check(disk, ended)
                    self._go(disk, case, env)
                    if (found := self._result(disk, case, env)) != want:
                        raise WrongResultError(f"{found}; undisturbed: {want}")
                    if case.online and not ended and case.arguments[0] == "build":
                        again = max(0, self.asked() - asked)
                        counts["requests asked again, most"] = max(counts["requests asked again, most"], again)
                except WrongResultError as wrong:
                    self.fail(" ".join(case.arguments[:1]), number, str(wrong))
                else:
                    counts["right"] += 1
        return counts

    def _start(self, disk: PowerDisk, case: Case, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        command = [str(self.command), *case.arguments]
        if case.given:
            (self.work / "given").write_text(case.given, "utf-8")
            command = ["sh", "-c", 'exec "$@" < "$0"', str(self.work / "given"), *command]
        with open(self.work / "said", "w", encoding="utf-8") as out:
            return disk.start(command, out, env)

    def _go(self, disk: PowerDisk, case: Case, env: Mapping[str, str]) -> None:
        if code := self._start(disk, case, env).wait():
            said = (self.work / "said").read_text("utf-8").strip().splitlines()
            raise WrongResultError(f"the same command ends with exit code {code}: {said[-1][:300] if said else ''}")

    def _cut(self, disk: PowerDisk, case: Case, env: Mapping[str, str], took: float, number: int) -> bool:
        """Starts the command, and cuts the power at some moment; whether it had ended with exit code 0."""
        work = self._start(disk, case, env)
        if number % 3 == 0:
            work.wait()
            time.sleep(self.chance.uniform(0, 3))
        elif case.until:
            while not (disk.at / case.until).exists() and work.poll() is None:
                time.sleep(0.01)
            time.sleep(self.chance.choice((0, 0.05, 2)))
        else:
            time.sleep(self.chance.uniform(0.3, max(0.4, took)))
        ended = work.poll() == 0
        if self._postgres:
            self._postgres.stop()
        disk.cut()
        if self._postgres:
            self._postgres.start()
        return ended

    def _result(self, disk: PowerDisk, case: Case, env: Mapping[str, str]) -> str:
        return case.result(disk) if case.result else self.films(disk, env)

    def served(self, disk: PowerDisk, env: Mapping[str, str]) -> str:
        """Starts a service; its address."""
        with open(self.work / "serve", "w", encoding="utf-8") as out:
            service = disk.start([str(self.command), "serve", "--port", "0"], out, self.env | dict(env))
        until = time.monotonic() + 180
        while time.monotonic() < until and service.poll() is None:
            if at := re.search(r"READY (http://\S+)", (self.work / "serve").read_text("utf-8")):
                urllib.request.urlopen(at[1] + "/v1/health", timeout=60).read()
                return at[1]
            time.sleep(0.1)
        raise SystemExit(f"serve does not begin: {(self.work / 'serve').read_text('utf-8')[-400:]}")

    def written(self, *, by_messages: bool) -> Counter[str]:
        """Writes films until the cut; what was answered must be there, and no number may be another film's."""
        counts: Counter[str] = Counter()
        for number in range(1, self.count + 1):
            with self.disk(number) as disk:
                disk.begin()
                env = {"MOVIE_DB_DATABASE_URL": self._postgres.new()} if self._postgres else {}
                self.succeed(disk, "db", "upgrade", env=self.env | env)
                key = self.succeed(disk, "key", "create", "writer", "--scope", "admin", env=self.env | env).split()[-1]
                disk.sync()
                writer = Writer(self.served(disk, env), key, by_messages)
                threading.Thread(target=writer.work, daemon=True).start()
                time.sleep(self.chance.uniform(2, 10))
                moment = time.monotonic()
                if self._postgres:
                    self._postgres.stop()
                moment = min(moment, disk.cut()) if self._postgres else disk.cut()
                writer.stop.set()
                if self._postgres:
                    self._postgres.start()
                answered = {title: told for title, told in writer.answered.items() if told.at < moment}
                after = Writer(self.served(disk, env), key, by_messages, first=10**6)
                after.one(10**6)
                found = after.films()
                lost = [title for title, told in answered.items() if found.get(title) != told.number]
                counts["answered"] += len(answered)
                counts["lost"] += len(lost)
                given = {told.number for told in answered.values()} - {NO_NUMBER}
                twice = given & {told.number for told in after.answered.values()}
                counts["numbers given twice"] += len(twice)
                if lost or twice:
                    self.fail("written", number, f"{len(lost)} of {len(answered)} lost, numbers given twice: {twice}")
                else:
                    counts["right"] += 1
        return counts
