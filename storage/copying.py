"""Copy a closed database file, in a process of its own: ``copying.py SOURCE TARGET [PRESENT]``.

It must not be imported by the process that writes: opening and closing the file there drops that
process's lock on it, and another could then write. Here we take DuckDB's own lock for the time of
the copy, so that a writer that is still open is noticed and none can start meanwhile. Exit status
75 (try again) says that somebody holds the file, 76 that PRESENT is a copy of it already.
"""

import fcntl
import os
import sys
from typing import BinaryIO

CHUNK = 16 * 1024 * 1024
BUSY = 75
UNCHANGED = 76
#: DuckDB's headers: the file's own, and two that take turns, of which the newer one counts the
#: checkpoints and says where the content begins. A checkpoint that writes anything changes them.
HEADERS = 3 * 4096


def is_copy(source: BinaryIO, present_name: str) -> bool:
    """Return whether a snapshot shows the file as it is: as long, and with its headers."""
    try:
        with open(present_name, "rb") as present:  # noqa: PTH123
            is_as_long = os.fstat(present.fileno()).st_size == os.fstat(source.fileno()).st_size
            headers = os.pread(source.fileno(), HEADERS, 0)
            return is_as_long and os.pread(present.fileno(), HEADERS, 0) == headers
    except FileNotFoundError:
        return False


def copy_file(source: BinaryIO, target: BinaryIO) -> None:
    """Copy bytes inside the kernel where it can (sharing blocks on some file systems)."""
    parent = os.getppid()
    remaining = os.fstat(source.fileno()).st_size
    while remaining:
        if os.getppid() != parent:  # whoever asked is dead: nobody will use the copy
            raise SystemExit("the publishing process is gone")
        try:
            count = os.copy_file_range(source.fileno(), target.fileno(), min(CHUNK, remaining))
        except OSError as error:
            if error.errno not in {18, 22, 38, 95}:  # EXDEV, EINVAL, ENOSYS, EOPNOTSUPP
                raise
            count = os.sendfile(target.fileno(), source.fileno(), None, min(CHUNK, remaining))
        if not count:
            raise SystemExit("the source became shorter while it was copied")
        remaining -= count
    os.fsync(target.fileno())


def main(source_name: str, target_name: str, present_name: str | None = None) -> int:
    """Copy one file under its lock; return the exit status."""
    with open(source_name, "rb") as source:  # noqa: PTH123 — starts fast
        try:
            fcntl.lockf(source, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return BUSY
        if present_name is not None and is_copy(source, present_name):
            return UNCHANGED
        with open(target_name, "xb") as target:  # noqa: PTH123
            copy_file(source, target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
