"""Program of the tests: run every task of a night twice; print what the second time changed.

It is a process of its own because settings are read once per process.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from listening.jobs import tasks
from listening.jobs.context import ClientPaths, client_paths
from listening.logs import configure_logs
from listening.settings import get_settings
from tests.integration.home import digests

CLIENT = "exemple"
RUN_ID = "scheduled__2026-11-20T01:00:00+00:00"


def main() -> None:
    """Print {task: tables and files that its second run changed}."""
    configure_logs()  # to stderr
    now = datetime.fromisoformat(sys.argv[1])
    paths = client_paths(CLIENT, get_settings())
    changed: dict[str, list[str]] = {}

    def twice(name: str, task: Callable[[], Any]) -> Any:
        result = task()
        before = state_of(paths)
        task()
        after = state_of(paths)
        found = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
        changed[name] = changed.get(name, []) + found
        return result

    plans = twice("plan", lambda: tasks.plan(CLIENT, run_id=RUN_ID, now=now))
    for plan in plans:
        twice("collect", lambda: tasks.collect(CLIENT, plan, run_id=RUN_ID))  # noqa: B023 - at once
    twice("load", lambda: tasks.load(CLIENT, now=now))
    twice("tag", lambda: tasks.tag(CLIENT, run_id=RUN_ID, now=now))
    twice("load_tags", lambda: tasks.load_tags(CLIENT, now=now))
    twice("publish", lambda: tasks.publish(CLIENT, now=now))
    twice("check_sources", lambda: tasks.check_sources(CLIENT, run_id=RUN_ID, now=now))
    twice("judge", lambda: tasks.judge(CLIENT, now=now))
    twice("send", lambda: tasks.send(CLIENT))
    sys.stdout.write(json.dumps(changed))


def state_of(paths: ClientPaths) -> dict[str, object]:
    """Return what a task may have changed: tables and landing files, with a mark of each."""
    files = {
        str(path.relative_to(paths.root)): path.stat().st_mtime_ns
        for path in paths.landing.rglob("*.gz*")
    }
    return {**digests(paths.writer), **files}


if __name__ == "__main__":
    main()
