"""An Airflow home of the tests' own: the checkout's airflow.cfg and DAG files, scratch state."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from listening.jobs.airflow_home import set_up
from listening.settings import Settings
from tests.integration.home import CHECKOUT, Home


def make_airflow_home(root: Path, *, var: Path | None = None) -> Home:
    """Return an installation whose ``airflow.cfg`` and ``dags/`` are the checkout's."""
    home = Home(root, var=var)
    shutil.copy(CHECKOUT / "airflow.cfg", root)
    shutil.copytree(CHECKOUT / "dags", root / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    home.environment["AIRFLOW_HOME"] = str(root)
    return home


def airflow(home: Home, *words: str, code: int = 0, timeout_s: float = 180.0) -> str:
    """Run a command of Airflow as ``vigie`` does; return all that it said."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "airflow", *words],
        env=home.environment | {"PYTHONWARNINGS": "ignore"},
        cwd=home.root,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == code, output[-4000:]
    return output


@pytest.fixture(scope="session")
def migrated_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state folder with Airflow's database, pool and secrets; all workers share it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    root = shared / "airflow-template"
    with (
        shared.joinpath("airflow-template.lock").open("w") as lock,
        pytest.MonkeyPatch.context() as patch,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "AIRFLOW_HOME"):
            patch.delenv(name, raising=False)
        home = Home(root) if root.exists() else make_airflow_home(root)
        set_up(Settings(home=home.root, var_dir=home.var))
    return home.var


@pytest.fixture
def airflow_home(tmp_path: Path, migrated_var: Path) -> Home:
    """Return a fresh Airflow home; no process holds the template, so its file can be copied."""
    home = make_airflow_home(tmp_path / "home")
    shutil.copytree(migrated_var, home.var)
    return home
