"""### Look after the warehouse of one client, every night.

Run every data check; let go of what is older than the client's `privacy:` allows; on Sundays write
the file anew without the holes that changed rows leave; publish it; back it up and read the copy
back. A failing check names its rows and stops the rest: analysts keep the snapshot they have.

**Running it again is safe** at any point: the file is replaced in one step, and what a killed run
left half made is removed by the next one.

When it fails: docs/runbook.md#maintain_warehouse
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from listening.jobs.scheduling import run_instant, scheduled_clients

NIGHTLY = "0 5 * * *"
WRITER_POOL = "duckdb_writer"


def build_maintain_warehouse(client_id: str, timezone: str) -> None:
    """Declare one client's DAG: when, in which order, with which limits; nothing else."""

    @dag(
        dag_id=f"maintain_warehouse_{client_id}",
        schedule=CronTriggerTimetable(NIGHTLY, timezone=timezone),
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=3),
        default_args={
            "retries": 2,
            "retry_delay": timedelta(minutes=5),
            "execution_timeout": timedelta(hours=1),
        },
        doc_md=__doc__,
        tags=["maintenance", client_id],
    )
    def maintain_warehouse() -> None:
        @task(pool=WRITER_POOL)
        def check_warehouse(dag_run: Any = None) -> None:
            from listening.jobs import tasks

            tasks.check_warehouse(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def retain(dag_run: Any = None) -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.retain(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def compact(dag_run: Any = None) -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.compact_weekly(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def publish(dag_run: Any = None) -> str:
            from listening.jobs import tasks

            return tasks.publish(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def backup(dag_run: Any = None) -> str:
            from listening.jobs import tasks

            return tasks.backup(client_id, now=run_instant(dag_run))

        check_warehouse() >> retain() >> compact() >> publish() >> backup()

    maintain_warehouse()


for client in scheduled_clients():
    build_maintain_warehouse(client.client_id, client.timezone)
