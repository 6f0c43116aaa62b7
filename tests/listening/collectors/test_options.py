"""Limits and manners."""

from dataclasses import dataclass
from datetime import time

from listening.collectors.options import CollectOptions
from listening.model import OffHours

DAY = OffHours(time(8), time(19))


@dataclass(frozen=True)
class Limits:
    allow_hosts: tuple[str, ...] = ("127.0.0.1:8000",)
    concurrency: int = 7
    per_host_interval_s: float = 3.0
    timeout_s: float = 9.0
    max_body_mb: float = 1.5
    max_documents: int = 10
    max_pages: int = 5
    respect_robots: bool = False
    off_hours: OffHours | None = DAY


def test_a_clients_limits_are_taken_over() -> None:
    hours = {"a.example": frozenset({DAY})}

    options = CollectOptions.from_limits(Limits(), contact="mailto:a@b.example", host_hours=hours)

    assert options.max_body_bytes == 1_500_000
    assert (options.concurrency, options.timeout_s, options.max_documents) == (7, 9.0, 10)
    assert options.max_pages == 5
    assert not options.respect_robots
    assert (options.off_hours, options.host_hours) == (DAY, hours)


def test_the_user_agent_says_who_we_are_and_stays_one_line() -> None:
    options = CollectOptions(user_agent_contact="mailto:a@b.example\r\nX-Evil: 1")

    assert options.user_agent.startswith("Vigie/")
    assert "(+mailto:a@b.example" in options.user_agent
    assert "\n" not in options.user_agent
