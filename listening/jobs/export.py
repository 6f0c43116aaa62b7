"""Exports of a client's published data."""

import re
from datetime import UTC, datetime
from pathlib import Path

from listening.errors import ConfigError
from listening.jobs.context import JobContext
from listening.translate import mark
from storage.exporting import FORMATS, Exported, Question, export
from storage.questions import filled_sql, find_question

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUESTION = re.compile(r"[0-9][A-Za-z0-9_]*")
_SUFFIXES = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet", ".jsonl": "jsonl"}


def export_file(context: JobContext, what: str, target: Path, *, kind: str | None) -> Exported:
    """Write a view or table, a statement, or a shipped question into a file.

    Two columns say where each row is from (client and snapshot) and what it is (name or statement).

    Raises:
        ConfigError: The file's name says no format and none was asked for, or its folder is
            missing.
        StorageError: Nothing is published yet, the statement is wrong, or the disk is full.
    """
    kind = kind or _SUFFIXES.get(target.suffix.lower())
    if kind not in FORMATS:
        raise ConfigError(
            mark("{file} does not say in which format"),
            hint=mark("say it with --format: {known}"),
            values={"file": target.name, "known": ", ".join(FORMATS)},
        )
    if not target.absolute().parent.is_dir():
        raise ConfigError(mark("there is no such folder"), path=target.absolute().parent)
    question = _question(context, what)
    return export(
        context.paths.snapshot, question, target, kind=kind, timezone=context.config.timezone
    )


def _question(context: JobContext, what: str) -> Question:
    snapshot = context.paths.snapshot
    made = ""
    if snapshot.exists():
        at = datetime.fromtimestamp(snapshot.stat().st_mtime, tz=UTC)
        made = f" {at:%Y-%m-%dT%H:%M:%SZ}"
    source = f"vigie {context.config.client_id}{made}"
    if _NAME.fullmatch(what):
        return Question(sql=f'FROM "{what}"', source=source, definition=what)
    if _QUESTION.fullmatch(what):
        question = find_question(what)
        return Question(
            sql=filled_sql(snapshot, question),
            source=source,
            definition=question.said(context.config.language),
        )
    return Question(sql=what, source=source, definition=" ".join(what.split()))
