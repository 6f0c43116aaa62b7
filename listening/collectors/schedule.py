"""When a source is visited next, and what is remembered of a visit: pure functions of its state."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from listening.errors import CollectError, SourceRefusedError
from listening.model import FetchState, Source

#: Weights of failures: one bad night is nothing, a refusal is three.
SOFT_FAILURE = 1.0
HARD_FAILURE = 3.0
#: A score up to this one does not delay the next visit.
_TOLERATED_SCORE = 3.0
#: However ill, a source is tried this often.
MAX_BACK_OFF = timedelta(days=14)
#: However quiet, a healthy source is visited this often.
MAX_QUIET_INTERVAL = timedelta(days=3)
#: A source silent for N days is visited every N / 15 days: a month of silence, every second night.
_SILENCE_SHARE = 15
#: Visits of a nightly run do not start at the same second; a little earlier is still due.
_TOLERANCE = timedelta(minutes=30)


def is_due(state: FetchState | None, *, now: datetime) -> bool:
    """Return whether a source is to be visited in a run that starts now."""
    return state is None or state.next_fetch_at is None or state.next_fetch_at <= now + _TOLERANCE


def state_after_success(
    state: FetchState,
    *,
    source: Source,
    now: datetime,
    etag: str | None,
    last_modified: str | None,
    body_hash: str | None,
    seen: Mapping[str, str],
    shared_urls: frozenset[str],
    has_new: bool,
    is_not_modified: bool,
    memory: Mapping[str, str] | None = None,
) -> FetchState:
    """Return what to remember of a good visit.

    Args:
        state: Before the visit.
        source: The source visited.
        now: Its time.
        etag: Validator to send next time.
        last_modified: Likewise.
        body_hash: sha256 of the body that was read.
        seen: content_hash by document_id.
        shared_urls: URLs that identify no document of this source.
        has_new: It brought a new or changed document.
        is_not_modified: The server answered 304.
        memory: What a walk remembers; None: what it remembered before.
    """
    last_new_at = now if has_new else state.last_new_at
    return replace(
        state,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
        failure_score=0.0,
        next_fetch_at=now + _interval(source, last_new_at or now, now),
        last_success_at=now,
        last_new_at=last_new_at,
        unchanged_count=state.unchanged_count + 1 if is_not_modified else 0,
        seen=seen,
        shared_urls=shared_urls,
        memory=state.memory if memory is None else memory,
    )


def state_after_failure(
    state: FetchState, error: CollectError, *, source: Source, now: datetime, is_our_choice: bool
) -> FetchState:
    """Return what to remember of a bad visit: the score grows, the next visit moves away linearly.

    Args:
        state: Before the visit.
        error: What went wrong, with the server's Retry-After if it sent one.
        source: The source visited.
        now: Its time.
        is_our_choice: No request was made, because the host asked for a pause; no blame.
    """
    weight = HARD_FAILURE if isinstance(error, SourceRefusedError) else SOFT_FAILURE
    score = state.failure_score + (0.0 if is_our_choice else weight)
    wait = min(source.poll_every * max(1.0, score / _TOLERATED_SCORE), MAX_BACK_OFF)
    wait = max(wait, source.poll_every, timedelta(seconds=error.retry_after_s or 0.0))
    return replace(state, failure_score=score, next_fetch_at=now + wait)


def _interval(source: Source, last_new_at: datetime, now: datetime) -> timedelta:
    """Return the pause after a good visit: the configured one, longer for a quiet source."""
    by_rhythm = min((now - last_new_at) / _SILENCE_SHARE, MAX_QUIET_INTERVAL)
    return max(source.poll_every, by_rhythm)
