"""Backups of one client: made every night, verified, kept for a while."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from listening.jobs.context import JobContext, client_salt
from listening.logs import get_logger
from storage import backup as kept
from storage.backup import Backup

log = get_logger("listening.jobs.backup")

#: Folders of the client's data that a backup holds beside the warehouse; snapshots follow from it.
_FOLDERS = ("landing", "actions", "privacy", "spool")


def backup_place(context: JobContext) -> Path:
    """Return where the client's backups are."""
    return context.settings.backup_path / context.config.client_id


def make_backup(context: JobContext, *, now: datetime) -> Backup:
    """Make a backup, read it back, and remove those that are too old.

    Raises:
        WarehouseBusyError: A night runs.
        StorageError: It could not be written or is not what was kept; older ones stay.
    """
    paths = context.paths
    done = kept.make(
        paths.writer,
        paths.root,
        _files(context),
        backup_place(context),
        now=now,
        salt=client_salt(context.config.client_id, context.settings),
    )
    kept_for = timedelta(days=context.settings.backup_days)
    removed = kept.remove_old(backup_place(context), now=now, kept_for=kept_for)
    log.info(
        "backup_made",
        client=context.config.client_id,
        backup=done.name,
        files=done.file_count,
        bytes=done.byte_count,
        removed=removed,
    )
    return done


def erase_copies(context: JobContext) -> int:
    """Remove every backup of the client and what restores set aside; return how many there were."""
    place, root = backup_place(context), context.paths.root
    copies = [one.folder for one in kept.backups(place)]
    copies += root.parent.glob(f".{root.name}.before-*")
    for folder in (*copies, place):
        if folder.exists():
            shutil.rmtree(folder)
    return len(copies)


def _files(context: JobContext) -> list[Path]:
    found = [
        path
        for name in _FOLDERS
        for path in sorted((context.paths.root / name).rglob("*"))
        if path.is_file() and not path.name.endswith(".tmp")
    ]
    return [*found, *(path for path in (context.paths.relevance,) if path.exists())]
