"""What the doctor finds in the settings and in the database."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from movie_db.contract.settings import Settings
from movie_db.doctor import configuration


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`checked(**environment)` gives the checks of these settings: status, message and advice."""

    def read(**environment: Any) -> Any:
        monkeypatch.delenv("MOVIE_DB_SHARED", raising=False)
        monkeypatch.setenv("MOVIE_DB_CONTACT", "ada@films.net")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return [(check.status, check.message, check.advice) for check in configuration.read({})[1]]

    return read


def test_settings_that_are_as_they_should_be_are_ok(checked: Any) -> None:
    assert checked() == [("ok", "valid", None)]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("MOVIE_DB_TMBD_KEY", "did you mean MOVIE_DB_TMDB_KEY?"),
        ("MOVIE_DB_URL", "did you mean MOVIE_DB_DATABASE_URL?"),
        ("MOVIE_DB_COLOUR", "README.md lists all settings"),
        ("MOVIE_DB_LANGUAGES", "did you mean MOVIE_DB_LANGUAGE?"),
        ("MOVIE_DB_DATABASE", "did you mean MOVIE_DB_DATABASE_URL?"),
        ("movie_db_contacts", "did you mean MOVIE_DB_CONTACT?"),
    ],
)
def test_a_name_that_is_no_setting_is_told_with_the_nearest_that_is(checked: Any, name: Any, meant: Any) -> None:
    assert [(s, w) for s, t, w in checked(**{name: "x"}) if name in t] == [("warning", meant)]


def test_every_value_that_can_not_be_read_is_told_and_the_rest_is_read(
    checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checked(MOVIE_DB_PACE="fast", MOVIE_DB_OMDB_DAILY="many", MOVIE_DB_GATEWAY="here", MOVIE_DB_LANGUAGE="it")
    assert {t for s, t, _ in found if s == "wrong"} == {
        "MOVIE_DB_PACE can't be read",
        "MOVIE_DB_OMDB_DAILY can't be read",
        "MOVIE_DB_GATEWAY can't be read",
    }
    settings, _ = configuration.read({})
    assert (settings.pace, settings.omdb_daily, settings.gateway) == ("polite", 1000, None)
    assert settings.languages == ("it", "en")


@pytest.mark.parametrize("contact", ["you@example.org", "Example.COM", "changeme", "me"])
def test_a_contact_that_reaches_nobody_is_checked(checked: Any, contact: str) -> None:
    assert checked(MOVIE_DB_CONTACT=contact)[0][:2] == ("warning", "MOVIE_DB_CONTACT is a placeholder")


def test_no_contact_is_checked(checked: Any) -> None:
    assert checked(MOVIE_DB_CONTACT="")[0][:2] == ("warning", "MOVIE_DB_CONTACT is not set")


def test_keys_are_told_to_be_there_and_not_shown() -> None:
    found = configuration.keys(Settings(tmdb_key="0123abcd"))
    assert (found.status, found.message) == ("ok", "TMDB: given, OMDb: none")


def test_a_key_with_a_space_in_it_is_wrong() -> None:
    found = configuration.keys(Settings(omdb_key="0123 "))
    assert (found.status, found.advice) == ("wrong", "MOVIE_DB_OMDB_KEY contains a space or a non-ASCII character")


def test_a_database_with_the_newest_schema_is_ok(database_url: str) -> None:
    found = configuration.database(database_url)
    assert found.status == "ok", found
    assert "schema 00" in found.message
    assert "word" not in found.message


def test_an_empty_database_is_ok(bare_database_url: str) -> None:
    assert configuration.database(bare_database_url).status == "ok"


@pytest.mark.parametrize(("version", "status"), [("9999", "wrong"), ("0001", "warning")])
def test_a_database_of_another_version_is_checked(database_url: str, version: Any, status: Any) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()
    found = configuration.database(database_url)
    assert found.status == status
    assert version in found.message


def test_a_database_of_another_program_is_wrong(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other.sqlite"
    with create_engine(url).begin() as connection:
        connection.execute(text("CREATE TABLE bookmarks (url TEXT)"))
    found = configuration.database(url)
    assert (found.status, found.message) == ("wrong", f"{tmp_path}/other.sqlite is a database of another program")


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = configuration.database(f"sqlite:///{tmp_path}/movie_db.sqlite")
    assert found.status == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_wrong(new_database: Any) -> None:
    url = new_database("sqlite")
    path = Path(make_url(url).database or "")
    with create_engine(url).begin() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    damaged = bytearray(path.read_bytes())
    half = len(damaged) // 2
    damaged[half : half + 20_000] = b"\xa5" * 20_000
    path.write_bytes(damaged)
    assert configuration.database(url).status == "wrong"


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "postgresql://127.0.0.1:1/films"])
def test_a_database_that_can_not_be_asked_is_wrong(url: str) -> None:
    assert configuration.database(url).status == "wrong"
