"""Backups of one client: made every night, verified, kept for a while, and put back."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from listening.errors import ConfigError
from listening.jobs.context import JobContext, client_salt
from listening.logs import get_logger
from listening.translate import mark
from storage import backup as kept
from storage.backup import Backup
from storage.engine import open_writer
from storage.migrate import migrate

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
        "backup_made", client=context.config.client_id, backup=done.name, files=done.file_count,
        bytes=done.byte_count, removed=removed,
    )  # fmt: skip
    return done


def restore_backup(context: JobContext, name: str | None, *, now: datetime) -> tuple[Backup, Path]:
    """Put a backup in place of the client's data; return it, and where the data went.

    What is there now is not deleted but set aside. Robots files and the learnt models are made
    again by themselves. People erased since the backup stay on the list; their documents in it
    are to be erased again (jobs.privacy.erase_again).

    Args:
        context: The client.
        name: Of the backup; None: the newest.
        now: Names what is set aside.

    Raises:
        ConfigError: There is no such backup.
        WarehouseBusyError: A night runs.
        StorageError: The backup is damaged; nothing was changed.
    """
    paths, place = context.paths, backup_place(context)
    chosen = _chosen(kept.backups(place), name, place)
    salt = client_salt(context.config.client_id, context.settings)
    restored = kept.restore(chosen.folder, place, paths.root, salt=salt)
    with open_writer(restored / paths.writer.name) as warehouse:
        migrate(warehouse, now=now)
    _take_along(paths.privacy, restored / paths.privacy.name)
    for folder in (paths.good_config, paths.published):
        if folder.is_dir():
            shutil.copytree(folder, restored / folder.name, symlinks=True, dirs_exist_ok=True)
    if paths.relevance.exists():
        shutil.copy2(paths.relevance, restored)
    aside = paths.root.with_name(f".{paths.root.name}.before-{now:%Y%m%dT%H%M%SZ}")
    if paths.writer.exists():
        with open_writer(paths.writer):  # nobody works on what is set aside
            pass
    if paths.root.exists():
        paths.root.replace(aside)
    restored.replace(paths.root)
    log.info("backup_restored", client=context.config.client_id, backup=chosen.name)
    return chosen, aside


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


def _take_along(present: Path, restored: Path) -> None:
    """Keep the present list of erased people: it only ever grows, so it holds the older one."""
    if present.is_dir():
        shutil.copytree(present, restored, dirs_exist_ok=True)


def _chosen(known: list[Backup], name: str | None, place: Path) -> Backup:
    for one in known:
        if name in {None, one.name}:
            return one
    raise ConfigError(
        mark("there is no such backup"),
        path=place,
        hint=mark("known ones: {known}"),
        values={"known": ", ".join(one.name for one in known) or "–"},
    )
