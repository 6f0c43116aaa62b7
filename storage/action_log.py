"""The log of what people did: JSON lines beside the warehouse, appended before its row.

The warehouse can be made anew from landing files, but not what people said of mentions: that lies
here as well, one file per month. A line that was being written when the machine stopped is the last
one, and not whole; it was never in the warehouse either, and is passed over.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from listening.errors import StorageError
from listening.files import write_whole
from listening.translate import mark

#: Folder of the log, beside ``warehouse.duckdb``.
FOLDER: Final = "actions"


class ActionKind(StrEnum):
    """What an action is about; its ``value`` is of that kind."""

    POLARITY = "polarity"  # a Polarity; None: back to the model's
    RELEVANCE = "relevance"  # "true", or "false" for a homonym; None: not judged
    STATUS = "status"  # new, in_progress, answered, ignored, satisfied
    OWNER = "owner"  # who looks after it
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionAction:
    """One thing one person did with one mention."""

    document_id: str
    brand_id: str
    kind: ActionKind
    value: str | None
    actor: str
    acted_at: datetime

    @property
    def action_id(self) -> str:
        """32 hex over everything, so that storing an action again changes nothing."""
        instant = self.acted_at.astimezone(UTC).isoformat()
        parts = [*map(repr, astuple(self)[:-1]), instant]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def append_action(folder: Path, action: MentionAction) -> None:
    """Append one action, and make it last.

    Raises:
        StorageError: The disk is full or refuses.
    """
    acted_at = action.acted_at.astimezone(UTC)
    append_record(folder, {**asdict(action), "acted_at": acted_at.isoformat()}, acted_at)


def append_record(folder: Path, values: Mapping[str, Any], acted_at: datetime) -> None:
    """Append one record of plain values to the file of its month, and make it last.

    Raises:
        StorageError: The disk is full or refuses.
    """
    line = json.dumps(dict(values), ensure_ascii=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{acted_at.astimezone(UTC):%Y-%m}.jsonl"
        with path.open("ab+") as file:
            if file.tell() and not _ends_whole(path):
                file.write(b"\n")  # what a stopped machine left half written stays alone
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(
            mark("cannot write the action down in {folder}: {error}"), folder=folder, error=error
        ) from error


def read_records(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every whole record of a log with the file and line it stands in, oldest file first."""
    for path in log_files(folder):
        for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
            if _is_whole(line):
                yield f"{path}:{number}", json.loads(line)


def read_actions(folder: Path) -> list[MentionAction]:
    """Return every action of the log, oldest first; one that was written twice comes once.

    Raises:
        StorageError: A line is no action; says which.
    """
    found = {action.action_id: action for path in log_files(folder) for action in _read(path)}
    return sorted(found.values(), key=lambda one: (one.acted_at, one.action_id))


def log_files(folder: Path) -> list[Path]:
    """Return the files of the log, oldest first."""
    return sorted(folder.glob("*.jsonl"))


def remove_actions(folder: Path, is_gone: Callable[[dict[str, Any]], bool]) -> int:
    """Write the log anew without some actions; return how many went.

    Raises:
        StorageError: The disk is full or refuses; the file at hand stays as it was.
    """
    return change_records(folder, lambda one: None if is_gone(one) else one)


def change_records(folder: Path, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> int:
    """Write a log anew; return how many records changed.

    Args:
        folder: Of the log.
        change: Given a record, returns what stays of it: the same, another, or None for nothing.

    Raises:
        StorageError: The disk is full or refuses; the file at hand stays as it was.
    """
    changed = 0
    for path in log_files(folder):
        kept = []
        before = changed
        for line in path.read_bytes().splitlines(keepends=True):
            values = json.loads(line) if _is_whole(line) else None
            after = change(values) if values is not None else None
            if values is None or after == values:
                kept.append(line)
                continue
            changed += 1
            if after is not None:
                kept.append(json.dumps(after, ensure_ascii=False).encode() + b"\n")
        if changed > before:
            write_whole(path, b"".join(kept))
    return changed


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _read(path: Path) -> Iterator[MentionAction]:
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line or not (_is_whole(line) or number < len(lines)):
            continue
        try:
            values = json.loads(line)
            values["kind"] = ActionKind(values["kind"])
            values["acted_at"] = datetime.fromisoformat(values["acted_at"])
            yield MentionAction(**values)
        except (ValueError, KeyError, TypeError) as error:
            if not _is_whole(line):
                continue  # half written, and then another line was begun after it
            raise StorageError(
                mark("{path}: not an action: {error}"), path=f"{path}:{number}", error=error
            ) from error
