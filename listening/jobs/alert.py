"""Alerts: judge the newest windows, and put what people must know into the outbox.

State changes and mails are stored in one transaction, so that a crash leaves both or neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from listening.alerts.lifecycle import Transition, advance, escalate, retire
from listening.alerts.rules import above_first
from listening.config.alerts import RuleSpec
from listening.jobs.alert_counts import Counter, calendar_of
from listening.jobs.alert_facts import gather_facts, known_facts
from listening.jobs.alert_looks import look_at_rules
from listening.jobs.alert_mails import Notice, write_mails
from listening.jobs.alert_past import unheard_past
from listening.jobs.context import JobContext
from listening.logs import get_logger
from listening.model import (
    Alert,
    AlertState,
    Decision,
    Evaluation,
    Observation,
)
from listening.notify.facts import AlertFacts
from storage.alert_actions import active_silences
from storage.alert_context import newest_visits
from storage.alerting import latest_alerts, save_judgement
from storage.engine import Warehouse, open_writer
from storage.migrate import migrate
from storage.outbox import first_told

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
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        visits = newest_visits(warehouse)
        if not visits.planned_count:
            log.info("nothing_to_judge", client=context.config.client_id)
            return Judgement((), (), 0)
        # When all visits failed, the outage is judged, and stored, as of now.
        end = min(now, visits.read_at or now).replace(minute=0, second=0, microsecond=0)
        night = _Night(context, warehouse, end=end, now=now)
        night.judge_rules()
        night.retire_rest()
        night.escalate_rest()
        evaluations, alerts = tuple(night.evaluations), tuple(night.changed.values())
        message_count = save_judgement(
            warehouse,
            evaluations=evaluations,
            alerts=alerts,
            messages=write_mails(
                context, night.notices, unheard_past(context, warehouse, end=end, alerts=alerts)
            ),
            now=now,
        )
    log.info(
        "alerts_judged",
        client=context.config.client_id,
        evaluations=len(evaluations),
        fired=sum(one.decision is Decision.FIRED for one in evaluations),
        messages=message_count,
    )
    return Judgement(evaluations, alerts, message_count)


class _Night:
    """One judgement while it is made: what every rule saw, and what has to be stored."""

    def __init__(
        self, context: JobContext, warehouse: Warehouse, *, end: datetime, now: datetime
    ) -> None:
        self._context, self._warehouse = context, warehouse
        self._end, self._now = end, now
        self._rules = {rule.id: rule for rule in context.config.rules}
        self._current = latest_alerts(warehouse)
        self._silences = active_silences(warehouse, now=now)
        self._counter = Counter(context, warehouse, end=end)
        self._calendar = calendar_of(context, warehouse)
        self.evaluations: list[Evaluation] = []
        self.changed: dict[tuple[str, str], Alert] = {}
        self.notices: list[Notice] = []

    def judge_rules(self) -> None:
        """Judge every rule for its brands."""
        rules = above_first(self._context.config.rules)
        found = look_at_rules(
            self._warehouse, self._counter, rules, end=self._end, calendar=self._calendar
        )
        for rule in rules:
            series = self._counter.series(rule)
            for evaluated in found[rule.id]:
                evaluation = self._hushed(rule, evaluated)
                self.evaluations.append(evaluation)
                transition = advance(self._alert(rule.id, evaluated.brand_id), evaluation, rule)
                self._take(rule, transition, rule.recipients, series[evaluated.brand_id])

    def retire_rest(self) -> None:
        """Close the alerts whose rule no longer judges their brand."""
        judged = {(rule.id, brand_id) for rule in self._rules.values() for brand_id in rule.brands}
        for pair, alert in self._current.items():
            if pair not in judged and alert.state is not AlertState.RESOLVED:
                self.changed[pair] = retire(alert, at=self._end)

    def escalate_rest(self) -> None:
        """Tell others of alerts that nobody acknowledged in time."""
        told = first_told(self._warehouse)
        for (rule_id, brand_id), known in {**self._current, **self.changed}.items():
            rule = self._rules.get(rule_id)
            if rule is None or known.fingerprint not in told:
                continue
            transition = escalate(known, rule, told_at=told[known.fingerprint], now=self._now)
            if transition is not None:
                history = self._counter.series(rule).get(brand_id, ())
                self._take(rule, transition, rule.escalate_to, history)

    def _alert(self, rule_id: str, brand_id: str) -> Alert | None:
        pair = (rule_id, brand_id)
        return self.changed.get(pair) or self._current.get(pair)

    def _hushed(self, rule: RuleSpec, evaluation: Evaluation) -> Evaluation:
        """Return what is stored of a breach that may not be told, or not be concluded yet."""
        if evaluation.decision is not Decision.FIRED:
            return evaluation
        brand_id = evaluation.brand_id
        if self._counter.is_learning(rule, brand_id):
            return replace(evaluation, decision=Decision.LEARNING)
        if any(one.covers((rule.id, rule.base_id), brand_id) for one in self._silences):
            return replace(evaluation, decision=Decision.SILENCED)
        above = [one for one in self._rules.values() if one.base_id in rule.inhibited_by]
        if any(self._is_open(one.id, brand_id) for one in above):
            return replace(evaluation, decision=Decision.INHIBITED)
        return evaluation

    def _is_open(self, rule_id: str, brand_id: str) -> bool:
        alert = self._alert(rule_id, brand_id)
        return alert is not None and alert.state.is_open

    def _take(
        self,
        rule: RuleSpec,
        transition: Transition,
        recipients: Sequence[str],
        history: Sequence[Observation],
    ) -> None:
        """Keep what has to be stored of one step in an alert's life."""
        alert = transition.alert
        if alert is None:
            return
        self.changed[alert.rule_id, alert.brand_id] = alert
        if transition.notify is None:
            return

        def gather() -> AlertFacts:
            window = alert.evaluation.observation.window
            return gather_facts(
                self._context,
                self._warehouse,
                told,
                document_ids=self._counter.documents(rule, alert.brand_id, window),
            )

        told = known_facts(
            self._context, rule=rule, alert=alert, occasion=transition.occasion, history=history
        )
        self.notices.append(Notice(told, recipients, gather))
