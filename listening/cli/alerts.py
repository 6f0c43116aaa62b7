"""Commands about alerts: judge now, list what is open, send what waits."""

from listening.cli.console import (
    out,
    print_json,
    print_sent,
    print_table,
    short_id,
    speaker,
)
from listening.cli.options import ClientOption, JsonOption, NowOption, chosen_client, instant_of
from listening.cli.spoken import App
from listening.jobs.context import open_context
from listening.model import AlertState, Decision, Severity
from listening.translate import mark

_ = speaker().gettext

#: What people read for each word of the warehouse.
SEVERITY_WORDS = {
    Severity.INFO: mark("info"),
    Severity.WARNING: mark("warning"),
    Severity.CRITICAL: mark("critical"),
}
_STATES = {
    AlertState.PENDING: mark("pending"),
    AlertState.FIRING: mark("firing"),
    AlertState.ACKNOWLEDGED: mark("acknowledged"),
    AlertState.RESOLVED: mark("resolved"),
}
_DECISIONS = {
    Decision.FIRED: mark("alert"),
    Decision.BELOW: mark("as usual"),
    Decision.LEARNING: mark("too little history yet"),
    Decision.SILENCED: mark("silenced"),
    Decision.INHIBITED: mark("covered by another alert"),
    Decision.OUTAGE: mark("too few sources were read"),
}

app = App(help=_("warnings: judge, list, send"), no_args_is_help=True)


@app.command(help=_("judge the newest windows now, and send what follows from it"))
def evaluate(*, client: ClientOption = None, now: NowOption = None) -> None:
    """Do what the DAG evaluate_alerts does, without Airflow."""
    from listening.jobs.alert import judge
    from listening.jobs.notify import send_pending
    from listening.jobs.publish import publish_snapshot

    context = open_context(chosen_client(client))
    instant = instant_of(now)
    judgement = judge(context, now=instant)
    sent = send_pending(context)
    publish_snapshot(context, now=instant)
    for decision in Decision:
        count = judgement.count(decision)
        if count:
            out.print(_("{name}: {why}", name=_(_DECISIONS[decision]), why=count))
    if not judgement.evaluations:
        out.print(_("Nothing is judged before the first visit to a source."))
    print_sent(sent.sent, sent.failed)


@app.command("list", help=_("list the alerts that are open"))
def list_alerts(*, client: ClientOption = None, as_json: JsonOption = False) -> None:
    """Print the open alerts of the newest snapshot."""
    from listening.jobs.summary import open_alerts

    context = open_context(chosen_client(client))
    alerts = open_alerts(context)
    if as_json:
        for alert in alerts:
            print_json(alert)
        return
    if not alerts:
        out.print(_("Nothing to report: no alert is open."))
        return
    print_table(
        [
            _("brand"),
            _("rule"),
            _("severity"),
            _("state"),
            _("open since"),
            _("texts"),
            "p",
            _("alert"),
        ],
        [
            [
                alert["brand_name"],
                alert["rule_id"],
                _(SEVERITY_WORDS[Severity(alert["severity"])]),
                _(_STATES[AlertState(alert["state"])]),
                speaker().datetime(alert["opened_at"], context.config.timezone),
                alert["judged_count"],
                "" if alert["p_value"] is None else f"{alert['p_value']:.1g}",
                short_id(alert["fingerprint"]),
            ]
            for alert in alerts
        ],
        whole={_("alert")},
    )
