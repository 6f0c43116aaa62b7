"""Retention, every night: tables, landing files and spooled mails, as ``privacy:`` says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from listening.files import remove_drafts
from listening.jobs.context import JobContext
from listening.logs import get_logger
from storage.action_log import remove_actions
from storage.alert_actions import FOLDER as ALERT_ACTIONS
from storage.engine import open_writer
from storage.migrate import migrate
from storage.retention import Expired, Limits, apply_retention
from storage.visits import loaded_batches

log = get_logger("listening.jobs.retention")

_BATCH_SUFFIX = ".jsonl.gz"

#: No file takes so long to be written.
_DRAFT_AGE = timedelta(hours=1)


def retain(context: JobContext, *, now: datetime) -> Expired:
    """Let go of what is too old; without limits in the configuration, of dead drafts alone.

    A landing file goes when its limit is over and the warehouse has it; a rebuild carries over
    from the old warehouse what no file tells any more. The holes in the warehouse's file go with
    the next compaction, snapshots with the next three publications, backups after their own time.

    Raises:
        WarehouseBusyError: A night runs.
        StorageError: The class that failed stays as it was.
    """
    privacy, paths = context.config.privacy, context.paths
    limits = Limits(
        text_before=_before(now, privacy.text_days),
        body_before=_before(now, privacy.landing_days),
        aggregate_before=_before(now, privacy.aggregate_days),
    )
    with open_writer(paths.writer) as warehouse:
        migrate(warehouse, now=now)
        window = timedelta(days=context.config.collect.story_window_days)
        done = apply_retention(warehouse, limits, story_window=window)
        loaded = {
            paths.run_folder(run_id) / f"{batch_id}{_BATCH_SUFFIX}"
            for run_id, batch_id in loaded_batches(warehouse)
        }
    remove_actions(
        paths.actions,
        lambda one: (
            one["document_id"] in done.document_ids
            or (one["kind"] == "note" and one["document_id"] in done.text_ids)
        ),
    )
    remove_actions(
        paths.actions / ALERT_ACTIONS, lambda one: one["action_id"] in done.alert_action_ids
    )
    files = remove_drafts(paths.landing, before=now - _DRAFT_AGE)
    if limits.body_before is not None:
        files += _remove_files(context, limits.body_before, loaded)
    log.info(
        "retention_applied",
        client=context.config.client_id,
        texts=len(done.text_ids),
        mails=done.mail_count,
        documents=done.document_count,
        files=files,
    )
    return done


def _before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)


def _remove_files(context: JobContext, before: datetime, loaded: set[Path]) -> int:
    old = [
        path for path in _candidates(context, loaded) if path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink()
    for folder in {path.parent for path in old} - {context.paths.spool}:
        if not any(folder.iterdir()):
            folder.rmdir()
    return len(old)


def _candidates(context: JobContext, loaded: set[Path]) -> Iterator[Path]:
    """Yield the files that may go; a batch that is not loaded yet, or tags, may not."""
    landing = context.paths.landing
    yield from (path for path in landing.glob(f"*/batch-*{_BATCH_SUFFIX}") if path in loaded)
    yield from landing.glob("*/*.plan.json.gz")
    yield from landing.glob("*/tagged-*.loaded")
    yield from landing.glob("*/rejected.jsonl")
    yield from context.paths.spool.glob("*.eml")
