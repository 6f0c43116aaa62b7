"""Every task of a night, run again; :mod:`tests.dags.test_demonstration` runs the DAGs whole."""

import json
import subprocess
import sys
from pathlib import Path

from listening.cli.demonstration import last_night
from listening.demo.site import DemoSite
from listening.jobs.context import utc_now
from tests.dags import retry_tasks
from tests.integration.home import CHECKOUT, DEMO_DAYS, Home
from tests.smtp_server import smtp_server


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
    # two about an alert, and one about what the past would have set off
    assert len(set(post.message_ids)) == len(post.taken) == 3
