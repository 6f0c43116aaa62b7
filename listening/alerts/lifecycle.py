"""Life of an alert: it opens once, is told of rarely, and closes when things are calm again.

``advance`` is a pure function of the present alert and one evaluation. Time here is the end of the
window that was judged, never the clock: running a night again, twice or in the past, finds a window
that was already taken into account, and changes nothing.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from listening.alerts.kinds import SEVERITIES, counted, is_calm, lowered
from listening.config.alerts import RuleSpec
from listening.model import Alert, AlertState, Decision, Evaluation

#: An alert closes only when so many or more would be seen at least this often with nothing wrong.
#: It opens far below; the gap is what keeps it from opening and closing every night.
CALM_PROBABILITY = 0.1

#: The condition was true, whether or not it may be told.
_BURNING = frozenset({Decision.FIRED, Decision.SILENCED, Decision.INHIBITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What one evaluation did to an alert, and whether people are told."""

    alert: Alert | None  # None: there was none and there is none
    notify: AlertState | None = None  # None: nobody is told
    #: Why they are told, a slug that is unique within one incident: firing, firing-critical,
    #: firing-repeat-2, escalation, resolved. Part of the Message-ID.
    occasion: str = ""


def advance(current: Alert | None, evaluation: Evaluation, rule: RuleSpec) -> Transition:
    """Take one evaluation into account.

    With ``pending_for`` a breach is only noted at first; people are told when it has held that
    long, and never when it ends before. Mail goes out on opening, when severity rises, when the
    incident ends (unless the rule wants none), and, only if it has ``repeat_after``, as a reminder
    of an alert that nobody acknowledged. An outage or a rule that is still learning neither opens
    nor closes anything. A window that is not newer than the
    last one taken into account changes nothing, so repetitions and a clock that moved back are
    harmless.

    Args:
        current: The latest alert of this rule and brand, open or resolved; None if there never was
            one. A resolved one is needed for an old window not to open its incident again.
        evaluation: What was decided about one window.
        rule: The rule as configured now; it may have been edited since the alert opened.

    Raises:
        ValueError: Alert and evaluation are not of the same rule and brand.
    """
    key = (evaluation.rule_id, evaluation.brand_id)
    if current is not None and (current.rule_id, current.brand_id) != key:
        raise ValueError(f"alert {current.fingerprint} is not of {key}")
    if current is not None and _end(evaluation) <= _end(current.evaluation):
        return Transition(alert=current)
    if current is None or current.state is AlertState.RESOLVED:
        if evaluation.decision is not Decision.FIRED:
            return Transition(alert=current)
        return _opening(evaluation, rule)
    if current.state is AlertState.PENDING:
        return _pending(current, evaluation, rule)
    return _open(current, evaluation, rule)


def escalate(
    alert: Alert, rule: RuleSpec, *, told_at: datetime, now: datetime
) -> Transition | None:
    """Return what becomes of an alert that nobody acknowledged in time; None: nothing yet.

    Unlike all else this follows the clock: people are waited for, not windows. It happens once.

    Args:
        alert: As it is.
        rule: The rule as configured now.
        told_at: When the mail about its opening could go out: after the quiet hours that held it.
        now: The clock.
    """
    is_waiting = alert.state is AlertState.FIRING and alert.escalated_at is None
    if rule.escalate_after is None or not is_waiting or now < told_at + rule.escalate_after:
        return None
    escalated = replace(alert, escalated_at=now)
    return Transition(alert=escalated, notify=AlertState.FIRING, occasion="escalation")


def acknowledge(alert: Alert, *, at: datetime) -> Alert:
    """Return the alert as taken in charge by a person: no reminder until it worsens or ends."""
    if alert.state is not AlertState.FIRING:
        return alert
    return replace(alert, state=AlertState.ACKNOWLEDGED, changed_at=at)


def retire(alert: Alert, *, at: datetime) -> Alert:
    """Return an open alert as closed because its rule no longer judges its brand; nobody is told.

    ``at`` is the end of the windows judged now; an alert that opened later closes as it opened.
    """
    if alert.state is AlertState.RESOLVED:
        return alert
    instant = max(at, alert.changed_at)
    return replace(alert, state=AlertState.RESOLVED, changed_at=instant, resolved_at=instant)


def fingerprint(evaluation: Evaluation) -> str:
    """Name the incident that opens with this evaluation.

    It rests on the rule, the brand and the end of the window alone, so a night that is run again
    finds the same name whatever the clock says.
    """
    end = _end(evaluation).isoformat(timespec="microseconds")
    key = f"alert\0{evaluation.rule_id}\0{evaluation.brand_id}\0{end}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _end(evaluation: Evaluation) -> datetime:
    return evaluation.observation.window.end


