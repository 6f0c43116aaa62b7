"""What all commands share: data on stdout, progress on stderr, JSON, messages in one language."""

import json
import math
import sys
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from listening.cli.reasons import explain_reason
from listening.errors import (
    CollectError,
    CollectionFailedError,
    ConfigError,
    ListeningError,
    WordedError,
)
from listening.settings import get_settings
from listening.translate import Translator, translator

#: Exit codes, documented in README.md.
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_BUSY = 3

#: Columns narrower than this, borders included, cannot be read.
_LEAST_WIDTH = 10
_ANY_WIDTH = 100_000

#: So much of a long id is shown.
_ID_DIGITS = 8

#: What people type for yes and no, in either language whatever they are asked in; Enter is no.
_YES = frozenset({"o", "oui", "y", "yes"})
_NO = frozenset({"", "n", "non", "no"})


class Pipe(Console):
    """A console whose reader may leave early (``vigie check | head -1``): that is no failure."""

    def on_broken_pipe(self) -> None:
        """Write the rest to nobody, and end as if it had been read; rich itself ends with 1."""
        try:
            super().on_broken_pipe()
        except SystemExit:
            raise SystemExit(0) from None


#: Results, for a person or a pipe.
out = Pipe(highlight=False, soft_wrap=True)
#: Progress and errors.
err = Console(stderr=True, highlight=False, soft_wrap=True)


def speaker() -> Translator:
    """Return the translator of the commands' language.

    A broken environment must not keep a command from saying so: then it speaks French.
    """
    try:
        return translator(get_settings().language)
    except ConfigError:
        return translator("fr")


def told(error: ListeningError) -> str:
    """Return what went wrong in the commands' language, as far as the catalogue knows it."""
    if isinstance(error, WordedError):
        return speaker().gettext(error.message_template, **error.values)
    if isinstance(error, CollectError):
        why = explain_reason(error.reason, speaker())
        return speaker().gettext("{source}: {what}", source=error.source_id, what=why)
    if isinstance(error, CollectionFailedError):
        return speaker().gettext(
            "{failed} of {sources} sources failed, more than the allowed share of {share}",
            failed=str(error.failed_count),
            sources=str(error.source_count),
            share=speaker().percent(error.allowed_share),
        )
    return str(error)


def print_sent(sent: int, failed: int) -> None:
    """Say how many mails left, and how many were refused."""
    ngettext = speaker().ngettext
    left = ngettext("{n} mail sent", "{n} mails sent", sent)
    out.print(", ".join([left, ngettext("{n} refused", "{n} refused", failed)]))


def print_json(value: Any) -> None:
    """Print one value as a line of JSON on stdout; numbers that JSON does not have become null."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, default=_to_json)
    sys.stdout.write(text + "\n")


def short_id(identity: str) -> str:
    """Return how a document's or an alert's id begins: enough for every command that takes one."""
    return identity[:_ID_DIGITS]


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    whole: Container[str] = (),
) -> None:
    """Print a table on stdout; cells are data, never markup.

    Args:
        columns: Their heads.
        rows: Their cells.
        title: Shown above.
        whole: Columns whose cells stay on one line, to be copied from.
    """
    out.print(_table(columns, rows, title=title, whole=whole))


def _table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    whole: Container[str] = (),
) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in whole)
    for row in rows:
        table.add_row(*(escape(printable(cell)) for cell in row))
    return table


def print_rows(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None
) -> None:
    """Print an answer as a table; where it is too wide for one, a block of lines per row.

    Args:
        columns: Their heads.
        rows: Their cells.
        title: Shown above.
    """
    table = _table(columns, rows, title=title)
    natural = out.measure(table, options=out.options.update(width=_ANY_WIDTH)).maximum
    if natural <= out.width or len(columns) * _LEAST_WIDTH <= out.width:
        out.print(table)
        return
    if title:
        out.print(title, style="italic", markup=False)
    for number, row in enumerate(rows, start=1):
        out.print(f"— {number} —", style="bold")
        block = Table(box=None, show_header=False, pad_edge=False)
        block.add_column(no_wrap=True)
        block.add_column(overflow="fold")
        for name, cell in zip(columns, row, strict=True):
            block.add_row(escape(printable(name)), escape(printable(cell)))
        out.print(block)


def printable(cell: object) -> str:
    """Return a cell as text that cannot move the cursor or colour the terminal."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 1 else f"{cell:.3f}".rstrip("0").rstrip(".")
    text = cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)
    return "".join(map(_safe, text))


def _safe(char: str) -> str:
    """Keep letters, marks, line ends and every width of space; control characters are shown."""
    if char.isprintable() or char == "\n" or unicodedata.category(char) == "Zs":
        return char
    return "\ufffd"


def require_consent(question: str) -> None:
    """Ask a question of yes or no on stderr, again until the answer is one; leave unless it is yes.

    Raises:
        typer.Exit: The answer is no, or there is nobody to give one.
    """
    _ = speaker().gettext
    shown = " ".join([question, _("[y/N]")])
    answer = None
    while answer not in _YES | _NO:
        if answer is not None:
            err.print(_("answer y or n"))
        try:
            answer = typer.prompt(
                shown,
                default="",
                show_default=False,
                prompt_suffix=" ",
                err=True,
            )
        except typer.Abort:  # Ctrl-C, or the end of what was piped
            err.print()
            answer = ""
        answer = answer.strip().casefold()
    if answer in _NO:
        err.print(_("given up"))
        raise typer.Exit(EXIT_FAILED)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Progress]:
    """Show a bar on stderr; nothing when stderr is not a terminal."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}", style="dim"),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as bar:
        bar.add_task(label, total=total, note="")
        yield bar


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value


def _to_json(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return list(value)
    return str(value)
