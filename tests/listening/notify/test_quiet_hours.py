"""Quiet hours: who is written to at night, and when the rest goes out."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.model import Severity
from listening.notify.quiet_hours import release_at

PARIS = "Europe/Paris"


@dataclass(frozen=True)
class Hours:
    start: time
    end: time


NIGHT = Hours(time(21), time(7, 30))
NOON = Hours(time(12), time(14))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS))


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        pytest.param(NIGHT, "2026-11-20 02:14", "2026-11-20 07:30", id="night"),
        pytest.param(NIGHT, "2026-11-19 21:00", "2026-11-20 07:30", id="start-is-quiet"),
        pytest.param(NIGHT, "2026-11-20 07:30", "2026-11-20 07:30", id="end-is-not"),
        pytest.param(NIGHT, "2026-11-20 20:59", "2026-11-20 20:59", id="evening"),
        pytest.param(NOON, "2026-11-20 12:30", "2026-11-20 14:00", id="same-day"),
        pytest.param(NOON, "2026-11-20 02:14", "2026-11-20 02:14", id="outside-same-day"),
        pytest.param(NIGHT, "2026-03-28 23:00", "2026-03-29 07:30", id="summer-time-begins"),
        pytest.param(NIGHT, "2026-10-24 23:00", "2026-10-25 07:30", id="summer-time-ends"),
    ],
)
def test_what_can_wait_waits_for_the_morning(hours: Hours, now: str, expected: str) -> None:
    assert release_at(hours, Severity.WARNING, paris(now), PARIS) == paris(expected)


def test_critical_messages_never_wait() -> None:
    now = paris("2026-11-20 02:14")

    assert release_at(NIGHT, Severity.CRITICAL, now, PARIS) == now


@pytest.mark.parametrize("hours", [None, Hours(time(9), time(9))], ids=["none", "empty"])
def test_without_quiet_hours_nothing_waits(hours: Hours | None) -> None:
    now = paris("2026-11-20 09:00")

    assert release_at(hours, Severity.INFO, now, PARIS) == now


def test_an_end_that_the_clock_jumps_over_is_the_jump() -> None:
    """On 29 March 2026 at 02:00 it is 03:00 in Paris: 02:30 never shows."""
    hours = Hours(time(22), time(2, 30))

    released = release_at(hours, Severity.INFO, paris("2026-03-29 01:59"), PARIS)

    assert released == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_an_end_that_shows_twice_is_the_first() -> None:
    """On 25 October 2026 at 03:00 it is 02:00 again in Paris."""
    hours = Hours(time(22), time(2, 30))

    released = release_at(hours, Severity.INFO, paris("2026-10-25 01:00"), PARIS)

    assert released == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.times(),
    st.times(),
    st.sampled_from([PARIS, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
)
def test_a_release_is_never_in_the_past_nor_later_than_a_day_and_is_not_quiet(
    now: datetime, start: time, end: time, timezone: str
) -> None:
    hours = Hours(start, end)

    released = release_at(hours, Severity.WARNING, now, timezone)

    assert now <= released <= now + timedelta(hours=25)
    assert released == now or release_at(hours, Severity.WARNING, released, timezone) == released
