"""Closing a client: everything is exported, then nothing is left."""

import shutil
from pathlib import Path

from listening.errors import ConfigError, StorageError
from listening.jobs.backup import erase_copies
from listening.jobs.context import JobContext, client_folder
from listening.jobs.traces import log_paths, remove_set_aside
from listening.logs import get_logger
from listening.translate import mark
from storage.engine import open_writer
from storage.exporting import Question, export
from storage.shipped import shipped_query

log = get_logger("listening.jobs.closing")


def export_all(context: JobContext, folder: Path) -> int:
    """Export each table and the view mentions as Parquet, and the configuration; count the files.

    Of a client that never published anything there is only the configuration.

    Raises:
        ConfigError: The folder is there already and is not empty.
        StorageError: The snapshot is damaged, or the disk is full.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(mark("this folder is not empty"), path=folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = ["mentions"] if context.paths.writer.exists() else []
    if tables:
        found = shipped_query(context.paths.snapshot, "privacy/all_tables")
        tables += [row["table_name"] for row in found]
    for table in tables:
        question = Question(
            sql=f'FROM "{table}"', source=f"vigie {context.config.client_id}", definition=table
        )
        export(
            context.paths.snapshot,
            question,
            folder / f"{table}.parquet",
            kind="parquet",
            timezone=context.config.timezone,
        )
    source = client_folder(context.config.client_id, context.settings)
    shutil.copytree(source, folder / "configuration")
    return sum(path.is_file() for path in folder.rglob("*"))


def close_client(context: JobContext) -> None:
    """Erase data, backups, logs, salt and configuration of a client.

    Raises:
        WarehouseBusyError: A night runs.
        StorageError: Something could not be removed; run it again.
    """
    client_id, settings = context.config.client_id, context.settings
    if context.paths.writer.exists():
        with open_writer(context.paths.writer):  # no night runs
            pass
    try:
        erase_copies(context)
        remove_set_aside(context)
        for path in log_paths(context):
            path.unlink()
        if context.paths.root.exists():
            shutil.rmtree(context.paths.root)
        (settings.var_path / "secrets" / f"{client_id}.salt").unlink(missing_ok=True)
        shutil.rmtree(client_folder(client_id, settings))
    except OSError as error:
        raise StorageError(
            mark("not everything of {client} is erased: {error}"), client=client_id, error=error
        ) from error
    log.info("client_closed", client=client_id)
