"""The whole night of one client in one process: the same jobs as the DAGs, for cron and tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from listening.jobs.alert import Judgement, judge
from listening.jobs.collect import OnVisit, check_run, collect_plans, load_landing, plan_collection
from listening.jobs.context import JobContext
from listening.jobs.notify import SendCounts, send_pending
from listening.jobs.publish import publish_snapshot
from listening.jobs.tag import load_tags, tag_documents
from listening.jobs.watchdog import record_good_run
from storage.loading import LoadCounts

#: Told the name of each step as it begins.
OnStep = Callable[[str], None]

#: The steps of a night, in order; names of the DAGs' tasks.
STEPS = ("plan", "collect", "load", "tag", "load_tags", "publish", "judge", "send", "publish")


@dataclass(frozen=True, slots=True)
class Night:
    """What one night did."""

    run_id: str
    loaded: LoadCounts
    tagged_count: int
    judgement: Judgement
    sent: SendCounts


def _ignore(_: object) -> None:
    """Report to nobody."""


def run_night(
    context: JobContext,
    *,
    run_id: str,
    now: datetime,
    is_forced: bool = False,
    on_step: OnStep = _ignore,
    on_visit: OnVisit = _ignore,
) -> Night:
    """Run all steps; a run that died at any point can be run again with the same or a new id.

    Args:
        context: The client.
        run_id: Names the run.
        now: The instant the run stands for.
        is_forced: Visit every source, due or not.
        on_step: Told the name of each step as it begins.
        on_visit: Told of each visit as it ends.

    Raises:
        CollectionFailedError: Too many sources are dead; raised last, when everything else is
            stored, judged and published.
    """
    on_step("plan")
    plans = plan_collection(context, run_id=run_id, now=now, is_forced=is_forced)
    on_step("collect")
    collect_plans(context, plans, run_id=run_id, on_visit=on_visit)
    on_step("load")
    loaded = load_landing(context, now=now)
    on_step("tag")
    tagged_count = tag_documents(context, run_id=run_id, now=now)
    on_step("load_tags")
    load_tags(context, now=now)
    on_step("publish")
    publish_snapshot(context, now=now)
    on_step("judge")
    judgement = judge(context, now=now)
    on_step("send")
    sent = send_pending(context)
    on_step("publish")
    publish_snapshot(context, now=now)
    check_run(context, run_id=run_id, now=now)
    record_good_run(context, run_id=run_id)
    return Night(run_id, loaded, tagged_count, judgement, sent)
