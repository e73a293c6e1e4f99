"""Cuts the power in the middle of commands, and checks what was promised: `python benchmarks/power_cut.py WORK KIND…`.

Each kind has a number of rounds. A command is cut at a random moment, each third time after it has ended. Then the same
command has to go on, and to end with the undisturbed result:

replay   a build from a recording
web      a build from the stand-in web, and how many requests are asked again
refresh  a refresh on the stand-in web, after a value has changed there
record   a build on the stand-in web with --record; the recording is whole or not there
stdin    a build of a list on standard input; the kept list is whole or not there
imdb     a build that downloads IMDb's files; each is whole or not there
copies   a build, cut as soon as the copies of contract and decisions appear
upgrade  an upgrade of a large older database
quotas   a build that asks OMDb; the count of the day is never below what OMDb was asked

Of these, what was answered before the cut has to be there after it:

serve    films written by the API; no number is given to another film
ingest   messages posted to /v1/ingest
beside   commands that end with exit code 0 beside a running service
done     commands that end with exit code 0, and the files that they make

Odd rounds run on ext4 as it comes, even ones with `noauto_da_alloc,commit=1`, each fourth with early writeback. With
--postgres the kinds replay, web, serve and ingest use a PostgreSQL server of their own, which is stopped at once
(`pg_ctl stop -m immediate`) as the power of the data folder is cut. Exit code 0: nothing was wrong.
"""

import argparse
import contextlib
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from power_checks import WrongResultError, gzips_whole, json_whole, same_text, tables
from power_commands import BESIDE, COMMANDS, prepare
from power_disk import PowerDisk, why_not
from power_rounds import GALLERY, Case, Rounds
from standin import SHARED, standin

RECORDING = Path(__file__).resolve().parents[1] / "sample" / "max.warc.gz"
LIST = "title,year\nThe Matrix,1999\nCasablanca,1942\nDune,2021\nBarbie,2023\nHeat,1995\n"


def replay(rounds: Rounds) -> Counter[str]:
    return rounds.interrupted(Case("build", GALLERY, "--replay", str(RECORDING)))


def web(rounds: Rounds) -> Counter[str]:
    return rounds.interrupted(Case("build", GALLERY, online=True))


def refresh(rounds: Rounds) -> Counter[str]:
    case = Case("refresh", "--all", "--pages", online=True, seed=rounds.built(online=True))
    case.before = lambda: rounds.replace("apis.justwatch.com", '"runtime":', '"runtime":1')
    return rounds.interrupted(case)


def record(rounds: Rounds) -> Counter[str]:
    case = Case("build", GALLERY, "--record", "recording.warc.gz", online=True)
    case.check = lambda disk, ended: gzips_whole(disk.at, "recording.warc.gz", needed=ended)
    return rounds.interrupted(case)


def stdin(rounds: Rounds) -> Counter[str]:
    case = Case("build", "-", online=True, given=LIST)
    case.check = lambda disk, ended: same_text(disk.at, "movie_data/own_lists/*.csv", LIST, needed=ended)
    return rounds.interrupted(case)


def imdb(rounds: Rounds) -> Counter[str]:
    case = Case("build", GALLERY, online=True, MOVIE_DB_IMDB_FILES="download")
    case.check = lambda disk, ended: gzips_whole(disk.at, "movie_data/imdb/*.tsv.gz", needed=ended)
    return rounds.interrupted(case)


def copies(rounds: Rounds) -> Counter[str]:
    case = Case("build", GALLERY, "--replay", str(RECORDING))
    case.until = "movie_data/decisions.json"
    case.check = lambda disk, _: json_whole(disk.at, "movie_data/*.json")
    return rounds.interrupted(case)


def upgrade(rounds: Rounds) -> Counter[str]:
    case = Case("db", "upgrade", "--db", "sqlite:///old.sqlite", seed=rounds.old_database(100_000))
    case.result = lambda disk: str(tables(disk.at / "old.sqlite"))
    return rounds.interrupted(case)


