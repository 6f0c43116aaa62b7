"""Putting a backup back in place of a client's data."""

import shutil
from datetime import datetime
from pathlib import Path

from listening.errors import ConfigError, WarehouseDamagedError
from listening.jobs.backup import backup_place
from listening.jobs.context import JobContext, client_salt, place_aside
from listening.jobs.privacy import erase_again
from listening.jobs.publish import publish_snapshot
from listening.jobs.watchdog import watchdog_files
from listening.logs import get_logger
from listening.translate import mark
from storage import backup as kept
from storage.backup import Backup
from storage.engine import Warehouse, open_writer
from storage.migrate import migrate
from storage.outbox import take_over

log = get_logger("listening.jobs.restore")


def restore_backup(context: JobContext, name: str | None, *, now: datetime) -> tuple[Backup, Path]:
    """Put a backup in place of the client's data; return it, and where the data went.

    What is there now, damaged or not, is not deleted but set aside. What was learnt from people
    stays in force, when a run last ended well stays known, and so does what became of each mail,
    unless the warehouse is damaged; robots files are asked for again. People who were erased since
    the backup are erased from it again, and the snapshot shows what was restored.

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
        if paths.writer.exists():
            _keep_mails(warehouse, paths.writer)
    _take_along(paths.privacy, restored / paths.privacy.name)
    for folder in (paths.good_config, paths.published):
        if folder.is_dir():
            shutil.copytree(folder, restored / folder.name, symlinks=True, dirs_exist_ok=True)
    for present in (paths.relevance, paths.calibration, *watchdog_files(paths)):
        if present.exists():
            shutil.copy2(present, restored)
    aside = place_aside(paths, now=now)
    if paths.root.exists():
        paths.root.replace(aside)
    restored.replace(paths.root)
    erase_again(context, now=now)
    publish_snapshot(context, now=now)
    log.info("backup_restored", client=context.config.client_id, backup=chosen.name)
    return chosen, aside


def _keep_mails(warehouse: Warehouse, present: Path) -> None:
    """Keep what became of each mail: what has gone out since the backup does not go out again."""
    try:
        take_over(warehouse, present)
    except WarehouseDamagedError:
        log.warning("sent_mails_unknown", path=str(present))


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
