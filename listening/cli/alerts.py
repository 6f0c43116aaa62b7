"""Commands about alerts: judge now, list what is open, send what waits."""

import typer

from listening.cli.console import out, print_json, print_table, speaker
from listening.cli.options import ClientOption, JsonOption, NowOption, chosen_client, instant_of
from listening.jobs.context import open_context
from listening.model import Decision

_ = speaker().gettext

app = typer.Typer(help=_("warnings: judge, list, send"), no_args_is_help=True)


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
            out.print(f"{decision.value}: {count}")
    out.print(_("{sent} mails sent, {failed} refused", sent=sent.sent, failed=sent.failed))


@app.command("list", help=_("list the alerts that are open"))
def list_alerts(*, client: ClientOption = None, as_json: JsonOption = False) -> None:
    """Print the open alerts of the newest snapshot."""
    from listening.jobs.summary import open_alerts

    alerts = open_alerts(open_context(chosen_client(client)))
    if as_json:
        for alert in alerts:
            print_json(alert)
        return
    if not alerts:
        out.print(_("Nothing to report: no alert is open."))
        return
    print_table(
        [_("brand"), _("rule"), _("severity"), _("state"), _("open since"), _("negative"), "p"],
        [
            [
                alert["brand_name"],
                alert["rule_id"],
                alert["severity"],
                alert["state"],
                alert["opened_at"],
                alert["negative_story_count"],
                alert["p_value"],
            ]
            for alert in alerts
        ],
    )
