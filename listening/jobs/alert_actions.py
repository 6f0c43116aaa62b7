"""What people do with alerts: take one in charge, judge it, silence what may be told."""

from dataclasses import dataclass
from datetime import datetime

from listening.alerts.lifecycle import acknowledge
from listening.config.field import closest
from listening.errors import ConfigError
from listening.jobs.beginnings import Wording, the_only
from listening.jobs.context import JobContext
from listening.jobs.publish import publish_snapshot
from listening.logs import get_logger
from listening.model import Alert, AlertState
from listening.translate import mark
from storage.alert_actions import (
    AlertAction,
    AlertActionKind,
    Silence,
    active_silences,
    latest_verdict,
    record_alert_action,
    was_noted,
)
from storage.alerting import find_alerts
from storage.engine import Warehouse, open_writer
from storage.migrate import migrate

log = get_logger("listening.jobs.alert_actions")

_ALERTS = Wording(
    unknown=mark("there is no alert {start}"),
    where=mark("vigie alerts list shows them; four characters at least"),
    several=mark("several alerts begin with {start}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts, when, and why."""

    actor: str
    now: datetime
    note: str = ""
    #: Print of the link of a mail that it came by: the same link is noted once.
    link: str = ""

    @property
    def words(self) -> str:
        """What is written down as the reason."""
        return f"link {self.link}" if self.link else self.note


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How people left an alert."""

    alert: Alert  # as it is now
    verdict: bool | None  # the latest; None: there is none, or it was taken back


def since_used(context: JobContext, start: str, person: Person) -> Standing | None:
    """Return how an alert stands since the link that a person came by was used; None: never yet.

    Raises:
        ConfigError: There is no such alert, or several begin so.
    """
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=person.now)
        alert = _the_alert(warehouse, start)
        if not was_noted(warehouse, alert.fingerprint, person.words):
            return None
        verdict = latest_verdict(warehouse, alert.fingerprint)
    return Standing(alert=alert, verdict=verdict)


def take_in_charge(context: JobContext, start: str, person: Person) -> Alert:
    """Write down that a person looks after an alert: no reminder, no escalation from then on.

    Once it is taken in charge, or over, nothing changes and nothing is written.

    Args:
        context: The client.
        start: The alert's fingerprint, or how it begins.
        person: Who takes it.

    Raises:
        ConfigError: There is no such alert, or several begin so.
    """
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=person.now)
        alert = _the_alert(warehouse, start)
        if alert.state is not AlertState.FIRING:
            return alert
        if person.link and was_noted(warehouse, alert.fingerprint, person.words):
            return alert
        taken = acknowledge(alert, at=max(person.now, alert.changed_at))
        action = _about(alert, AlertActionKind.ACKNOWLEDGE, person)
        record_alert_action(warehouse, action, becomes=taken)
    publish_snapshot(context, now=person.now)
    log.info("alert_acknowledged", client=context.config.client_id, alert=alert.fingerprint)
    return taken


def judge_alert(context: JobContext, start: str, person: Person, *, is_true: bool | None) -> Alert:
    """Write down whether an alert was a true one; None takes a verdict back.

    ``alert_precision`` counts the latest verdict on each alert.

    Raises:
        ConfigError: There is no such alert, or several begin so.
    """
    value = None if is_true is None else str(is_true).lower()
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=person.now)
        alert = _the_alert(warehouse, start)
        if person.link and was_noted(warehouse, alert.fingerprint, person.words):
            return alert
        action = _about(alert, AlertActionKind.VERDICT, person, value)
        record_alert_action(warehouse, action)
    publish_snapshot(context, now=person.now)
    return alert


def silence(
    context: JobContext,
    person: Person,
    *,
    until: datetime,
    rule_id: str | None = None,
    brand_id: str | None = None,
) -> list[Silence]:
    """Silence a rule, a brand, or a rule for a brand until an instant; one that is over lifts it.

    What is silenced is judged and stored all the same.

    Returns:
        What is silenced then.

    Raises:
        ConfigError: There is no such rule or brand.
    """
    rules = {name for rule in context.config.rules for name in (rule.base_id, rule.id)}
    _require_known(rule_id, rules, mark("there is no rule {name}"))
    brands = {brand.brand_id for brand in context.config.brands}
    _require_known(brand_id, brands, mark("there is no brand {name}"))
    action = AlertAction(
        kind=AlertActionKind.SILENCE,
        rule_id=rule_id,
        brand_id=brand_id,
        value=until.isoformat(),
        note=person.note,
        actor=person.actor,
        acted_at=person.now,
    )
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=person.now)
        record_alert_action(warehouse, action)
        silences = active_silences(warehouse, now=person.now)
    publish_snapshot(context, now=person.now)
    return silences


def _about(
    alert: Alert, kind: AlertActionKind, person: Person, value: str | None = None
) -> AlertAction:
    return AlertAction(
        kind=kind,
        fingerprint=alert.fingerprint,
        rule_id=alert.rule_id,
        brand_id=alert.brand_id,
        value=value,
        note=person.words,
        actor=person.actor,
        acted_at=person.now,
    )


def _the_alert(warehouse: Warehouse, start: str) -> Alert:
    found: dict[str, Alert] = {}

    def find(begin: str) -> list[str]:
        found.update((one.fingerprint, one) for one in find_alerts(warehouse, begin))
        return list(found)

    return found[the_only(start, find, _ALERTS)]


def _require_known(name: str | None, known: set[str], message: str) -> None:
    if name is None or name in known:
        return
    guess = closest(name, sorted(known))
    raise ConfigError(
        message,
        hint=mark("did you mean {guess}?") if guess else mark("known ones: {known}"),
        values={"name": name, "guess": guess or "", "known": ", ".join(sorted(known))},
    )
