"""When a source is visited next."""

from datetime import timedelta

import pytest

from listening.collectors.schedule import (
    MAX_BACK_OFF,
    MAX_QUIET_INTERVAL,
    is_due,
    state_after_failure,
    state_after_success,
)
from listening.errors import CollectError, SourceRefusedError, SourceUnavailableError
from listening.model import FetchState
from tests.builders import NOW, make_source

SOURCE = make_source(poll_every=timedelta(hours=20))
FRESH = FetchState(source_id=SOURCE.source_id)
SOFT = SourceUnavailableError(SOURCE.source_id, "http_503")
HARD = SourceRefusedError(SOURCE.source_id, "http_403")


def after_success(
    state: FetchState = FRESH, *, has_new: bool = True, is_304: bool = False
) -> FetchState:
    return state_after_success(
        state,
        source=SOURCE,
        now=NOW,
        etag='"1"',
        last_modified=None,
        body_hash="0",
        seen={},
        shared_urls=frozenset(),
        has_new=has_new,
        is_not_modified=is_304,
    )


def wait_after(*errors: CollectError) -> timedelta:
    state = FRESH
    for error in errors:
        state = state_after_failure(state, error, source=SOURCE, now=NOW, is_our_choice=False)
    assert state.next_fetch_at is not None
    return state.next_fetch_at - NOW


def test_a_new_source_is_due() -> None:
    assert is_due(None, now=NOW)
    assert is_due(FRESH, now=NOW)


def test_a_nightly_source_is_due_the_next_night_even_if_last_night_was_late() -> None:
    state = after_success()

    assert not is_due(state, now=NOW + timedelta(hours=1))
    assert is_due(state, now=NOW + timedelta(hours=19, minutes=45))


@pytest.mark.parametrize(
    ("silent_days", "expected"),
    [
        pytest.param(1, timedelta(hours=20), id="lively"),
        pytest.param(10, timedelta(hours=20), id="weekly"),
        pytest.param(30, timedelta(days=2), id="a-month-of-silence"),
        pytest.param(400, MAX_QUIET_INTERVAL, id="asleep"),
    ],
)
def test_quiet_sources_are_visited_more_rarely(silent_days: int, expected: timedelta) -> None:
    state = FetchState(source_id="a", last_new_at=NOW - timedelta(days=silent_days))

    assert after_success(state, has_new=False).next_fetch_at == NOW + expected


def test_success_forgets_failures_and_counts_unchanged_answers() -> None:
    state = FetchState(source_id="a", failure_score=7, unchanged_count=3)

    assert after_success(state).failure_score == 0
    assert after_success(state, is_304=True).unchanged_count == 4
    assert after_success(state, is_304=False).unchanged_count == 0


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        pytest.param([SOFT], timedelta(hours=20), id="one-bad-night-changes-nothing"),
        pytest.param([SOFT] * 3, timedelta(hours=20), id="nor-do-three"),
        pytest.param([SOFT] * 6, timedelta(hours=40), id="then-it-grows-linearly"),
        pytest.param([HARD] * 2, timedelta(hours=40), id="hard-failures-weigh-three"),
        pytest.param([HARD] * 99, MAX_BACK_OFF, id="never-dropped"),
    ],
)
def test_failures_move_the_next_visit_away(errors: list[CollectError], expected: timedelta) -> None:
    assert wait_after(*errors) == expected


def test_retry_after_is_obeyed_between_runs() -> None:
    error = SourceUnavailableError("a", "http_429", retry_after_s=3 * 86_400)

    assert wait_after(error) == timedelta(days=3)


def test_a_pause_we_keep_by_ourselves_is_no_failure() -> None:
    error = SourceUnavailableError("a", "host_paused", retry_after_s=60)

    state = state_after_failure(FRESH, error, source=SOURCE, now=NOW, is_our_choice=True)

    assert state.failure_score == 0
