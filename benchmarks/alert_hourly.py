"""Alerts by the hour: what a client gets whose rules look several times a day.

Brands of the kit in ``shared/alerts/simulate.py``, of a seed that nothing was tuned on, are judged
hour by hour with the sixty days before, as ``listening.alerts.closer`` does: false alarms asked and
made, waves found, delay; for looks every hour and for rarer ones. Then their last days go into a
warehouse, the product's own job judges every hour of them, and each of its figures is held against
those of the first part. ``python -m benchmarks.alert_hourly``; six minutes on a quiet core.
"""

import sys
import tempfile
import time
from datetime import UTC, timedelta
from io import StringIO
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.alert_hourly_traps import hourly_trap_rows
from benchmarks.alert_scoring import Field, Result, load_kit
from benchmarks.alert_warehouse import END, FILL, NOW, context_at
from benchmarks.report import SHARED, skipped, table
from listening.alerts.baseline import replay
from listening.alerts.calendar import Calendar
from listening.alerts.closer import WANTED_DAYS, hourly_rates
from listening.alerts.rules import HOURLY_FACTOR
from listening.jobs.alert import judge
from listening.jobs.collect import know_configuration
from listening.logs import configure_logs
from listening.model import BrandHours, Decision
from storage.engine import open_writer
from storage.migrate import migrate

SEED, _SERIES, _SHARE = 90_021, 24, 4
_HOURS = 24
#: Days judged from one and the same beginning of the history, so that a run takes minutes.
_BLOCK = 7
_ASKED = (0.03, 0.10, 0.33)
_STEPS = (1, 2, 3, 6)
#: Days that the product's job judges, and the rule it judges by.
_JOB_DAYS = 4
_RULES = """\
rules:
  - {id: heures, kind: negative_spike, minimum: 2, false_alarm_budget: "1 per month"}
"""


def main() -> int:
    """Print the tables; 0 when there is nothing to measure with, too."""
    kit = SHARED / "alerts" / "simulate.py"
    if not kit.exists():
        skipped("By the hour", "no shared/alerts/simulate.py")
        return 0
    field = Field.simulated(load_kit(kit), SEED, _SERIES).every(_SHARE).as_hourly()
    cpu = time.process_time()
    rates = _rates(field.hourly)
    used = time.process_time() - cpu
    enough = [_last_day(field.hourly) >= least for least in (1, 4)]
    rows = [
        _row(field, "every hour", np.where(enough[0], rates, 1.0)),
        _row(field, "every hour, minimum 4", np.where(enough[1], rates, 1.0)),
        *(_row(field, f"every {step} hours", _rarer(rates, step)) for step in _STEPS[1:]),
        _row(field, "window as a whole, every hour", HOURLY_FACTOR * _as_windows(field.hourly)),
    ]
    head = ["looks", "asked", "k=5", "k=10", "k=20", "false alarms", "worst cell", "delay, h"]
    table(f"By the hour, {len(rates)} brands ({used:.0f} s of processor)", head, list(chain(*rows)))
    head = ["trap", "windows as a whole", "by the hour"]
    table("By the hour, traps: alarms in 100 days of 24 looks", head, hourly_trap_rows())
    _job(field, rates)
    return 0


def _row(field: Field, name: str, rates: np.ndarray) -> list[list[object]]:
    return [
        [name, asked, *Result.at([field], [-np.log10(rates)], -np.log10(asked / 30)).cells()]
        for asked in _ASKED
    ]


