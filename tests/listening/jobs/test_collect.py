"""Collecting as a job: plans, landing files and the share of dead sources."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from listening.collectors import faults
from listening.errors import CollectionFailedError
from listening.jobs.collect import require_enough_sources
from listening.model import RunStatus, SourceRun

NOW = datetime(2026, 11, 21, 1, tzinfo=UTC)


def visits(*statuses: RunStatus) -> list[SourceRun]:
    return [
        SourceRun(run_id="night", source_id=f"source-{number}", started_at=NOW, status=status)
        for number, status in enumerate(statuses)
    ]


OK, SAME = RunStatus.OK, RunStatus.UNCHANGED
FAILED, REFUSED, UNREADABLE = RunStatus.FAILED, RunStatus.REFUSED, RunStatus.UNREADABLE


@pytest.mark.parametrize(
    ("statuses", "never_visited", "allowed_share", "dead_count"),
    [
        pytest.param((), 0, 0.5, None, id="nothing-was-due"),
        pytest.param((OK, SAME), 0, 0.0, None, id="all-alive"),
        pytest.param((OK, FAILED), 0, 0.5, None, id="at-the-limit"),
        pytest.param((OK, FAILED, REFUSED), 0, 0.5, 2, id="above-the-limit"),
        pytest.param((OK, UNREADABLE), 0, 0.0, 1, id="one-too-many"),
        pytest.param((OK, OK), 3, 0.5, 3, id="a-batch-whose-task-died-counts-as-dead"),
        pytest.param((), 2, 0.5, 2, id="no-visit-at-all"),
    ],
)
def test_a_run_fails_above_the_allowed_share_of_dead_sources(
    statuses: tuple[RunStatus, ...],
    never_visited: int,
    allowed_share: float,
    dead_count: int | None,
) -> None:
    made = visits(*statuses)
    planned = [visit.source_id for visit in made] + [f"lost-{n}" for n in range(never_visited)]

    if dead_count is None:
        require_enough_sources(planned, made, allowed_share=allowed_share)
        return
    with pytest.raises(CollectionFailedError) as caught:
        require_enough_sources(planned, made, allowed_share=allowed_share)

    assert caught.value.failed_count == dead_count
    assert caught.value.source_count == len(planned)


@pytest.mark.parametrize("reason", [faults.BATCH_DEADLINE, faults.HOST_PAUSED, faults.OFF_HOURS])
def test_a_source_whose_turn_did_not_come_is_not_dead(reason: str) -> None:
    made = visits(OK, FAILED, FAILED, FAILED)
    waiting = [replace(visit, reason=reason) for visit in made[2:]]
    planned = [visit.source_id for visit in made]

    require_enough_sources(planned, [*made[:2], *waiting], allowed_share=0.5)
    require_enough_sources(planned[2:], waiting, allowed_share=0.1)
    with pytest.raises(CollectionFailedError) as caught:
        require_enough_sources(planned, [*made[:2], *waiting], allowed_share=0.4)

    assert (caught.value.failed_count, caught.value.source_count) == (1, 2)
