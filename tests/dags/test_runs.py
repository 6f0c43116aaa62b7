"""Both DAGs, run by Airflow itself: once alone, once by the real scheduler."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.parser import BytesParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listening.cli.demonstration import last_night
from listening.demo.site import DemoSite
from listening.jobs.airflow_home import dag_ids
from listening.jobs.context import utc_now
from tests.integration.home import DEMO_DAYS, Home, rows
from tests.smtp_server import Post, smtp_server


@pytest.fixture
def post() -> Iterator[Post]:
    with smtp_server(Post()) as running:
        yield running


def airflow(home: Home, *words: str, timeout_s: float = 180) -> str:
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
    assert done.returncode == 0, output[-4000:]
    return output


def point_mail_at(home: Home, post: Post) -> None:
    home.environment |= {
        "LISTENING_SMTP_HOST": "127.0.0.1",
        "LISTENING_SMTP_PORT": str(post.port),
        "LISTENING_SMTP_SECURITY": "none",
    }


def message_ids(post: Post) -> list[str]:
    """Return the Message-ID of every mail that the server took."""
    parser = BytesParser()
    return [str(parser.parsebytes(text, headersonly=True)["Message-ID"]) for _, text in post.taken]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def buzz_evenings(now: datetime) -> tuple[date, ...]:
    """Return evenings of which one lies within the 24 hours before now, whatever the hour."""
    today = now.astimezone(ZoneInfo("Europe/Paris"))
    yesterday = today.date() - timedelta(days=1)
    return (yesterday, today.date()) if today.hour >= 18 else (yesterday,)


def test_both_dags_run_under_airflow_dags_test(airflow_home: Home, post: Post) -> None:
    now = last_night(utc_now(), "Europe/Paris")
    point_mail_at(airflow_home, post)
    with DemoSite(port=0, until=now, days=DEMO_DAYS, slow_s=0.1) as site:
        airflow_home.add_example(site)
        for dag_id in dag_ids("exemple"):
            output = airflow(airflow_home, "dags", "test", dag_id, now.isoformat())
            assert "state=success" in output

    snapshot = airflow_home.data().snapshot
    ((documents, alerts),) = rows(
        snapshot,
        "SELECT (SELECT count(*) FROM fct_documents), (SELECT count(*) FROM fct_alerts)",
    )
    assert documents > 250
    assert alerts == 1
    assert len(message_ids(post)) == len(set(message_ids(post))) == 2


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_the_real_scheduler_runs_a_night_and_the_alert_follows(
    airflow_home: Home, post: Post
) -> None:
    """``vigie up``, a triggered night, alerts by the asset, mail by SMTP, ``vigie down``."""
    port = free_port()
    point_mail_at(airflow_home, post)
    airflow_home.environment |= {"AIRFLOW__API__PORT": str(port)}
    now = utc_now()
    evenings = buzz_evenings(now)
    with DemoSite(port=0, until=now, buzz_days=evenings, days=DEMO_DAYS, slow_s=0.1) as site:
        airflow_home.add_example(site)
        try:
            airflow_home.vigie("up")
            airflow_home.vigie("schedule", "--client", "exemple")
            airflow(airflow_home, "dags", "trigger", "listen_exemple")
            wait_for_mails(post, 2, within_s=120)
        finally:
            stopped = airflow_home.vigie("down").stdout

    assert all(name in stopped for name in ("api-server", "scheduler", "triggerer"))
    assert left_running(airflow_home) == []
    assert len(set(message_ids(post))) == 2


def wait_for_mails(post: Post, count: int, *, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while len(post.taken) < count:
        assert time.monotonic() < deadline, f"{len(post.taken)} mails after {within_s} s"
        time.sleep(0.5)


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
