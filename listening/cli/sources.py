"""Commands about sources: list them, try an address, add it, say how each one is."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from listening.cli.console import (
    EXIT_FAILED,
    err,
    out,
    print_json,
    print_table,
    printable,
    speaker,
)
from listening.cli.health import health, log
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.cli.reasons import explain_reason
from listening.cli.spoken import App
from listening.collectors.faults import ADDRESS_FORBIDDEN
from listening.config.sources import add_source, add_sources
from listening.errors import ConfigError
from listening.jobs.context import client_folder, open_strict_context, utc_now
from listening.model import RunStatus, SourceKind
from listening.settings import get_settings
from listening.translate import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from listening.collectors.discovery.discover import Found
    from listening.jobs.sources import SourceCheck

_, ngettext = speaker().gettext, speaker().ngettext

app = App(help=_("the places we listen to"), no_args_is_help=True)

app.command(help=_("say how each source is: last read, silence against its habit, next visit"))(
    health
)
app.command(help=_("print what was asked of a site, as its owner may be shown it"))(log)

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


@app.command(help=_("try an address or a page now, show what it gives, and keep the best"))
def add(
    url: Annotated[
        str, typer.Argument(metavar="ADDRESS", help=_("a feed, a site or one of its pages"))
    ],
    *,
    client: ClientOption = None,
    source_id: Annotated[str | None, typer.Option("--id", help=_("short id"))] = None,
    source_type: Annotated[
        str | None, typer.Option("--type", help="press|blog|forum|review|social|search|own")
    ] = None,
    title: Annotated[str, typer.Option(help=_("name shown to people"))] = "",
    pick: Annotated[
        int | None, typer.Option(min=1, help=_("number of the one to keep; asked in a terminal"))
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=_("keep it though it gives nothing now"))
    ] = False,
) -> None:
    """Look for what the address offers as a night would; write one source to sources.yaml."""
    from listening.jobs.sources import find_sources, sample_of, source_for

    context = open_strict_context(chosen_client(client))
    source = source_for(url, context.config, source_id=source_id, source_type=source_type)
    tried = asyncio.run(find_sources(context, source))
    good = [one for one in tried if one.is_good]
    _show_found(tried, source.url)
    _advise(one.run.reason for one in tried)
    if not good and not force:
        err.print(_("not kept; to keep it all the same: --force"))
        raise typer.Exit(EXIT_FAILED)
    if good:
        chosen = good[_picked(pick, len(good)) - 1]
        sample = sample_of(chosen)
        _show_sample(sample)
        kept_type = source.source_type if source_type else chosen.candidate.source_type
        source = source_for(
            chosen.candidate.url, context.config, source_id=source_id, source_type=kept_type
        )
        source = replace(source, kind=chosen.candidate.kind)
        title = title or sample.title or ""
    folder = client_folder(context.config.client_id, get_settings())
    add_source(folder, source, title=title)
    out.print(_("kept as {source} in sources.yaml", source=source.source_id))


@app.command("import-opml", help=_("add the subscriptions of a feed reader"))
def import_opml(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("an OPML file"))],
    *,
    client: ClientOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("only say what would be"))] = False,
) -> None:
    """Write the list's sources to sources.yaml, all at once; say what was left out and why."""
    from listening.config.opml import read_opml
    from listening.config.yaml_file import read_bytes

    context = open_strict_context(chosen_client(client))
    reading = read_opml(read_bytes(path, missing=None), known=context.config.sources)
    if reading.sources and not dry_run:
        add_sources(client_folder(context.config.client_id, get_settings()), reading.sources)
    print_table(
        [_("source"), _("kind"), _("type"), _("address")],
        [[one.source_id, one.kind, one.source_type, one.url] for one in reading.sources],
    )
    for one in (*reading.repeated, *reading.unread):
        place = _("line {line}", line=one.line)
        err.print(printable(f"{path}: {place}: {one.name}: {_(one.reason)}"), markup=False)
    out.print(
        _(
            "{added} added, {repeated} known already, {unread} left out",
            added=len(reading.sources),
            repeated=len(reading.repeated),
            unread=len(reading.unread),
        )
    )
    if reading.unread:
        raise typer.Exit(EXIT_FAILED)


