"""The command of the dead man's switch, for cron and systemd."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from listening.cli.console import EXIT_FAILED, err, out, print_json, speaker
from listening.cli.options import ClientOption, JsonOption, NowOption, instant_of
from listening.settings import get_settings

_ = speaker().gettext


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(help=_("write to people when no run has ended well for too long"))(watchdog)


def watchdog(
    *,
    client: ClientOption = None,
    hours: Annotated[
        int | None,
        typer.Option(min=1, help=_("hours within which a run must end; without it: the setting")),
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at one client, or at all; exit 1 while a run is overdue or somebody was not reached."""
    from listening.jobs.context import list_clients
    from listening.jobs.watchdog import watch_client
    from listening.notify.watchdog import Watch

    settings = get_settings()
    within = timedelta(hours=hours or settings.watchdog_hours)
    clients = [client] if client is not None else list_clients(settings)
    instant = instant_of(now)
    reports = [watch_client(one, settings, now=instant, within=within) for one in clients]
    if as_json:
        print_json([asdict(report) for report in reports])
    words = {
        Watch.IN_TIME: _("in time"),
        Watch.OVERDUE: _("overdue: people were written to"),
        Watch.TOLD: _("overdue: people know"),
        Watch.RECOVERED: _("listens again: people were written to"),
    }
    for report in [] if as_json else reports:
        ended = report.silence.ended_at
        last = speaker().datetime(ended, "UTC") if ended else _("never")
        out.print(
            _(
                "{client}: {what} (last good run: {last})",
                client=report.client_id,
                what=words[report.watch],
                last=last,
            )
        )
        for address in report.unreached:
            err.print(_("not reached: {address}", address=address))
    if any(one.watch in {Watch.OVERDUE, Watch.TOLD} or one.unreached for one in reports):
        raise typer.Exit(EXIT_FAILED)
