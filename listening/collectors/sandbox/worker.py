"""The process that reads bodies: takes one task after another from stdin, answers on stdout.

Started by ``sandbox.process`` and killed by it when a task takes too long. It has no
secrets in its environment, cannot write files, and has a limit on memory.
"""

import contextlib
import os
import pickle
import resource
import struct
import sys
from typing import BinaryIO
from zoneinfo import ZoneInfo

from listening.collectors import faults
from listening.collectors.anyforum import is_conversation
from listening.collectors.discovery.engine import detect_kind
from listening.collectors.reading.dates import dates_in
from listening.collectors.registry import READERS, WALKS
from listening.collectors.sandbox.task import PageTask, Task
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import Reading, SourceKind

#: Address space of one worker in bytes: some 20 times what an honest 10 MB feed needs.
MEMORY_LIMIT = 1 << 30
#: Length of the message that follows.
HEADER = struct.Struct(">Q")
#: Sent once, when the imports are done.
READY = b"R"


def perform(task: Task | PageTask) -> Reading | Step | UnreadableSourceError:
    """Return what a body holds, or why nothing can be read from it."""
    try:
        with dates_in(ZoneInfo(task.zone)):
            if isinstance(task, PageTask):
                return WALKS[task.kind].read(task.page, task.memory, now=task.now)
            return _reading(task)
    except UnreadableSourceError as error:
        return UnreadableSourceError(task.source_id, error.reason)
    except MemoryError:
        return UnreadableSourceError(task.source_id, faults.PARSE_MEMORY)


def _reading(task: Task) -> Reading:
    """Read one body on its own; a page of a walk in the role that it seems to have."""
    kind = task.kind or detect_kind(task.body, task.content_type, task.url)
    if kind is None and is_conversation(task.body, content_type=task.content_type, now=task.now):
        kind = SourceKind.FORUM
    if kind is None:
        return _unmarked_feed(task)
    if kind in READERS:
        reader = READERS[kind]
        return reader(task.body, content_type=task.content_type, url=task.url, now=task.now)
    walk = WALKS[kind]
    url = task.url or ""
    request = PageRequest(url=url, role=walk.role_of(task.body, task.url))
    page = Page(request=request, url=url, body=task.body, content_type=task.content_type)
    step = walk.read(page, {}, now=task.now)
    return Reading(
        kind=kind.value,
        title=step.title or "",
        site_url=step.site_url,
        documents=step.documents,
        faults=step.faults,
    )


def _unmarked_feed(task: Task) -> Reading:
    """Read what no mark tells apart: the feed reader takes more than a mark could promise."""
    read = READERS[SourceKind.FEED]
    try:
        return read(task.body, content_type=task.content_type, url=task.url, now=task.now)
    except UnreadableSourceError as error:
        if error.reason in {faults.HTML_INSTEAD_OF_FEED, faults.NOT_A_FEED}:
            raise UnreadableSourceError(task.source_id, faults.UNKNOWN_KIND) from error
        raise


def serve(tasks: BinaryIO, answers: BinaryIO) -> None:
    """Perform tasks until there are no more."""
    while header := tasks.read(HEADER.size):
        (size,) = HEADER.unpack(header)
        task = pickle.loads(tasks.read(size))  # noqa: S301 - our parent process wrote it
        answer = pickle.dumps(perform(task), protocol=pickle.HIGHEST_PROTOCOL)
        answers.write(HEADER.pack(len(answer)) + answer)
        answers.flush()


def _limit_resources() -> None:
    """Bound memory and forbid files; a system that knows no such limit goes without."""
    for name, value in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, (value, value))


def main() -> None:
    """Serve on the pipes we were started with; nothing a library prints may reach them."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _limit_resources()
    answers.write(READY)
    answers.flush()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
