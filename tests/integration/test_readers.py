"""Analysts query the published file while two nights run: no error, no half-made numbers."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from listening.demo.site import DemoSite
from tests.integration import analyst
from tests.integration.home import CHECKOUT, Home, rows, this_minute

log = logging.getLogger(__name__)


@contextmanager
def at_work(kind: str, snapshot: Path, results: dict[str, dict[str, Any]]) -> Iterator[None]:
    """Run an analyst beside the block; what it saw is in ``results`` afterwards."""
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-m", analyst.__name__, kind, str(snapshot)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.stdin.close()
        results[kind] = json.loads(process.stdout.read())
        assert process.wait(60) == 0


def test_analysts_see_no_error_and_no_half_made_numbers_during_two_nights(tmp_path: Path) -> None:
    now = this_minute()
    seen: dict[str, dict[str, Any]] = {}
    counts = []
    with DemoSite(until=now - timedelta(days=2), port=0, slow_s=0.2, days=6) as site:
        home = Home(tmp_path / "home")
        home.add_example(site)
        home.nightly(now)
        snapshot = home.data().snapshot
        counts.append(document_count(snapshot))
        with at_work("poll", snapshot, seen), at_work("hold", snapshot, seen):
            for days_ago in (1, 0):
                site.show(now - timedelta(days=days_ago))
                home.nightly(now + timedelta(seconds=20 - days_ago))
                counts.append(document_count(snapshot))

    log.info("documents after each night: %s; seen: %s", counts, seen)
    assert counts[0] < counts[1] < counts[2]
    assert seen["poll"]["errors"] == seen["hold"]["errors"] == []
    assert seen["poll"]["inconsistent"] == seen["hold"]["inconsistent"] == []
    # Each night is there as a whole, in order; the one who holds on keeps the night it began with.
    assert seen["poll"]["document_counts"] == counts
    assert seen["hold"]["document_counts"] == counts[:1]
    assert seen["poll"]["query_count"] >= 50


def document_count(snapshot: Path) -> int:
    count: int = rows(snapshot, "SELECT count(*) FROM fct_documents")[0][0]
    return count
