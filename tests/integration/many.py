"""A client of any number of sources on loopback, its nights, and the server's word on them.

Used by the tests at a small size and by ``benchmarks`` at that of a real night.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.integration.home import Home, command, rows
from tests.many_hosts import ManyHosts

CLIENT = "foule"

_CLIENT_YAML = """\
client: foule
name: La Foule
language: fr
timezone: Europe/Paris
contact: mailto:camille@exemple.example
brands:
  - {id: tartine, name: La Tartine Dorée, role: own}
collect:
"""
_ALERTS_YAML = 'rules:\n  - {id: buzz, kind: negative_spike, false_alarm_budget: "1 par an"}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took."""

    wall_s: float
    cpu_s: float  # with all its processes
    peak_mib: float  # of all its processes together
    said: str
    code: int


def write_client(home: Home, server: ManyHosts, **collect: object) -> None:
    """Write a client that listens to every feed of a server."""
    folder = home.clients / CLIENT
    folder.mkdir(parents=True)
    hosts = ", ".join(f'"{host}"' for host in server.web.hosts())
    settings = {"max_dead_share": 0.5, **collect, "allow_hosts": f"[{hosts}]"}
    lines = "".join(f"  {name}: {value}\n" for name, value in settings.items())
    (folder / "client.yaml").write_text(_CLIENT_YAML + lines, encoding="utf-8")
    (folder / "alerts.yaml").write_text(_ALERTS_YAML, encoding="utf-8")
    sources = "".join(
        f"  - {{id: journal-{n}, kind: feed, url: '{server.url(n)}', type: press}}\n"
        for n in range(server.web.feeds)
    )
    (folder / "sources.yaml").write_text("sources:\n" + sources, encoding="utf-8")


class Command:
    """A command of a home in a process group of its own; killed at the end of the block."""

    def __init__(self, home: Home, words: list[str]) -> None:
        self._started = time.monotonic()
        self._output = home.root / "output.txt"
        with self._output.open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                words,
                env=home.environment,
                cwd=home.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._peak_kib = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watch_memory)
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._watch.join()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.returncode is None:
            self._process.wait()

    def end(self) -> Cost:
        """Wait for its end."""
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.monotonic() - self._started
        self._over.set()
        self._watch.join()
        return Cost(
            wall_s=wall_s,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_mib=self._peak_kib / 1024,
            said=self._output.read_text(encoding="utf-8")[-2000:],
            code=self._process.returncode,
        )

    def _watch_memory(self) -> None:
        while not self._over.wait(0.2):
            self._peak_kib = max(self._peak_kib, _group_kib(self._process.pid))


def _group_kib(group: int) -> int:
    """Return the resident memory of a process group, what its processes share counted for each."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group:
            total += int(fields[21]) * (os.sysconf("SC_PAGESIZE") // 1024)
    return total


def collect(home: Home, now: datetime) -> Command:
    """Start the collecting part of a night: plan, fetch, read, land, load, check."""
    return Command(
        home, command("collect", "--client", CLIENT, "--now", now.isoformat(timespec="seconds"))
    )


def paces(server: ManyHosts) -> dict[str, float]:
    """Return the shortest time between two requests to each host, from the server's own log."""
    times: dict[str, list[float]] = defaultdict(list)
    for asked in server.asked():
        times[asked.host].append(asked.at)
    return {
        host: min(later - earlier for earlier, later in pairwise(at))
        for host, at in times.items()
        if len(at) > 1
    }


def served_guids(server: ManyHosts) -> set[str]:
    """Return every item that the server sent to its last byte."""
    return {guid for asked in server.asked() for guid in asked.guids}


def stored_guids(home: Home) -> Counter[str]:
    """Return how often the warehouse holds each item."""
    found = rows(home.data(CLIENT).writer, "SELECT guid FROM fct_documents")
    return Counter(guid for (guid,) in found)


def outcomes(home: Home) -> Counter[str]:
    """Return how the visits ended, by reason or status; the latest run of each source counts."""
    found = rows(
        home.data(CLIENT).writer,
        "SELECT coalesce(reason, status) FROM fct_source_runs"
        " QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY started_at DESC) = 1",
    )
    return Counter(outcome for (outcome,) in found)
