"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movie_db.contract.errors import Unavailable, UsageError


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to, which takes its place at the end; after an error nothing has changed.

    Raises:
        UsageError: the path is a folder, a device or in no folder.
        Unavailable: the file can't be written.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file.")
    if path.exists() and not path.is_file():  # a file would take the device's place
        raise UsageError(f"{path} is a device or a pipe: name a file.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"The folder {path.absolute().parent} does not exist: name one that does.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as error:
        raise Unavailable(f"{path} can't be written: {error.strerror}.") from None
    os.close(handle)
    half = Path(name)
    try:
        yield half
        half.chmod(0o666 & ~_umask())
        half.replace(path)
    except OSError as error:
        raise Unavailable(f"{path} can't be written: {error.strerror or error}.") from None
    finally:
        half.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
