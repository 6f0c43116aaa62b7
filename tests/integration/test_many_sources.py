"""A night of many sources, some slow, dead or hanging: the server's own log is what counts.

At full size: ``python -m benchmarks.collect_scale``.
"""

from pathlib import Path

import pytest

from tests.integration.home import Home, rows, this_minute
from tests.integration.many import (
    CLIENT,
    collect,
    outcomes,
    paces,
    served_guids,
    stored_guids,
    write_client,
)
from tests.many_hosts import ManyHosts, Web

WEB = Web(feeds=150, per_host=5, items=4, dead_share=0.05, hanging_share=0.02, slowest_s=0.3)
INTERVAL_S = 0.3
MANNERS = {"per_host_interval_s": INTERVAL_S, "timeout_s": 4.0, "batch_size": 20}


@pytest.mark.parametrize("is_killed", [False, True], ids=["undisturbed", "killed-and-run-again"])
def test_no_item_is_lost_or_twice_and_no_host_is_asked_too_often(
    tmp_path: Path, *, is_killed: bool
) -> None:
    now = this_minute()
    with ManyHosts(WEB, tmp_path / "log") as server:
        home = Home(tmp_path / "home")
        write_client(home, server, **MANNERS)
        if is_killed:
            with collect(home, now):
                server.wait_for(requests=WEB.feeds // 2)
        with collect(home, now) as night:
            cost = night.end()

        assert cost.code == 0, cost.said
        shown = {n: set(WEB.guids(n, 1)) for n in range(WEB.feeds) if WEB.fate(n) == "good"}
        stored = stored_guids(home)
        assert set(stored) == served_guids(server) == set.union(*shown.values())
        assert set(stored.values()) == {1}
        visits = "SELECT count(*), count(DISTINCT source_id) FROM fct_source_runs"
        assert rows(home.data(CLIENT).writer, visits) == [(WEB.feeds, WEB.feeds)]
        assert outcomes(home)["ok"] == len(shown)
        if not is_killed:  # the second process cannot know when the first one asked last
            assert min(paces(server).values()) >= INTERVAL_S
