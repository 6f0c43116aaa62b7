"""A whole installation in a temporary folder: clients, state, and the real command in processes."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from listening.demo.site import DemoSite
from listening.demo.world import DEMO_PORT
from listening.jobs.context import ClientPaths, utc_now
from storage.digests import BOOKKEEPING_COLUMNS, TableDigest, table_digests
from tests.integration.warm import WarmProcess
from tests.smtp_server import Post

CHECKOUT = Path(__file__).resolve().parents[2]

#: Days of invented history: enough for a baseline of 14 windows, and less work.
DEMO_DAYS = 19

#: Columns that hold the clock of the process: two nights on two homes differ in them, no more.
CLOCK_COLUMNS = BOOKKEEPING_COLUMNS | {
    "created_at",
    "duration_s",
    "excluded_at",
    "fetched_at",
    "first_seen_at",
    "last_new_at",
    "last_success_at",
    "next_fetch_at",
    "sent_at",
    "started_at",
    "visited_at",
}

#: Tables that record the visits of a run: a new run adds to them though nothing is new.
OF_EACH_RUN = frozenset({"fct_requests", "fct_source_runs", "landing_loads", "source_states"})

_EVENT = re.compile(r"^timestamp=(\S+) level=\w+ event=(\S+)")


def this_minute() -> datetime:
    """Return the present minute: late enough for every source to be due again at once."""
    return utc_now().replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of ``--verbose``."""

    name: str
    at: datetime
    line: str


class Home:
    """One installation; its processes see this folder only, and no setting of who runs the test."""

    def __init__(
        self, root: Path, *, var: Path | None = None, post: Post | None = None, **environment: str
    ) -> None:
        self.root = root
        self.clients = root / "clients"
        self.var = var or root / "var"
        self.clients.mkdir(parents=True, exist_ok=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LISTENING_", "AIRFLOW", "PYTEST"))
        }
        self.environment = {
            **kept,
            "PYTHONPATH": str(CHECKOUT),
            "LISTENING_HOME": str(root),
            "LISTENING_VAR_DIR": str(self.var),
            "COLUMNS": "160",
            **environment,
        }
        if post is not None:
            self.send_to(post)

    def data(self, client_id: str = "exemple") -> ClientPaths:
        return ClientPaths(self.var / "data" / client_id)

    def send_to(self, post: Post) -> None:
        """Set the mail server that the home's processes use."""
        self.environment |= {
            "LISTENING_SMTP_HOST": "127.0.0.1",
            "LISTENING_SMTP_PORT": str(post.port),
            "LISTENING_SMTP_SECURITY": "none",
        }

    def add_example(self, site: DemoSite, **collect: Any) -> None:
        """Copy ``clients/exemple``, pointed at a site of any port; its salt is always the same.

        Args:
            site: The demonstration's web.
            collect: Settings of ``collect:`` in client.yaml, set anew.
        """
        folder = self.clients / "exemple"
        shutil.copytree(CHECKOUT / "clients" / "exemple", folder)
        sources = folder / "sources.yaml"
        text = sources.read_text(encoding="utf-8")
        sources.write_text(text.replace(f":{DEMO_PORT}/", f":{site.port}/"), encoding="utf-8")
        client = folder / "client.yaml"
        text = client.read_text(encoding="utf-8")
        for name, value in {"per_host_interval_s": 0.05, **collect}.items():
            text = re.sub(rf"(?m)^  {name}:.*\n", "", text)
            text = re.sub(r"(?m)^collect:\n", f"collect:\n  {name}: {value}\n", text)
        client.write_text(text, encoding="utf-8")
        secrets = self.var / "secrets"
        secrets.mkdir(parents=True, mode=0o700, exist_ok=True)
        (secrets / "exemple.salt").write_text("5a" * 32, encoding="ascii")

    def vigie(
        self, *words: str, code: int | None = 0, timeout_s: float = 300.0, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run ``vigie`` to its end, without a terminal; its exit code must be the one given."""
        done = subprocess.run(  # noqa: S603 - our own command
            command(*words),
            env=self.environment,
            cwd=self.root,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert code is None or done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        return done

    def nightly(self, now: datetime, *words: str, code: int = 0) -> "list[Event]":
        """Run a whole night, and return its events."""
        with NightUnderWay(self, now, *words) as night:
            assert night.end() == code, night.said[-20:]
        return night.events


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "listening.cli.main", *words]


class NightUnderWay:
    """A night in a process group of its own, whose events can be waited for; killed at the end."""

    def __init__(self, home: Home, now: datetime, *words: str) -> None:
        self.events: list[Event] = []
        self.said: list[str] = []  # what was no event
        self._is_over = False
        self._changed = threading.Condition()
        self._process = WarmProcess(
            ("nightly", "-v", "--now", now.isoformat(), *words),
            home.environment,
            home.root,
            home.root / "nightly.out",
        )
        self._reader = threading.Thread(target=self._read)

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._reader.join()
        self._process.stderr.close()

    def end(self) -> int:
        """Wait for the end of the night; return its exit code."""
        code = self._process.wait(300.0)
        self._reader.join()
        return code

    def wait_for(self, name: str, *, times: int = 1, timeout_s: float = 120.0) -> None:
        """Return as soon as an event was logged so many times."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: self.has(name, times=times) or self._is_over, timeout_s
            )
        assert self.has(name, times=times), f"it ended before {name}: {self.said[-5:]}"

    def has(self, name: str, *, times: int = 1) -> bool:
        return sum(event.name == name for event in self.events) >= times

    def kill(self) -> None:
        """``kill -9`` the night and every process it started, and wait until they are gone."""
        with contextlib.suppress(ProcessLookupError):  # it was over already
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        deadline = time.monotonic() + 10
        while _is_group_alive(self._process.pid):
            assert time.monotonic() < deadline, "processes of the night outlive kill -9"
            time.sleep(0.01)

    def _read(self) -> None:
        for line in self._process.stderr:
            with self._changed:
                if (event := _event(line)) is not None:
                    self.events.append(event)
                else:
                    self.said.append(line)
                self._changed.notify_all()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()


def _event(line: str) -> Event | None:
    found = _EVENT.match(line)
    return Event(found[2], datetime.fromisoformat(found[1]), line.rstrip()) if found else None


def _is_group_alive(group: int) -> bool:
    """Say whether a process of the group still runs; one that waits to be collected does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            return True
    return False


@contextlib.contextmanager
def opened_copy(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of a database with its write-ahead log: looking at it must not mend it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        log = path.with_name(path.name + ".wal")
        if log.exists():
            shutil.copy(log, folder)
        with duckdb.connect(copy) as connection:
            connection.execute("SET TimeZone='UTC'")
            yield connection


def digests(
    path: Path,
    *,
    tables: Sequence[str] | None = None,
    excluded: Collection[str] = BOOKKEEPING_COLUMNS,
) -> dict[str, TableDigest]:
    """Return the digest of every table of a warehouse or snapshot that nobody writes."""
    with duckdb.connect(path, read_only=True) as connection:
        return table_digests(connection, tables=tables, excluded_columns=excluded)


def differences(
    ours: Mapping[str, TableDigest], theirs: Mapping[str, TableDigest]
) -> dict[str, tuple[TableDigest | None, TableDigest | None]]:
    """Return the tables that differ, with both digests."""
    return {
        table: (ours.get(table), theirs.get(table))
        for table in sorted({*ours, *theirs})
        if ours.get(table) != theirs.get(table)
    }


def rows(path: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Return what one statement finds in a database that nobody writes."""
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("SET TimeZone='UTC'")
        return connection.execute(sql, parameters).fetchall()
