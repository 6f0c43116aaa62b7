"""Commands that keep data safe: back up, restore, rebuild, and close a client."""

from pathlib import Path
from typing import Annotated

import typer

from listening.cli.console import EXIT_FAILED, err, out, print_table, require_consent, speaker
from listening.cli.options import ClientOption, NowOption, chosen_client, instant_of
from listening.cli.spoken import App
from listening.jobs.context import open_context, open_strict_context

_, ngettext = speaker().gettext, speaker().ngettext

YesOption = Annotated[bool, typer.Option("--yes", help=_("do not ask"))]

client_app = App(help=_("clients: end one"), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(help=_("back up a client's data and read the copy back"))(backup)
    app.command(help=_("put a backup back; what is there now is set aside"))(restore)
    app.command(help=_("make the warehouse anew from its files and prove it the same"))(rebuild)
    app.add_typer(client_app, name="client")


def backup(
    *,
    client: ClientOption = None,
    now: NowOption = None,
    is_list: Annotated[bool, typer.Option("--list", help=_("only list the backups"))] = False,
) -> None:
    """Make a backup, or list those there are, the newest first."""
    from listening.jobs.backup import backup_place, make_backup
    from storage.backup import backups

    context = open_context(chosen_client(client))
    if is_list:
        known = backups(backup_place(context))
        rows = [[one.name, one.file_count, f"{one.byte_count / 1e6:.1f}"] for one in known]
        print_table([_("backup"), _("files"), _("MB")], rows)
        return
    made = make_backup(context, now=instant_of(now))
    out.print(_("backed up and read back: {folder}", folder=made.folder), markup=False)


def restore(
    name: Annotated[
        str | None, typer.Argument(metavar="BACKUP", help=_("see backup --list; none: the newest"))
    ] = None,
    *,
    client: ClientOption = None,
    now: NowOption = None,
    yes: YesOption = False,
) -> None:
    """Restore, after asking."""
    from listening.jobs.restore import restore_backup

    context = open_context(chosen_client(client))
    if not yes:
        require_consent(_("Replace the data of {client}?", client=context.config.client_id))
    chosen, aside = restore_backup(context, name, now=instant_of(now))
    out.print(_("restored: {backup}", backup=chosen.name))
    if aside.exists():
        out.print(_("what was there is in {folder}", folder=aside), markup=False)


def rebuild(
    *,
    client: ClientOption = None,
    now: NowOption = None,
    force: Annotated[
        bool, typer.Option("--force", help=_("use it although it differs from the old one"))
    ] = False,
) -> None:
    """Rebuild; exit with 1 when it differs and was not used."""
    from listening.jobs.rebuild import rebuild_warehouse

    context = open_context(chosen_client(client))
    done = rebuild_warehouse(context, now=instant_of(now), is_forced=force)
    if done.differences:
        rows = [
            [table, *(one.row_count if one else None for one in pair)]
            for table, pair in done.differences.items()
        ]
        print_table([_("table that differs"), _("rows before"), _("rows after")], rows)
    row_count = sum(one.row_count for one in done.tables.values())
    tables = ngettext("{n} table", "{n} tables", len(done.tables))
    counts = ", ".join([tables, ngettext("{n} row", "{n} rows", row_count)])
    if not done.is_in_use:
        err.print(_("not used; --force uses it all the same"))
        raise typer.Exit(EXIT_FAILED)
    if not done.is_compared:
        err.print(
            _(
                "nothing to compare with: alerts, mails and what retention removed from the files"
                " are only in a backup (vigie restore)"
            )
        )
    if done.is_compared and not done.differences:
        out.print(_("equal in {counts}; in use", counts=counts))
    else:
        out.print(_("in use: {counts}", counts=counts))


@client_app.command(help=_("export everything of a client, then erase all of it"))
def close(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("new folder of the export"))],
    *,
    client: ClientOption = None,
    yes: YesOption = False,
) -> None:
    """Export, ask, erase."""
    from listening.jobs.closing import close_client, export_all

    context = open_strict_context(chosen_client(client))
    files = export_all(context, folder)
    exported = ngettext(
        "exported: {n} file in {folder}", "exported: {n} files in {folder}", files, folder=folder
    )
    out.print(exported, markup=False)
    if not yes:
        require_consent(
            _(
                "Erase all data of {client} for good, backups and salt included?",
                client=context.config.client_id,
            )
        )
    close_client(context)
    out.print(_("{client} is erased", client=context.config.client_id))
