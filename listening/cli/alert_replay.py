"""The command that shows what the rules would have told in the past."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from listening.cli.alert_people import parsed
from listening.cli.alerts import SEVERITY_WORDS
from listening.cli.console import out, print_json, print_table, speaker
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.errors import ConfigError
from listening.jobs.context import open_context
from listening.model import Severity
from listening.translate import mark

_, ngettext = speaker().gettext, speaker().ngettext


def add_to(app: typer.Typer) -> None:
    """Add the command to ``vigie alerts``."""
    app.command(help=_("show what the rules would have told in the past"))(replay)


def replay(
    *,
    from_on: Annotated[str, typer.Option("--from", help=_("first day, 2026-11-20"))],
    to_on: Annotated[str, typer.Option("--to", help=_("day after the last, 2026-12-20"))],
    budget: Annotated[
        str | None, typer.Option(help=_('instead of the rules\' budgets: "1 per month"'))
    ] = None,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the alerts that would have opened."""
    from listening.config.field import parse_budget
    from listening.jobs.replay import replay as play

    first, last = _day_of(from_on), _day_of(to_on)
    if last <= first:
        raise ConfigError(mark("the last day is not after the first"), key="--to")
    accepted = parsed(parse_budget, budget, "--budget") if budget else None
    context = open_context(chosen_client(client))
    played = play(context, from_on=first, to_on=last, budget=accepted)
    rows = [
        {
            "opened_at": one.alert.opened_at,
            "resolved_at": one.alert.resolved_at,
            "brand_id": one.alert.brand_id,
            "rule_id": one.alert.rule_id,
            "severity": one.alert.severity.value,
            "peak_count": one.alert.peak_count,
            "usual_low": one.opening.baseline.low if one.opening.baseline else None,
            "usual_high": one.opening.baseline.high if one.opening.baseline else None,
            "p_value": one.opening.p_value,
            "mail_count": one.mail_count,
        }
        for one in played.incidents
    ]
    if as_json:
        for row in rows:
            print_json(row)
        return
    print_table(
        [
            _("opened"),
            _("closed"),
            _("brand"),
            _("rule"),
            _("severity"),
            _("peak"),
            _("usual"),
            "p",
        ],
        [_shown(row, context.config.timezone) for row in rows],
    )
    out.print(
        _(
            "{alerts} in {days}, from {looks}",
            alerts=ngettext("{n} alert", "{n} alerts", len(rows)),
            days=ngettext("{n} day", "{n} days", played.day_count),
            looks=ngettext("{n} look", "{n} looks", played.look_count),
        )
    )
    if played.day_count < (last - first).days:
        out.print(_left_out(played.until, context.config.timezone))


def _left_out(until: datetime | None, timezone: str) -> str:
    if until is None:
        return _("none of these days has ended and was published yet")
    return _(
        "judged until {until}: what comes later was not published yet",
        until=speaker().datetime(until, timezone),
    )


def _shown(row: Mapping[str, object], timezone: str) -> list[str]:
    def local(value: object) -> str:
        """Name the end of the window, as the client's clock showed it."""
        if not isinstance(value, datetime):
            return _("open")
        return f"{value.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"

    low, high = row["usual_low"], row["usual_high"]
    return [
        local(row["opened_at"]),
        local(row["resolved_at"]),
        str(row["brand_id"]),
        str(row["rule_id"]),
        _(SEVERITY_WORDS[Severity(str(row["severity"]))]),
        str(row["peak_count"]),
        "" if low is None else f"{low}–{high}",
        f"{row['p_value']:.1g}" if isinstance(row["p_value"], float) else "",
    ]


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            mark("{text} is no day"), hint=mark("write it like 2026-11-20"), values={"text": text}
        ) from error
