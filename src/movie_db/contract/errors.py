"""Errors that say what to do, not what broke. Whether to retry is decided by the class alone."""

from typing import Literal


class MovieDbError(Exception):
    """Everything this project raises on purpose. Its text is one clear sentence for a person."""


class UsageError(MovieDbError):
    """The user asked for something that can't be: says what would be right. Exit code 2."""


class UnavailableError(MovieDbError):
    """Something of ours that is needed does not answer (database, service, disk). Exit code 1."""


class BuilderBusyError(UnavailableError):
    """Another builder works on the database. Exit code 1."""


class SourceError(MovieDbError):
    """A source could not be read for one request. `outcome` is what goes on record (see `messages.Outcome`)."""

    outcome: Literal["failed", "blocked", "not_found", "unreadable", "not_asked"] = "failed"


class RetryLaterError(SourceError):
    """Transient: a time-out, a reset, 429, 5xx. The same request may succeed later."""

    outcome = "failed"


class BlockedError(SourceError):
    """The source does not let us in (401, 403, robots.txt, an empty 202). Asking again changes nothing."""

    outcome = "blocked"


class NotFoundError(SourceError):
    """The source answered: there is no such thing (404, 410)."""

    outcome = "not_found"


class NotConfiguredError(SourceError):
    """We did not ask: the source wants a key, and the user gave none."""

    outcome = "not_asked"


class UnreadableError(SourceError):
    """The source answered with something that can't be read: it changed, or was damaged."""

    outcome = "unreadable"


class ContractError(MovieDbError):
    """A message does not fit the contract. It goes to `rejected_items` with this reason."""
