"""The command of the daily sheet and the weekly digest."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Annotated

import typer

from listening.cli.console import out, print_sent, speaker
from listening.cli.options import ClientOption, NowOption, chosen_client, instant_of
from listening.jobs.context import open_context

_ = speaker().gettext


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(help=_("write the daily sheet and the week's digest to those who want them"))(
        digest
    )


def digest(
    *,
    daily: Annotated[bool, typer.Option("--daily", help=_("the sheet of this day"))] = False,
    weekly: Annotated[
        bool, typer.Option("--weekly", help=_("the digest of the last whole week"))
    ] = False,
    show: Annotated[bool, typer.Option("--show", help=_("print it; nothing is sent"))] = False,
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Write what is due, and send what waits; without --daily and --weekly, both."""
    from listening.jobs.digest import show_digest, write_digests
    from listening.jobs.notify import send_pending
    from listening.notify.digest_facts import DigestKind

    context = open_context(chosen_client(client))
    instant = instant_of(now)
    asked = {DigestKind.DAILY: daily, DigestKind.WEEKLY: weekly}
    kinds = [kind for kind in DigestKind if asked[kind]] or list(DigestKind)
    if show:
        for kind in kinds:
            _print_mail(show_digest(context, kind, now=instant).body)
        return
    counts = write_digests(context, now=instant, kinds=kinds)
    if not counts.asked_for:
        out.print(_("Nobody wants it: digest: daily or weekly beside an address in client.yaml."))
        return
    sent = send_pending(context)
    out.print(
        _(
            "digests written: {new}; already there: {old}",
            new=counts.written,
            old=counts.asked_for - counts.written,
        )
    )
    print_sent(sent.sent, sent.failed)


def _print_mail(body: bytes) -> None:
    mail = message_from_bytes(body, _class=EmailMessage, policy=default)
    part = mail.get_body(("plain",))
    out.print(f"{mail['Subject']}\n", style="bold", markup=False)
    out.print(part.get_content() if part else "", markup=False, highlight=False)
