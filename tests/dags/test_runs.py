"""Both DAGs, run whole by ``airflow dags test``, and each of their tasks run again."""

import json
import subprocess
import sys
from pathlib import Path

from listening.cli.demonstration import last_night
from listening.demo.site import DemoSite
from listening.jobs.airflow_home import dag_ids
from listening.jobs.context import utc_now
from tests.dags import retry_tasks
from tests.dags.conftest import airflow
from tests.integration.home import CHECKOUT, DEMO_DAYS, Home, digests, rows
from tests.smtp_server import smtp_server


def test_both_dags_run_whole_under_airflow_dags_test(airflow_home: Home) -> None:
    now = last_night(utc_now(), "Europe/Paris")
    with (
        smtp_server() as post,
        DemoSite(port=0, until=now, days=DEMO_DAYS, slow_s=0.1) as site,
    ):
        airflow_home.send_to(post)
        airflow_home.add_example(site)
        for dag_id in dag_ids("exemple"):
            output = airflow(airflow_home, "dags", "test", dag_id, now.isoformat())
            assert "state=success" in output
            assert "state=failed" not in output

    ((documents, alerts),) = rows(
        airflow_home.data().snapshot,
        "SELECT (SELECT count(*) FROM fct_documents), (SELECT count(*) FROM fct_alerts)",
    )
    assert documents > 250
    assert alerts == 1
    assert len(set(post.message_ids)) == len(post.taken) == 2
    assert digests(airflow_home.data().snapshot) == digests(airflow_home.data().writer)


def test_a_task_that_is_run_again_changes_nothing(tmp_path: Path) -> None:
    """Airflow runs a task again whose end it did not hear of; each one is run twice here."""
    now = last_night(utc_now(), "Europe/Paris")
    with (
        smtp_server() as post,
        DemoSite(port=0, until=now, days=DEMO_DAYS, slow_s=0.1) as site,
    ):
        home = Home(tmp_path / "home", post=post)
        home.add_example(site)
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", retry_tasks.__name__, now.isoformat()],
            env=home.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    changed = json.loads(done.stdout)

    assert list(changed) == [
        *("plan", "collect", "load", "tag", "load_tags", "publish", "check_sources"),
        *("judge", "send"),
    ]
    assert {task: tables for task, tables in changed.items() if tables} == {}
    assert len(set(post.message_ids)) == len(post.taken) == 2
