"""Rebuilding a client's warehouse from its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from listening.errors import WarehouseDamagedError
from listening.jobs.blocked import read_allowed_batch
from listening.jobs.collect import know_configuration, landing_files
from listening.jobs.context import JobContext, place_aside
from listening.jobs.publish import publish_snapshot
from listening.logs import get_logger
from listening.model import Batch
from storage.action_log import read_actions
from storage.alert_actions import restore_alert_actions
from storage.engine import Warehouse
from storage.rebuilding import Rebuild, Sources, rebuild

log = get_logger("listening.jobs.rebuild")


@dataclass(frozen=True, slots=True)
class _Batches:
    """The landed batches of a client; each time they are asked for they are read again."""

    context: JobContext

    def __iter__(self) -> Iterator[Batch]:
        for path in landing_files(self.context.paths.landing):
            yield read_allowed_batch(self.context, path)


def rebuild_warehouse(context: JobContext, *, now: datetime, is_forced: bool = False) -> Rebuild:
    """Make the warehouse anew from landing files, tagged files and the log of actions; publish it.

    A damaged one is set aside as a restore does, and nothing is carried over from it.

    Args:
        context: The client.
        now: Decides what is too old to be kept.
        is_forced: Use it although a table differs from the old warehouse's.

    Raises:
        WarehouseBusyError: A night runs.
        StorageError: A file is damaged, or a data check fails; the old warehouse stays.
    """
    try:
        done = _rebuild(context, now=now, is_forced=is_forced)
    except WarehouseDamagedError:
        with _damaged_aside(context, now=now):
            done = _rebuild(context, now=now, is_forced=is_forced)
    if done.is_in_use:
        publish_snapshot(context, now=now)
    log.info(
        "warehouse_rebuilt",
        client=context.config.client_id,
        tables=len(done.tables),
        different=len(done.differences),
        in_use=done.is_in_use,
    )
    return done


def _rebuild(context: JobContext, *, now: datetime, is_forced: bool) -> Rebuild:
    return rebuild(
        context.paths.writer,
        Sources(
            batches=_Batches(context),
            tagged=tagged_files(context.paths.landing),
            actions=read_actions(context.paths.actions),
        ),
        now=now,
        story_window=timedelta(days=context.config.collect.story_window_days),
        exclusions_kept=timedelta(days=context.settings.exclusion_days),
        configure=lambda warehouse: _configure(context, warehouse, now=now),
        is_forced=is_forced,
    )


@contextmanager
def _damaged_aside(context: JobContext, *, now: datetime) -> Iterator[None]:
    """Set the damaged warehouse aside, and put it back when no new one is made."""
    writer = context.paths.writer
    aside = place_aside(context.paths, now=now)
    aside.mkdir(mode=0o700, exist_ok=True)
    moved: dict[Path, Path] = {}
    for path in (writer, writer.with_name(writer.name + ".wal")):  # of no use to a new one
        if path.exists():
            moved[path] = path.replace(aside / path.name)
    log.warning("damaged_warehouse_set_aside", client=context.config.client_id, folder=str(aside))
    try:
        yield
    finally:
        if not writer.exists():
            for path, kept in moved.items():
                kept.replace(path)


def _configure(context: JobContext, warehouse: Warehouse, *, now: datetime) -> None:
    """Write what no landing file tells: the configuration, and what people said of alerts."""
    know_configuration(context, warehouse, now=now)
    restore_alert_actions(warehouse, context.paths.actions)


def tagged_files(landing: Path) -> list[Path]:
    """Return the tagged files that were loaded, oldest first; the others are loaded by a night."""
    found = landing.glob("*/tagged-*.jsonl.gz.loaded")
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
