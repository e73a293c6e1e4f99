"""What the doctor found: one line a check for people, one JSON document for programs, and no secrets in either."""

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
"""The version of the JSON document: it changes when a field changes its meaning or goes."""


@dataclass(frozen=True)
class Check:
    """What one look at one thing found. `told` is short; `right` says what would be right, if something isn't."""

    name: str
    status: Status
    told: str
    right: str | None = None
    fields: tuple[Mapping[str, Any], ...] = field(default=())
    """Of a door: the fields that are not as they are read."""


def lines(check: Check, width: int = WIDTH) -> Iterator[str]:
    """The check as lines of at most `width` characters, where words allow it."""
    text = check.told + (f": {check.right}" if check.right else "")
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
    """How many checks ended how."""
    told = [check.status for check in checks]
    return f"{told.count('ok')} ok, {told.count('warning')} to look at, {told.count('wrong')} wrong."


def document(checks: Iterable[Check], at: datetime, live: bool) -> dict[str, Any]:
    """The JSON document."""
    made = list(checks)
    return {
        "format": FORMAT,
        "movie_db": __version__,
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "live": live,
        "counts": {s: sum(check.status == s for check in made) for s in ("ok", "warning", "wrong")},
        "checks": [
            {
                "name": c.name,
                "status": c.status,
                "told": c.told,
                "right": c.right,
                "fields": list(map(dict, c.fields)),
            }
            for c in made
        ],
    }


class Discreet:
    """Takes out of texts what nobody else shall see: keys, passwords in addresses, the user's name in paths."""

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
            self(check.told),
            self(check.right) if check.right else None,
            tuple({k: self(v) if isinstance(v, str) else v for k, v in f.items()} for f in check.fields),
        )


def secrets_of(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The keys and passwords in the settings, whatever they are called."""
    named = re.compile(r"MOVIE_DB_.*(KEY|PASSWORD|TOKEN|SECRET|CONTACT)")
    found = [value for name, value in environment.items() if named.match(name) and len(value) > 2]
    for name, value in environment.items():
        if name.startswith("MOVIE_DB_") and (told := re.search(r"://[^:/@\s]*:([^/\s]+)@", value)):
            found.append(told[1])
    return found
