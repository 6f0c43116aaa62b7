"""Start and stop the whole Airflow of one machine, in the order that works.

``airflow standalone`` goes on after a component died, may start tasks before the API answers, and
orphans its children. Here: API server first, wait until it is healthy, then the scheduler, the DAG
processor and the triggerer; all of them are stopped together.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from listening.errors import WordedError
from listening.jobs.airflow_home import (
    airflow_command,
    airflow_environment,
    api_port,
    is_api_healthy,
    is_port_free,
)
from listening.logs import get_logger
from listening.settings import Settings
from listening.translate import mark

log = get_logger("listening.jobs.services")

#: Components after the API server, in the order they start.
COMPONENTS = ("scheduler", "dag-processor", "triggerer")

_HEALTHY_WITHIN_S = 90.0
_STOP_WITHIN_S = 20.0


class ServiceError(WordedError):
    """A component of Airflow did not start, or died at once."""


@dataclass(frozen=True, slots=True)
class Component:
    """One process of Airflow and where its output goes."""

    name: str
    pid_file: Path
    log_file: Path

    def pid(self) -> int | None:
        """Return the process id, or None when it does not run.

        A pid that now belongs to another program does not count: Linux reuses numbers.
        """
        try:
            pid = int(self.pid_file.read_text(encoding="ascii"))
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if b"airflow" in command else None


def components(settings: Settings) -> list[Component]:
    """Return all components, the API server first."""
    run, logs = settings.var_path / "run", settings.var_path / "logs"
    return [
        Component(name, run / f"{name}.pid", logs / f"{name}.log")
        for name in ("api-server", *COMPONENTS)
    ]


def start_services(settings: Settings, *, report: Callable[[str], None]) -> None:
    """Start what does not run yet, and return once all of it does.

    Raises:
        ServiceError: Another program has the port, a component died at once, or the API server is
            not healthy in time; what was started is stopped again.
    """
    try:
        for component in components(settings):
            if component.pid() is None:
                if component.name == "api-server":
                    _require_free_port()  # another Airflow there would answer for ours
                _start(component, settings)
                report(component.name)
            if component.name == "api-server":
                _wait_until_healthy(component)
        time.sleep(2)  # long enough for a component with a wrong setting to die
        for component in components(settings):
            _require_alive(component)
    except ServiceError:
        for _ in stop_services(settings):
            pass
        raise


def stop_services(settings: Settings) -> Iterator[str]:
    """Stop every component, the API server last; yield the names of those that ran."""
    running = [(one, pid) for one in components(settings) if (pid := one.pid()) is not None]
    for _, pid in reversed(running):
        _signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_WITHIN_S
    for component, pid in running:
        while component.pid() is not None and time.monotonic() < deadline:
            time.sleep(0.1)
        if component.pid() is not None:
            _signal_group(pid, signal.SIGKILL)
        component.pid_file.unlink(missing_ok=True)
        yield component.name


def _start(component: Component, settings: Settings) -> None:
    component.pid_file.parent.mkdir(parents=True, exist_ok=True)
    component.log_file.parent.mkdir(parents=True, exist_ok=True)
    with component.log_file.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
            airflow_command(component.name),
            env=airflow_environment(settings),
            cwd=settings.home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its children can be stopped with it
        )
    component.pid_file.write_text(str(process.pid), encoding="ascii")


def _require_free_port() -> None:
    if not is_port_free(api_port()):
        raise ServiceError(
            mark("port {port} is taken; set AIRFLOW__API__PORT to a free one"), port=api_port()
        )


def _require_alive(component: Component) -> None:
    if component.pid() is None:
        raise ServiceError(
            mark("{name} died at once; see {path}"), name=component.name, path=component.log_file
        )


def _wait_until_healthy(component: Component) -> None:
    deadline = time.monotonic() + _HEALTHY_WITHIN_S
    while time.monotonic() < deadline:
        _require_alive(component)
        if is_api_healthy():
            return
        time.sleep(0.3)
    raise ServiceError(
        mark("{name} was not healthy within {seconds} s; see {path}"),
        name=component.name,
        seconds=f"{_HEALTHY_WITHIN_S:.0f}",
        path=component.log_file,
    )


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        log.info("service_had_ended", pid=pid)  # by itself, in between
