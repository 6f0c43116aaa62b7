"""Alerts: detection of waves on simulated brands, false alarms against the budget, peers, speed.

Counts are those of the kit in ``shared/alerts/simulate.py``, of seeds that nothing was tuned on.
Peers are written again in ``alert_peers.py``. Everyone fires at the level that makes 0.10 false
alarms per brand and 30 days; ours also at the level it promises. One seed of 240 brands, with
``--full`` four of them; every eighth brand hour by hour.
"""

import sys
import time

import numpy as np

from benchmarks import alert_warehouse
from benchmarks.alert_peers import PEERS
from benchmarks.alert_scoring import Field, Result, load_kit
from benchmarks.alert_traps import trap_rows
from benchmarks.report import SHARED, peak_mib, skipped, table
from listening.alerts.baseline import Detector, replay
from listening.alerts.numbers import arrays
from listening.alerts.rules import HOURLY_FACTOR
from listening.alerts.series import Watch

#: Never tuned on.
SEEDS = (90_011, 90_012, 90_013, 90_014)
_SERIES = 30
_HOURLY_SHARE = 8

#: Days known before the judged ones, and which are judged.
_HISTORIES = (14, 28, 90)
_JUDGED = (90, 140)
TARGET = 0.10


def main() -> int:
    """Print the tables; 0 when there is nothing to measure with, too."""
    kit = SHARED / "alerts" / "simulate.py"
    if not kit.exists():
        skipped("Detection", "no shared/alerts/simulate.py")
        return alert_warehouse.main()
    simulate = load_kit(kit)
    seeds = SEEDS if "--full" in sys.argv else SEEDS[:1]
    fields = [Field.simulated(simulate, seed, _SERIES) for seed in seeds]
    _nightly(fields)
    _budgets(fields)
    _histories(fields)
    _hourly(fields)
    table("Traps: false alarms in 100 events", ["trap", "raw count", "ours"], trap_rows())
    _speed()
    return alert_warehouse.main()


def _ours(counts: np.ndarray, *, skip: int = 0) -> np.ndarray:
    """Return scores of daily counts as the kit wants them: the higher, the more unusual."""
    days = counts[:, skip:]
    rates = replay(days, np.ones_like(days), [day % 7 for day in range(days.shape[1])])
    scores = np.full(counts.shape, np.nan)
    scores[:, skip:] = -np.log10(rates)
    return scores


def _nightly(fields: list[Field]) -> None:
    rows = []
    for name, score in {"Vigie": _ours, **PEERS}.items():
        result = Result.of(fields, [score(field.daily) for field in fields], TARGET)
        rows.append([name, *result.cells()])
    head = ["detector", "k=5", "k=10", "k=20", "false alarms", "worst cell", "median delay, h"]
    table("Nightly, at 0.10 false alarms per brand and 30 days", head, rows)


def _budgets(fields: list[Field]) -> None:
    scores = [_ours(field.daily) for field in fields]
    rows = []
    for asked in (0.03, 0.10, 0.33, 1.0):
        result = Result.at(fields, scores, -np.log10(asked / 30))
        ratio = result.false_alarms / asked
        rows.append([asked, f"{result.false_alarms:.3f}", f"{ratio:.2f}", f"{result.worst:.2f}"])
    head = ["asked, per brand and 30 days", "made", "made ÷ asked", "worst of 8 cells"]
    table("Kept budget, nightly", head, rows)


def _histories(fields: list[Field]) -> None:
    rows = []
    for days in _HISTORIES:
        skip = _JUDGED[0] - days
        daily = [_ours(field.daily, skip=skip) for field in fields]
        result = Result.at(fields, daily, Detector.threshold, window=_JUDGED)
        rows.append([f"{days}, nightly", *result.cells()])
    hours = [field.as_hourly() for field in fields]
    for days in _HISTORIES:
        skip = (_JUDGED[0] - days) * 24
        fine = [_hourly_scores(field.hourly, skip=skip, end=_JUDGED[1] * 24) for field in fields]
        result = Result.at(hours, fine, Detector.threshold, window=_JUDGED)
        rows.append([f"{days}, hourly", *result.cells()])
    cold = [field.cold() for field in fields]
    result = Result.at(cold, [_ours(field.daily) for field in cold], Detector.threshold)
    rows.append(["7 to 28, nightly", *result.cells()])
    head = ["days of history", "k=5", "k=10", "k=20", "false alarms", "worst cell", "delay, h"]
    table(
        "History, at the promised 0.10 (the same 50 days after it; last row: days 7 to 28)",
        head,
        rows,
    )


