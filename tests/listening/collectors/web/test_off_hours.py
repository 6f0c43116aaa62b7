"""Off hours on the client's clock."""

from datetime import UTC, datetime, time

import pytest

from listening.collectors.web.off_hours import hours_by_host, is_off, resting_hosts
from listening.model import OffHours
from tests.builders import make_source

DAY = OffHours(time(8), time(19))
NIGHT = OffHours(time(22, 30), time(6))
PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("hours", "utc", "expected"),
    [
        pytest.param(None, datetime(2026, 11, 20, 12, tzinfo=UTC), False, id="none"),
        pytest.param(
            DAY, datetime(2026, 11, 20, 6, 59, tzinfo=UTC), False, id="before-eight-in-winter"
        ),
        pytest.param(DAY, datetime(2026, 11, 20, 7, 0, tzinfo=UTC), True, id="eight-in-winter"),
        pytest.param(DAY, datetime(2026, 7, 20, 6, 0, tzinfo=UTC), True, id="eight-in-summer"),
        pytest.param(DAY, datetime(2026, 11, 20, 17, 59, tzinfo=UTC), True, id="just-before-seven"),
        pytest.param(DAY, datetime(2026, 11, 20, 18, 0, tzinfo=UTC), False, id="the-end-is-out"),
        pytest.param(
            NIGHT, datetime(2026, 11, 20, 21, 30, tzinfo=UTC), True, id="over-midnight-begins"
        ),
        pytest.param(
            NIGHT, datetime(2026, 11, 20, 4, 59, tzinfo=UTC), True, id="over-midnight-next-day"
        ),
        pytest.param(
            NIGHT, datetime(2026, 11, 20, 5, 0, tzinfo=UTC), False, id="over-midnight-ends"
        ),
    ],
)
def test_the_clients_clock_decides(hours: OffHours | None, utc: datetime, expected: bool) -> None:
    assert is_off(hours, now=utc, timezone=PARIS) is expected


def test_a_host_rests_when_one_of_its_sources_asks_for_it() -> None:
    sources = [
        make_source("a", url="https://forum.example/feed", off_hours=DAY),
        make_source("b", url="https://forum.example/autre"),
        make_source("c", url="https://blog.example/feed"),
    ]
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)

    resting = resting_hosts(sources, everywhere=None, now=noon, timezone=PARIS)

    assert resting == {"forum.example"}
    assert resting_hosts(sources, everywhere=DAY, now=noon, timezone=PARIS) == {
        "forum.example",
        "blog.example",
    }


def test_a_host_is_left_alone_in_the_hours_of_each_of_its_sources() -> None:
    sources = [
        make_source("a", url="https://forum.example/feed", off_hours=DAY),
        make_source("b", url="https://FORUM.example/autre", off_hours=NIGHT),
        make_source("c", url="https://blog.example/feed"),
    ]

    assert hours_by_host(sources) == {"forum.example": {DAY, NIGHT}}
