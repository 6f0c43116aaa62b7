"""A past that came in late, at once: what it would have told, gathered to be said once.

An import, a first night, a new source bring weeks that no rule has looked at. Their crises are
over: nobody gets an alert about them. But whoever gets the alerts of a rule must know that there
were any.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from listening.config.alerts import COUNTED_KINDS
from listening.jobs.context import JobContext
from listening.jobs.replay import Incident, replay_in
from listening.model import Alert, AlertState
from listening.notify.past import PastFacts
from storage.alert_past import KnownIncident, known_incidents, late_texts_since
from storage.engine import Warehouse

#: What is older is history for analysts.
_MOST_DAYS = 366
#: Looks at the past that a night has time for, 0.6 ms each: 22 days of 200 brands × 9 rules.
_MOST_LOOKS = 40_000
_DAY = timedelta(days=1)


def unheard_past(
    context: JobContext, warehouse: Warehouse, *, end: datetime, alerts: Iterable[Alert]
) -> Mapping[str, PastFacts]:
    """Return by address what is told of days that came in late and that no alert told of.

    Rules that look for single texts are left out: what they would have shown is no wave.

    Args:
        context: The client.
        warehouse: The writer, before this look is stored.
        end: Of the windows that this look judged; the past ends before they begin.
        alerts: What this look opened, continued or closed.
    """
    rules = [rule for rule in context.config.rules if rule.kind not in COUNTED_KINDS]
    if not any(rule.recipients for rule in rules):
        return {}
    fewest = min(rule.fires_at or rule.minimum for rule in rules)
    since = late_texts_since(warehouse, least=max(2, fewest))
    if since is None:
        return {}
    zone = ZoneInfo(context.config.timezone)
    day_count = min(_MOST_DAYS, _MOST_LOOKS // sum(len(rule.brands) for rule in rules))
    from_on = max(since, end - day_count * _DAY).astimezone(zone).date()
    to_on = (end - max(rule.window for rule in rules)).astimezone(zone).date()
    if to_on <= from_on:
        return {}
    played = replay_in(warehouse, context, rules, from_on=from_on, to_on=to_on)
    known = [*known_incidents(warehouse), *map(_known, alerts)]
    fresh = [one for one in played.incidents if not any(_is_told(one, other) for other in known)]
    told: dict[str, list[Incident]] = {}
    by_id = {rule.id: rule for rule in rules}
    for incident in fresh:
        for address in dict.fromkeys(by_id[incident.alert.rule_id].recipients):
            told.setdefault(address, []).append(incident)
    names = {brand.brand_id: brand.name for brand in context.config.brands}
    found = {}
    for address, incidents in told.items():
        largest = max(incidents, key=lambda one: one.alert.peak_count)
        found[address] = PastFacts(
            told_at=end,
            from_on=from_on,
            to_on=to_on,
            fingerprints=tuple(one.alert.fingerprint for one in incidents),
            largest=largest.opening,
            kind=by_id[largest.alert.rule_id].kind,
            brand_name=names.get(largest.alert.brand_id, largest.alert.brand_id),
        )
    return found


def _known(alert: Alert) -> KnownIncident:
    return KnownIncident(
        alert.fingerprint, alert.rule_id, alert.brand_id, alert.opened_at, alert.resolved_at
    )


def _is_told(incident: Incident, known: KnownIncident) -> bool:
    """Say whether people know of an incident: by its mail, or by an alert of the same days."""
    alert, window = incident.alert, incident.opening.observation.window
    if known.fingerprint == alert.fingerprint:
        return True
    if (known.rule_id, known.brand_id) != (alert.rule_id, alert.brand_id) or not known.opened_at:
        return False
    reach = window.end - window.start + _DAY
    is_after = known.resolved_at is not None and known.resolved_at < alert.opened_at - reach
    is_over = alert.state is AlertState.RESOLVED
    is_before = is_over and known.opened_at > alert.last_breach_at + reach
    return not (is_after or is_before)
