"""Program of the tests: load the DAG files with Airflow and print what they declare, as JSON.

Airflow changes the process that imports it (logging, warnings, environment), so the tests run this
one beside them instead of importing it themselves.
"""

import json
import sys
from datetime import UTC, datetime
from typing import Any


def describe(dag: Any, nights_after: list[datetime]) -> dict[str, Any]:
    """Return what a DAG declares, in plain values."""
    return {
        "doc": dag.doc_md,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "tags": sorted(dag.tags),
        "nights": [_next_run(dag, after) for after in nights_after],
        "tasks": {
            task.task_id: {
                "pool": task.pool,
                "retries": task.retries,
                "timeout_s": task.execution_timeout and task.execution_timeout.total_seconds(),
                "upstream": sorted(task.upstream_task_ids),
                "trigger_rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
                "outlets": [outlet.name for outlet in task.outlets],
            }
            for task in dag.tasks
        },
    }


def _next_run(dag: Any, after: datetime) -> str | None:
    from airflow.timetables.base import TimeRestriction  # noqa: PLC0415 - as above

    timetable = dag.timetable
    if not hasattr(timetable, "next_dagrun_info"):
        return None
    restriction = TimeRestriction(earliest=_pendulum(after), latest=None, catchup=True)
    info = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    return info.run_after.isoformat() if info else None


def _pendulum(instant: datetime) -> Any:
    import pendulum  # noqa: PLC0415 - comes with Airflow

    return pendulum.instance(instant)


def main() -> None:
    """Print one JSON object: import errors, and DAGs by id."""
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415 - doctest imports this module

    folder, *instants = sys.argv[1:]
    after = [datetime.fromisoformat(text).astimezone(UTC) for text in instants]
    bag = DagBag(folder)
    found = {
        "errors": {path: error[-2000:] for path, error in bag.import_errors.items()},
        "dags": {dag_id: describe(dag, after) for dag_id, dag in sorted(bag.dags.items())},
    }
    print("\n" + json.dumps(found))  # noqa: T201 - Airflow has printed before us


if __name__ == "__main__":
    main()
