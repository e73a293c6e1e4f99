"""Brings the suite up from nothing, checks it, measures it, and takes it down: `benchmarks/compose.py [--kill SEED] …`.

It is a project of its own, so that a suite in use stays untouched. The gateway replays `sample/`; with STANDIN (the
stand-in web's folder) and WORLD (a world's folder) set, these are the web. Needs Docker and nothing else; `--kill`
builds a second time, kills each service once meanwhile (`kill -9` from the host, which takes root), and compares the
databases row for row.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

ROOT: Final = Path(__file__).resolve().parents[1]
PROJECT: Final = "movie_db_test"
CLIENT, WIKI_API = "http://127.0.0.1:18200", "http://127.0.0.1:15000"
LASTING: Final = ("movie_db", "web_gateway", "wiki_api_service", "movie_db_client", "building_service")
SERVICES: Final = (*LASTING, "crawling_service")
ONE_SHOT: Final = ("secrets", "migrate")
SETTINGS: Final = (
    "import os; from movie_db.contract.settings import Settings; "
    "known = {f'MOVIE_DB_{name.upper()}' for name in Settings.model_fields}; "
    "print(*sorted(name for name in os.environ if name.startswith('MOVIE_DB_') and name not in known))"
)
SNAPSHOT: Final = (
    "import json, sys; sys.path.insert(0, '/compare'); from compare import snapshot; "
    "from movie_db.contract.settings import Settings; "
    "print(json.dumps({t: sorted(rows.elements()) for t, rows in snapshot(Settings.read().database_url).items()}))"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=120, help="How many films must arrive")
    parser.add_argument("--kill", type=int, metavar="SEED", help="Build again, and kill each service once meanwhile")
    arguments = parser.parse_args()
    docker("info", "--format", "ok")
    began = time.monotonic()
    compose("build", "--quiet")
    say("images built", f"{time.monotonic() - began:.1f} s")
    with suite():
        interrupt_database()
        build(arguments.films)
        check(arguments.films)
        whole = snapshot() if arguments.kill is not None else {}
        stop()
    if arguments.kill is not None:
        with suite():
            build(arguments.films, random.Random(arguments.kill))
            compare(whole, snapshot())
    print("The suite is as it should be.")


def docker(*command: str, within: float = 300) -> str:
    """What a docker command says on standard output; ends the program if it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOVIE_DB_")}
    environment |= {"MOVIE_DB_CLIENT_PORT": "18200", "MOVIE_DB_WIKI_API_PORT": "15000"}
    if os.environ.get("STANDIN") and os.environ.get("WORLD"):
        environment |= {"REPLAY": "", "MOVIE_DB_UPSTREAM": "http://standin:8899", "MOVIE_DB_PACE": "unlimited"}
    try:
        done = subprocess.run(
            ["docker", *command], cwd=ROOT, env=environment, capture_output=True, timeout=within, check=False
        )
    except FileNotFoundError:
        sys.exit("Docker is not installed: the suite runs in its containers.")
    if done.returncode:
        sys.exit(f"docker {' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def compose(*command: str, within: float = 900) -> str:
    """What a command of docker compose says, over the suite under test."""
    files = ["-f", "compose.yml", "-f", "compose.test.yml", "--env-file", os.devnull]
    profile = ["--profile", "standin"] if os.environ.get("STANDIN") and os.environ.get("WORLD") else []
    return docker("compose", "-p", PROJECT, *files, *profile, *command, within=within)


@contextmanager
def suite() -> Iterator[None]:
    """A suite from nothing: started without waiting, gone in the end with all its volumes."""
    compose("down", "--volumes", "--remove-orphans")
    try:
        if os.environ.get("STANDIN") and os.environ.get("WORLD"):
            compose("up", "--detach", "--wait", "standin")
        yield
    except BaseException:
        print(compose("logs", "--tail", "20"), file=sys.stderr)
        raise
    finally:
        compose("down", "--volumes", "--remove-orphans", "--timeout", "10")


def interrupt_database() -> None:
    """Kills the database while it is made for the first time: whatever there is of it then is made anew."""
    compose("up", "--detach", "movie_db")
    wait(lambda: "pgdata" in compose("exec", "-T", "movie_db", "ls", "/var/lib/postgresql/data"), "for a database")
    left = compose("exec", "-T", "movie_db", "ls", "/var/lib/postgresql/data").split()
    docker("kill", "--signal", "KILL", inspect("movie_db")["Id"])
    must("unfinished" in left, f"the database was made before it could be killed: {left}")
    say("database killed while it is made", "yes")


def build(films: int, chance: random.Random | None = None) -> None:
    """Starts the suite and waits until all is ingested; kills each service once meanwhile, if there is a `chance`."""
    began = time.monotonic()

    def seconds() -> str:
        return f"{time.monotonic() - began:.1f} s after up"

    compose("up", "--detach", *(LASTING if chance else ()))
    wait(lambda: all(state(one).get("Health", {}).get("Status") == "healthy" for one in LASTING), "to be healthy")
    say("all services healthy", seconds())
    if chance:
        compose("up", "--detach", "--no-deps", "crawling_service")
        kill_each(chance, seconds)
    wait(lambda: state("crawling_service")["Status"] == "exited" and not code("crawling_service"), "for the crawler")
    say("crawler done", seconds())
    wait(lambda: len(movies()) >= films and caught_up(), f"for {films} films")
    say("last film in the database", seconds())


def kill_each(chance: random.Random, seconds: Callable[[], str]) -> None:
    """Kills the main process of each service once, from the host, and sees it come back."""
    order = chance.sample(LASTING, len(LASTING))
    order.insert(chance.randint(0, 1), "crawling_service")  # later, it would be done
    for name in order:
        time.sleep(chance.uniform(0.2, 1))
        before = state(name)
        if before["Status"] != "running":
            say(f"{name} was done before its kill", seconds())
            continue
        os.kill(before["Pid"], signal.SIGKILL)
        say(f"{name} killed", f"{seconds()}, {len(movies())} films in the database")
        wait(
            lambda name=name, pid=before["Pid"]: (
                state(name)["Pid"] not in {0, pid}  # type: ignore[misc]
                or (name == "crawling_service" and state(name)["Status"] == "exited" and not code(name))
            ),
            f"for {name} to come back",
        )


def check(films: int) -> None:
    """Films, CORS, users, networks, ports, logs, memory and sizes of a suite that has done its work."""
    told = compose("exec", "-T", "movie_db", "psql", "-U", "movie_db", "-tAc", "SELECT count(*) FROM movies").strip()
    must(told == str(films) == str(len(movies())), f"{films} films expected, psql counts {told}, API {len(movies())}")
    for base in (CLIENT, WIKI_API):
        for path in ("/health", "/v1/health", "/v1/movies", "/v1/search/movies", "/nowhere"):
            for method in ("GET", "OPTIONS", "POST"):
                allowed = ask(base + path, method)[1].get("Access-Control-Allow-Origin")
                must(allowed == "*", f"{method} {base}{path} lacks CORS: {allowed}")
    for name in LASTING:
        must(compose("exec", "-T", name, "id", "-u").strip() != "0", f"{name} runs as root")
    leading_out = {
        network
        for network, told in networks().items()
        if not told["Internal"] and told["Options"].get("com.docker.network.bridge.enable_ip_masquerade") != "false"
    }
    for name in SERVICES:
        one = inspect(name)
        outside = leading_out & one["NetworkSettings"]["Networks"].keys()
        must(bool(outside) == (name == "web_gateway"), f"{name} is on {outside or 'no network that leads out'}")
        for bound in one["HostConfig"]["PortBindings"].values():
            must({b["HostIp"] for b in bound} == {"127.0.0.1"}, f"{name} listens on {bound}")
    for name in (*SERVICES, *ONE_SHOT):
        check_rights(name)
    for setting, value in {
        "log_filename": "movie_db.%a.log",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
    }.items():
        told = compose("exec", "-T", "movie_db", "psql", "-U", "movie_db", "-tAc", f"SHOW {setting}").strip()
        must(told == value, f"the database's log is not bounded to a week: {setting} is {told}")
    check_logs()
    say("films, CORS, users, rights, networks, ports, logs", "as they should be")
    for name in SERVICES:
        image = json.loads(docker("image", "inspect", inspect(name)["Image"]))[0]["Size"]
        say(f"image of {name}", f"{image / 1e6:.0f} MB")
    time.sleep(5)
    for name in LASTING:
        used = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", inspect(name)["Id"]).split("/")[0]
        say(f"idle memory of {name}", used.strip())


def check_rights(name: str) -> None:
    """A service may do nothing that it need not, comes back after a crash, and knows no password by its settings."""
    one = inspect(name)
    host = one["HostConfig"]
    must(host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"] and not host["Privileged"], f"{name} may do too much")
    must("no-new-privileges:true" in host["SecurityOpt"], f"{name} may gain privileges")
    expected = "unless-stopped" if name in LASTING else "on-failure"
    must(host["RestartPolicy"]["Name"] == expected, f"{name} restarts {host['RestartPolicy']['Name']}")
    must(name not in LASTING or "Healthcheck" in one["Config"], f"{name} does not tell whether it is well")
    given = dict(line.split("=", 1) for line in one["Config"]["Env"])
    told = [setting for setting, value in given.items() if setting.endswith("PASSWORD") and value]
    must(not told, f"{name} is given {told} in its settings")
    if name in LASTING and name != "movie_db":
        unknown = compose("exec", "-T", name, "python", "-c", SETTINGS).split()
        must(not unknown, f"{name} is given settings that don't exist: {unknown}")


def check_logs() -> None:
    """Every service's log is there, JSON line by line; crawler and client name the run."""
    told = compose("exec", "-T", "movie_db_client", "sh", "-c", "cd /logs && grep -H '' *.json*")
    runs: dict[str, set[str]] = {}
    for line in told.splitlines():
        name, _, text = line.partition(":")
        runs.setdefault(name.partition(".")[0], set()).add(json.loads(text).get("run", ""))
    expected = {"movie_db", "movie_db_client", "crawling_module", "wiki_api"}
    must(runs.keys() - {"web_gateway", "builder"} == expected, f"logs are there of {sorted(runs)}")
    must(bool((runs["crawling_module"] & runs["movie_db_client"]) - {""}), "crawler and client don't log their run")
    for name in ("movie_db_client", "wiki_api_service", "web_gateway"):
        for line in compose("logs", "--no-log-prefix", "--no-color", name).splitlines():
            said = line.removeprefix("\x1b[2K")  # compose clears the line before it writes one
            must(said.startswith(("{", "READY ")), f"{name} says what is no JSON: {said}")


def stop() -> None:
    """Stops the suite as a user would, and sees that nobody had to be killed."""
    began = time.monotonic()
    compose("stop")
    took = time.monotonic() - began
    say("stopped", f"{took:.1f} s")
    must(took < 10, "the suite takes more than 10 s to stop")
    for name in LASTING:
        must(code(name) == 0, f"{name} was stopped with exit code {code(name)}")


def compare(whole: dict[str, list[str]], other: dict[str, list[str]]) -> None:
    differing = [table for table in sorted(whole.keys() | other.keys()) if whole.get(table) != other.get(table)]
    for table in differing:
        there, here = set(whole.get(table, ())), set(other.get(table, ()))
        print(f"{table}: lost {sorted(there - here)[:3]}, more {sorted(here - there)[:3]}", file=sys.stderr)
    must(not differing, f"after the kills, these tables differ: {', '.join(differing)}")
    say("after the kills", f"the same {sum(map(len, whole.values())):,} rows in {len(whole)} tables")


def snapshot() -> dict[str, list[str]]:
    """All rows of the suite's database, without what no two builds share; see `compare.py`."""
    folder = f"{ROOT / 'benchmarks'}:/compare:ro"
    options = ["--rm", "-T", "--no-deps", "--volume", folder, "--entrypoint", "python"]
    rows: dict[str, list[str]] = json.loads(compose("run", *options, "movie_db_client", "-c", SNAPSHOT))
    return rows


def movies() -> list[Any]:
    """All films that the API gives; none while it does not answer."""
    found: list[Any] = []
    query = {"limit": "500"}
    while True:
        status, _, body = ask(f"{CLIENT}/v1/movies?{urlencode(query)}")
        if status != 200:
            return []
        found += body["movies"]
        if not body["next"]:
            return found
        query["cursor"] = body["next"]


def caught_up() -> bool:
    """Whether the client has read all that is in the log."""
    status, _, body = ask(f"{CLIENT}/v1/health")
    sizes = compose("exec", "-T", "movie_db_client", "sh", "-c", "cd /data && stat -c '%s %n' *_list/*.jsonl")
    wanted = {name: int(size) for size, name in (line.split() for line in sizes.splitlines())}
    return status == 200 and bool(body["ingest"]["positions"] == wanted)


def ask(url: str, method: str = "GET") -> tuple[int, Any, Any]:
    """Status, headers and JSON body of an answer, as a page of another origin would ask; status 0 if there is none."""
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, None, headers, method=method), timeout=30) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or "null") if method == "GET" else None
    except urllib.error.HTTPError as error:
        return error.code, error.headers, None
    except (OSError, ValueError):
        return 0, {}, None


def inspect(name: str) -> dict[str, Any]:
    """What Docker knows of a service's container."""
    found: dict[str, Any] = json.loads(docker("inspect", f"{PROJECT}-{name}-1"))[0]
    return found


def state(name: str) -> dict[str, Any]:
    told: dict[str, Any] = inspect(name)["State"]
    return told


def code(name: str) -> int:
    return int(state(name)["ExitCode"])


def networks() -> dict[str, Any]:
    """The suite's networks by name."""
    names = docker("network", "ls", "--filter", f"label=com.docker.compose.project={PROJECT}", "--format", "{{.Name}}")
    return {told["Name"]: told for told in json.loads(docker("network", "inspect", *names.split()))}


def wait(until: Callable[[], bool], what: str, within: float = 240) -> None:
    end = time.monotonic() + within
    while not until():
        must(time.monotonic() < end, f"waited {within:.0f} s {what}")
        time.sleep(0.3)


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


def say(what: str, told: str) -> None:
    print(f"{what:<44} {told}", flush=True)


if __name__ == "__main__":
    main()
