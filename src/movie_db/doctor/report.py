"""The doctor's report: one line per check for people, one JSON document for programs, and no secrets in either."""

import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote, quote_plus

from movie_db import __version__

Status = Literal["ok", "warning", "wrong"]
WIDTH: Final = 80
_HANGING: Final = 8
_NAME: Final = 23
FORMAT: Final = 1
"""The version of the JSON document, which changes when a field changes its meaning or is removed."""


@dataclass(frozen=True)
class Check:
    """The result of one check: a short message and, if something is wrong, advice on how to fix it."""

    name: str
    status: Status
    message: str
    advice: str | None = None
    fields: tuple[Mapping[str, Any], ...] = field(default=())
    """Of a source: the fields that differ from what its parser reads."""


def lines(check: Check, width: int = WIDTH) -> Iterator[str]:
    """The check as lines of at most `width` characters, unless a single word is longer."""
    text = check.message + (f": {check.advice}" if check.advice else "")
    begin = f"{check.status:<{_HANGING}}{check.name:<{_NAME}}"
    yield from textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=begin if begin.endswith(" ") else f"{begin} ",
        subsequent_indent=" " * _HANGING,
        break_long_words=False,
        break_on_hyphens=False,
    )


def summary(checks: Iterable[Check]) -> str:
    """The number of checks by status."""
    statuses = [check.status for check in checks]
    return f"{statuses.count('ok')} ok, {statuses.count('warning')} to look at, {statuses.count('wrong')} wrong."


def document(checks: Iterable[Check], at: datetime, live: bool) -> dict[str, Any]:
    """The report as a JSON document."""
    results = list(checks)
    return {
        "format": FORMAT,
        "movie_db": __version__,
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "live": live,
        "counts": {s: sum(check.status == s for check in results) for s in ("ok", "warning", "wrong")},
        "checks": [
            {
                "name": c.name,
                "status": c.status,
                "told": c.message,
                "right": c.advice,
                "fields": list(map(dict, c.fields)),
            }
            for c in results
        ],
    }


class Redactor:
    """Removes private data from texts: keys, passwords in addresses, the user's name in paths."""

    def __init__(self, secrets: Iterable[str], home: Path | None = None) -> None:
        forms = {form for s in secrets if s for form in (s, quote(s, safe=""), quote_plus(s))}
        self._secrets = sorted(forms, key=len, reverse=True)
        self._home = str(home or Path.home())

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = re.sub(r"(?<=://)[^/\s]*@", "***@", text)
        text = re.sub(r"([?&](?:password|api_?key|apikey|key|token)=)[^&\s'\"]+", r"\1***", text, flags=re.IGNORECASE)
        if self._home not in {"/", ""}:
            text = re.sub(rf"{re.escape(self._home)}(?=/|\b)", "~", text)
        return re.sub(r"(?<![\w~.])/(?:home|Users)/[^/\s'\"]+", "~", text)

    def check(self, check: Check) -> Check:
        """The check without secrets."""
        return Check(
            check.name,
            check.status,
            self(check.message),
            self(check.advice) if check.advice else None,
            tuple({k: self(v) if isinstance(v, str) else v for k, v in f.items()} for f in check.fields),
        )


def secrets_of(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The keys and passwords in the settings of the environment."""
    named = re.compile(r"MOVIE_DB_.*(KEY|PASSWORD|TOKEN|SECRET|CONTACT)")
    found = [value for name, value in environment.items() if named.match(name) and len(value) > 2]
    for name, value in environment.items():
        if name.startswith("MOVIE_DB_") and (found_in := re.search(r"://[^:/@\s]*:([^/\s]+)@", value)):
            found.append(found_in[1])
    return found
