"""Erased people stay away: what is landed or loaded is held against the client's list."""

from pathlib import Path

from listening.jobs.context import JobContext, client_salt
from listening.logs import get_logger
from listening.model import Batch
from storage.blocklist import Blocklist, read_blocklist
from storage.erasing import Gone, scrub_batch, scrub_landing
from storage.landing import read_batch

log = get_logger("listening.jobs.blocked")


def client_blocklist(context: JobContext) -> Blocklist:
    """Return who may not come back.

    Raises:
        StorageError: The list is damaged.
    """
    salt = client_salt(context.config.client_id, context.settings)
    return read_blocklist(context.paths.privacy, salt)


def without_blocked(context: JobContext, batch: Batch) -> Batch:
    """Return what may be stored of a batch: nothing of people who were erased.

    The list is read each time: somebody may be erased while a night collects.

    Raises:
        StorageError: The list is damaged: nothing may be stored before that is mended.
    """
    kept = scrub_batch(batch, client_blocklist(context))
    if refused := len(batch.documents) - len(kept.documents):
        log.info("documents_blocked", client=context.config.client_id, documents=refused)
    return kept


def read_allowed_batch(context: JobContext, path: Path) -> Batch:
    """Read a landing file for loading; one that holds something blocked is written anew first.

    It does when it landed in the moment in which somebody was erased, or came out of a backup.
    """
    batch = read_batch(path)
    kept = without_blocked(context, batch)
    if kept == batch:
        return batch
    gone = Gone(client_blocklist(context))
    for document in batch.documents:
        if gone.has(document):
            gone.add(document)
    scrub_landing(path, gone)
    return kept
