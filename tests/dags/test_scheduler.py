"""The whole Airflow of one machine: ``vigie up``, a night by the real scheduler, ``vigie down``."""

import json
import os
import shutil
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from listening.demo.site import DemoSite
from listening.jobs.context import utc_now
from listening.jobs.services import ServiceError, start_services
from listening.settings import Settings
from tests.dags.conftest import make_airflow_home
from tests.integration.home import DEMO_DAYS, Home
from tests.ports import free_port
from tests.smtp_server import smtp_server

#: Generous: a loaded machine needs three times what an idle one does.
WITHIN_S = 240.0

pytestmark = pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="processes are looked up in /proc"
)


class AirflowApi:
    """Airflow's own interface over real HTTP, as its administrator."""

    def __init__(self, port: int, password: str) -> None:
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=30.0, trust_env=False
        )
        answer = self._client.post(
            "/auth/token", json={"username": "admin", "password": password}
        ).raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        answer = self._client.get(f"/api/v2/dags/{dag_id}/dagRuns")
        found: list[dict[str, Any]] = answer.raise_for_status().json()["dag_runs"]
        return found

    def tasks(self, dag_id: str, run_id: str) -> dict[str, tuple[str, int]]:
        """Return state and number of tries of each task of a run."""
        answer = self._client.get(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances")
        return {
            one["task_id"]: (one["state"], one["try_number"])
            for one in answer.raise_for_status().json()["task_instances"]
        }

    def wait_for(self, dag_id: str, run_type: str) -> dict[str, Any]:
        """Return the first run of a type, once it has ended."""
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            for run in self.runs(dag_id):
                if run["run_type"] == run_type and run["state"] in {"success", "failed"}:
                    return run
            time.sleep(0.5)
        raise AssertionError(f"no {run_type} run of {dag_id} ended: {self.runs(dag_id)}")

    def close(self) -> None:
        self._client.close()


def test_a_night_by_the_real_scheduler_ends_in_alerts_and_mails(
    tmp_path: Path, migrated_var: Path
) -> None:
    """The state is where ``LISTENING_VAR_DIR`` says, away from the checkout's ``var/``."""
    port = free_port()
    home = make_airflow_home(tmp_path / "home", var=tmp_path / "state")
    shutil.copytree(migrated_var, home.var)
    home.environment["AIRFLOW__API__PORT"] = str(port)
    with (
        smtp_server() as post,
        DemoSite(port=0, until=utc_now(), days=DEMO_DAYS, slow_s=0.1) as site,
    ):
        home.send_to(post)
        home.add_example(site)
        try:
            said = home.vigie("up").stdout
            home.vigie("schedule", "--client", "exemple")
            passwords = home.var / "secrets" / "airflow_passwords.json"
            password = json.loads(passwords.read_text(encoding="utf-8"))["admin"]
            api = AirflowApi(port, password)
            # The last night that should have been begins as soon as nights are scheduled.
            night = api.wait_for("listen_exemple", "scheduled")
            alerts = api.wait_for("evaluate_alerts_exemple", "asset_triggered")
            listen_tasks = api.tasks("listen_exemple", night["dag_run_id"])
            alert_tasks = api.tasks("evaluate_alerts_exemple", alerts["dag_run_id"])
            api.close()
        finally:
            stopped = home.vigie("down").stdout

    assert password in said
    assert (night["state"], alerts["state"]) == ("success", "success")
    assert {**listen_tasks, **alert_tasks} == dict.fromkeys(
        [*listen_tasks, *alert_tasks], ("success", 1)
    )
    # two about an alert, and one about what the past would have set off
    assert len(set(post.message_ids)) == len(post.taken) == 3
    assert all(
        name in stopped for name in ("api-server", "scheduler", "dag-processor", "triggerer")
    )
    assert left_running(home) == []
    assert not (home.root / "var").exists()


def test_a_port_that_another_program_has_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else another Airflow would answer that it is well, and ours would die unseen."""
    home = make_airflow_home(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("AIRFLOW__API__PORT", str(taken.getsockname()[1]))

        with pytest.raises(ServiceError, match="is taken; set AIRFLOW__API__PORT"):
            start_services(Settings(home=home.root, var_dir=home.var), report=lambda _name: None)

    assert left_running(home) == []


def left_running(home: Home) -> list[str]:
    """Return the command lines of processes that still run in this home."""
    marker = f"AIRFLOW_HOME={home.root}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes()
        except OSError:  # ended in between, or another user's
            continue
        if marker in environment and b"airflow" in command and folder.name != str(os.getpid()):
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found
