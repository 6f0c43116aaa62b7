"""Alerts: judge the newest windows, and put what people must know into the outbox.

State changes and mails are stored in one transaction, so that a crash leaves both or neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from listening.alerts.baseline import WANTED_WINDOWS
from listening.alerts.lifecycle import advance, retire
from listening.alerts.rules import evaluate_brands
from listening.config.alerts import RuleSpec
from listening.jobs.alert_facts import gather_facts
from listening.jobs.context import JobContext
from listening.logs import get_logger
from listening.model import Alert, AlertState, Decision, Evaluation, OutgoingMessage
from listening.notify.facts import AlertFacts
from listening.notify.message import render_alert
from listening.notify.quiet_hours import release_at
from storage.alert_context import newest_visits
from storage.alerting import latest_alerts, save_judgement
from storage.counts import looks_per_window, window_observations
from storage.engine import Warehouse, open_writer
from storage.migrate import migrate

log = get_logger("listening.jobs.alert")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one evaluation of all rules came to."""

    evaluations: tuple[Evaluation, ...]
    alerts: tuple[Alert, ...]  # opened, continued or closed by it
    message_count: int  # mails written into the outbox

    def count(self, decision: Decision) -> int:
        """Return how many evaluations came to this decision."""
        return sum(evaluation.decision is decision for evaluation in self.evaluations)


def judge(context: JobContext, *, now: datetime) -> Judgement:
    """Evaluate every rule for every brand it names, at the last full hour that was listened to.

    That is the hour of ``now``, or of the newest successful visit when that is older: hours in
    which nobody looked are not calm, they are unknown. Before the first visit nothing is judged.

    Repeating it changes nothing: evaluations are upserts, an alert has one fingerprint over its
    life, and a Message-ID is written once.
    """
    rules = context.config.rules
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        visits = newest_visits(warehouse)
        if not visits.planned_count:
            log.info("nothing_to_judge", client=context.config.client_id)
            return Judgement((), (), 0)
        # When all visits failed, the outage is judged, and stored, as of now.
        end = min(now, visits.read_at or now).replace(minute=0, second=0, microsecond=0)
        current = latest_alerts(warehouse)
        judged = [_judge_rule(context, warehouse, rule, current, end=end) for rule in rules]
        evaluations = [one for evaluations, _, _ in judged for one in evaluations]
        alerts = [one for _, alerts, _ in judged for one in alerts]
        judged_pairs = {(rule.id, brand_id) for rule in rules for brand_id in rule.brands}
        alerts += [
            retire(alert, at=end)
            for pair, alert in current.items()
            if pair not in judged_pairs and alert.state is not AlertState.RESOLVED
        ]
        messages = [one for _, _, messages in judged for one in messages]
        save_judgement(
            warehouse, evaluations=evaluations, alerts=alerts, messages=messages, now=now
        )
    log.info(
        "alerts_judged",
        client=context.config.client_id,
        evaluations=len(evaluations),
        fired=sum(one.decision is Decision.FIRED for one in evaluations),
        messages=len(messages),
    )
    return Judgement(tuple(evaluations), tuple(alerts), len(messages))


def _sharing(rules: Iterable[RuleSpec], brand_id: str) -> int:
    """Return how many rules judge a brand: they share its budget of false alarms."""
    return sum(brand_id in rule.brands for rule in rules)


def _judge_rule(
    context: JobContext,
    warehouse: Warehouse,
    rule: RuleSpec,
    current: Mapping[tuple[str, str], Alert],
    *,
    end: datetime,
) -> tuple[list[Evaluation], list[Alert], list[OutgoingMessage]]:
    """Judge one rule for its brands; return what has to be stored."""
    series = window_observations(
        warehouse, brand_ids=rule.brands, end=end, window=rule.window, history=WANTED_WINDOWS
    )
    evaluations, alerts, messages = [], [], []
    found = evaluate_brands(
        rule,
        [series[brand_id] for brand_id in rule.brands],
        rule_counts=[_sharing(context.config.rules, brand_id) for brand_id in rule.brands],
        now=end,
        looks_per_window=looks_per_window(warehouse, rule.id, end=end, window=rule.window),
        timezone=ZoneInfo(context.config.timezone),
    )
    for brand_id, evaluation in zip(rule.brands, found, strict=True):
        observations = series[brand_id]
        transition = advance(current.get((rule.id, brand_id)), evaluation, rule)
        evaluations.append(evaluation)
        if transition.alert is not None:
            alerts.append(transition.alert)
        if transition.notify is not None and transition.alert is not None:
            facts = gather_facts(
                context,
                warehouse,
                rule=rule,
                alert=transition.alert,
                occasion=transition.occasion,
                history=observations,
            )
            messages += _write(context, facts)
    return evaluations, alerts, messages


def _write(context: JobContext, facts: AlertFacts) -> list[OutgoingMessage]:
    """Render one mail per recipient, to go out at once or after the quiet hours."""
    release = release_at(
        context.config.quiet_hours,
        facts.alert.severity,
        context.clock(),
        context.config.timezone,
    )
    messages = [
        render_alert(
            facts,
            client_id=context.config.client_id,
            recipient=recipient.address,
            language=recipient.language,
            sender=context.settings.mail_from,
            timezone=context.config.timezone,
        )
        for recipient in context.config.recipients
        if recipient.address in facts.rule.recipients
    ]
    return [replace(message, next_attempt_at=release) for message in messages]
