"""Reads from the settings how movies are stitched."""

from movie_db.contract.errors import UsageError
from movie_db.contract.settings import Settings
from movie_db.stitching.policy import DEFAULTS, Preferences
from movie_db.stitching.policy_toml import parse


def preferences(settings: Settings) -> Preferences:
    """Returns the preferences; the policy is read from its file.

    Raises:
        UsageError: the file can't be read, or has errors.
    """
    file = settings.policy
    if file is None:
        return DEFAULTS
    try:
        return Preferences(parse(file.read_text("utf-8")))
    except OSError as error:
        raise UsageError(f"The policy {file} can't be read ({error.strerror}): check MOVIE_DB_POLICY.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The policy {file} can't be read: it is not UTF-8 text.") from None
    except UsageError as error:
        raise UsageError(f"The policy {file} can't be used: {error}.") from None
