"""Commands about sources: list them, try an address, add it, say how each one is."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from listening.cli.console import (
    EXIT_FAILED,
    err,
    out,
    print_json,
    print_table,
    speaker,
)
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.cli.reasons import explain_reason
from listening.config.sources import add_source
from listening.jobs.context import client_folder, open_strict_context
from listening.model import RunStatus
from listening.settings import get_settings

if TYPE_CHECKING:
    from listening.jobs.sources import SourceCheck

_ = speaker().gettext

app = typer.Typer(help=_("the places we listen to"), no_args_is_help=True)

#: Titles shown of an address that was tried.
_SAMPLE_SIZE = 5


@app.command("list", help=_("list the sources of a client"))
def list_sources(*, client: ClientOption = None, as_json: JsonOption = False) -> None:
    """Print the configured sources."""
    sources = open_strict_context(chosen_client(client)).config.sources
    if as_json:
        for source in sources:
            print_json(
                {
                    "source_id": source.source_id,
                    "kind": source.kind,
                    "type": source.source_type,
                    "url": source.url,
                    "title": source.title,
                    "weight": source.weight,
                }
            )
        return
    print_table(
        [_("source"), _("kind"), _("type"), _("address")],
        [[one.source_id, one.kind, one.source_type, one.url] for one in sources],
    )


@app.command(help=_("try an address now, show what it gives, and keep it"))
def add(
    url: str,
    *,
    client: ClientOption = None,
    source_id: Annotated[str | None, typer.Option("--id", help=_("short id"))] = None,
    source_type: Annotated[
        str, typer.Option("--type", help="press|blog|forum|review|social|search|own")
    ] = "blog",
    title: Annotated[str, typer.Option(help=_("name shown to people"))] = "",
    force: Annotated[bool, typer.Option(help=_("keep it though it gives nothing now"))] = False,
) -> None:
    """Visit the address as a night would; write it to sources.yaml when it gives documents."""
    from listening.jobs.sources import check_sources, source_for

    context = open_strict_context(chosen_client(client))
    source = source_for(url, context.config, source_id=source_id, source_type=source_type)
    (checked,) = asyncio.run(check_sources(context, [source]))
    _show_sample(checked)
    if checked.visit.status is not RunStatus.OK and not force:
        err.print(_("not kept; to keep it all the same: --force"))
        raise typer.Exit(EXIT_FAILED)
    folder = client_folder(context.config.client_id, get_settings())
    add_source(folder, source, title=title or checked.title or "")
    out.print(_("kept as {source} in sources.yaml", source=source.source_id))


@app.command(help=_("visit every source now and say how it is"))
def check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="SOURCE…")] = None,
    *,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a verdict per source; nothing is stored."""
    from listening.jobs.sources import check_sources

    context = open_strict_context(chosen_client(client))
    wanted = [one for one in context.config.sources if not ids or one.source_id in ids]
    checks = asyncio.run(check_sources(context, wanted))
    if as_json:
        for checked in checks:
            print_json(checked.to_json())
    else:
        print_table(
            [_("source"), _("verdict"), _("documents"), _("newest"), _("seconds")],
            [
                [
                    one.visit.source_id,
                    _verdict(one),
                    one.visit.document_count,
                    speaker().date(one.newest_at) if one.newest_at else "",
                    f"{one.visit.duration_s:.1f}",
                ]
                for one in checks
            ],
        )
    if any(one.visit.status is not RunStatus.OK for one in checks):
        raise typer.Exit(EXIT_FAILED)


def _verdict(checked: "SourceCheck") -> str:
    visit = checked.visit
    verdict = "✔ " + _("read") if visit.status is RunStatus.OK else "✘ " + _("not read")
    reasons = [] if visit.reason is None else [visit.reason]
    words = [explain_reason(word, speaker()) for word in (*reasons, *visit.faults)]
    return verdict + (f" – {'; '.join(words)}" if words else "")


def _show_sample(checked: "SourceCheck") -> None:
    out.print(f"{_verdict(checked)}: {checked.visit.source_id}", markup=False)
    for title in checked.titles[:_SAMPLE_SIZE]:
        out.print(f"  – {title}", markup=False)
