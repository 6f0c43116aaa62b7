"""Commands of people who get alerts (ack, verdict, silence) or set rules (test)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Literal, TypeVar

import typer
from pydantic_core import PydanticCustomError

from listening.cli.console import (
    EXIT_FAILED,
    err,
    out,
    print_sent,
    speaker,
)
from listening.cli.options import (
    ByOption,
    ClientOption,
    NowOption,
    actor_of,
    chosen_client,
    instant_of,
)
from listening.cli.reasons import explain_refusal
from listening.errors import ConfigError
from listening.jobs.context import open_context
from listening.model import AlertState

_ = speaker().gettext

_Value = TypeVar("_Value")
_VERDICTS = {"true": True, "false": False, "none": None}

AlertArgument = Annotated[
    str, typer.Argument(metavar="ALERT", help=_("the alert's id, or how it begins"))
]
NoteOption = Annotated[str, typer.Option(help=_("why, in a few words"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``vigie alerts``."""
    app.command(help=_("take an alert in charge: no reminder and no escalation any more"))(ack)
    app.command(help=_("say whether an alert was a true one; none takes it back"))(verdict)
    app.command(help=_("answer an alert with the link of its mail, pasted"))(answer)
    app.command(help=_("silence a rule or a brand for a time"))(silence)
    app.command("test", help=_("send a sample of an alert mail now"))(send_test)


def ack(
    alert: AlertArgument,
    *,
    by: ByOption = None,
    note: NoteOption = "",
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Take an alert in charge."""
    from listening.jobs.alert_actions import Person, take_in_charge

    context = open_context(chosen_client(client))
    person = Person(actor=actor_of(by), now=instant_of(now), note=note)
    out.print(_taken(take_in_charge(context, alert, person).state))


def _taken(state: AlertState) -> str:
    said = {
        AlertState.ACKNOWLEDGED: _("taken in charge"),
        AlertState.RESOLVED: _("this alert is closed already"),
        AlertState.PENDING: _("nobody was told of this alert yet"),
    }
    return said.get(state, "")


def verdict(
    alert: AlertArgument,
    said: Annotated[
        Literal["true", "false", "none"],
        typer.Argument(metavar="true|false|none", help=_("the verdict on the alert")),
    ],
    *,
    by: ByOption = None,
    note: NoteOption = "",
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Judge an alert; alert_precision counts it."""
    from listening.jobs.alert_actions import Person, judge_alert

    context = open_context(chosen_client(client))
    person = Person(actor=actor_of(by), now=instant_of(now), note=note)
    judge_alert(context, alert, person, is_true=_VERDICTS[said])
    out.print(_("noted"))


def answer(
    link: Annotated[str, typer.Argument(metavar="LINK", help=_("the link, or its last part"))],
    *,
    now: NowOption = None,
) -> None:
    """Do what a link of an alert mail says, as the person it was written to."""
    from listening.jobs.alert_answers import note_answer
    from listening.notify.answer import AnswerAction
    from listening.settings import get_settings

    noted = note_answer(link, get_settings(), now=instant_of(now))
    if noted.before is not None:
        out.print(_("this answer was used already; nothing was changed now"))
        out.print(_verdict_now(noted.before.verdict))
        return
    is_taken = noted.action is AnswerAction.ACKNOWLEDGE
    out.print(_taken(noted.alert.state) if is_taken else _("noted"))


def _verdict_now(is_true: bool | None) -> str:  # noqa: FBT001 - a verdict, not a switch
    said = {
        True: _("the verdict that holds: a true alert"),
        False: _("the verdict that holds: a false alert"),
        None: _("no verdict holds"),
    }
    return _("{verdict}; to say otherwise: vigie alerts verdict", verdict=said[is_true])


def silence(
    *,
    rule: Annotated[str | None, typer.Option(help=_("a rule's id; none: every rule"))] = None,
    brand: Annotated[str | None, typer.Option(help=_("a brand's id; none: every brand"))] = None,
    span: Annotated[str, typer.Option("--for", help=_("for how long: 30m, 24h, 2d"))] = "24h",
    lift: Annotated[bool, typer.Option("--lift", help=_("end it now"))] = False,
    by: ByOption = None,
    note: NoteOption = "",
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Silence what matches; it is judged and stored all the same."""
    from listening.jobs.alert_actions import Person
    from listening.jobs.alert_actions import silence as put

    context = open_context(chosen_client(client))
    instant = instant_of(now)
    person = Person(actor=actor_of(by), now=instant, note=note)
    until = instant if lift else instant + _span_of(span)
    silences = put(context, person, until=until, rule_id=rule, brand_id=brand)
    if not silences:
        out.print(_("nothing is silenced"))
    for one in silences:
        out.print(
            _(
                "silenced until {until}: rule {rule}, brand {brand}",
                until=speaker().datetime(one.until, context.config.timezone),
                rule=one.rule_id or _("all"),
                brand=one.brand_id or _("all"),
            )
        )


def send_test(
    *,
    rule: Annotated[str | None, typer.Option(help=_("whose recipients; none: the first"))] = None,
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Send a sample."""
    from listening.jobs.alert_sample import send_sample

    context = open_context(chosen_client(client))
    recipients, counts = send_sample(context, now=instant_of(now), rule_id=rule)
    out.print(_("sample for {recipients}", recipients=", ".join(recipients)))
    print_sent(counts.sent, counts.failed)
    if context.settings.smtp_host is None:
        out.print(
            _("no mail server is set: mails are files in {folder}", folder=str(context.paths.spool))
        )
    for reason in counts.reasons:
        why = explain_refusal(reason, speaker())
        err.print(_("not sent: {why}; what to do: docs/runbook.md", why=why), markup=False)
    if counts.failed:
        raise typer.Exit(EXIT_FAILED)


def _span_of(text: str) -> timedelta:
    from listening.config.field import parse_duration

    return parsed(parse_duration, text, "--for")


def parsed(read: Callable[[str], _Value], text: str, key: str) -> _Value:
    """Read an option as the configuration reads the same value."""
    try:
        return read(text)
    except PydanticCustomError as error:
        context = error.context or {}
        raise ConfigError(
            context["message"], key=key, hint=context["hint"], values=context["values"]
        ) from error
