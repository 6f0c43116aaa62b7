"""``vigie export``: a view, a query or a question as a file for a spreadsheet or a program."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from listening.cli.console import err, out, speaker
from listening.cli.options import ClientOption, chosen_client
from listening.jobs.context import open_strict_context

_, ngettext = speaker().gettext, speaker().ngettext


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("write a view, a query or a question into a file"))(export)


def export(
    what: Annotated[
        str,
        typer.Argument(metavar="VIEW|SELECT…|QUESTION", help=_("what: mentions, or one SELECT")),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("ends in .csv, .xlsx, .parquet or .jsonl"))
    ],
    *,
    client: ClientOption = None,
    kind: Annotated[
        Literal["csv", "csv-excel-fr", "xlsx", "parquet", "jsonl"] | None,
        typer.Option("--format", help=_("csv-excel-fr: ; and decimal comma; none: by the name")),
    ] = None,
) -> None:
    """Write the file; say how many rows it has."""
    from listening.jobs.export import export_file

    context = open_strict_context(chosen_client(client))
    done = export_file(context, what, target, kind=kind)
    rows = ngettext("{n} row", "{n} rows", done.row_count)
    out.print(_("{file}: {rows}", file=target, rows=rows), markup=False)
    if done.cut_cell_count:
        err.print(
            ngettext(
                "{n} text is longer than a cell may be, and was cut",
                "{n} texts are longer than a cell may be, and were cut",
                done.cut_cell_count,
            )
        )
