"""Checks of the settings and the database."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from movie_db.contract.errors import MovieDbError
from movie_db.contract.exit_report import REPORT_TO
from movie_db.contract.service import EXIT_WITH_PARENT, LISTENING
from movie_db.contract.settings import Settings
from movie_db.doctor.report import Check

_PREFIX: Final = "MOVIE_DB_"
NAMES: Final = frozenset(f"{_PREFIX}{name.upper()}" for name in Settings.model_fields)
_OWN: Final = frozenset((EXIT_WITH_PARENT, LISTENING, REPORT_TO))
_CONTAINERS: Final = frozenset(("MOVIE_DB_CLIENT_PORT", "MOVIE_DB_WIKI_API_PORT"))
"""Read by compose.yml, not by the program."""
_PLACEHOLDERS: Final = ("example.org", "example.com", "example.net", "you@", "your-", "changeme", "todo", "user@host")
SEARCHED: Final = 10.0
"""Seconds after which the search of a database for damage stops."""


def read(given: Mapping[str, Any]) -> tuple[Settings, list[Check]]:
    """The settings and the checks of them. Settings that can't be read are replaced by their defaults.

    `given` are the settings of the command line, which override the environment.
    """
    checks = []
    try:
        settings = Settings(**given)
    except ValidationError as error:
        bad: dict[str, Any] = {}
        for found in error.errors(include_url=False, include_input=False):
            name = str(found["loc"][0])
            bad[name] = Settings.model_fields[name].default
            reason = found["msg"].removeprefix("Value error, ")
            checks.append(Check("Settings", "wrong", f"MOVIE_DB_{name.upper()} can't be read", reason))
        settings = Settings(**(dict(given) | bad))
    for name in sorted(n for n in os.environ if n.upper().startswith(_PREFIX)):
        if name.upper() not in NAMES | _OWN | _CONTAINERS:
            near = _nearest(name)
            advice = f"did you mean {near}?" if near else "README.md lists all settings"
            checks.append(Check("Settings", "warning", f"there is no setting {name}", advice))
    checks += _odd(settings)
    return settings, checks or [Check("Settings", "ok", "valid")]


def _nearest(name: str) -> str | None:
    """The setting with the most similar name, if there is one."""
    given = name.upper().removeprefix(_PREFIX)
    names = sorted(one.removeprefix(_PREFIX) for one in NAMES)
    near = difflib.get_close_matches(given, names, 1, 0.6) or [one for one in names if given in one.split("_")]
    return f"{_PREFIX}{near[0]}" if near else None


def _odd(settings: Settings) -> list[Check]:
    checks = []
    contact = (settings.contact or "").strip()
    if not contact:
        advice = "sources ask for a mail address or page, and allow fewer requests without one"
        checks.append(Check("Settings", "warning", "MOVIE_DB_CONTACT is not set", advice))
    elif any(part in contact.casefold() for part in _PLACEHOLDERS) or not ("@" in contact or "." in contact):
        advice = "it takes your mail address or a page"
        checks.append(Check("Settings", "warning", "MOVIE_DB_CONTACT is a placeholder", advice))
    elif not contact.isprintable() or not contact.isascii() or set(contact) & set("()"):
        advice = "a mail address or a page, in ASCII characters, without brackets"
        checks.append(Check("Settings", "wrong", "MOVIE_DB_CONTACT can't be sent", advice))
    if settings.pace == "unlimited" and not settings.upstream:
        checks.append(Check("Settings", "wrong", "MOVIE_DB_PACE=unlimited", "it needs MOVIE_DB_UPSTREAM"))
    if settings.policy:
        from movie_db.movie_db_client.ingest.preferences import preferences

        try:
            preferences(settings)
        except MovieDbError as error:
            checks.append(Check("Settings", "wrong", "MOVIE_DB_POLICY", str(error)))
    if settings.imdb_files and settings.imdb_files != "download" and not Path(settings.imdb_files).is_dir():
        advice = f"it takes a folder, or download; there is no folder {settings.imdb_files}"
        checks.append(Check("Settings", "wrong", "MOVIE_DB_IMDB_FILES", advice))
    return checks


def keys(settings: Settings) -> Check:
    """Which keys are set, without showing them."""
    given = ", ".join(
        f"{name}: {'given' if key and key.get_secret_value().strip() else 'none'}"
        for name, key in (("TMDB", settings.tmdb_key), ("OMDb", settings.omdb_key))
    )
    for name, key in (("MOVIE_DB_TMDB_KEY", settings.tmdb_key), ("MOVIE_DB_OMDB_KEY", settings.omdb_key)):
        value = key.get_secret_value() if key else ""
        if value and (value != value.strip() or not value.isascii() or any(c.isspace() for c in value)):
            return Check("Keys", "wrong", given, f"{name} contains a space or a non-ASCII character")
    return Check("Keys", "ok", given)


def database(url: str) -> Check:
    """Whether the database answers, has this program's schema, and shows no damage in a short search."""
    from sqlalchemy import make_url

    from movie_db.movie_db_client.data_model import schema_version
    from movie_db.movie_db_client.data_model.engine import make_engine, place

    try:
        engine = make_engine(url, patience=SEARCHED)
    except MovieDbError as error:
        return Check("Database", "wrong", str(error))
    where = place(make_url(url))
    try:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite and (not Path(where).exists() or not Path(where).stat().st_size):
            return Check("Database", "ok", f"{where}: none yet; movie-db build makes it")
        version = schema_version.current(engine)
        if version is None:
            return Check("Database", *_without_schema(engine, where))
        if schema_version.needs_upgrade(engine):
            advice = "movie-db db upgrade brings it up to date"
            return Check("Database", "warning", f"{where} has the older schema {version}", advice)
        return _searched(engine, where, version) if sqlite else Check("Database", "ok", f"{where}, schema {version}")
    except MovieDbError as error:
        return Check("Database", "wrong", str(error))
    finally:
        engine.dispose()


def _without_schema(engine: Any, where: str) -> tuple[Any, str, str | None]:
    from sqlalchemy import inspect

    if engine.dialect.name == "sqlite" and inspect(engine).get_table_names():
        return "wrong", f"{where} is a database of another program", "choose another one with --db"
    return "ok", f"{where}: empty; movie-db build fills it", None


def _searched(engine: Any, where: str, version: str) -> Check:
    from sqlalchemy import text

    try:
        with engine.connect() as connection:
            result = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    except MovieDbError as error:
        if "too long" in str(error):
            return Check("Database", "ok", f"{where}, schema {version}; too large to be searched for damage now")
        raise
    if result != "ok":
        advice = "movie-db db restore brings back a backup"
        return Check("Database", "wrong", f"{where} is damaged ({str(result).splitlines()[-1]})", advice)
    return Check("Database", "ok", f"{where}, schema {version}, sound")
