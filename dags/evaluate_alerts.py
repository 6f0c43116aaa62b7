"""### Judge the newest mentions of one client, and write to people when it matters.

Counts, baselines and rules decide; state changes and mails are stored in one transaction; then the
outbox is sent. Runs when the listening run published new mentions, and every hour besides, so that
refused mails are tried again and quiet alerts are closed.

**Running it again is safe**: a judgement repeated changes nothing, and a mail carries a Message-ID
that is written once.

When it fails: docs/runbook.md#evaluate_alerts
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset, dag, task
from airflow.timetables.assets import AssetOrTimeSchedule
from airflow.timetables.trigger import CronTriggerTimetable

from listening.jobs.scheduling import run_instant, scheduled_clients

HOURLY = "10 * * * *"
WRITER_POOL = "duckdb_writer"


def build_evaluate_alerts(client_id: str) -> None:
    """Declare one client's DAG: when, in which order, with which limits; nothing else."""

    @dag(
        dag_id=f"evaluate_alerts_{client_id}",
        schedule=AssetOrTimeSchedule(
            timetable=CronTriggerTimetable(HOURLY, timezone="UTC"),
            assets=[Asset(f"{client_id}_mentions")],
        ),
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=1),
        default_args={
            "retries": 2,
            "retry_delay": timedelta(minutes=2),
            "execution_timeout": timedelta(minutes=20),
        },
        doc_md=__doc__,
        tags=["alerts", client_id],
    )
    def evaluate_alerts() -> None:
        @task(pool=WRITER_POOL)
        def judge(dag_run: Any = None) -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.judge(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def send() -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.send(client_id)

        @task(pool=WRITER_POOL)
        def publish(dag_run: Any = None) -> str:
            from listening.jobs import tasks

            return tasks.publish(client_id, now=run_instant(dag_run))

        judge() >> send() >> publish()

    evaluate_alerts()


for client in scheduled_clients():
    build_evaluate_alerts(client.client_id)
