"""Publishing: a read-only snapshot for analysts, switched in one step.

Analysts never open the writer file: one open connection of theirs would stop the night. The closed
file is copied under a versioned name, and the link ``mentions.duckdb`` then points at the copy.
Whoever has the old one open keeps reading it to the end.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from listening.errors import StorageError, WarehouseBusyError
from listening.files import sync
from listening.translate import mark
from storage import copying
from storage.engine import open_writer

#: The link analysts open.
LINK = "mentions.duckdb"
#: Versions that stay: readers may still start from the one before.
KEEP = 3
#: What a copy must answer: the views are whole, and so are the columns that join the large tables.
_LOOK = """
SELECT
    (SELECT count(*) FROM (FROM mentions LIMIT 0)),
    (SELECT min(document_id) FROM fct_documents),
    (SELECT min(document_id) FROM fct_mentions)
"""


def publish(writer_path: Path, published_dir: Path, *, now: datetime) -> Path:
    """Publish the writer file as it is; return the path of the version that shows it.

    When nothing was written since the last publication, that is the present one: nothing is copied.

    The writer must be closed. A crash or a full disk at any moment leaves the old snapshot in
    place; what was half made is removed by the next call.

    Args:
        writer_path: The client's ``warehouse.duckdb``.
        published_dir: Folder of snapshots, made when missing.
        now: Names the version, with a number that counts those of one ``now``: readers that stay
            notice a new version by its name, so that no name is ever used twice.

    Raises:
        WarehouseBusyError: The writer file is open, here or in another process.
        StorageError: There is no writer file, the copy failed, or it cannot be read.
    """
    if not writer_path.is_file():
        raise StorageError(mark("nothing to publish: {path} does not exist"), path=writer_path)
    with open_writer(writer_path) as connection:
        connection.execute("CHECKPOINT")
    published_dir.mkdir(parents=True, exist_ok=True)
    with _only_publisher(published_dir):
        version = _next_version(published_dir, now)
        for leftover in published_dir.glob(".*.tmp"):
            leftover.unlink()
        temporary = published_dir / f".{version.name}.tmp"
        try:
            if not _copy(writer_path, temporary, present=_readable(published_dir)):
                return current_snapshot(published_dir)
            _verify(temporary)
            temporary.chmod(0o444)
            temporary.replace(version)
        finally:
            temporary.unlink(missing_ok=True)
        _flip(published_dir, version)
        _remove_old(published_dir, version)
    return version


def current_snapshot(published_dir: Path) -> Path:
    """Return the version that the link points at.

    Raises:
        StorageError: Nothing was published yet, or the version is gone.
    """
    link = published_dir / LINK
    if not link.is_symlink():
        raise StorageError(mark("nothing is published yet: {path} does not exist"), path=link)
    if not link.is_file():
        raise StorageError(
            mark("snapshot is missing: {path} points at {version}"),
            path=link,
            version=link.readlink(),
        )
    return link.resolve()


def copy_closed(writer_path: Path, target: Path) -> None:
    """Copy the warehouse somewhere else, under its lock, and see that the copy can be read.

    Raises:
        WarehouseBusyError: The writer file is open, here or in another process.
        StorageError: There is no writer file, the copy failed, or it cannot be read.
    """
    if not writer_path.is_file():
        raise StorageError(mark("nothing to copy: {path} does not exist"), path=writer_path)
    with open_writer(writer_path) as connection:
        connection.execute("CHECKPOINT")
    _copy(writer_path, target, present=None)
    _verify(target)


def remove_older(published_dir: Path, current: Path) -> None:
    """Remove every snapshot but one: of a person who was erased, no older one may stay.

    A reader that has one open finishes on it.
    """
    with _only_publisher(published_dir):
        for version in published_dir.glob("mentions-*.duckdb"):
            if version != current:
                version.unlink()


def _next_version(published_dir: Path, now: datetime) -> Path:
    """Return a name that sorts after those of the same instant; the newest of them always stays."""
    stem = f"mentions-{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
    taken = [int(path.stem.rpartition("-")[2]) for path in published_dir.glob(f"{stem}-*.duckdb")]
    return published_dir / f"{stem}-{max(taken, default=0) + 1:04d}.duckdb"


@contextmanager
def _only_publisher(published_dir: Path) -> Iterator[None]:
    """Wait for other publishers; a killed one lets go by itself."""
    with (published_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _readable(published_dir: Path) -> Path | None:
    """Return the present snapshot, when there is one and it can be read."""
    try:
        snapshot = current_snapshot(published_dir)
        _verify(snapshot)
    except StorageError:
        return None
    return snapshot


def _copy(writer_path: Path, target: Path, *, present: Path | None) -> bool:
    """Copy the writer file; return False when ``present`` shows it as it is."""
    if writer_path.with_name(writer_path.name + ".wal").exists():
        raise WarehouseBusyError(
            mark("{path} is still open: it has a write-ahead log"), path=writer_path
        )
    command = [sys.executable, "-I", "-S", copying.__file__, str(writer_path), str(target)]
    if present is not None:
        command.append(str(present))
    done = subprocess.run(  # noqa: S603 — our own script, paths as arguments, no shell
        command, capture_output=True, text=True, check=False
    )
    if done.returncode == copying.UNCHANGED:
        return False
    if done.returncode == copying.BUSY:
        raise WarehouseBusyError(
            mark("{path} is open in another connection; close it first"), path=writer_path
        )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise StorageError(
            mark("cannot copy {path} to {folder} (what was published stays): {reason}"),
            path=writer_path,
            folder=target.parent,
            reason=reason[0],
        )
    return True


def _verify(snapshot: Path) -> None:
    try:
        with duckdb.connect(snapshot, read_only=True) as connection:
            connection.execute(_LOOK).fetchone()
    except duckdb.Error as error:
        raise StorageError(
            mark("the copy cannot be read, so it is not published: {error}"), error=error
        ) from error


def _flip(published_dir: Path, version: Path) -> None:
    temporary = published_dir / f".{LINK}.tmp"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(version.name)
    temporary.replace(published_dir / LINK)
    sync(published_dir)


def _remove_old(published_dir: Path, current: Path) -> None:
    versions = sorted(published_dir.glob("mentions-*.duckdb"), reverse=True)
    others = [version for version in versions if version != current]
    for old in others[KEEP - 1 :]:
        old.unlink()