def quotas(rounds: Rounds) -> Counter[str]:
    case = Case("build", GALLERY, online=True, MOVIE_DB_OMDB_KEY="mine")

    def counted(disk: PowerDisk, _: bool) -> None:
        asked = sum(rounds.asked(host) for host in ("www.omdbapi.com", "omdbapi.com"))
        noted = rounds.rows(disk.at / "movie_data" / "archive.sqlite", "SELECT sum(asked) FROM quotas")
        if ((noted and noted[0][0]) or 0) < asked:
            raise WrongResultError(f"OMDb was asked {asked} times, and the count of the day is {noted}")

    case.check = counted
    return rounds.interrupted(case)


def serve(rounds: Rounds) -> Counter[str]:
    return rounds.written(by_messages=False)


def ingest(rounds: Rounds) -> Counter[str]:
    return rounds.written(by_messages=True)


def beside(rounds: Rounds) -> Counter[str]:
    """All commands one after the other beside a service; then the cut."""
    seed, counts = prepare(rounds), Counter[str]()
    for number in rounds.numbers("beside"):
        with rounds.disk(number) as disk:
            disk.begin(seed)
            rounds.served(disk, {})
            before = {name: check(disk.at) for name, (_, check) in BESIDE.items()}
            wanted = {}
            for name in rounds.chance.sample(list(BESIDE), len(BESIDE)):
                arguments, check = BESIDE[name]
                rounds.succeed(disk, *arguments)
                wanted[name] = check(disk.at)
            rounds.wait(0, 6)
            disk.cut()
            for name, want in wanted.items():
                counts[rounds.compare(f"beside, {name}", number, BESIDE[name][1](disk.at), want, before[name])] += 1
    return counts


def done(rounds: Rounds) -> Counter[str]:
    """Each command, and the cut at once or some seconds after its end."""
    seed, counts = prepare(rounds), Counter[str]()
    for name, (arguments, check) in COMMANDS.items():
        with rounds.disk(1) as disk:
            disk.begin(seed)
            before = check(disk.at)
            rounds.succeed(disk, *arguments)
            want = check(disk.at)
        for number in rounds.numbers(name):
            with rounds.disk(number) as disk:
                disk.begin(seed)
                rounds.succeed(disk, *arguments)
                rounds.wait(0, 2.5 if number % 2 == 0 else 7)
                disk.cut()
                counts[rounds.compare(f"done, {name}", number, check(disk.at), want, before)] += 1
    return counts


KINDS: dict[str, Callable[[Rounds], Counter[str]]] = {
    kind.__name__: kind
    for kind in (replay, web, refresh, record, stdin, imdb, copies, upgrade, quotas, serve, ingest, beside, done)
}
ONLINE = {"web", "refresh", "record", "stdin", "imdb", "quotas"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, help="An empty folder on a disk with 2 GB of room")
    parser.add_argument("kinds", nargs="+", choices=list(KINDS), metavar="KIND")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, help="Of the random moments")
    parser.add_argument("--world", type=Path, default=SHARED / "worlds" / "sample", help="Of the stand-in web")
    parser.add_argument("--megabytes", type=int, default=400, help="Size of the disk")
    parser.add_argument("--postgres", action="store_true", help="Use PostgreSQL where a kind can")
    parser.add_argument("--command", type=Path, default=Path(sys.executable).with_name("movie-db"))
    arguments = parser.parse_args()
    if reason := why_not():
        sys.exit(reason)
    arguments.work.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        stand_in = stack.enter_context(standin(arguments.world)) if ONLINE & set(arguments.kinds) else None
        chance = random.Random(arguments.seed)
        rounds = Rounds(arguments.work, arguments.command.absolute(), arguments.rounds, chance, stand_in)
        rounds.megabytes = arguments.megabytes
        if arguments.postgres:
            rounds.use_postgres()
        for kind in arguments.kinds:
            figures = KINDS[kind](rounds)
            print(f"{kind}: {arguments.rounds} rounds, {dict(figures)}", flush=True)
        rounds.close()
    print(f"wrong: {len(rounds.wrong)}")
    sys.exit(bool(rounds.wrong))


if __name__ == "__main__":
    main()
