"""What a person leaves beside documents: notes, mails, logs, learnt layers, data set aside."""

import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from listening.errors import StorageError
from listening.files import remove_drafts, write_whole
from listening.jobs.context import JobContext
from listening.translate import mark
from sentiment.retraining import forget_corrections
from storage.actions import remove_notes
from storage.alert_actions import empty_notes
from storage.blocklist import Blocklist
from storage.engine import Warehouse
from storage.searching import find_in_files, has_needle


def forget_notes(warehouse: Warehouse, needles: Collection[str], naming: Blocklist) -> int:
    """Remove what people noted about the person on other mentions and on alerts; return how many.

    Args:
        warehouse: The writer.
        needles: Ids, addresses and words of the person.
        naming: Their name, in any spelling.

    Raises:
        StorageError: The log of actions cannot be written.
    """
    wanted = [needle.encode() for needle in needles]

    def is_personal(note: str) -> bool:
        return has_needle(note.encode(), wanted) or naming.has_words(note)

    return remove_notes(warehouse, is_personal) + empty_notes(warehouse, is_personal)


def remove_traces(
    context: JobContext, document_ids: Collection[str], needles: tuple[str, ...], *, now: datetime
) -> int:
    """Remove files and lines that name the person, half-written files, and data set aside.

    Returns:
        How many files, folders and lines.

    Raises:
        StorageError: Data that was set aside cannot be removed.
        TaggingError: What was learnt from corrections cannot be read.
    """
    paths = context.paths
    forget_corrections(paths.calibration, document_ids)
    whole = [*paths.spool.rglob("*"), *paths.robots.rglob("*")]
    found = find_in_files([path for path in whole if path.is_file()], needles)
    for path in found:
        path.unlink(missing_ok=True)
    lined = [*log_paths(context), *paths.landing.glob("*/rejected.jsonl")]
    lines = sum(_remove_lines(path, needles) for path in lined)
    remove_drafts(paths.landing, before=now)
    return len(found) + lines + remove_set_aside(context)


def remove_set_aside(context: JobContext) -> int:
    """Remove the data that restores have set aside: of a person, no older copy may stay.

    Raises:
        StorageError: A folder cannot be removed.
    """
    root = context.paths.root
    folders = sorted(root.parent.glob(f".{root.name}.before-*"))
    for folder in folders:
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise StorageError(
                mark("cannot remove {folder}: {error}"), folder=folder, error=error
            ) from error
    return len(folders)


def log_paths(context: JobContext) -> list[Path]:
    """Return Airflow's task logs of the client, and what was typed into its SQL shell."""
    client_id, var = context.config.client_id, context.settings.var_path
    found = [
        *(var / "logs").glob(f"dag_id=*_{client_id}/**/*.log"),
        *(var / "logs").glob(f"demo-*_{client_id}.log"),
        var / "secrets" / f"{client_id}.sql_history",
    ]
    return sorted(path for path in found if path.is_file())


def _remove_lines(path: Path, needles: tuple[str, ...]) -> int:
    if not find_in_files([path], needles):
        return 0
    wanted = [needle.encode() for needle in needles]
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not has_needle(line, wanted)]
    write_whole(path, b"".join(kept))
    return len(lines) - len(kept)
