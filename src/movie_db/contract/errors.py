"""Errors that say what to do, not what broke. The class alone decides whether to retry."""

from typing import Literal


class MovieDbError(Exception):
    """Base class of all errors raised on purpose. The text is one clear sentence for the user."""


class UsageError(MovieDbError):
    """The request can't be fulfilled as given. The text says what would be right. Exit code 2."""


class UnavailableError(MovieDbError):
    """A required part of the installation does not respond (database, service, disk). Exit code 1."""


class BuilderBusyError(UnavailableError):
    """Another process is building this database. Exit code 1."""


class SourceError(MovieDbError):
    """A request to a source failed. `outcome` is what the message records (see `messages.Outcome`)."""

    outcome: Literal["failed", "blocked", "not_found", "unreadable", "not_asked"] = "failed"


class RetryLaterError(SourceError):
    """A transient failure: a timeout, a reset connection, 429 or 5xx. The same request may succeed later."""

    outcome = "failed"


class BlockedError(SourceError):
    """The source refuses access (401, 403, robots.txt, an empty 202). Retrying does not help."""

    outcome = "blocked"


class NotFoundError(SourceError):
    """The source has no such resource (404, 410)."""

    outcome = "not_found"


class NotConfiguredError(SourceError):
    """No request was made: the source requires a key that is not set."""

    outcome = "not_asked"


class UnreadableError(SourceError):
    """The source's response can't be parsed: its format has changed, or it is damaged."""

    outcome = "unreadable"


class ContractError(MovieDbError):
    """A message violates the contract. It goes to `rejected_items` with this reason."""
