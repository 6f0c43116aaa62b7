"""### Write the daily sheet and the weekly digest of one client to those who asked for them.

Every morning after the night, on the client's own clock. The week's digest is that of the last
whole week: a Monday on which nothing ran is made up for on the next day.

**Running it again is safe**: each person has one Message-ID per day and per week, and the outbox
takes it once.

When it fails: docs/runbook.md#send_digest
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from listening.jobs.scheduling import run_instant, scheduled_clients

EVERY_MORNING = "30 7 * * *"
WRITER_POOL = "duckdb_writer"


def build_send_digest(client_id: str, timezone: str) -> None:
    """Declare one client's DAG: when, in which order, with which limits; nothing else."""

    @dag(
        dag_id=f"send_digest_{client_id}",
        schedule=CronTriggerTimetable(EVERY_MORNING, timezone=timezone),
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=2),
        default_args={
            "retries": 2,
            "retry_delay": timedelta(minutes=5),
            "execution_timeout": timedelta(minutes=20),
        },
        doc_md=__doc__,
        tags=["digest", client_id],
    )
    def send_digest() -> None:
        @task(pool=WRITER_POOL)
        def write(dag_run: Any = None) -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.write_digests(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def send() -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.send(client_id)

        write() >> send()

    send_digest()


for client in scheduled_clients():
    build_send_digest(client.client_id, client.timezone)
