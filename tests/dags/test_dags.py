"""What the DAG files declare, as Airflow itself reads them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders import write_client
from tests.dags.conftest import make_airflow_home
from tests.integration.home import CHECKOUT, Home

#: The evenings before summer time begins and ends in 2026, and an ordinary one.
BEFORE_NIGHTS = (
    "2026-11-20T12:00:00+00:00",
    "2026-03-28T12:00:00+00:00",
    "2026-03-29T12:00:00+00:00",
    "2026-10-24T12:00:00+00:00",
)

WRITER_TASKS = {
    "listen": {"plan", "load", "tag", "load_tags", "publish", "check_sources"},
    "evaluate_alerts": {"judge", "send", "publish"},
    "send_digest": {"write", "send"},
    "maintain_warehouse": {"check_warehouse", "retain", "compact", "publish", "backup"},
}


def inspect(home: Home) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            str(CHECKOUT / "tests" / "dags" / "inspect_dags.py"),
            str(home.root / "dags"),
            *BEFORE_NIGHTS,
        ],
        env=home.environment,
        cwd=home.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory, migrated_var: Path) -> dict[str, Any]:
    """Return what three clients give: a good one, a broken one, one on another continent."""
    airflow_home = make_airflow_home(tmp_path_factory.mktemp("declared") / "home")
    shutil.copytree(migrated_var, airflow_home.var)
    write_client(airflow_home.clients / "bistrot")
    write_client(airflow_home.clients / "casse")
    write_client(airflow_home.clients / "quebec")
    broken = airflow_home.clients / "casse" / "client.yaml"
    broken.write_text("client: casse\nbrands: [\n", encoding="utf-8")
    far = airflow_home.clients / "quebec" / "client.yaml"
    text = far.read_text(encoding="utf-8")
    far.write_text(text.replace("Europe/Paris", "America/Montreal"), encoding="utf-8")
    return inspect(airflow_home)


def test_dag_files_declare_what_they_promise(declared: dict[str, Any]) -> None:
    """One reading of the files answers all: Airflow takes seconds to start."""
    dags = declared["dags"]

    assert declared["errors"] == {}, "a broken client file must not break the DAG files"
    assert sorted(dags) == sorted(
        f"{name}_{client}" for client in ("bistrot", "casse", "quebec") for name in WRITER_TASKS
    )
    for dag_id, dag in dags.items():
        kind = dag_id.rpartition("_")[0]
        assert dag["doc"].strip(), f"{dag_id} has no documentation"
        assert f"docs/runbook.md#{kind}" in dag["doc"]
        assert dag["catchup"] is False
        assert dag["max_active_runs"] == 1
        writers = {name for name, task in dag["tasks"].items() if task["pool"] == "duckdb_writer"}
        assert writers == WRITER_TASKS[kind]
        for name, task in dag["tasks"].items():
            assert task["timeout_s"], f"{dag_id}.{name} may run for ever"
            assert task["retries"] == (0 if name == "check_sources" else 2)


def test_nights_begin_at_two_in_the_clients_own_time(declared: dict[str, Any]) -> None:
    """Also on the night without a 02:00 (29 March) and on the one that has it twice."""
    nights = declared["dags"]["listen_bistrot"]["nights"]

    assert nights == [
        "2026-11-21T01:00:00+00:00",
        "2026-03-29T01:00:00+00:00",
        "2026-03-30T00:00:00+00:00",
        "2026-10-25T01:00:00+00:00",
    ]
    assert declared["dags"]["listen_quebec"]["nights"][0] == "2026-11-21T07:00:00+00:00"


def test_alerts_follow_the_publication_of_mentions(declared: dict[str, Any]) -> None:
    listen = declared["dags"]["listen_bistrot"]["tasks"]

    assert listen["publish"]["outlets"] == ["bistrot_mentions"]
    assert listen["load"]["trigger_rule"] == "all_done", "what landed is loaded, whatever failed"
    # Last, so that a failed run is stored all the same; after the plan too, because loading goes on
    # after a failed plan, and the run would end green.
    assert listen["check_sources"]["upstream"] == ["plan", "publish"]
