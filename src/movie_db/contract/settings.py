"""All settings: environment variables that start with `MOVIE_DB_`."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from movie_db.contract.errors import UsageError


def _service(address: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+/?", address):
        raise ValueError(f"it takes the address of a service, http://host:port, not {address!r}")
    return address.rstrip("/")


def _wikipedia(host: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*\.wikipedia\.org", host):
        raise ValueError(f"it takes a Wikipedia, such as en.wikipedia.org, not {host!r}")
    return host


def languages_of(text: str) -> tuple[str, ...]:
    """The ISO 639 codes in a text such as `it,de`, by preference, followed by English.

    Raises:
        ValueError: a code is not that of a language.
    """
    codes = [code.strip().lower() for code in text.split(",")]
    for code in codes:
        # Loading the list of languages takes time, so it is loaded only if a language is set.
        from pycountry import languages

        if len(code) not in {2, 3} or languages.get(**{f"alpha_{len(code)}": code}) is None:
            raise ValueError(f"it takes language codes in order of preference, such as it or it,de, not {code!r}")
    return tuple(dict.fromkeys((*codes, "en")))


def _languages(text: str) -> str:
    return ",".join(languages_of(text))


Service = Annotated[str, AfterValidator(_service)]


class Settings(BaseSettings):
    """The settings of this process. They are read once at startup and passed on; nothing else reads the environment."""

    model_config = SettingsConfigDict(env_prefix="MOVIE_DB_", env_ignore_empty=True, extra="ignore")

    database_url: str = Field("sqlite:///movie_db.sqlite", description="The database: sqlite:///FILE or postgresql://…")
    test_database_url: str | None = Field(None, description="The second database, for tests (Alembic's test_db)")
    data: Path = Field(Path("movie_data"), description="Folder of the logs between services and of the archive")
    gateway: Service | None = Field(None, description="The web gateway's address, http://host:port")
    wiki_api: Service | None = Field(None, description="The wiki API's address, http://host:port")
    client_api: Service | None = Field(None, description="The movie_db_client's address, http://host:port")
    upstream: str | None = Field(
        None,
        description="A stand-in web, http://host:port: a server that answers for every host, instead of the internet",
    )
    proxy: SecretStr | None = Field(
        None, description="A forward proxy, http://[user:password@]host:port; without it, HTTPS_PROXY is used"
    )
    pace: Literal["polite", "unlimited"] = Field(
        "polite", description="unlimited lifts the rates (never the concurrency); only with a stand-in web"
    )
    contact: str | None = Field(None, description="Your address or page, for the User-Agent: sources ask for it")
    gallery: str = Field(
        "https://www.justwatch.com/us/provider/max/movies", description="The gallery that the suite builds"
    )
    wikipedia_host: Annotated[str, AfterValidator(_wikipedia)] = Field(
        "en.wikipedia.org", description="The Wikipedia that is read"
    )
    language: Annotated[str, AfterValidator(_languages)] | None = Field(
        None, description="Languages of titles, plots and names, best first: it,de; English is the last resort"
    )
    policy: Path | None = Field(None, description="A TOML file that changes which source's value wins")
    tmdb_key: SecretStr | None = Field(None, description="Your key of api.themoviedb.org; without it TMDB is not used")
    omdb_key: SecretStr | None = Field(None, description="Your key of www.omdbapi.com; without it OMDb is not used")
    omdb_daily: int = Field(1000, ge=1, description="Requests a day that your key of OMDb grants: a free one 1,000")
    imdb_files: str | None = Field(
        None, description="Folder with IMDb's files (title.basics.tsv.gz …), or download; without it they are not read"
    )
    rate_limit: int = Field(
        600_000, ge=1, description="Requests a minute that one client may make of the database's API"
    )
    logs: Path | None = Field(None, description="Folder of the services' logs, beside standard error: a file a service")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much the services log")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of texts, by preference. The last one is English."""
        return languages_of(self.language) if self.language else ("en",)

    @classmethod
    def read(cls) -> "Settings":
        """Reads the settings of this process.

        Raises:
            UsageError: a variable is invalid. The text names it, and what it takes.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = f"MOVIE_DB_{'_'.join(map(str, first['loc'])).upper()}"
            reason = first["msg"].removeprefix("Value error, ")
            raise UsageError(f"{name} can't be read: {reason}.") from None
