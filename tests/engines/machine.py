"""Real servers of other people's software, on loopback, for one test each.

The software lies outside the checkout: what Debian packages put where they want, the rest under
the folder that ``VIGIE_ENGINES`` names. ``docs/kinds/README.md`` says how to install each.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listening.collectors.options import CollectOptions
from listening.model import Document, FetchState, Source, SourceKind, SourceRun, SourceType
from tests.collecting import collect_batch

#: Where the software that no system package brings is installed.
ENGINES = Path(os.environ.get("VIGIE_ENGINES", Path(tempfile.gettempdir()) / "engines"))
_START_S = 90.0


def need(*things: str | Path) -> None:
    """Skip the test where a program or a file is not there."""
    for thing in things:
        is_there = thing.exists() if isinstance(thing, Path) else shutil.which(thing) is not None
        if not is_there:
            pytest.skip(f"needs {thing}")


def right_now() -> datetime:
    """Return the servers' time: they live in it, and so do these tests."""
    return datetime.now(UTC)  # noqa: TID251 - the clock of other people's servers


def call(*command: str | Path, **options: Any) -> str:
    """Run a program to its end and return what it printed."""
    done = subprocess.run(  # noqa: S603 - programs that the test names
        [str(one) for one in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return str(done.stdout)


@contextmanager
def running(
    command: Sequence[object],
    *,
    ready: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: Path,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server with its children until the block ends.

    Args:
        command: Program and arguments.
        ready: Address that answers, or file that is there, once the server is up.
        cwd: Where it runs.
        env: Added to the environment.
        log: Takes all it prints.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - programs that the test names
            [str(one) for one in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(process, ready, log)
            yield process
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], ready: str | Path, log: Path) -> None:
    ends_at = time.monotonic() + _START_S
    while not (ready.exists() if isinstance(ready, Path) else _answers(ready)):
        is_over = process.poll() is not None or time.monotonic() > ends_at
        assert not is_over, log.read_text(errors="replace")[-3000:]
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=20):  # noqa: S310 - our own http address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


class Nights:
    """One source, visited night after night with what the nights before left."""

    def __init__(self, kind: SourceKind, url: str, **options: Any) -> None:
        source = {key: options.pop(key) for key in ("timezone", "history") if key in options}
        self.source = Source(
            source_id="engine", kind=kind, url=url, source_type=SourceType.FORUM, **source
        )
        self.options = CollectOptions(
            user_agent_contact="https://vigie.example/",
            allow_hosts=("127.0.0.1", "localhost"),
            per_host_interval_s=0.0,
            **options,
        )
        self.state = FetchState(source_id="engine")
        self.run: SourceRun
        self.landed: list[Document] = []

    def visit(self, **options: Any) -> list[Document]:
        """Return what a night landed: the new, and what was edited."""
        limits = CollectOptions(**{**_fields(self.options), **options})
        batch = asyncio.run(
            collect_batch(
                [(self.source, self.state)],
                run_id="run",
                batch_id="0001",
                options=limits,
                author_key=lambda name: name,
                clock=right_now,
            )
        )
        (self.state,), (self.run,) = batch.states, batch.source_runs
        self.landed += batch.documents
        return list(batch.documents)

    def texts(self) -> list[str]:
        """Return the texts of all nights, in the order they came."""
        return [document.text for document in self.landed]


def _fields(options: CollectOptions) -> dict[str, Any]:
    return {name: getattr(options, name) for name in CollectOptions.__dataclass_fields__}
