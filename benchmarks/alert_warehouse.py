"""Alerts from the warehouse: 200 brands, 10 rules, 400 days; time, processor and memory.

``python -m benchmarks.alert_warehouse`` fills a warehouse as loading and tagging would have, then
runs the product's own job on it, each step in a process of its own, so that its peak of memory is
its own. ``judge`` is what a night does; ``every day`` judges the days of all brands by three rules,
as if each had just ended, and compares the false alarms with what the shared budget accepts.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import peak_mib, table
from listening.alerts.baseline import replay
from listening.alerts.kinds import counted, tone_of
from listening.alerts.rules import alarm_threshold, sharing
from listening.jobs.alert import judge
from listening.jobs.alert_counts import part_of
from listening.jobs.collect import know_configuration
from listening.jobs.context import JobContext, open_context
from listening.jobs.publish import publish_snapshot
from listening.settings import Settings
from storage.counts import window_observations
from storage.engine import open_writer
from storage.migrate import migrate
from storage.reading import open_snapshot

NOW = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
END = NOW.replace(minute=0)
BRANDS, SOURCES, DAYS = 200, 400, 400
TARGET_SECONDS, TARGET_MIB = 5.0, 1024
#: Rules whose false alarms are counted, among those that share the budget; one mail in three days.
_WITHOUT_WAVES = ("negatif", "positif", "volume")
_REST_DAYS = 3
FILL = Path(__file__).with_name("alert_fill.sql")
_DICE = Path(__file__).with_name("alert_dice.sql")

_RULES = """\
rules:
  - {id: negatif, kind: negative_spike}
  - {id: negatif-prix, kind: negative_spike, topics: [prix]}
  - {id: negatif-presse, kind: negative_spike, source_types: [press]}
  - {id: negatif-forum, kind: negative_spike, source_types: [forum]}
  - {id: positif, kind: positive_spike}
  - {id: volume, kind: spike}
  - {id: semaine, kind: negative_spike, window: 3d}
  - {id: part, kind: share_drop}
  - {id: silence, kind: flatline}
  - {id: grave, kind: grave_word}
"""


def main() -> int:
    """Print the table; 1 when a step failed."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        for name in _STEPS:
            command = [sys.executable, "-m", "benchmarks.alert_warehouse", name, folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — ours
            if done.returncode:
                print(f"{name}: {done.stderr[-1500:]}")
                return 1
            print(f"<!-- {name} {done.stdout.splitlines()[-1]} -->", flush=True)
            found = json.loads(done.stdout.splitlines()[-1])
            rows.append([name, *(found[key] for key in ("what", "wall", "cpu", "mib"))])
    asked = f"asked: {TARGET_SECONDS:.0f} s and {TARGET_MIB} MiB on 2 cores"
    head = ["step", "what it came to", "seconds passed", "of the processor", "peak, MiB"]
    table(f"From the warehouse: {BRANDS} brands × 10 rules × {DAYS} days ({asked})", head, rows)
    return 0


def context_at(home: Path, now: datetime) -> JobContext:
    """Return the client of the benchmark at an instant."""
    return open_context("banc", settings=Settings(home=home), clock=lambda: now)


def _fill(home: Path) -> str:
    folder = home / "clients" / "banc"
    folder.mkdir(parents=True)
    brands = "".join(
        f'  - {{id: marque-{n}, name: "Marque {n}", role: own}}\n' for n in range(BRANDS)
    )
    (folder / "client.yaml").write_text(
        f'client: banc\nname: "Banc"\ncontact: "https://banc.example"\nbrands:\n{brands}'
        'topics:\n  - {id: prix, name: "Prix", terms: ["cher"]}\n',
        encoding="utf-8",
    )
    kinds = ("press", "forum", "blog", "review")
    sources = "".join(
        f'  - {{id: source-{n}, kind: feed, type: {kinds[n % 4]}, url: "https://s{n}.example/feed"}}\n'
        for n in range(SOURCES)
    )
    (folder / "sources.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    (folder / "alerts.yaml").write_text(_RULES, encoding="utf-8")
    context = context_at(home, NOW)
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=NOW)
        know_configuration(context, warehouse, now=NOW)
        warehouse.execute(_DICE.read_text(encoding="utf-8"))
        warehouse.execute(FILL.read_text(encoding="utf-8"))
        (count,) = warehouse.execute("SELECT count(*) FROM fct_mentions").fetchone() or (0,)
    publish_snapshot(context, now=NOW)
    return f"{count:,} mentions"


def _judge(home: Path) -> str:
    found = judge(context_at(home, NOW), now=NOW)
    fired = sum(one.decision.value == "fired" for one in found.evaluations)
    return f"{len(found.evaluations):,} evaluations, {fired} fired, {found.message_count} mails"


def _earlier(home: Path) -> str:
    """Look twice within the day before, so that the next look is one of a client's by the hour."""
    for hours in (2, 1):
        judge(context_at(home, NOW), now=NOW - hours * timedelta(hours=1))
    return "two looks"


def _by_the_hour(home: Path) -> str:
    found = judge(context_at(home, NOW), now=NOW).evaluations
    closer = sum(one.judged_hour_count is not None for one in found)
    return f"{len(found):,} evaluations, {closer} of them by the hour"


def _every_day(home: Path) -> str:
    """Judge each day by three rules; the counts hold no wave, so that all alarms are false."""
    context = context_at(home, NOW)
    rules = [rule for rule in context.config.rules if rule.id in _WITHOUT_WAVES]
    threshold = alarm_threshold(
        rules[0].false_alarm_budget,
        window=rules[0].window,
        rule_count=sharing(context.config.rules, rules[0].brands[0]),
    )
    looks = alarms = 0
    with open_snapshot(context.paths.snapshot) as warehouse:
        for rule in rules:
            series = window_observations(
                warehouse, brand_ids=rule.brands, end=END, window=rule.window, history=DAYS - 1,
                polarity=tone_of(rule.kind), part=part_of(rule), is_past=True,
            )  # fmt: skip
            counts = np.array([[counted(seen) for seen in one] for one in series.values()], float)
            slots = [seen.window.start.weekday() for seen in next(iter(series.values()))]
            rates = replay(counts, np.ones_like(counts), slots)
            looks += np.count_nonzero(np.isfinite(rates))
            alarms += _mails((rates <= threshold) & (counts >= rule.minimum))
    asked = looks * threshold
    return f"{looks:,} judged days: {asked:.0f} false alarms accepted, {alarms} made"


def _mails(fires: np.ndarray) -> int:
    """Count alarms, at most one in three days of a brand."""
    mails, rest = 0, np.zeros(len(fires))
    for day in fires.T:
        told = day & (rest <= 0)
        mails += int(told.sum())
        rest = np.where(told, _REST_DAYS, rest - 1)
    return mails


_STEPS: dict[str, Callable[[Path], str]] = {
    "fill": _fill,
    "judge, first": _judge,
    "judge, again": _judge,
    "two hours before, one hour before": _earlier,
    "judge, third look of the day": _by_the_hour,
    "every day": _every_day,
}


def _measured(name: str, home: Path) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    what = _STEPS[name](home)
    return {
        "what": what,
        "wall": f"{time.perf_counter() - wall:.1f}",
        "cpu": f"{time.process_time() - cpu:.1f}",
        "mib": f"{peak_mib():.0f}",
    }


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if len(sys.argv) == 3:  # noqa: PLR2004 — a step, in its own process
        print(json.dumps(_measured(sys.argv[1], Path(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main())
