"""Nights in processes of their own that need not import anything: forked from one that has.

Six of the nine seconds of a small night go into importing spaCy and reading lexicons. A fork server
does that once a module of tests; every night is then a real process, in a session of its own, with
its own environment, that can be killed with all it started. One night of the suite starts cold
(``tests/dags``).
"""

import importlib
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import reduction
from pathlib import Path
from typing import Any

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.integration.warmed"])


class _Descriptor:
    """A file descriptor that goes over into the new process."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (reduction.DupFd(self._number),)


def _taken(passed: Any) -> int:
    number: int = passed.detach()
    return number


class WarmProcess:
    """One ``vigie`` in a process of its own, and what it writes on stderr.

    Args:
        words: Of the command line, without ``vigie``.
        environment: Its whole environment.
        folder: Where it runs.
        output: File that takes its stdout.
    """

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], folder: Path, output: Path
    ) -> None:
        reader, writer = os.pipe()
        self.stderr = os.fdopen(reader, encoding="utf-8")
        with output.open("wb") as said:
            self._process = _context.Process(
                target=_run,
                args=(
                    tuple(words),
                    dict(environment),
                    folder,
                    _Descriptor(said.fileno()),
                    _Descriptor(writer),
                ),
            )
            self._process.start()
        os.close(writer)

    @property
    def pid(self) -> int:
        """Number of the process, and of the group of all that it starts."""
        assert self._process.pid is not None
        return self._process.pid

    def wait(self, timeout_s: float | None = None) -> int:
        """Return the exit code, or minus the number of the signal that ended it."""
        self._process.join(timeout_s)
        assert self._process.exitcode is not None, "it still runs"
        return self._process.exitcode


def _run(
    words: Sequence[str], environment: Mapping[str, str], folder: Path, output: int, errors: int
) -> None:
    """Become the command: in the new process, before anything of ours has looked around."""
    os.setsid()
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - as a number
        os.dup2(nothing.fileno(), 0)
    for number, target in ((output, 1), (errors, 2)):
        os.dup2(number, target)
        os.close(number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["vigie", *words]
    importlib.import_module("listening.settings").get_settings.cache_clear()
    importlib.import_module("listening.cli.main").main()