def _hourly(fields: list[Field]) -> None:
    parts = [field.every(_HOURLY_SHARE) for field in fields]
    fine = [_hourly_scores(field.hourly) for field in parts]
    head = ["detector", "k=5", "k=10", "k=20", "false alarms", "worst cell", "median delay, h"]
    hours = [field.as_hourly() for field in parts]
    rows = [
        ["Vigie, promised", *Result.at(hours, fine, Detector.threshold).cells()],
        ["Vigie, matched", *Result.of(hours, fine, TARGET).cells()],
    ]
    rolling = [_rolling_scores(field.hourly) for field in parts]
    stricter = Detector.threshold + np.log10(HOURLY_FACTOR)
    sliding = Result.at(hours, rolling, float(stricter))
    rows.append(["last 24 h judged every hour, promised", *sliding.cells()])
    table("Hourly", head, rows)


def _hourly_scores(counts: np.ndarray, *, skip: int = 0, end: int | None = None) -> np.ndarray:
    """Return scores of hourly counts; those of the first ``skip`` hours are not known."""
    watch = Watch(arrays(len(counts)), 3600)
    found = np.full(counts.shape, np.nan)
    for row in range(skip, end or counts.shape[1]):
        slot = row // 24 % 7
        watch.take(counts[:, row], row=row, slot=slot, coverage=np.ones(len(counts)))
        found[:, row] = -np.log10(watch.false_alarms_per_day())
    return found


def _rolling_scores(counts: np.ndarray) -> np.ndarray:
    """Judge every hour the 24 h that end there, as rules do when sources are read every hour."""
    found = np.full(counts.shape, np.nan)
    for phase in range(24):
        days = (counts.shape[1] - phase) // 24
        block = counts[:, phase : phase + 24 * days].reshape(len(counts), days, 24).sum(axis=2)
        found[:, phase + 23 : phase + 24 * days : 24] = _ours(block)
    return found


def _speed() -> None:
    """200 brands × 10 rules × 400 days; and one series fed row by row."""
    draw = np.random.default_rng(7)
    counts = draw.negative_binomial(2, 0.4, (2000, 400)).astype(float)
    started, cpu = time.perf_counter(), time.process_time()
    replay(counts, np.ones_like(counts), [day % 7 for day in range(400)])
    wall, used = time.perf_counter() - started, time.process_time() - cpu
    rows = [
        ["2,000 series × 400 days, every day judged, wall s", f"{wall:.1f}"],
        ["the same, processor s", f"{used:.1f}"],
        *(
            [f"Detector, one row of {rows_per_day} a day, {mean} a day, µs", f"{_each(*case):.0f}"]
            for case in ((1, 1.0), (1, 100.0), (24, 1.0), (24, 10.0), (24, 100.0))
            for rows_per_day, mean in [case]
        ),
        ["peak memory, MiB", f"{peak_mib():.0f}"],
    ]
    table("Speed", ["what", "value"], rows)


def _each(rows_per_day: int, mean: float) -> float:
    """Return microseconds of processor per row of one series."""
    draw, rows = np.random.default_rng(7), 60 * rows_per_day + 340
    counts = draw.negative_binomial(mean / rows_per_day, 0.5, rows).tolist()
    detector, cpu = Detector(86_400 / rows_per_day), time.process_time()
    for row, count in enumerate(counts):
        detector.update(row * 86_400 // rows_per_day, count)
    return (time.process_time() - cpu) / rows * 1e6


if __name__ == "__main__":
    sys.exit(main())
