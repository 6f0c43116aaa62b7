"""Which days are known to differ, and what a window is compared with."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from listening.alerts.calendar import Calendar, happens_on
from listening.model import ClientEvent, Window

PARIS = ZoneInfo("Europe/Paris")


def _event(
    first: str, last: str, *, is_yearly: bool = False, is_judged: bool = True
) -> ClientEvent:
    return ClientEvent(
        name="Soldes", first_on=date.fromisoformat(first), last_on=date.fromisoformat(last),
        is_yearly=is_yearly, is_judged=is_judged,
    )  # fmt: skip


def _window(start: str, hours: int = 24) -> Window:
    start_at = datetime.fromisoformat(start).replace(tzinfo=PARIS).astimezone(UTC)
    return Window(start=start_at, end=start_at + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("event", "day", "expected"),
    [
        pytest.param(_event("2026-01-07", "2026-02-03"), "2026-02-03", True, id="its-last-day"),
        pytest.param(_event("2026-01-07", "2026-02-03"), "2026-02-04", False, id="the-day-after"),
        pytest.param(_event("2026-01-07", "2026-02-03"), "2027-01-10", False, id="only-that-year"),
        pytest.param(
            _event("2020-12-20", "2021-01-05", is_yearly=True),
            "2026-01-02",
            True,
            id="over-new-year",
        ),
        pytest.param(
            _event("2024-02-29", "2024-02-29", is_yearly=True), "2026-02-28", True, id="leap-day"
        ),
        pytest.param(
            _event("2024-02-29", "2024-02-29", is_yearly=True), "2028-02-28", False, id="leap-year"
        ),
    ],
)
def test_an_event_falls_on_its_days(event: ClientEvent, day: str, expected: bool) -> None:
    assert happens_on(event, date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        pytest.param("2026-03-28T00:00", 5, id="saturday-before-the-clocks-go-forward"),
        pytest.param("2026-03-29T00:00", 6, id="sunday-of-23-hours"),
        pytest.param("2026-10-25T00:00", 6, id="sunday-of-25-hours"),
        pytest.param("2026-10-26T00:00", 0, id="monday-after-the-clocks-went-back"),
        pytest.param("2026-05-13T20:00", 6, id="mostly-ascension-day"),
        pytest.param("2026-07-01T00:00", 7, id="announced"),
    ],
)
def test_a_day_is_compared_with_days_like_it(start: str, kind: int) -> None:
    calendar = Calendar(
        PARIS, {date(2026, 5, 14): "Ascension"}, (_event("2026-07-01", "2026-07-03"),)
    )

    assert calendar.kind_of(_window(start)) == kind


def test_all_days_of_a_long_window_are_named_and_one_that_is_left_alone_leaves_it_alone() -> None:
    calendar = Calendar(
        PARIS,
        {date(2026, 5, 14): "Ascension"},
        (_event("2026-05-16", "2026-05-16", is_judged=False),),
    )
    week, before = _window("2026-05-11T00:00", 168), _window("2026-05-11T00:00", 72)

    assert calendar.names_of(week) == ("Ascension", "Soldes")
    assert (calendar.is_paused(week), calendar.is_paused(before)) == (True, False)
