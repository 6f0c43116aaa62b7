"""### The nightly listening run of one client.

Plan the sources that are due, visit them in parallel batches, load what landed, tag brands and
sentiment, publish the snapshot that analysts read. Starts at 02:00 in the client's time zone.

**Running it again is safe** at any point: landing files are written once, loads and tags are
upserts. Only the tasks in the pool `duckdb_writer` open the warehouse, one at a time.

**The run fails** when more sources are dead than the client's `max_dead_share` allows, after the
rest was stored and published. One dead source never fails it: see `fct_source_runs`.

When it fails: docs/runbook.md#listen
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset, dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from listening.jobs.scheduling import run_instant, scheduled_clients

NIGHTLY = "0 2 * * *"
WRITER_POOL = "duckdb_writer"


def build_listen(client_id: str, timezone: str) -> None:
    """Declare one client's DAG: when, in which order, with which limits; nothing else."""

    @dag(
        dag_id=f"listen_{client_id}",
        schedule=CronTriggerTimetable(NIGHTLY, timezone=timezone),
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=6),
        default_args={
            "retries": 2,
            "retry_delay": timedelta(minutes=5),
            "execution_timeout": timedelta(hours=1),
        },
        doc_md=__doc__,
        tags=["listening", client_id],
    )
    def listen() -> None:
        @task(pool=WRITER_POOL)
        def plan(dag_run: Any = None) -> list[str]:
            from listening.jobs import tasks

            return tasks.plan(client_id, run_id=dag_run.run_id, now=run_instant(dag_run))

        @task(execution_timeout=timedelta(hours=3))
        def collect(plan_path: str, dag_run: Any = None) -> str:
            from listening.jobs import tasks

            return tasks.collect(client_id, plan_path, run_id=dag_run.run_id)

        @task(pool=WRITER_POOL, trigger_rule="all_done")
        def load(dag_run: Any = None) -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.load(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def tag(dag_run: Any = None) -> int:
            from listening.jobs import tasks

            return tasks.tag(client_id, run_id=dag_run.run_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL)
        def load_tags(dag_run: Any = None) -> dict[str, int]:
            from listening.jobs import tasks

            return tasks.load_tags(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL, outlets=[Asset(f"{client_id}_mentions")])
        def publish(dag_run: Any = None) -> str:
            from listening.jobs import tasks

            return tasks.publish(client_id, now=run_instant(dag_run))

        @task(pool=WRITER_POOL, retries=0)
        def check_sources(dag_run: Any = None) -> None:
            from listening.jobs import tasks

            tasks.check_sources(client_id, run_id=dag_run.run_id, now=run_instant(dag_run))

        planned, checked = plan(), check_sources()
        landed = collect.expand(plan_path=planned)
        landed >> load() >> tag() >> load_tags() >> publish() >> checked
        planned >> checked  # loading goes on after a failed plan; the run must not end green

    listen()


for client in scheduled_clients():
    build_listen(client.client_id, client.timezone)
