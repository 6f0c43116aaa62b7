"""Publication: check the warehouse, then copy it to the snapshot that analysts read."""

from datetime import datetime
from pathlib import Path

from listening.errors import StorageError
from listening.jobs.context import JobContext
from listening.logs import get_logger
from listening.translate import mark
from storage.checks import checked_until, run_checks
from storage.engine import open_writer
from storage.migrate import migrate
from storage.publish import current_snapshot, publish

log = get_logger("listening.jobs.publish")


def publish_snapshot(context: JobContext, *, now: datetime) -> Path:
    """Publish the warehouse as it is; return the new snapshot's path.

    What was checked for the present snapshot is not read again; maintenance checks everything.

    Raises:
        StorageError: A check failed; the snapshot published before stays.
    """
    since = _checked_until(context, now=now)
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        failures = run_checks(warehouse, since=since)
    if failures:
        raise StorageError(
            mark("not published: {failures}"),
            failures="; ".join(str(failure) for failure in failures),
        )
    path = publish(context.paths.writer, context.paths.published, now=now)
    log.info("snapshot_published", client=context.config.client_id, snapshot=path.name)
    return path


def _checked_until(context: JobContext, *, now: datetime) -> datetime | None:
    try:
        return checked_until(current_snapshot(context.paths.published), now=now)
    except StorageError:  # nothing published yet, or it is damaged: everything is checked
        return None
