"""What every source module speaks: requests to make, and answers to read. No I/O here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol, runtime_checkable

from movie_db.contract.messages import Certificate, Money, Release, Several, SourceRecord

Reads = Mapping[str, str]
"""What a parser reads of an answer: the path of each field, and what it is (`text`, `number`, `flag`, `list`, `object`,
or `any`).

`[]` in a path stands for each entry of a list, `*` for each key of an object. A `?` behind the kind says that the field
is often null or absent. Tests hold each declaration against what its parser reads; `movie-db doctor --live` holds real
answers against it.
"""


class SourceRequest(NamedTuple):
    """One request. Equal asks are the same request: `body` is deterministic, so that the archive knows it again."""

    source: str
    url: str
    body: bytes | None = None
    """None asks by GET, else by POST."""
    headers: tuple[tuple[str, str], ...] = ()


JSON: Final = (("Accept", "application/json"),)
"""Headers of an ask to an API: a web page in its place is trouble that the gateway then knows for what it is."""


class SourceAnswer(NamedTuple):
    """A good answer (2xx). `url` is the final address after redirects, `retrieved_at` when the source gave it (UTC)."""

    request: SourceRequest
    url: str
    retrieved_at: datetime
    body: bytes


def several(
    *,
    runtimes: Sequence[int] = (),
    budgets: Sequence[Money] = (),
    box_offices: Sequence[Money] = (),
    releases: Sequence[Release] = (),
    certificates: Sequence[Certificate] = (),
) -> Several | None:
    """What a source tells more of than its facts hold; None if that is nothing."""
    found = Several(
        runtimes=tuple(runtimes) if len(runtimes) > 1 else (),
        budgets=tuple(budgets) if len(budgets) > 1 else (),
        box_offices=tuple(box_offices) if len(box_offices) > 1 else (),
        releases=tuple(dict.fromkeys(releases)) if len(releases) > 1 or any(r.place for r in releases) else (),
        certificates=tuple(dict.fromkeys(certificates)),
    )
    return found if found != _NOTHING_MORE else None


_NOTHING_MORE: Final = Several()


@runtime_checkable
class KeyedSource(Protocol):
    """What a module of this folder has that is asked by the ids that films bear, once it is known which films they are.

    `SOURCE` is its name in records, `BATCH` how many films one request takes. One that has `SPEAKS = True` is asked
    again in each language that the user wants texts in; what it then tells that differs are such texts.
    """

    SOURCE: str
    BATCH: int

    def key_of(self, ids: Mapping[str, str]) -> str | None:
        """By what to ask for a film that bears these ids (namespace → value); None: it can't be asked for."""

    def plan(self, keys: Sequence[str], language: str = "en") -> list[SourceRequest]:
        """The requests for these films, of which there are `BATCH` at most."""

    def parse(self, answer: SourceAnswer) -> dict[str, SourceRecord]:
        """The records of one answer, by the keys that were asked for.

        Raises:
            SourceError: there is nothing to be read in it: says why.
        """