def _hours_of(counts: np.ndarray, first: int, days: int) -> list[BrandHours]:
    """Return some days of hours; the last one ends at the end of the counts' own day."""
    part = counts[:, first * _HOURS : (first + days) * _HOURS].astype(int)
    start = END + (first - counts.shape[1] // _HOURS) * timedelta(days=1)
    whole = (1.0,) * part.shape[1]
    return [
        BrandHours(brand_id=f"marque-{n}", start=start, counts=tuple(row.tolist()), coverage=whole)
        for n, row in enumerate(part)
    ]


def _rates(counts: np.ndarray) -> np.ndarray:
    """Return false alarms per day of each hour, judged with sixty days and up to a week before."""
    found = np.full(counts.shape, np.nan)
    for day in range(56, counts.shape[1] // _HOURS, _BLOCK):
        first = max(0, day - WANTED_DAYS)
        days = min(day + _BLOCK, counts.shape[1] // _HOURS) - first
        rates = hourly_rates(_hours_of(counts, first, days), Calendar(UTC)).rates
        new = slice(day * _HOURS, (first + days) * _HOURS)
        found[:, new] = rates[:, (day - first) * _HOURS :]
    return found


def _rarer(rates: np.ndarray, step: int) -> np.ndarray:
    looked = np.ones_like(rates)
    looked[:, step - 1 :: step] = rates[:, step - 1 :: step]
    return looked


def _last_day(counts: np.ndarray) -> np.ndarray:
    """Return how many texts the 24 hours hold that end with each hour."""
    total = np.cumsum(counts, axis=1)
    total[:, _HOURS:] -= total[:, :-_HOURS].copy()
    return total


def _as_windows(counts: np.ndarray) -> np.ndarray:
    """Judge every hour the 24 h that end there as a whole."""
    found = np.full(counts.shape, np.nan)
    windows = _last_day(counts)
    for phase in range(_HOURS):
        ends = windows[:, phase + _HOURS - 1 :: _HOURS]
        slots = [((phase + 12) // _HOURS + day) % 7 for day in range(ends.shape[1])]
        found[:, phase + _HOURS - 1 :: _HOURS] = replay(ends, np.ones_like(ends), slots)
    return found


def _job(field: Field, rates: np.ndarray) -> None:
    """Judge the last days by the product's own job, and hold its figures against ``rates``."""
    brands = len(rates)
    configure_logs(stream=StringIO())
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        home = Path(folder)
        _fill(home, field.hourly)
        cpu, alerts, apart, closer, fired = time.process_time(), set[str](), [], 0, 0
        ends = [END - n * timedelta(hours=1) for n in reversed(range(_JOB_DAYS * _HOURS))]
        for end in ends:
            found = judge(context_at(home, end), now=end)
            alerts |= {one.fingerprint for one in found.alerts}
            column = rates.shape[1] - 1 - int((END - end) / timedelta(hours=1))
            for one in found.evaluations:
                if one.judged_hour_count is None or one.p_value is None:
                    continue
                closer += 1
                asked = rates[int(one.brand_id.removeprefix("marque-")), column]
                apart.append(abs(np.log10(one.p_value) - np.log10(min(1.0, asked))))
                fired += one.decision is Decision.FIRED
        used = time.process_time() - cpu
    rows = [
        ["looks of the job, each at all brands", len(ends)],
        ["brands", brands],
        ["evaluations by the hour", closer],
        ["of these fired", fired],
        ["alerts opened or gone on with", len(alerts)],
        ["p_value against the first part, middle difference (factor)", f"{_factor(apart, 50)}"],
        ["the same, one in twenty beyond", f"{_factor(apart, 95)}"],
        ["seconds of processor a look", f"{used / len(ends):.2f}"],
    ]
    table("By the hour, through the warehouse and the job", ["what", "value"], rows)


def _factor(apart: list[float], part: int) -> str:
    return f"{10 ** np.percentile(apart, part):.2f}" if apart else "-"


def _fill(home: Path, counts: np.ndarray) -> None:
    """Store the last days as loading and tagging would have written them."""
    days = WANTED_DAYS + 35 + _JOB_DAYS
    part = counts[:, -days * _HOURS :].astype(int)
    brand, hour = (np.repeat(one.ravel(), part.ravel()) for one in np.indices(part.shape))
    draw = np.random.default_rng(SEED)
    seconds = hour * 3600 + draw.integers(1, 3600, len(hour))
    at = np.datetime64(END.replace(tzinfo=None), "us") - np.timedelta64(days, "D")
    base = pa.table(
        {
            "n": np.arange(len(brand)),
            "brand_id": [f"marque-{n}" for n in brand],
            "source_id": [f"source-{n % 2}" for n in range(len(brand))],
            "polarity": ["negative"] * len(brand),
            "seen_at": pa.array(at + seconds.astype("timedelta64[s]"), pa.timestamp("us", "UTC")),
        }
    )
    _write_client(home, len(counts))
    context = context_at(home, NOW)
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=NOW)
        know_configuration(context, warehouse, now=NOW)
        warehouse.register("incoming", base)
        warehouse.execute("CREATE TEMP TABLE base AS FROM incoming")
        warehouse.execute(FILL.read_text(encoding="utf-8"))


def _write_client(home: Path, brand_count: int) -> None:
    folder = home / "clients" / "banc"
    folder.mkdir(parents=True)
    brands = "".join(
        f'  - {{id: marque-{n}, name: "Marque {n}", role: own}}\n' for n in range(brand_count)
    )
    (folder / "client.yaml").write_text(
        'client: banc\nname: "Banc"\ncontact: "https://banc.example"\ntimezone: UTC\n'
        f'brands:\n{brands}topics:\n  - {{id: prix, name: "Prix", terms: ["cher"]}}\n',
        encoding="utf-8",
    )
    (folder / "sources.yaml").write_text(
        "sources:\n"
        + "".join(f'  - {{id: source-{n}, kind: feed, type: press, url: "https://s{n}.example/f"}}\n'
                  for n in range(2)),
        encoding="utf-8",
    )  # fmt: skip
    (folder / "alerts.yaml").write_text(_RULES, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
