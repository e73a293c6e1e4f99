"""What the doctor looks at in the settings and the database."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from movie_db.contract.errors import MovieDbError
from movie_db.contract.service import EXIT_WITH_PARENT, LISTENING
from movie_db.contract.settings import Settings
from movie_db.doctor.report import Check

_PREFIX: Final = "MOVIE_DB_"
NAMES: Final = frozenset(f"{_PREFIX}{name.upper()}" for name in Settings.model_fields)
_OWN: Final = frozenset((EXIT_WITH_PARENT, LISTENING))
_CONTAINERS: Final = frozenset(("MOVIE_DB_CLIENT_PORT", "MOVIE_DB_WIKI_API_PORT"))
"""Read by compose.yml, not by the program."""
_PLACEHOLDERS: Final = ("example.org", "example.com", "example.net", "you@", "your-", "changeme", "todo", "user@host")
SEARCHED: Final = 10.0
"""Seconds for which a database is searched for damage."""


def read(given: Mapping[str, Any]) -> tuple[Settings, list[Check]]:
    """The settings, with the defaults in the place of those that can't be read, and what is to be said of them.

    `given` holds those of the command line, which count more than the environment's.
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
            right = f"{near} is meant, perhaps" if near else "README.md lists those that there are"
            checks.append(Check("Settings", "warning", f"there is no setting {name}", right))
    checks += _odd(settings)
    return settings, checks or [Check("Settings", "ok", "as they should be")]


def _nearest(name: str) -> str | None:
    """The setting whose name is nearest, if one is near."""
    given = name.upper().removeprefix(_PREFIX)
    known = sorted(one.removeprefix(_PREFIX) for one in NAMES)
    near = difflib.get_close_matches(given, known, 1, 0.6) or [one for one in known if given in one.split("_")]
    return f"{_PREFIX}{near[0]}" if near else None


def _odd(settings: Settings) -> list[Check]:
    checks = []
    contact = (settings.contact or "").strip()
    if not contact:
        right = "sources ask for a mail address or page, and allow less without"
        checks.append(Check("Settings", "warning", "MOVIE_DB_CONTACT is not set", right))
    elif any(part in contact.casefold() for part in _PLACEHOLDERS) or not ("@" in contact or "." in contact):
        right = "a mail address or a page of yours"
        checks.append(Check("Settings", "warning", "MOVIE_DB_CONTACT is a placeholder", right))
    elif not contact.isprintable() or not contact.isascii() or set(contact) & set("()"):
        right = "a mail address or a page, in ASCII characters, without brackets"
        checks.append(Check("Settings", "wrong", "MOVIE_DB_CONTACT can't be sent", right))
    if settings.pace == "unlimited" and not settings.upstream:
        checks.append(Check("Settings", "wrong", "MOVIE_DB_PACE=unlimited", "it needs MOVIE_DB_UPSTREAM"))
    if settings.policy:
        from movie_db.movie_db_client.ingest.preferences import preferences

        try:
            preferences(settings)
        except MovieDbError as error:
            checks.append(Check("Settings", "wrong", "MOVIE_DB_POLICY", str(error)))
    if settings.imdb_files and settings.imdb_files != "download" and not Path(settings.imdb_files).is_dir():
        right = f"it takes a folder, or download; there is no folder {settings.imdb_files}"
        checks.append(Check("Settings", "wrong", "MOVIE_DB_IMDB_FILES", right))
    return checks


def keys(settings: Settings) -> Check:
    """Which keys are there, without showing them."""
    told = ", ".join(
        f"{name}: {'given' if key and key.get_secret_value().strip() else 'none'}"
        for name, key in (("TMDB", settings.tmdb_key), ("OMDb", settings.omdb_key))
    )
    for name, key in (("MOVIE_DB_TMDB_KEY", settings.tmdb_key), ("MOVIE_DB_OMDB_KEY", settings.omdb_key)):
        value = key.get_secret_value() if key else ""
        if value and (value != value.strip() or not value.isascii() or any(c.isspace() for c in value)):
            return Check("Keys", "wrong", told, f"{name} has a space or a foreign character in it")
    return Check("Keys", "ok", told)


def database(url: str) -> Check:
    """Whether the database answers, has this program's schema, and is sound as far as a short search tells."""
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
            right = "movie-db db upgrade brings it up to date"
            return Check("Database", "warning", f"{where} has the older schema {version}", right)
        return _searched(engine, where, version) if sqlite else Check("Database", "ok", f"{where}, schema {version}")
    except MovieDbError as error:
        return Check("Database", "wrong", str(error))
    finally:
        engine.dispose()


def _without_schema(engine: Any, where: str) -> tuple[Any, str, str | None]:
    from sqlalchemy import inspect

    if engine.dialect.name == "sqlite" and inspect(engine).get_table_names():
        return "wrong", f"{where} is a database of another program", "--db names another"
    return "ok", f"{where}: empty; movie-db build fills it", None


def _searched(engine: Any, where: str, version: str) -> Check:
    from sqlalchemy import text

    try:
        with engine.connect() as connection:
            said = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    except MovieDbError as error:
        if "too long" in str(error):
            return Check("Database", "ok", f"{where}, schema {version}; too large to be searched for damage now")
        raise
    if said != "ok":
        right = "movie-db db restore brings back a backup"
        return Check("Database", "wrong", f"{where} is damaged ({str(said).splitlines()[-1]})", right)
    return Check("Database", "ok", f"{where}, schema {version}, sound")
