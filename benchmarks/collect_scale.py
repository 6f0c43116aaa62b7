"""10,000 sources, 5 % dead, 2 % hanging, in one night: what it takes, and what the server saw.

Latencies of 20 ms to 2 s, four sources per host, a pause per host that is checked in the server's
own log. Then the same night once more on another home, killed with ``kill -9`` half-way and run
again. Ends with an error when an item is lost or stored twice. ``VIGIE_BENCH_SOURCES`` makes it
smaller.
"""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import table
from tests.integration.home import Home, rows
from tests.integration.many import (
    CLIENT,
    Cost,
    collect,
    outcomes,
    paces,
    served_guids,
    stored_guids,
    write_client,
)
from tests.many_hosts import ManyHosts, Web

SOURCES = int(os.environ.get("VIGIE_BENCH_SOURCES", "10000"))
INTERVAL_S = 2.0
TIMEOUT_S = 20.0
TITLE = f"Night: {SOURCES:,} sources, 5 % dead, 2 % hanging"
WEB = Web(feeds=SOURCES, per_host=4, items=10, dead_share=0.05, hanging_share=0.02)


def night(folder: Path, now: datetime, *, is_killed: bool) -> list[str]:
    """Run one night on a home of its own; return its row of the table."""
    folder.mkdir()
    with ManyHosts(WEB, folder / "log") as server:
        home = Home(folder / "home")
        write_client(
            home, server, concurrency=100, per_host_interval_s=INTERVAL_S, timeout_s=TIMEOUT_S
        )
        if is_killed:
            with collect(home, now):
                server.wait_for(requests=SOURCES // 2, timeout_s=1800)
        with collect(home, now) as running:
            cost = running.end()
        if cost.code:
            raise AssertionError(cost.said)
        return _row("killed, run again" if is_killed else "undisturbed", home, server, cost)


def _row(name: str, home: Home, server: ManyHosts, cost: Cost) -> list[str]:
    stored, served = stored_guids(home), served_guids(server)
    shown = {guid for n in range(SOURCES) if WEB.fate(n) == "good" for guid in WEB.guids(n, 1)}
    visits = rows(
        home.data(CLIENT).writer,
        "SELECT count(*) - count(DISTINCT source_id) FROM fct_source_runs",
    )[0][0]
    lost = len((served | shown) - set(stored))
    twice = stored.total() - len(stored) + visits
    shortest = min(paces(server).values())
    if lost or twice or (name == "undisturbed" and shortest < INTERVAL_S):
        raise AssertionError(f"{name}: {lost} lost, {twice} twice, hosts asked each {shortest} s")
    ended = outcomes(home)
    timeouts = ended["read_timeout"]
    dead = ended.total() - ended["ok"] - ended["unchanged"] - timeouts
    figures = [f"{cost.wall_s:.0f}", f"{cost.cpu_s:.0f}", f"{cost.peak_mib:.0f}"]
    return [name, *figures, ended["ok"], dead, timeouts, f"{shortest:.2f}", lost, twice]


def main() -> int:
    now = datetime.now(UTC)  # noqa: TID251 - the night begins now
    with tempfile.TemporaryDirectory() as folder:
        found = [
            night(Path(folder) / str(is_killed), now, is_killed=is_killed)
            for is_killed in (False, True)
        ]
    head = ["", "wall s", "CPU s", "peak MiB", "ok", "dead", "timed out"]
    table(TITLE, [*head, "shortest pause s", "items lost", "twice"], found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
