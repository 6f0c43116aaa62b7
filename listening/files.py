"""Files that last: given their content in one step, and on the disk before anybody goes on.

A stopped machine leaves the old content or the new one, never half of either.
"""

import math
import os
from datetime import datetime
from pathlib import Path

from listening.errors import StorageError


def write_whole(path: Path, body: bytes) -> None:
    """Give a file its content in one step, readable by its owner only; make its folder if need be.

    Raises:
        StorageError: The disk is full or refuses; the file stays as it was.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o600)
        draft.replace(path)
        sync(path.parent)
    except OSError as error:
        raise StorageError("cannot write {path}: {error}", path=path, error=error) from error
    finally:
        draft.unlink(missing_ok=True)


def remove_drafts(folder: Path, *, before: datetime) -> int:
    """Remove what a killed program had begun to write, anywhere in a folder; return how many.

    Args:
        folder: Where to look.
        before: Newer ones stay: somebody may be writing them.
    """
    dead = [one for one in folder.rglob(".*.tmp") if _changed_at(one) < before.timestamp()]
    for draft in dead:
        draft.unlink(missing_ok=True)
    return len(dead)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # it has just got its name
        return math.inf


def sync(path: Path) -> None:
    """Make what was written to a file last; for a folder, the names in it.

    Raises:
        OSError: The disk failed.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
