"""How sources are doing, and what was asked of a site: read from the published snapshot."""

from typing import Any

from listening.jobs.context import JobContext
from storage.shipped import shipped_query


def source_health(context: JobContext) -> list[dict[str, Any]]:
    """Return one row per active source, those that need a person first.

    Raises:
        StorageError: Nothing is published yet.
    """
    return shipped_query(context.paths.snapshot, "reading/source_health")


def host_requests(context: JobContext, host: str, *, limit: int) -> list[dict[str, Any]]:
    """Return the newest requests made to one site, as its owner may be shown them.

    Args:
        context: The client.
        host: ``forum.example``, or with its port.
        limit: Rows at most.

    Raises:
        StorageError: Nothing is published yet.
    """
    parameters = {"host": host, "row_limit": limit}
    return shipped_query(context.paths.snapshot, "reading/host_requests", parameters)
