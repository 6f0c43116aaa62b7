"""The life of an alert: opened once, continued, repeated, closed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.alerts.lifecycle import (
    Transition,
    acknowledge,
    advance,
    escalate,
    fingerprint,
    retire,
)
from listening.config.alerts import RuleSpec
from listening.model import Alert, AlertState, Baseline, Decision, Evaluation, Severity
from tests.builders import NOW, make_evaluation, make_rule

RULE = make_rule()


def play(evaluations: list[Evaluation], rule: RuleSpec = RULE) -> list[Transition]:
    """Take the evaluations into account one after the other."""
    told: list[Transition] = []
    for evaluation in evaluations:
        told.append(advance(told[-1].alert if told else None, evaluation, rule))
    return told


def opened(**overrides: object) -> Alert:
    alert = advance(None, make_evaluation(days_ago=5), make_rule(**overrides)).alert
    assert alert is not None
    return alert


def below(days_ago: int, p_value: float = 0.5) -> Evaluation:
    return make_evaluation(4, days_ago=days_ago, decision=Decision.BELOW, p_value=p_value)


def test_a_breach_opens_an_alert_and_tells() -> None:
    evaluation = make_evaluation(34)

    transition = advance(None, evaluation, RULE)

    assert transition.notify is AlertState.FIRING
    assert transition.occasion == "firing"
    assert transition.alert is not None
    assert transition.alert.state is AlertState.FIRING
    assert transition.alert.peak_count == 34
    assert transition.alert.opened_at == evaluation.observation.window.end
    assert transition.alert.evaluation == evaluation


@pytest.mark.parametrize("decision", [d for d in Decision if d is not Decision.FIRED])
def test_nothing_but_a_breach_opens_an_alert(decision: Decision) -> None:
    transition = advance(None, make_evaluation(decision=decision), RULE)

    assert transition == Transition(alert=None)


def test_a_fingerprint_is_the_same_on_every_run_of_the_same_night() -> None:
    first = make_evaluation()
    again = replace(first, evaluated_at=NOW + timedelta(hours=9), p_value=1e-9)

    assert fingerprint(first) == fingerprint(again)
    assert len(fingerprint(first)) == 32
    assert fingerprint(make_evaluation(days_ago=1)) != fingerprint(first)
    assert fingerprint(replace(first, rule_id="autre")) != fingerprint(first)


def test_a_breach_that_goes_on_is_not_told_again_and_keeps_its_peak() -> None:
    told = play([make_evaluation(20, days_ago=2), make_evaluation(90, days_ago=1)])
    told += [advance(told[-1].alert, make_evaluation(30), RULE)]

    assert [transition.notify for transition in told] == [AlertState.FIRING, None, None]
    assert told[-1].alert is not None
    assert told[-1].alert.peak_count == 90
    assert told[-1].alert.last_breach_at == make_evaluation().observation.window.end


@pytest.mark.parametrize(
    ("p_value", "hours", "state"),
    [
        pytest.param(0.09, 1440, AlertState.FIRING, id="hours-about-to-fire-again"),
        pytest.param(0.11, 1440, AlertState.RESOLVED, id="hours-far-from-it"),
        pytest.param(0.11, None, AlertState.RESOLVED, id="a-window-as-a-whole"),
    ],
)
def test_by_the_hour_an_alert_stays_open_while_it_would_soon_fire_again(
    p_value: float, hours: int | None, state: AlertState
) -> None:
    """The next hour may bring the text that opens it anew: one incident, one alert."""
    usual = Baseline(center=4.0, dispersion=1.5, window_count=60, low=1, high=8)
    after = replace(below(2, p_value), baseline=usual, judged_hour_count=hours)

    assert after.threshold == 0.01
    found = advance(opened(), after, RULE).alert
    assert found is not None and found.state is state


def test_an_alert_resolves_once_it_is_calm_and_says_so() -> None:
    told = play([make_evaluation(days_ago=1), below(0)])

    assert told[-1].notify is AlertState.RESOLVED
    assert told[-1].occasion == "resolved"
    assert told[-1].alert is not None
    assert told[-1].alert.state is AlertState.RESOLVED
    assert told[-1].alert.resolved_at == below(0).observation.window.end


@pytest.mark.parametrize(
    ("evaluation", "rule"),
    [
        pytest.param(below(4, p_value=0.1), RULE, id="still-unusual"),
        pytest.param(below(4), make_rule(resolve_after="72h"), id="too-early"),
        pytest.param(make_evaluation(0, days_ago=4, decision=Decision.OUTAGE), RULE, id="outage"),
        pytest.param(
            make_evaluation(0, days_ago=4, decision=Decision.LEARNING), RULE, id="learning"
        ),
        pytest.param(
            make_evaluation(50, days_ago=4, decision=Decision.SILENCED), RULE, id="silenced"
        ),
    ],
)
def test_an_alert_stays_open(evaluation: Evaluation, rule: RuleSpec) -> None:
    transition = advance(opened(), evaluation, rule)

    assert transition.alert is not None
    assert transition.alert.state is AlertState.FIRING
    assert transition.notify is None


def test_a_resolved_alert_is_followed_by_a_new_one() -> None:
    told = play([make_evaluation(days_ago=3), below(2), below(1), make_evaluation(days_ago=0)])

    assert [t.occasion for t in told] == ["firing", "resolved", "", "firing"]
    assert told[0].alert and told[3].alert
    assert told[3].alert.fingerprint != told[0].alert.fingerprint


def test_severity_that_rises_is_told_even_when_acknowledged() -> None:
    taken = acknowledge(opened(severity="warning"), at=NOW)

    transition = advance(taken, make_evaluation(days_ago=2), make_rule(severity="critical"))

    assert transition.notify is AlertState.FIRING
    assert transition.occasion == "firing-critical"
    assert transition.alert is not None
    assert transition.alert.severity is Severity.CRITICAL
    assert transition.alert.state is AlertState.FIRING


def test_severity_never_falls_while_the_incident_lasts() -> None:
    transition = advance(
        opened(severity="critical"), make_evaluation(days_ago=2), make_rule(severity="info")
    )

    assert transition.notify is None
    assert transition.alert is not None and transition.alert.severity is Severity.CRITICAL


def test_an_acknowledged_alert_is_quiet_until_it_ends() -> None:
    rule = make_rule(repeat_after="24h")
    taken = acknowledge(opened(), at=NOW)

    goes_on = advance(taken, make_evaluation(days_ago=3), rule)
    ends = advance(goes_on.alert, below(1), rule)

    assert taken.state is AlertState.ACKNOWLEDGED
    assert goes_on.notify is None
    assert ends.notify is AlertState.RESOLVED


def test_only_a_firing_alert_can_be_acknowledged() -> None:
    resolved = play([make_evaluation(days_ago=1), below(0)])[-1].alert
    assert resolved is not None

    assert acknowledge(resolved, at=NOW) == resolved


def test_reminders_come_at_the_rules_interval_only() -> None:
    rule = make_rule(repeat_after="48h")

    told = play([make_evaluation(days_ago=days) for days in range(6, -1, -1)], rule)

    assert [t.occasion for t in told] == [
        "firing",
        "",
        "firing-repeat-1",
        "",
        "firing-repeat-2",
        "",
        "firing-repeat-3",
    ]


@pytest.mark.parametrize("days_ago", [5, 6, 400], ids=["same-window", "day-before", "backfill"])
@pytest.mark.parametrize("decision", list(Decision))
def test_a_window_that_is_not_newer_changes_nothing(days_ago: int, decision: Decision) -> None:
    alert = opened()
    late = make_evaluation(99, days_ago=days_ago, decision=decision, evaluated_at=NOW)

    assert advance(alert, late, make_rule(severity="critical")) == Transition(alert=alert)


def test_running_the_night_of_a_resolved_incident_again_does_not_open_it_again() -> None:
    told = play([make_evaluation(days_ago=2), below(1), make_evaluation(days_ago=2)])

    assert [t.occasion for t in told] == ["firing", "resolved", ""]


def test_an_alert_is_only_advanced_by_its_own_rule_and_brand() -> None:
    with pytest.raises(ValueError, match="is not of"):
        advance(opened(), make_evaluation(rule_id="autre"), RULE)


NIGHTS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(Decision), st.sampled_from([0.01, 0.2, 0.9])),
    max_size=40,
)


def _evaluations(nights: list[tuple[int, Decision, float]]) -> list[Evaluation]:
    return [
        make_evaluation(9, days_ago=days, decision=decision, p_value=p)
        for days, decision, p in nights
    ]


@given(NIGHTS)
def test_each_incident_is_announced_once_and_closed_once(
    nights: list[tuple[int, Decision, float]],
) -> None:
    """Whatever the order and the repetitions, clocks that jump back among them."""
    told = play(_evaluations(nights))

    announced = [(t.alert.fingerprint, t.occasion) for t in told if t.alert and t.notify]
    openings = [name for name, occasion in announced if occasion == "firing"]
    endings = [name for name, occasion in announced if occasion == "resolved"]
    assert len(set(announced)) == len(announced)
    assert set(endings) <= set(openings)
    assert len(openings) - len(endings) in {0, 1}


@given(NIGHTS)
def test_a_night_evaluated_twice_is_as_good_as_once(
    nights: list[tuple[int, Decision, float]],
) -> None:
    evaluations = _evaluations(nights)

    once = play(evaluations)
    twice = play([evaluation for evaluation in evaluations for _ in range(2)])

    assert [t.alert for t in twice[1::2]] == [t.alert for t in once]
    assert [t for t in twice if t.notify] == [t for t in once if t.notify]


def test_an_alert_whose_rule_is_gone_closes_without_a_word() -> None:
    alert = opened()

    retired = retire(alert, at=NOW)

    assert retired.state is AlertState.RESOLVED
    assert retired.resolved_at == NOW
    assert retire(retired, at=NOW + timedelta(days=1)) == retired
    assert retire(alert, at=alert.opened_at - timedelta(days=9)).resolved_at == alert.changed_at


def test_a_breach_must_hold_before_anybody_is_told() -> None:
    rule = make_rule(pending_for="48h")

    told = play([make_evaluation(days_ago=days) for days in (3, 2, 1, 0)], rule)

    assert [t.occasion for t in told] == ["", "", "firing", ""]
    assert [t.alert.state for t in told if t.alert] == [
        AlertState.PENDING, AlertState.PENDING, AlertState.FIRING, AlertState.FIRING,
    ]  # fmt: skip


def test_a_breach_that_ends_while_it_waits_is_never_told() -> None:
    told = play([make_evaluation(days_ago=3), below(2)], make_rule(pending_for="48h"))

    assert [t.notify for t in told] == [None, None]
    assert told[-1].alert is not None and told[-1].alert.state is AlertState.RESOLVED


def test_a_rule_may_want_no_mail_at_the_end() -> None:
    told = play([make_evaluation(days_ago=1), below(0)], make_rule(resolved_mail=False))

    assert told[-1].notify is None
    assert told[-1].alert is not None and told[-1].alert.state is AlertState.RESOLVED


def test_nobody_who_acknowledges_is_made_good_by_others_once() -> None:
    rule = make_rule(escalate_after="2h")
    alert, hour = opened(), timedelta(hours=1)

    early = escalate(alert, rule, told_at=NOW, now=NOW + hour)
    late = escalate(alert, rule, told_at=NOW, now=NOW + 2 * hour)

    assert early is None
    assert late is not None and late.alert is not None
    assert (late.occasion, late.alert.escalated_at) == ("escalation", NOW + 2 * hour)
    assert escalate(late.alert, rule, told_at=NOW, now=NOW + 9 * hour) is None
    assert escalate(acknowledge(alert, at=NOW), rule, told_at=NOW, now=NOW + 9 * hour) is None
    assert escalate(alert, RULE, told_at=NOW, now=NOW + 9 * hour) is None


def test_one_loud_author_lowers_the_level_until_others_join() -> None:
    rule = make_rule(severity="critical")
    loud = replace(make_evaluation(days_ago=2).observation, loudest_author_count=30)
    alone = replace(make_evaluation(days_ago=2), observation=loud)

    told = play([alone, make_evaluation(days_ago=1)], rule)

    assert [t.alert.severity for t in told if t.alert] == [Severity.WARNING, Severity.CRITICAL]
    assert told[1].occasion == "firing-critical"
