"""Airflow's home of this checkout: its secrets, database, pools, and how it is called.

Airflow itself is only imported under dags/; here it is a program that is run.
"""

import base64
import json
import os
import secrets
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

from listening.errors import WordedError
from listening.settings import Settings
from listening.translate import mark

#: The pool of one slot that serialises every task which opens the warehouse.
WRITER_POOL = "duckdb_writer"

_SECRETS = ("airflow_fernet_key", "airflow_jwt_secret", "airflow_secret_key")
_PASSWORDS = "airflow_passwords.json"

#: Folder that holds our packages.
_CODE = Path(__file__).resolve().parents[2]

#: A running DAG processor reads new files within its interval, see airflow.cfg.
_KNOWN_WITHIN_S = 90.0


class AirflowError(WordedError):
    """A command of Airflow failed; carries the end of what it said."""


def airflow_command(*words: str) -> list[str]:
    """Return the command line that runs Airflow of this environment."""
    return [sys.executable, "-m", "airflow", *words]


def airflow_environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which Airflow finds its home, and our modules.

    Raises:
        AirflowError: There is no airflow.cfg: Airflow would write one with secrets in it.
    """
    if not (settings.home / "airflow.cfg").is_file():
        raise AirflowError(
            mark("no airflow.cfg in {folder}; run this from the checkout"), folder=settings.home
        )
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {
        # Tasks call this; Airflow's own default is port 8080, whatever the server's port is.
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{api_port()}/execution/",
        **_state_elsewhere(settings),
        **os.environ,
        "AIRFLOW_HOME": str(settings.home),
        "PATH": path,
        # Tasks run the code that started them, also where another is installed.
        "PYTHONPATH": os.pathsep.join([str(settings.home), str(_CODE)]),
        "PYTHONWARNINGS": "ignore",
    }


def _state_elsewhere(settings: Settings) -> dict[str, str]:
    """Return what moves Airflow's state along with ours; airflow.cfg knows ``var/`` beside it."""
    var = settings.var_path.absolute()
    if var == (settings.home / "var").absolute():
        return {}

    def shown(secret: str) -> str:
        return shlex.join(["cat", str(var / "secrets" / secret)])

    return {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{var}/airflow.db",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": f"{var}/logs",
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": f"{var}/logs/dag_processor",
        "AIRFLOW__CORE__FERNET_KEY_CMD": shown("airflow_fernet_key"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(var / "secrets" / _PASSWORDS),
        "AIRFLOW__API__SECRET_KEY_CMD": shown("airflow_secret_key"),
        "AIRFLOW__API_AUTH__JWT_SECRET_CMD": shown("airflow_jwt_secret"),
    }


def run_airflow(settings: Settings, *words: str, timeout_s: float = 300.0) -> str:
    """Run one Airflow command and return what it printed.

    Raises:
        AirflowError: It failed.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter
        airflow_command(*words),
        env=airflow_environment(settings),
        cwd=settings.home,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise AirflowError(
            mark("airflow {command} failed:\n{tail}"), command=" ".join(words), tail=tail
        )
    return done.stdout


def set_up(settings: Settings) -> list[str]:
    """Make what Airflow needs under ``var/``; repeating it changes nothing.

    Returns:
        What was made, one short phrase each; empty when all was there.
    """
    made = _make_secrets(settings.var_path / "secrets")
    (settings.var_path / "logs").mkdir(parents=True, exist_ok=True)
    # The marker names the version and the settings: an upgrade or a new database migrates again.
    marker = settings.var_path / "run" / "airflow-ready"
    wanted = f"{version('apache-airflow')} {os.environ.get('AIRFLOW__DATABASE__SQL_ALCHEMY_CONN')}"
    database = settings.var_path / "airflow.db"
    is_ready = marker.exists() and marker.read_text(encoding="utf-8") == wanted
    if is_ready and (database.exists() or "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" in os.environ):
        return made
    run_airflow(settings, "db", "migrate")
    made.append(mark("Airflow's database"))
    run_airflow(
        settings, "pools", "set", WRITER_POOL, "1", "one task at a time opens the warehouse"
    )
    made.append(mark("Airflow's pool of the writer"))
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(wanted, encoding="utf-8")
    return made


def switch_dags(settings: Settings, client_id: str, *, is_on: bool) -> None:
    """Let Airflow schedule a client's DAGs, or stop it doing so.

    Raises:
        AirflowError: Airflow does not know the DAGs, and does not learn of them in time.
    """
    set_up(settings)
    paused = _wait_until_known(settings, client_id)
    if any(is_paused is is_on for is_paused in paused.values()):
        pattern = f"^({'|'.join(paused)})$"
        verb = "unpause" if is_on else "pause"
        run_airflow(settings, "dags", verb, "--yes", "--treat-dag-id-as-regex", pattern)


def _wait_until_known(settings: Settings, client_id: str) -> dict[str, bool]:
    """Return whether each DAG of a client is paused, once Airflow has read the files.

    A running DAG processor reads them by itself; a second reader beside it would clash with it.
    """
    deadline = time.monotonic() + _KNOWN_WITHIN_S
    if not is_api_healthy():
        run_airflow(settings, "dags", "reserialize")
    while True:
        listed = run_airflow(
            settings, "dags", "list", "--columns", "dag_id,is_paused", "--output", "json"
        )
        found = {row["dag_id"]: row["is_paused"] == "True" for row in _last_json(listed)}
        if all(dag_id in found for dag_id in dag_ids(client_id)):
            return {dag_id: found[dag_id] for dag_id in dag_ids(client_id)}
        if time.monotonic() > deadline:
            raise AirflowError(
                mark("Airflow has not read the DAGs of {client} within {seconds} s; see {path}"),
                client=client_id,
                seconds=f"{_KNOWN_WITHIN_S:.0f}",
                path=settings.var_path / "logs" / "dag-processor.log",
            )
        time.sleep(1)


def _last_json(output: str) -> list[dict[str, str]]:
    """Return the list that a command printed after whatever it logged."""
    for line in reversed(output.splitlines()):
        if line.startswith("["):
            rows: list[dict[str, str]] = json.loads(line)
            return rows
    return []


def dag_ids(client_id: str) -> tuple[str, ...]:
    """Return the ids of a client's DAGs, as dags/ declares them."""
    kinds = ("listen", "evaluate_alerts", "send_digest", "maintain_warehouse")
    return tuple(f"{kind}_{client_id}" for kind in kinds)


def admin_password(settings: Settings) -> str | None:
    """Return the password of Airflow's pages, or None before the set-up."""
    path = settings.var_path / "secrets" / _PASSWORDS
    if not path.exists():
        return None
    password: str | None = json.loads(path.read_text(encoding="utf-8")).get("admin")
    return password


def api_port() -> int:
    """Return the port of Airflow's pages."""
    return int(os.environ.get("AIRFLOW__API__PORT", "8080"))


def is_api_healthy(*, within_s: float = 2.0) -> bool:
    """Say whether Airflow's API server of this machine answers in time."""
    url = f"http://127.0.0.1:{api_port()}/api/v2/monitor/health"
    try:
        with urllib.request.urlopen(url, timeout=within_s) as answer:  # loopback
            is_healthy: bool = answer.status == 200  # noqa: PLR2004 - HTTP OK
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
    return is_healthy


def is_port_free(port: int) -> bool:
    """Say whether nobody listens on this port of the machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _make_secrets(folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    made = []
    for name in _SECRETS:
        path = folder / name
        if not path.exists():
            _write_secret(path, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
            made.append(name)
    if not (folder / _PASSWORDS).exists():
        _write_secret(folder / _PASSWORDS, json.dumps({"admin": secrets.token_urlsafe(12)}))
        made.append(mark("Airflow's password"))
    return made


def _write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
