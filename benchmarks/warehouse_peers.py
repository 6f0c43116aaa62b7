"""Five questions asked of DuckDB, of pandas on Parquet and of SQLite with indexes, in one run."""

# ruff: noqa: S608 — our own constants

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from storage.reading import open_snapshot

_COLUMNS = "brand_id, polarity, source_id, story_id, CAST(epoch(mentioned_at) AS BIGINT) AS epoch_s"
_END = 1_795_136_400  # 2026-11-20 01:00 UTC
_WEEK = 7 * 86_400
#: In the words that DuckDB and SQLite share.
QUESTIONS = {
    "week against week": f"SELECT brand_id, sum(epoch_s >= {_END - _WEEK}),"
    f" sum(epoch_s < {_END - _WEEK})"
    f" FROM m WHERE epoch_s >= {_END - 2 * _WEEK} AND epoch_s < {_END} GROUP BY brand_id",
    "net sentiment, 30 days": "SELECT brand_id, count(*), sum(polarity = 'positive'),"
    f" sum(polarity = 'negative') FROM m WHERE epoch_s >= {_END - 30 * 86_400} GROUP BY brand_id",
    "most negative sources": "SELECT source_id, avg(polarity = 'negative') AS share, count(*)"
    " FROM m GROUP BY source_id HAVING count(*) >= 10 ORDER BY share DESC LIMIT 20",
    "mentions and stories": "SELECT brand_id, count(*), count(DISTINCT story_id) FROM m"
    " GROUP BY brand_id",
    "hour × weekday": "SELECT (epoch_s / 3600) % 24, (epoch_s / 86400) % 7, count(*)"
    " FROM m GROUP BY 1, 2",
}


def _week(m: pd.DataFrame) -> object:
    two = m[(m["epoch_s"] >= _END - 2 * _WEEK) & (m["epoch_s"] < _END)]
    return two.groupby(["brand_id", two["epoch_s"] >= _END - _WEEK]).size()


def _net(m: pd.DataFrame) -> object:
    return m[m["epoch_s"] >= _END - 30 * 86_400].groupby(["brand_id", "polarity"]).size()


def _sources(m: pd.DataFrame) -> object:
    by = (m["polarity"] == "negative").groupby(m["source_id"]).agg(["mean", "size"])
    return by[by["size"] >= 10].nlargest(20, "mean")  # noqa: PLR2004


def _stories(m: pd.DataFrame) -> object:
    return m.groupby("brand_id")["story_id"].agg(["size", "nunique"])


def _hours(m: pd.DataFrame) -> object:
    return m.groupby([m["epoch_s"] // 3600 % 24, m["epoch_s"] // 86_400 % 7]).size()


FRAMES: dict[str, Callable[[pd.DataFrame], object]] = dict(
    zip(QUESTIONS, (_week, _net, _sources, _stories, _hours), strict=True)
)


def compare(snapshot: Path, folder: Path) -> dict[str, Any]:
    """Return, by question, DuckDB's seconds and how many times longer the others take."""
    parquet, lite = folder / "mentions.parquet", folder / "mentions.sqlite"
    with duckdb.connect(snapshot, read_only=True) as connection:
        connection.execute(
            f"COPY (SELECT {_COLUMNS} FROM mentions) TO '{parquet}' (FORMAT parquet)"
        )
    lite.unlink(missing_ok=True)
    with sqlite3.connect(lite) as connection:
        pd.read_parquet(parquet).to_sql("m", connection, index=False, chunksize=50_000)
        for columns in ("epoch_s, brand_id, polarity", "brand_id, story_id", "source_id, polarity"):
            connection.execute(f"CREATE INDEX i_{columns[:4].strip(', ')} ON m ({columns})")
    answers = {}
    for name, sql in QUESTIONS.items():
        ours = _best(lambda sql=sql: _duckdb(snapshot, sql))
        frame = _best(lambda name=name: FRAMES[name](pd.read_parquet(parquet)))
        rows = _best(lambda sql=sql: sqlite3.connect(lite).execute(sql).fetchall())
        answers[f"× {name}"] = (
            f"{ours:.2f} s; pandas {frame / ours:.1f}, SQLite {rows / ours:.1f} times"
        )
    return answers


def _duckdb(snapshot: Path, sql: str) -> object:
    whole = f"WITH m AS (SELECT {_COLUMNS} FROM mentions) {sql}"
    for sign in ("polarity = 'positive'", "polarity = 'negative'"):
        whole = whole.replace(f"avg({sign})", f"avg(CAST({sign} AS INTEGER))")
    for divisor in ("3600", "86400"):
        whole = whole.replace(f"epoch_s / {divisor}", f"epoch_s // {divisor}")
    with open_snapshot(snapshot) as connection:
        return connection.execute(whole).fetchall()


def _best(run: Callable[[], object], *, rounds: int = 3) -> float:
    """Return the processor's seconds of the best round: others on the machine do not count."""
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return min(seconds)
