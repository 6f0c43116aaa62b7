"""What one visit came to: its record, and the state it leaves; pure functions of what was found."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from listening.collectors import faults
from listening.collectors.identity.withdrawn import withdrawn_page
from listening.collectors.plan import Landing
from listening.collectors.schedule import state_after_failure, state_after_success
from listening.collectors.walking import Walked
from listening.collectors.web.fetch import Fetched
from listening.errors import (
    CollectError,
    SourceRefusedError,
    SourceUnavailableError,
    UnreadableSourceError,
)
from listening.model import Document, FetchState, Reading, RunStatus, Source, SourceRun

_STATUS_OF = {
    SourceUnavailableError: RunStatus.FAILED,
    SourceRefusedError: RunStatus.REFUSED,
    UnreadableSourceError: RunStatus.UNREADABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One source after its visit."""

    run: SourceRun
    state: FetchState
    documents: tuple[Document, ...] = ()
    reading: Reading | None = None  # what the source shows, when it was read


def good_visit(
    source: Source,
    state: FetchState,
    fetched: Fetched,
    landing: Landing,
    *,
    body_hash: str | None,
    run_id: str,
    now: datetime,
    walked: Walked | None = None,
) -> Visit:
    """Return the visit that read a new or changed body, or walked through new pages.

    The first page of a walk stands for the whole of it only when nothing was left out.
    """
    is_whole = walked is None or walked.is_complete
    run = SourceRun(
        run_id=run_id,
        source_id=source.source_id,
        started_at=now,
        status=RunStatus.OK,
        http_status=fetched.status,
        byte_count=len(fetched.body or b"") if walked is None else walked.byte_count,
        document_count=landing.document_count,
        new_count=landing.new_count,
        changed_count=landing.changed_count,
        faults=faults.in_order({*landing.faults, *fetched.faults}),
        is_used_up=landing.is_used_up or (walked is not None and walked.is_used_up),
    )
    after = state_after_success(
        state,
        source=source,
        now=now,
        etag=fetched.etag if is_whole else None,
        last_modified=fetched.last_modified if is_whole else None,
        body_hash=body_hash if is_whole else None,
        seen=landing.seen,
        shared_urls=landing.shared_urls,
        has_new=bool(landing.documents),
        is_not_modified=False,
        memory=walked.memory if walked is not None else None,
    )
    after = replace(after, listed=landing.listed, missing=landing.missing)
    return Visit(run=run, state=after, documents=landing.documents)


def unchanged_visit(
    source: Source, state: FetchState, fetched: Fetched, *, run_id: str, now: datetime
) -> Visit:
    """Return the visit that found the same as last time: 304, or the same bytes."""
    etag, last_modified = _validators(state, fetched)
    run = SourceRun(
        run_id=run_id,
        source_id=source.source_id,
        started_at=now,
        status=RunStatus.UNCHANGED,
        http_status=fetched.status,
        byte_count=len(fetched.body or b""),
        faults=fetched.faults,
    )
    after = state_after_success(
        state,
        source=source,
        now=now,
        etag=etag,
        last_modified=last_modified,
        body_hash=state.body_hash,
        seen=state.seen,
        shared_urls=state.shared_urls,
        has_new=False,
        is_not_modified=fetched.body is None,
    )
    # What it listed last is shown again, should it have been gone in between.
    gone = {name: since for name, since in state.missing.items() if name not in state.listed}
    return Visit(run=run, state=replace(after, missing=MappingProxyType(gone)))


def failed_visit(
    source: Source, state: FetchState, error: CollectError, *, run_id: str, now: datetime
) -> Visit:
    """Return the visit that brought nothing, with the reason; a pause we keep is no blame."""
    if error.reason == faults.OFF_HOURS:  # of its own host, or of one that it redirects to
        return missed_visit(source, state, run_id=run_id, now=now, reason=error.reason)
    run = SourceRun(
        run_id=run_id,
        source_id=source.source_id,
        started_at=now,
        status=_STATUS_OF.get(type(error), RunStatus.FAILED),
        reason=error.reason,
        http_status=_status_in(error.reason),
    )
    is_our_choice = error.reason == faults.HOST_PAUSED
    after = state_after_failure(state, error, source=source, now=now, is_our_choice=is_our_choice)
    gone = withdrawn_page(
        source, before=state.listed, earlier=state.missing, reason=error.reason, now=now
    )
    after = replace(after, missing=gone)
    return Visit(run=run, state=after)


def missed_visit(
    source: Source,
    state: FetchState,
    *,
    run_id: str,
    now: datetime,
    reason: str = faults.BATCH_DEADLINE,
) -> Visit:
    """Return the visit for which no time was left; the source is as due as it was."""
    run = SourceRun(
        run_id=run_id,
        source_id=source.source_id,
        started_at=now,
        status=RunStatus.FAILED,
        reason=reason,
    )
    return Visit(run=run, state=state)


def _validators(state: FetchState, fetched: Fetched) -> tuple[str | None, str | None]:
    """Return the validators to send next time after an unchanged visit.

    A weak ETag that was sent and still got the whole unchanged body is dropped: such servers
    (WordPress behind a proxy) answer 304 to the date alone. A 304 does not bring it back.
    """
    if fetched.body is None:
        last_modified = fetched.last_modified or state.last_modified
        return (fetched.etag or state.etag if fetched.sent_etag else None), last_modified
    is_stuck = (fetched.sent_etag or "").startswith("W/") and fetched.last_modified is not None
    return (None if is_stuck else fetched.etag), fetched.last_modified


def _status_in(reason: str) -> int | None:
    digits = reason.removeprefix("http_")
    return int(digits) if digits != reason and digits.isdecimal() else None