def _opened(evaluation: Evaluation, rule: RuleSpec) -> Alert:
    end = _end(evaluation)
    return Alert(
        fingerprint=fingerprint(evaluation),
        rule_id=evaluation.rule_id,
        brand_id=evaluation.brand_id,
        severity=lowered(rule.severity, evaluation.observation),
        state=AlertState.PENDING if rule.pending_for else AlertState.FIRING,
        opened_at=end,
        last_breach_at=end,
        changed_at=end,
        resolved_at=None,
        peak_count=counted(evaluation.observation),
        evaluation=evaluation,
    )


def _opening(evaluation: Evaluation, rule: RuleSpec) -> Transition:
    opened = _opened(evaluation, rule)
    if opened.state is AlertState.PENDING:
        return Transition(alert=opened)
    return Transition(alert=opened, notify=AlertState.FIRING, occasion="firing")


def _open(current: Alert, evaluation: Evaluation, rule: RuleSpec) -> Transition:
    """Go on with an alert that people were told of."""
    if evaluation.decision in _BURNING:
        return _burning(current, evaluation, rule)
    if evaluation.decision is Decision.BELOW:
        return _calming(current, evaluation, rule)
    return Transition(alert=current)


def _pending(current: Alert, evaluation: Evaluation, rule: RuleSpec) -> Transition:
    """Tell of a breach that has held long enough; forget one that ended before."""
    end = _end(evaluation)
    if evaluation.decision is Decision.BELOW:
        over = replace(
            current,
            state=AlertState.RESOLVED,
            changed_at=end,
            resolved_at=end,
            evaluation=evaluation,
        )
        return Transition(alert=over)
    if evaluation.decision is not Decision.FIRED:
        return Transition(alert=current)
    held = replace(
        current,
        severity=lowered(rule.severity, evaluation.observation),
        last_breach_at=end,
        peak_count=max(current.peak_count, counted(evaluation.observation)),
        evaluation=evaluation,
    )
    if rule.pending_for is not None and end - current.opened_at < rule.pending_for:
        return Transition(alert=held)
    firing = replace(held, state=AlertState.FIRING, changed_at=end)
    return Transition(alert=firing, notify=AlertState.FIRING, occasion="firing")


def _burning(current: Alert, evaluation: Evaluation, rule: RuleSpec) -> Transition:
    """Go on, louder if the rule says so; an incident never becomes quieter while it lasts."""
    present = lowered(rule.severity, evaluation.observation)
    severity = max(current.severity, present, key=SEVERITIES.index)
    is_told = evaluation.decision is Decision.FIRED
    has_risen = severity is not current.severity and is_told
    alert = replace(
        current,
        severity=severity if is_told else current.severity,
        state=AlertState.FIRING if has_risen else current.state,
        changed_at=_end(evaluation) if has_risen else current.changed_at,
        last_breach_at=_end(evaluation),
        peak_count=max(current.peak_count, counted(evaluation.observation)),
        evaluation=evaluation,
    )
    if has_risen:
        return Transition(alert=alert, notify=AlertState.FIRING, occasion=f"firing-{severity}")
    reminder = _reminder(current, evaluation, rule) if is_told else None
    if reminder is not None:
        return Transition(alert=alert, notify=AlertState.FIRING, occasion=reminder)
    return Transition(alert=alert)


def _reminder(current: Alert, evaluation: Evaluation, rule: RuleSpec) -> str | None:
    """Return the occasion if a whole repeat interval has passed since the last window told of."""
    if rule.repeat_after is None or current.state is not AlertState.FIRING:
        return None
    before = (_end(current.evaluation) - current.opened_at) // rule.repeat_after
    after = (_end(evaluation) - current.opened_at) // rule.repeat_after
    return f"firing-repeat-{after}" if after > before else None


def _calming(current: Alert, evaluation: Evaluation, rule: RuleSpec) -> Transition:
    """Close the incident when the calm has lasted and is a real one; else wait."""
    end = _end(evaluation)
    calm = is_calm(rule.kind, evaluation, calm=CALM_PROBABILITY)
    if not calm or end - current.last_breach_at < rule.resolve_after:
        return Transition(alert=replace(current, evaluation=evaluation))
    resolved = replace(
        current,
        state=AlertState.RESOLVED,
        changed_at=end,
        resolved_at=end,
        evaluation=evaluation,
    )
    if not rule.resolved_mail:
        return Transition(alert=resolved)
    return Transition(alert=resolved, notify=AlertState.RESOLVED, occasion="resolved")