@app.command("export-opml", help=_("print the sources as a list for feed readers"))
def export_opml(*, client: ClientOption = None) -> None:
    """Print OPML on stdout; read back, it gives the same sources."""
    from listening.config.opml import write_opml

    config = open_strict_context(chosen_client(client)).config
    document = write_opml(config.sources, title=config.name, now=utc_now())
    sys.stdout.write(document.decode("utf-8"))


def _show_found(tried: "Sequence[Found]", asked: str) -> None:
    """Print what was tried; what can be kept comes first and has a number.

    Addresses that were only guessed and are not there are counted.
    """
    shown = [one for one in tried if one.is_good or not _is_idle_guess(one, asked)]
    rows = [
        [
            str(number) if one.is_good else "",
            one.candidate.kind,
            one.candidate.url,
            one.document_count,
            "" if one.run.reason is None else explain_reason(one.run.reason, speaker()),
        ]
        for number, one in enumerate(shown, start=1)
    ]
    print_table(["", _("kind"), _("address"), _("documents"), _("verdict")], rows)
    if left := len(tried) - len(shown):
        out.print(
            ngettext(
                "{n} other address was tried: there is nothing",
                "{n} other addresses were tried: there is nothing",
                left,
            )
        )


def _is_idle_guess(one: "Found", asked: str) -> bool:
    return one.run.reason == "http_404" and one.candidate.url != asked


def _advise(reasons: "Iterable[str | None]") -> None:
    """Say what the configuration can do about a reason."""
    if ADDRESS_FORBIDDEN in reasons:
        err.print(
            _(
                "to read a site of your own network all the same, in client.yaml: {line}",
                line='collect: {allow_hosts: ["192.168.1.20"]}',
            ),
            markup=False,
        )


def _picked(pick: int | None, count: int) -> int:
    """Return the number to keep: the one asked for, else the person's, else the first."""
    if pick is None and count > 1 and sys.stdin.isatty():
        said = typer.prompt(_("which one?"), default="1", prompt_suffix=" ").strip()
        pick = int(said) if said.isdecimal() else 0
    if pick is None:
        return 1
    if not 1 <= pick <= count:
        raise typer.BadParameter(_("there are {count} to choose from", count=count))
    return pick


@app.command(help=_("visit every source now and say how it is"))
def check(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE…", help=_("which; none: all"))
    ] = None,
    *,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a verdict per source; nothing is stored."""
    from listening.jobs.sources import check_sources

    context = open_strict_context(chosen_client(client))
    visited = [one for one in context.config.sources if one.kind is not SourceKind.IMPORT]
    known = [one.source_id for one in visited]
    for source_id in ids or ():
        if source_id not in known:
            raise ConfigError(
                mark("there is no source {source}"),
                hint=mark("known ones: {known}"),
                values={"source": source_id, "known": ", ".join(known)},
            )
    wanted = [one for one in visited if not ids or one.source_id in ids]
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
                    speaker().datetime(one.newest_at, context.config.timezone)
                    if one.newest_at
                    else "",
                    f"{one.visit.duration_s:.1f}",
                ]
                for one in checks
            ],
        )
    if not checks:
        err.print(_("There is no source yet; to add one: vigie sources add ADDRESS"))
    _advise(one.visit.reason for one in checks)
    if any(one.visit.status is not RunStatus.OK for one in checks):
        raise typer.Exit(EXIT_FAILED)


def _verdict(checked: "SourceCheck") -> str:
    visit = checked.visit
    verdict = "✔ " + _("read") if visit.status is RunStatus.OK else "✘ " + _("not read")
    reasons = [] if visit.reason is None else [visit.reason]
    words = [explain_reason(word, speaker()) for word in (*reasons, *visit.faults)]
    return verdict + (f" – {_('; ').join(words)}" if words else "")


def _show_sample(checked: "SourceCheck") -> None:
    out.print(
        _("{source}: {what}", source=_verdict(checked), what=checked.visit.source_id), markup=False
    )
    for title in checked.titles[:_SAMPLE_SIZE]:
        out.print(f"  – {title}", markup=False)
