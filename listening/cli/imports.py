"""The command that takes in files: exports of networks, mailboxes, web archives."""

from pathlib import Path
from typing import Annotated

import typer

from listening.cli.console import EXIT_FAILED, err, out, print_json, printable, speaker
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.cli.reasons import explain_reason
from listening.jobs.context import open_strict_context

_, ngettext = speaker().gettext, speaker().ngettext

#: Rejected rows that are shown; all of them are in the file.
_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("import", help=_("take in an export, a mailbox or a web archive"))(import_file)


def import_file(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("CSV, Excel, JSON lines, mbox, eml or WARC"))
    ],
    *,
    source: Annotated[str, typer.Option(help=_("id of the source it belongs to"))],
    mapping: Annotated[
        Path | None, typer.Option(help=_("mapping file: which column is what"))
    ] = None,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Land and load a file's documents; name every row that is none."""
    from listening.config.mapping import ColumnsSpec, MappingSpec, load_mapping
    from listening.jobs.importing import import_file as run

    context = open_strict_context(chosen_client(client))
    usual = MappingSpec(columns=ColumnsSpec(text="text", title="title", id="id", url="url",
                                            author="author", date="date", rating="rating",
                                            lang="lang"), is_strict=False)  # fmt: skip
    spec = load_mapping(mapping) if mapping is not None else usual
    result = run(context, path, source_id=source, mapping=spec)
    if as_json:
        print_json(
            {
                "rows": result.row_count,
                "new": result.loaded.new,
                "changed": result.loaded.changed,
                "unchanged": result.loaded.unchanged,
                "repeated": result.repeated_count,
                "rejected": len(result.rejected),
                "rejected_file": result.rejected_path,
            }
        )
        return
    rows = ngettext("{n} row", "{n} rows", result.row_count)
    what = [
        ngettext("{n} new row", "{n} new rows", result.loaded.new),
        ngettext("{n} changed row", "{n} changed rows", result.loaded.changed),
        ngettext("{n} repeated row", "{n} repeated rows", result.repeated_count),
        ngettext("{n} rejected row", "{n} rejected rows", len(result.rejected)),
    ]
    out.print(_("{rows}: {what}", rows=rows, what=", ".join(what)))
    for row in result.rejected[:_SHOWN]:
        reason = explain_reason(row.reason, speaker())
        err.print(printable(f"{path}:{row.line}: {reason}"), markup=False)
    if result.rejected:
        if mapping is None and len(result.rejected) == result.row_count:
            err.print(_("which column holds the text? say so with --mapping: docs/imports.md"))
        err.print(_("all of them: {path}", path=result.rejected_path or ""), markup=False)
        raise typer.Exit(EXIT_FAILED)
