"""Maintenance: see that the warehouse is sound, and write its file anew without the holes."""

from datetime import datetime

from listening.errors import StorageError
from listening.jobs.context import JobContext
from listening.logs import get_logger
from listening.translate import mark
from storage.checks import run_checks
from storage.compacting import Compaction, compact
from storage.engine import open_writer
from storage.migrate import migrate

log = get_logger("listening.jobs.maintain")


def check_warehouse(context: JobContext, *, now: datetime) -> None:
    """Run every data check.

    Raises:
        StorageError: A rule is broken: which one, how many rows, and the first of them.
    """
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        failures = run_checks(warehouse)
    if failures:
        raise StorageError(
            mark("unsound warehouse: {failures}"), failures="; ".join(map(str, failures))
        )
    log.info("warehouse_checked", client=context.config.client_id)


def compact_warehouse(context: JobContext) -> Compaction:
    """Write the writer file anew; return its size before and after.

    Raises:
        WarehouseBusyError: Another process holds it.
        StorageError: The disk is full, or the copy differs; the file stays as it was.
    """
    done = compact(context.paths.writer)
    log.info(
        "warehouse_compacted",
        client=context.config.client_id,
        bytes_before=done.bytes_before,
        bytes_after=done.bytes_after,
    )
    return done
