"""One public function per Airflow task: plain values in, plain values out, paths and counts only.

Each opens its client's context, so that a task can run on any worker at any time.
"""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from listening.jobs import alert as alert_job
from listening.jobs import backup as backup_job
from listening.jobs import collect as collect_job
from listening.jobs import digest as digest_job
from listening.jobs import maintain as maintain_job
from listening.jobs import notify as notify_job
from listening.jobs import publish as publish_job
from listening.jobs import retention as retention_job
from listening.jobs import tag as tag_job
from listening.jobs import watchdog as watchdog_job
from listening.jobs.context import open_context
from listening.model import Decision

_SUNDAY = 7  # ISO 8601


def plan(client_id: str, *, run_id: str, now: datetime) -> list[str]:
    """Plan the run; return the paths of its plan files."""
    paths = collect_job.plan_collection(open_context(client_id), run_id=run_id, now=now)
    return [str(path) for path in paths]


def collect(client_id: str, plan_path: str, *, run_id: str) -> str:
    """Visit the sources of one plan; return the path of the landing file."""
    landed = collect_job.collect_plan(open_context(client_id), Path(plan_path), run_id=run_id)
    return str(landed)


def load(client_id: str, *, now: datetime) -> dict[str, int]:
    """Load all that landed; return what was new, changed, unchanged, merged."""
    return asdict(collect_job.load_landing(open_context(client_id), now=now))


def tag(client_id: str, *, run_id: str, now: datetime) -> int:
    """Tag what is untagged into files; return the number of documents."""
    return tag_job.tag_documents(open_context(client_id), run_id=run_id, now=now)


def load_tags(client_id: str, *, now: datetime) -> dict[str, int]:
    """Load the tagged files; return the counts."""
    return asdict(tag_job.load_tags(open_context(client_id), now=now))


def publish(client_id: str, *, now: datetime) -> str:
    """Publish the snapshot; return its path."""
    return str(publish_job.publish_snapshot(open_context(client_id), now=now))


def check_sources(client_id: str, *, run_id: str, now: datetime) -> None:
    """Fail when too many of the run's sources are dead; else note that the run ended well.

    Raises:
        CollectionFailedError: More are dead than the client allows.
    """
    context = open_context(client_id)
    collect_job.check_run(context, run_id=run_id, now=now)
    watchdog_job.record_good_run(context, run_id=run_id)


def judge(client_id: str, *, now: datetime) -> dict[str, int]:
    """Judge the newest windows; return how many evaluations came to which decision."""
    judgement = alert_job.judge(open_context(client_id), now=now)
    counts = {decision.value: judgement.count(decision) for decision in Decision}
    return {**counts, "messages": judgement.message_count}


def send(client_id: str) -> dict[str, int]:
    """Send what waits in the outbox; return how many went out and how many failed."""
    return asdict(notify_job.send_pending(open_context(client_id)))


def write_digests(client_id: str, *, now: datetime) -> dict[str, int]:
    """Write the daily sheet and the week's digest; return how many are wanted and were new."""
    return asdict(digest_job.write_digests(open_context(client_id), now=now))


def check_warehouse(client_id: str, *, now: datetime) -> None:
    """Run the data checks.

    Raises:
        StorageError: One of them found rows; says which.
    """
    maintain_job.check_warehouse(open_context(client_id), now=now)


def retain(client_id: str, *, now: datetime) -> dict[str, int]:
    """Let go of what is too old; return how much."""
    done = retention_job.retain(open_context(client_id), now=now)
    return {
        "texts": len(done.text_ids),
        "mails": done.mail_count,
        "documents": done.document_count,
    }


def compact_weekly(client_id: str, *, now: datetime) -> dict[str, int]:
    """On Sundays in the client's time write the warehouse file anew; return its sizes, if so."""
    context = open_context(client_id)
    if now.astimezone(ZoneInfo(context.config.timezone)).isoweekday() != _SUNDAY:
        return {}
    return asdict(maintain_job.compact_warehouse(context))


def backup(client_id: str, *, now: datetime) -> str:
    """Back up and verify; return the folder."""
    return str(backup_job.make_backup(open_context(client_id), now=now).folder)
