"""Runs all checks in order. A check that crashes is reported as wrong, never as a traceback."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from movie_db.contract.errors import MovieDbError
from movie_db.contract.settings import Settings
from movie_db.doctor import configuration, machine
from movie_db.doctor.report import Check

OFF: Final = 60.0
"""Seconds by which the clock may differ from the sources'."""


def checks(given: Mapping[str, Any], live: bool, patience: float) -> Iterator[Check]:
    """Checks this machine and, with `live`, the sources."""
    yield from _safely("Python", machine.python)
    yield from _safely("Packages", machine.extras)
    settings, found = configuration.read(given)
    yield from found
    yield from _safely("Keys", lambda: configuration.keys(settings))
    newest = machine.newest_file(settings.data) if settings.data.is_dir() else None
    yield from _safely("Clock", lambda: machine.clock(datetime.now(UTC), newest))
    yield from _safely("Data folder", lambda: machine.folder("Data folder", settings.data, "MOVIE_DB_DATA"))
    yield from _safely("Disk", lambda: machine.disk(settings.data))
    yield from _safely("Database", lambda: _database(settings))
    if live:
        yield from _live(settings, patience)


def _database(settings: Settings) -> Check | list[Check]:
    from sqlalchemy import make_url

    found = configuration.database(settings.database_url)
    if found.status == "wrong" or not settings.database_url.startswith("sqlite"):
        return found
    name = make_url(settings.database_url).database
    place = Path(name or "").absolute().parent
    if not name or name == ":memory:" or place == settings.data.absolute():
        return found
    folder = machine.folder("Database's folder", place, "--db")
    return found if folder.status == "ok" else [found, folder]


def _safely(name: str, look: Callable[[], Check | Iterable[Check]]) -> list[Check]:
    try:
        found = look()
        return [found] if isinstance(found, Check) else list(found)
    except ModuleNotFoundError as error:
        return [Check(name, "wrong", f"{error.name} is not installed", 'pip install "movie_db[all]"')]
    except MovieDbError as error:
        return [Check(name, "wrong", str(error).rstrip("."))]
    except Exception as error:  # whatever it is, the other checks are still useful
        return [Check(name, "wrong", f"the check crashed ({type(error).__name__}: {str(error)[:200]})")]


def _live(settings: Settings, patience: float) -> Iterator[Check]:
    try:
        from movie_db.doctor.gateway import Gateway
        from movie_db.doctor.source_checks import source_checks

        with Gateway(settings, patience) as gateway:
            if settings.gateway:
                yield Check("Web gateway", "ok", f"uses the one at {settings.gateway}")
            elif settings.upstream:
                yield Check("Web gateway", "ok", f"started; it uses {settings.upstream} instead of the internet")
            found = source_checks(gateway, settings)
            with ThreadPoolExecutor(len(found)) as pool:
                for future in [pool.submit(_safely, name, look) for name, look in found]:
                    yield from future.result()
            yield from _skew(gateway.skews)
    except ModuleNotFoundError as error:
        yield Check("Web gateway", "wrong", f"{error.name} is not installed", 'pip install "movie_db[all]"')
    except MovieDbError as error:
        yield Check("Web gateway", "wrong", f"can't be started: {str(error).rstrip('.')}")


def _skew(skews: list[float]) -> list[Check]:
    """Compares this machine's clock with those of the sources."""
    if not skews:
        return []
    skew = median(skews)
    if abs(skew) <= OFF:
        return [Check("Clock, by the sources", "ok", f"right to {max(1, round(abs(skew)))} s")]
    found = f"{round(abs(skew)):,} s {'ahead of' if skew > 0 else 'behind'} theirs"
    return [Check("Clock, by the sources", "wrong", found, "set the clock; most systems use NTP for that")]
