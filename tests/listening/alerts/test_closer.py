"""A closer look: waves told by the hour, on the client's own clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from listening.alerts.calendar import Calendar
from listening.alerts.closer import Closer, hourly_rates, look_closer, wants_hours
from listening.alerts.rules import alarm_threshold
from listening.model import (
    Baseline,
    BrandHours,
    ClientEvent,
    Decision,
    Evaluation,
    Observation,
    Window,
)
from tests.builders import NOW, make_evaluation, make_observation, make_rule

HOUR = timedelta(hours=1)
PARIS = Calendar(ZoneInfo("Europe/Paris"))
ORDINARY = Calendar(UTC)
BASELINE = Baseline(center=4.0, dispersion=1.5, window_count=60, low=1, high=8)

END = datetime(2026, 11, 20, tzinfo=UTC)

#: Texts by hour of an ordinary day: quiet nights, busy mornings and evenings, six in all.
DAY = [0] * 8 + [1, 0, 1, 0, 1, 0, 0, 1] + [0, 1, 0, 1, 0, 0, 0, 0]


def seen_as_a_window(**overrides: Any) -> Evaluation:
    values: dict[str, Any] = {
        "decision": Decision.BELOW,
        "baseline": BASELINE,
        "p_value": 0.2,
        "threshold": 0.003,
    }
    return make_evaluation(12, **values | overrides)


def hours(
    *newest: int, days: int = 14, coverage: tuple[float, ...] = (), start: datetime | None = None
) -> BrandHours:
    """Return ordinary days, the newest hours of which are given."""
    counts = DAY * days
    counts[len(counts) - len(newest) :] = newest
    seen = [1.0] * len(counts)
    seen[len(seen) - len(coverage) :] = coverage
    return BrandHours(
        brand_id="oeuf-a-la-coque",
        start=start or END - len(counts) * HOUR,
        counts=tuple(counts),
        coverage=tuple(seen),
    )


def until(end: datetime) -> Observation:
    return make_observation(12, window=Window(start=end - 24 * HOUR, end=end))


def look(
    seen: BrandHours, calendar: Calendar = ORDINARY, *, rule_count: int = 1, **rule: Any
) -> Evaluation:
    evaluation = seen_as_a_window(observation=until(END))
    closer = Closer(make_rule(**rule), evaluation, seen, rule_count)
    return look_closer([closer], calendar)[0]


@pytest.mark.parametrize(
    ("rule", "evaluation", "is_wanted"),
    [
        pytest.param({}, {}, True, id="enough-to-speak-of"),
        pytest.param({"kind": "spike"}, {}, True, id="of-every-tone"),
        pytest.param({}, {"decision": Decision.FIRED}, True, id="the-window-alone-would-fire"),
        pytest.param({"window": "6h"}, {}, True, id="a-part-of-a-day"),
        pytest.param({"window": "3d"}, {}, False, id="longer-than-a-day"),
        pytest.param({"minimum": 13}, {}, False, id="too-few"),
        pytest.param(
            {},
            {
                "observation": make_observation(2000),
                "baseline": replace(BASELINE, center=1001.0, high=1400),
            },
            False,
            id="a-thousand-a-day-and-more",
        ),
        pytest.param({"threshold": 5}, {}, False, id="a-number-knows-no-habit"),
        pytest.param({"kind": "flatline"}, {}, False, id="a-fall"),
        pytest.param({"kind": "share_drop"}, {}, False, id="a-share"),
        pytest.param({}, {"decision": Decision.OUTAGE}, False, id="sources-not-read"),
        pytest.param(
            {}, {"decision": Decision.LEARNING, "baseline": None}, False, id="still-learning"
        ),
        pytest.param(
            {},
            {"observation": make_observation(12, mention_count=90)},
            False,
            id="drowned-in-other-talk",
        ),
        pytest.param(
            {},
            {"observation": make_observation(12, loudest_author_count=9)},
            False,
            id="one-loud-author",
        ),
    ],
)
def test_hours_are_asked_where_they_can_change_something(
    rule: dict[str, Any], evaluation: dict[str, Any], is_wanted: bool
) -> None:
    assert wants_hours(make_rule(**rule), seen_as_a_window(**evaluation)) is is_wanted


@pytest.mark.parametrize(
    ("newest", "decision"),
    [
        pytest.param((), Decision.BELOW, id="as-usual"),
        pytest.param((0, 1, 1), Decision.BELOW, id="a-little-more"),
        pytest.param((3, 4, 5), Decision.FIRED, id="twelve-in-three-hours"),
        pytest.param((3, 4, 5, 0, 0, 0), Decision.FIRED, id="a-pause-does-not-undo-it"),
    ],
)
def test_a_wave_is_told_within_hours(newest: tuple[int, ...], decision: Decision) -> None:
    found = look(hours(*newest))

    assert found.decision is decision
    assert found.judged_hour_count == 14 * 24


def test_the_numbers_of_the_window_stay_and_the_hours_give_their_own() -> None:
    before = seen_as_a_window(observation=until(END))
    found = look(hours(3, 4, 5), rule_count=2)

    assert (found.observation, found.baseline) == (before.observation, before.baseline)
    rule = make_rule()
    promised = alarm_threshold(rule.false_alarm_budget, window=rule.window, rule_count=2)
    assert found.threshold == promised, "one promise for all looks of a day"
    assert found.p_value is not None and found.p_value <= promised


def test_a_shorter_window_has_its_part_of_the_false_alarms() -> None:
    whole, quarter = (look(hours(3, 4, 5), window=window) for window in ("24h", "6h"))

    assert whole.p_value is not None and quarter.p_value is not None
    assert quarter.p_value == pytest.approx(whole.p_value / 4)
    assert whole.threshold is not None and quarter.threshold is not None
    assert quarter.threshold == pytest.approx(whole.threshold / 4)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(hours(3, 4, 5, days=6), id="less-than-a-week"),
        pytest.param(hours(3, 4, 5, coverage=(0.4,) * 24 * 10), id="hardly-ever-read"),
        pytest.param(hours(3, 4, 5, coverage=(0.4,) * 3), id="newest-hours-not-read"),
    ],
)
def test_where_the_hours_cannot_tell_the_window_does(seen: BrandHours) -> None:
    assert look(seen) == seen_as_a_window(observation=until(END))


def test_hours_not_read_are_unknown_and_not_empty() -> None:
    """Half a day nobody read: no calm that would make the next texts a surprise."""
    unread = hours(*[0] * 12, coverage=(0.0,) * 12)
    calm = hours(*[0] * 12)

    rates = [hourly_rates([seen], ORDINARY).rates[0, -1] for seen in (unread, calm)]

    assert rates[0] >= rates[1]
    assert look(hours(3, 4, 5, *[0] * 2, coverage=(0.0,) * 2)).decision is Decision.FIRED


def test_what_half_of_the_sources_bring_is_measured_by_half() -> None:
    both, half = (look(hours(2, 2, 2, coverage=cover)) for cover in ((1.0,) * 3, (0.5,) * 3))

    assert both.p_value is not None and half.p_value is not None
    assert half.p_value < both.p_value


def test_an_announced_day_that_is_not_judged_is_silenced() -> None:
    day = (END - 12 * HOUR).date()
    event = ClientEvent(name="Soldes", first_on=day, last_on=day, is_yearly=False, is_judged=False)

    found = look(hours(3, 4, 5), Calendar(UTC, events=(event,)))

    assert found.decision is Decision.SILENCED


def test_hours_that_do_not_end_together_are_refused() -> None:
    looks = [Closer(make_rule(), seen_as_a_window(), seen, 1) for seen in (hours(), hours(days=24))]
    with pytest.raises(ValueError, match="different times"):
        look_closer(looks, ORDINARY)
    assert look_closer([], ORDINARY) == []


def test_no_hour_is_judged_by_what_came_later() -> None:
    whole = hours(*np.random.default_rng(5).poisson(0.4, 24 * 6).tolist())
    cut = 24 * 10 + 7
    early = BrandHours(
        brand_id=whole.brand_id,
        start=whole.start,
        counts=whole.counts[:cut],
        coverage=whole.coverage[:cut],
    )

    known, later = (hourly_rates([seen], ORDINARY).rates[0] for seen in (early, whole))

    np.testing.assert_array_equal(known, later[:cut])


@pytest.mark.parametrize(
    ("changes_on", "hour_count"),
    [
        pytest.param(date(2026, 3, 29), 23, id="an-hour-is-missing"),
        pytest.param(date(2026, 10, 25), 25, id="an-hour-is-there-twice"),
    ],
)
def test_days_follow_the_clock_of_the_client_when_it_changes(
    changes_on: date, hour_count: int
) -> None:
    """Four texts at nine every morning, and at nine they stay: no hour of theirs is a surprise."""
    zone = ZoneInfo("Europe/Paris")
    first = datetime(changes_on.year, changes_on.month, changes_on.day, tzinfo=zone)
    start = (first - timedelta(days=12)).astimezone(UTC)
    until = (first + timedelta(days=4)).astimezone(UTC)
    instants = [start + n * HOUR for n in range((until - start) // HOUR)]
    counts = tuple(4 * (at.astimezone(zone).hour == 9) for at in instants)
    seen = BrandHours(
        brand_id="oeuf-a-la-coque", start=start, counts=counts, coverage=(1.0,) * len(counts)
    )

    (rates,), (hours_seen,) = hourly_rates([seen], PARIS)

    assert len(instants) == 15 * 24 + hour_count
    assert hours_seen[-1] == len(instants)
    changed = 12 * 24
    assert rates[changed:].min() > rates[9 * 24 : changed].min() / 2
    by_utc = hourly_rates([seen], ORDINARY).rates[0]
    assert by_utc[changed:].min() < rates[changed:].min(), "days of UTC would not"


@pytest.mark.parametrize(
    ("mentions", "decision"),
    [
        pytest.param(12, Decision.FIRED, id="all-of-it"),
        pytest.param(26, Decision.FIRED, id="nearly-half"),
        pytest.param(36, Decision.BELOW, id="a-third-may-be-chance-at-one-of-24-looks"),
    ],
)
def test_the_share_must_be_beyond_doubt(mentions: int, decision: Decision) -> None:
    """Twelve negative texts, a rule that asks for three in ten."""
    window = Window(start=END - 24 * HOUR, end=END)
    seen = make_observation(12, mention_count=mentions, window=window)

    (found,) = look_closer(
        [Closer(make_rule(), seen_as_a_window(observation=seen), hours(3, 4, 5), 1)], ORDINARY
    )

    assert wants_hours(make_rule(), seen_as_a_window(observation=seen))
    assert found.decision is decision
    assert found.p_value is not None and found.threshold is not None
    assert found.p_value <= found.threshold, "unusual it is, whatever the share"


def test_hours_beyond_the_window_are_for_later_looks() -> None:
    """A replay counts a week of hours once and takes each look at its own hour."""
    night = make_observation().window.end
    seen = hours(*[0] * 30, 3, 4, 5, start=night + 3 * HOUR - 14 * 24 * HOUR)
    looks = [
        Closer(make_rule(), seen_as_a_window(observation=until(end)), seen, rule_count=1)
        for end in (night, night + 3 * HOUR)
    ]

    found = look_closer(looks, ORDINARY)

    assert [one.decision for one in found] == [Decision.BELOW, Decision.FIRED]
    assert [one.judged_hour_count for one in found] == [14 * 24 - 3, 14 * 24]


def test_the_clock_of_the_look_is_only_recorded() -> None:
    assert look(hours(3, 4, 5)).evaluated_at == NOW
