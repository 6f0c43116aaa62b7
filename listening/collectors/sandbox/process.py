"""Reading in processes that a deadline can kill: hostile input costs ten seconds, never the run.

Plain subprocesses with pipes instead of ``multiprocessing``: they start nothing of the parent's
main module, may be started from daemonic processes (Airflow's and Celery's workers), and inherit
no environment. They start when the first body arrives.
"""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from types import TracebackType
from typing import Self, overload

from listening.collectors import faults
from listening.collectors.sandbox.task import PageTask, Task
from listening.collectors.sandbox.worker import HEADER, READY
from listening.collectors.walk import Step
from listening.errors import UnreadableSourceError
from listening.model import Reading

#: A worker imports its parsers before its first task; that time is not the task's.
_START_S = 60.0


class ParserPool:
    """A few worker processes; an async context manager.

    Args:
        workers: Processes at once.
        timeout_s: For one body.
    """

    def __init__(self, *, workers: int = 2, timeout_s: float = 10.0) -> None:
        self._timeout_s = timeout_s
        self._places = asyncio.Semaphore(workers)
        self._idle: list[Process] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._idle:
            await _end(self._idle.pop())

    @overload
    async def read(self, task: Task) -> Reading: ...

    @overload
    async def read(self, task: PageTask) -> Step: ...

    async def read(self, task: Task | PageTask) -> Reading | Step:
        """Return what a body, or a page of a walk, holds.

        Raises:
            UnreadableSourceError: The reader says so, or ``parse_timeout``, ``parse_memory``,
                ``parser_crashed``.
        """
        async with self._places:
            worker = self._idle.pop() if self._idle else await _start()
            is_reusable = False
            try:
                async with asyncio.timeout(self._timeout_s):
                    answer = await _ask(worker, task)
                is_reusable = not _ran_out_of_memory(answer)
            except TimeoutError as error:
                raise UnreadableSourceError(task.source_id, faults.PARSE_TIMEOUT) from error
            except (EOFError, ConnectionError) as error:
                raise UnreadableSourceError(task.source_id, faults.PARSER_CRASHED) from error
            finally:
                if is_reusable:
                    self._idle.append(worker)
                else:
                    await _end(worker)
        if isinstance(answer, UnreadableSourceError):
            raise answer
        return answer


async def _start() -> Process:
    """Start a worker with nothing of our environment but where modules are."""
    environment = {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "listening.collectors.sandbox.worker",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(_START_S):
            if worker.stdout is not None:
                await worker.stdout.readexactly(len(READY))
    except BaseException:
        await _end(worker)
        raise
    return worker


async def _ask(worker: Process, task: Task | PageTask) -> Reading | Step | UnreadableSourceError:
    """Send a task and return the answer."""
    if worker.stdin is None or worker.stdout is None:
        raise EOFError("a worker without pipes")
    message = pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL)
    worker.stdin.write(HEADER.pack(len(message)))
    worker.stdin.write(message)
    await worker.stdin.drain()
    (size,) = HEADER.unpack(await worker.stdout.readexactly(HEADER.size))
    answer: Reading | Step | UnreadableSourceError
    answer = pickle.loads(await worker.stdout.readexactly(size))  # noqa: S301 - our own worker's
    return answer


def _ran_out_of_memory(answer: Reading | Step | UnreadableSourceError) -> bool:
    return isinstance(answer, UnreadableSourceError) and answer.reason == faults.PARSE_MEMORY


async def _end(worker: Process) -> None:
    """Kill a worker and collect it."""
    if worker.returncode is None:
        worker.kill()
    if worker.stdin is not None:
        worker.stdin.close()
    await worker.wait()
