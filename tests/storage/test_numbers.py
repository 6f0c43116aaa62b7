"""Every macro of a period against a plain pandas computation, over worlds drawn at random."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine import open_writer
from tests.storage.conftest import BRANDS
from tests.storage.planting import Planted, plant, plant_topics

PARIS = ZoneInfo("Europe/Paris")
OURS = "oeuf-a-la-coque"
ROLES = {brand.brand_id: brand.role.value for brand in BRANDS}
WEIGHTS = {"gazette-lyon": 2.0, "forum": 1.0, "blog": 1.0}
#: Two weeks around the night on which the clocks go back.
FIRST, MIDDLE, LAST = date(2026, 10, 18), date(2026, 10, 25), date(2026, 11, 1)
_START = datetime(2026, 10, 17, tzinfo=UTC)

_mentions: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.builds(
        dict,
        minute=st.integers(0, 16 * 1440),
        brand_id=st.sampled_from([*ROLES]),
        polarity=st.sampled_from(["negative", "neutral", "positive", "mixed", "unknown"]),
        human_polarity=st.sampled_from([None, None, None, "negative", "positive"]),
        source_id=st.sampled_from([*WEIGHTS]),
        author=st.sampled_from([None, "a", "b"]),
        story_id=st.sampled_from(["s1", "s2", "s3", None]),
        language=st.sampled_from(["fr", "en"]),
        topics=st.sampled_from([(), ("prix",), ("accueil", "prix")]),
        is_matched=st.sampled_from([True, True, True, False]),
    ),
    max_size=40,
)
_worlds = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def empty(template_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("numbers") / "warehouse.duckdb"
    path.write_bytes(template_path.read_bytes())
    with open_writer(path) as connection:
        plant_topics(connection, "prix", "accueil")
        yield connection


@contextmanager
def world(connection: duckdb.DuckDBPyConnection, drawn: list[dict[str, Any]]) -> Iterator[Any]:
    """Plant a world, yield the frame of its relevant mentions, and take it away again."""
    rows = []
    for number, values in enumerate(drawn):
        at = _START + timedelta(minutes=values["minute"])
        rest = {name: value for name, value in values.items() if name != "minute"}
        rows.append(Planted(document_id=f"d{number}", at=at, **rest))
    connection.begin()
    try:
        plant(connection, rows)
        yield _frame(rows)
    finally:
        connection.rollback()


def _frame(rows: list[Planted]) -> pd.DataFrame:
    columns = [
        "document", "brand", "role", "polarity", "model", "is_human", "source", "voice", "story",
        "language", "topics", "at", "day",
    ]  # fmt: skip
    return pd.DataFrame(
        [
            (
                row.document_id, row.brand_id, ROLES[str(row.brand_id)],
                row.human_polarity or row.polarity, row.polarity, row.human_polarity is not None,
                row.source_id, row.author or f"source:{row.source_id}",
                row.story_id or row.document_id, row.language, row.topics, row.at,
                row.at.astimezone(PARIS).date(),
            )
            for row in rows
            if row.is_matched
        ],
        columns=columns,
    )  # fmt: skip


def ask(connection: duckdb.DuckDBPyConnection, call: str, **values: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(f"FROM {call}", values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def between(frame: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    return frame[(frame.day >= first) & (frame.day < last)]


def tone(frame: pd.DataFrame) -> tuple[int, int, int]:
    """Count positive, neutral and negative; mixed is neutral."""
    counts = frame.polarity.value_counts()
    neutral = int(counts.get("neutral", 0)) + int(counts.get("mixed", 0))
    return int(counts.get("positive", 0)), neutral, int(counts.get("negative", 0))


def net(p: int, u: int, n: int) -> tuple[Any, Any]:
    """Compute net sentiment and its margin by hand."""
    total = p + u + n
    if not total:
        return None, None
    up, down = p / total, n / total
    spread = up + down - (up - down) ** 2
    return (
        pytest.approx(100 * (p - n) / total),
        pytest.approx(196 * math.sqrt(max(spread, 0) / total), abs=1e-9),
    )


def wilson(part: int, whole: int) -> tuple[Any, Any]:
    """Solve |share - x| = 1.96·√(x(1 - x)/n), whose two roots are the interval."""
    if not whole:
        return None, None
    z2, share = 1.96**2, part / whole
    a, b, c = 1 + z2 / whole, -(2 * share + z2 / whole), share**2
    root = math.sqrt(max(b * b - 4 * a * c, 0))
    low, high = (-b - root) / (2 * a), (-b + root) / (2 * a)
    return pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9)


def share(part: int, whole: int) -> tuple[Any, Any]:
    if not whole:
        return None, None
    value = part / whole
    margin = 1.96 * math.sqrt(value * (1 - value) / whole)
    return pytest.approx(value), pytest.approx(margin, abs=1e-9)


def story_tones(frame: pd.DataFrame) -> tuple[int, int, int]:
    p = u = n = 0
    for _, story in frame.groupby("story"):
        up, even, down = tone(story)
        p, u, n = p + (up > down), u + (up == down and up + even > 0), n + (down > up)
    return p, u, n


@_worlds
@given(drawn=_mentions)
def test_kpis_and_share_of_voice(empty: Any, drawn: list[dict[str, Any]]) -> None:
    with world(empty, drawn) as frame:
        rows = ask(empty, "kpis('exemple', $a, $b)", a=MIDDLE, b=LAST)
        shares = ask(empty, "share_of_voice('exemple', $a, $b)", a=MIDDLE, b=LAST)

    inside = between(frame, MIDDLE, LAST)
    rivals = inside[inside.role.isin(["own", "competitor"])]
    stories = int(rivals.groupby("brand").story.nunique().sum())
    assert {row["brand_id"] for row in rows} == set(ROLES)
    for row in rows:
        mine = inside[inside.brand == row["brand_id"]]
        told, voices = mine.story.nunique(), mine.voice.nunique()
        p, u, n = tone(mine)
        sp, su, sn = story_tones(mine)
        expected = {
            "mention_count": len(mine), "story_count": told, "author_count": voices,
            "positive_count": p, "neutral_count": u, "negative_count": n,
            "is_small_sample": p + u + n < 30, "is_health_weak": p + n < 20,
            "net_sentiment": net(p, u, n)[0], "net_sentiment_margin": net(p, u, n)[1],
            "positive_story_count": sp, "neutral_story_count": su, "negative_story_count": sn,
            "story_net_sentiment": net(sp, su, sn)[0],
            "story_net_sentiment_margin": net(sp, su, sn)[1],
            "brand_health": p / (p + n) if p + n else None,
            "pickup_rate": len(mine) / told if told else None,
            "author_diversity": voices / len(mine) if len(mine) else None,
            "author_recurrence": len(mine) / voices if voices else None,
        }  # fmt: skip
        assert {name: row[name] for name in expected} == expected
    assert {row["brand_id"] for row in shares} == {b for b in ROLES if ROLES[b] != "sector"}
    for row in shares:
        mine = inside[inside.brand == row["brand_id"]]
        told = mine.story.nunique()
        assert (row["share"], row["margin"]) == share(told, stories)
        assert (row["mention_share"], row["mention_margin"]) == share(len(mine), len(rivals))
        assert row["is_small_sample"] == (stories < 30)


@_worlds
@given(drawn=_mentions)
def test_a_frozen_list_of_sources_counts_only_those(
    empty: Any, drawn: list[dict[str, Any]]
) -> None:
    with world(empty, drawn) as frame:
        rows = ask(
            empty, "kpis('exemple', $a, $b, source_ids := ['forum', 'blog'])", a=FIRST, b=LAST
        )

    kept = between(frame, FIRST, LAST)
    kept = kept[kept.source.isin(["forum", "blog"])]
    counted = {row["brand_id"]: row["mention_count"] for row in rows}
    assert counted == {brand: int((kept.brand == brand).sum()) for brand in ROLES}


@_worlds
@given(drawn=_mentions)
def test_brand_hours(empty: Any, drawn: list[dict[str, Any]]) -> None:
    with world(empty, drawn) as frame:
        rows = ask(empty, "brand_hours")

    if not len(frame):
        assert rows == []
        return
    mine = frame.assign(hour=[at.replace(minute=0) for at in frame["at"]])
    counts = mine.groupby(["brand", "hour"]).story.agg(["size", "nunique"])
    days = pd.date_range(frame.day.min(), frame.day.max()).date
    hours = sum(25 if day == date(2026, 10, 25) else 24 for day in days)
    assert len(rows) == hours * len(ROLES)
    assert len({(row["brand_id"], row["starts_at"]) for row in rows}) == len(rows)
    for row in rows:
        found = (
            counts.loc[key]
            if (key := (row["brand_id"], row["starts_at"])) in counts.index
            else (0, 0)
        )
        assert (row["mention_count"], row["story_count"]) == tuple(found)
        local = row["starts_at"].astimezone(PARIS)
        assert (row["hour_local"], row["day_on"]) == (local.hour, local.date())


@_worlds
@given(drawn=_mentions)
def test_topics(empty: Any, drawn: list[dict[str, Any]]) -> None:
    with world(empty, drawn) as frame:
        rows = ask(empty, "topics('exemple', $a, $b)", a=MIDDLE, b=LAST)

    spread = frame.explode("topics").dropna(subset="topics")
    now, before = between(spread, MIDDLE, LAST), between(spread, FIRST, MIDDLE)
    found = {(row["topic_id"], row["brand_id"]) for row in rows}
    both = pd.concat([now, before])
    assert found == set(zip(both.topics, both.brand, strict=True))
    for row in rows:
        brand = row["brand_id"]
        mine = now[(now.topics == row["topic_id"]) & (now.brand == brand)]
        old = before[(before.topics == row["topic_id"]) & (before.brand == brand)]
        all_now = int((between(frame, MIDDLE, LAST).brand == brand).sum())
        all_old = int((between(frame, FIRST, MIDDLE).brand == brand).sum())
        assert (row["mention_count"], row["previous_mention_count"]) == (len(mine), len(old))
        assert row["story_count"] == mine.story.nunique()
        assert (row["share"], row["share_margin"]) == share(len(mine), all_now)
        assert (row["net_sentiment"], row["net_sentiment_margin"]) == net(*tone(mine))
        pooled = (len(mine) + len(old)) / (all_now + all_old)
        if all_now and all_old and 0 < pooled < 1:
            error = math.sqrt(pooled * (1 - pooled) * (1 / all_now + 1 / all_old))
            z = (len(mine) / all_now - len(old) / all_old) / error
            assert row["z"] == pytest.approx(z, abs=1e-9)
        else:
            assert row["z"] is None


@_worlds
@given(drawn=_mentions)
def test_drivers(empty: Any, drawn: list[dict[str, Any]]) -> None:
    with world(empty, drawn) as frame:
        rows = ask(empty, "drivers('exemple', $brand, $a, $b)", brand=OURS, a=MIDDLE, b=LAST)

    inside = between(frame, MIDDLE, LAST)
    bad = inside[(inside.brand == OURS) & (inside.polarity == "negative")]
    counts = {(row["kind"], row["key"]): row["mention_count"] for row in rows}
    expected = {("source", key): n for key, n in bad.source.value_counts().items()}
    expected |= {("topic", key): n for key, n in bad.topics.explode().value_counts().items()}
    assert counts == expected
    for row in rows:
        assert row["share"] == pytest.approx(row["mention_count"] / len(bad))
        assert row["all_story_count"] == bad.story.nunique()


@_worlds
@given(drawn=_mentions)
def test_influence_and_authors(empty: Any, drawn: list[dict[str, Any]]) -> None:
    with world(empty, drawn) as frame:
        rows = ask(empty, "influence('exemple', $a, $b)", a=MIDDLE, b=LAST)
        authors = ask(empty, "authors")
        written = between(_all_days(drawn), MIDDLE, LAST)

    inside = between(frame, MIDDLE, LAST)
    assert {row["author_or_source"] for row in rows} == set(inside.voice)
    for row in rows:
        mine = inside[inside.voice == row["author_or_source"]]
        weight = mine.source.map(WEIGHTS).mean()
        on_topic = mine.document.nunique() / int((written.voice == row["author_or_source"]).sum())
        assert row["recurrence"] == mine.story.nunique()
        assert row["weight"] == pytest.approx(weight)
        assert row["topic_share"] == pytest.approx(on_topic)
        assert row["engagement"] == 1
        assert row["influence"] == pytest.approx(row["recurrence"] * weight * on_topic)
    for row in authors:
        mine = frame[frame.voice == row["author_or_source"]]
        assert (row["mention_count"], row["story_count"]) == (len(mine), mine.story.nunique())
        assert row["own_count"] == int((mine.role == "own").sum())
        assert row["brand_ids"] == sorted(set(mine.brand))
    assert len(authors) == frame.voice.nunique()


def _all_days(drawn: list[dict[str, Any]]) -> pd.DataFrame:
    """Return author and day of every document, also of those whose mention was no longer found."""
    return pd.DataFrame(
        [
            (
                values["author"] or f"source:{values['source_id']}",
                (_START + timedelta(minutes=values["minute"])).astimezone(PARIS).date(),
            )
            for values in drawn
        ],
        columns=["voice", "day"],
    )


@_worlds
@given(drawn=_mentions)
def test_sentiment_accuracy(empty: Any, drawn: list[dict[str, Any]]) -> None:
    with world(empty, drawn) as frame:
        rows = ask(empty, "sentiment_accuracy('exemple', $a, $b)", a=MIDDLE, b=LAST)

    inside = between(frame, MIDDLE, LAST)
    labelled = inside[inside.is_human.astype(bool)]
    assert {row["language"] for row in rows} == {None, *labelled.language}
    for row in rows:
        mine = (
            labelled if row["language"] is None else labelled[labelled.language == row["language"]]
        )
        agreed = int((mine.polarity == mine.model).sum())
        assert (row["labelled_count"], row["agreed_count"]) == (len(mine), agreed)
        assert (row["accuracy_low"], row["accuracy_high"]) == wilson(agreed, len(mine))


@_worlds
@given(
    deeds=st.lists(
        st.tuples(
            st.integers(0, 13 * 1440),  # minute of the mention
            st.sampled_from([None, 30, 600, 5000]),  # minutes to the first handling
            st.sampled_from(["status", "owner", "note", "polarity"]),
        ),
        max_size=25,
    )
)
def test_response_times_and_inbox(empty: Any, deeds: list[tuple[int, int | None, str]]) -> None:
    """Correcting a label is not handling; a second action does not move the first."""
    values = {"status": "answered", "owner": "Camille", "note": "appelé", "polarity": "negative"}
    empty.begin()
    try:
        rows = [
            Planted(document_id=f"d{i}", at=_START + timedelta(minutes=minute), polarity="negative")
            for i, (minute, _, _) in enumerate(deeds)
        ]
        plant(empty, rows)
        for row, (_, delay, kind) in zip(rows, deeds, strict=True):
            for later in (0, 60) if delay is not None else ():
                acted_at = row.at + timedelta(minutes=(delay or 0) + later)
                empty.execute(
                    "INSERT INTO fct_mention_actions VALUES ($1, $2, $3, $4, $5, 'camille', $6)",
                    [
                        f"{row.document_id}-{later}",
                        row.document_id,
                        OURS,
                        kind,
                        values[kind],
                        acted_at,
                    ],
                )
        found = ask(empty, "response_times('exemple', $a, $b)", a=FIRST, b=LAST)
        waiting = ask(empty, "inbox")
    finally:
        empty.rollback()

    frame = pd.DataFrame(
        [
            (
                row.at.astimezone(PARIS).date(),
                delay / 60 if delay is not None and kind != "polarity" else None,
            )
            for row, (_, delay, kind) in zip(rows, deeds, strict=True)
        ],
        columns=["day", "hours"],
    )
    assert sum(row["is_handled"] for row in waiting) == frame.hours.notna().sum()
    inside = between(frame, FIRST, LAST)
    months = inside.assign(month=[day.replace(day=1) for day in inside.day]).groupby("month")
    assert {month["month_on"] for month in found} == set(months.groups)
    for month in found:
        hours = pd.to_numeric(months.get_group(month["month_on"]).hours)
        assert (month["negative_count"], month["handled_count"]) == (len(hours), hours.count())
        if hours.count():
            assert month["median_hours"] == pytest.approx(hours.median())
            assert month["p90_hours"] == pytest.approx(hours.quantile(0.9))
        else:
            assert month["median_hours"] is None


@_worlds
@given(
    verdicts=st.lists(
        st.tuples(st.sampled_from(["r1", "r2"]), st.sampled_from([None, True, False])), max_size=30
    ),
    visits=st.lists(
        st.tuples(st.integers(0, 16 * 24), st.sampled_from(["ok", "unchanged", "failed"])),
        max_size=30,
        unique_by=lambda visit: visit[0],
    ),
)
def test_alert_precision_and_coverage(
    empty: Any, verdicts: list[tuple[str, bool | None]], visits: list[tuple[int, str]]
) -> None:
    at = datetime(2026, 10, 28, 3, tzinfo=UTC)
    empty.begin()
    try:
        for number, (rule, verdict) in enumerate(verdicts):
            empty.execute(
                "INSERT INTO fct_alerts BY NAME SELECT $1 AS fingerprint, $2 AS rule_id,"
                " $3 AS brand_id, 'critical' AS severity, 'firing' AS state,"
                " $4::TIMESTAMPTZ AS opened_at, opened_at AS last_breach_at,"
                " opened_at AS changed_at, 5 AS peak_count, opened_at AS evaluated_at,"
                " $5::BOOLEAN AS verdict",
                [f"f{number}", rule, OURS, at, verdict],
            )
        for hour, status in visits:
            empty.execute(
                "INSERT INTO fct_source_runs BY NAME SELECT $1 AS run_id, 'forum' AS source_id,"
                " '1' AS batch_id, $2::TIMESTAMPTZ AS started_at, $3 AS status, 0 AS duration_s,"
                " 0 AS byte_count, 0 AS document_count, 0 AS new_count, 0 AS changed_count,"
                " [] AS faults, false AS is_used_up",
                [f"run-{hour}", _START + timedelta(hours=hour), status],
            )
        precision = ask(empty, "alert_precision('exemple', $a, $b)", a=MIDDLE, b=LAST)
        nothing = ask(empty, "alert_precision('exemple', $a, $b)", a=FIRST, b=MIDDLE)
        covered = ask(empty, "coverage('exemple', $a, $b)", a=MIDDLE, b=LAST)
    finally:
        empty.rollback()

    assert nothing == []
    assert {row["rule_id"] for row in precision} == {rule for rule, _ in verdicts}
    for row in precision:
        judged = [v for rule, v in verdicts if rule == row["rule_id"] and v is not None]
        assert (row["judged_count"], row["true_count"]) == (len(judged), sum(judged))
        assert (row["precision_low"], row["precision_high"]) == wilson(sum(judged), len(judged))
    frame = pd.DataFrame(
        [
            ((_START + timedelta(hours=hour)).astimezone(PARIS).date(), status != "failed")
            for hour, status in visits
        ],
        columns=["day", "is_read"],
    )
    inside = between(frame, MIDDLE, LAST)
    assert {row["day_on"] for row in covered} == {None, *inside.day}
    for row in covered:
        mine = inside if row["day_on"] is None else inside[inside.day == row["day_on"]]
        assert (row["planned_count"], row["read_count"]) == (len(mine), int(mine.is_read.sum()))


def test_rising_terms_equal_the_formula_and_find_the_planted_word(empty: Any) -> None:
    """The word of the week wins; the brand's own name, and a word seen as often before, do not."""
    rows = [
        Planted(
            document_id=f"{side}{number}",
            at=datetime(2026, 10, 27 if side != "old" else 20, 12, tzinfo=UTC),
            brand_id="tartine" if side == "rival" else OURS,
            text=f"Oeuf a la coque, brunch copieux{' : intoxication' if number < bad else ''}",
        )
        for side, bad in (("now", 12), ("old", 1), ("rival", 0))
        for number in range(20)
    ]
    empty.begin()
    try:
        plant(empty, rows)
        found = ask(empty, "rising_terms('exemple', $brand, $a, $b)", brand=OURS, a=MIDDLE, b=LAST)
    finally:
        empty.rollback()

    first = {row["against"]: row for row in reversed(found)}
    assert {first["previous"]["term"], first["competitors"]["term"]} <= {
        "intoxication",
        "copieux intoxication",
    }
    row = next(r for r in found if r["term"] == "intoxication" and r["against"] == "previous")
    # Terms of a side: "brunch", "copieux", "brunch copieux" in all 20, the others in the bad ones.
    now_total, old_total = 3 * 20 + 2 * 12, 3 * 20 + 2 * 1
    prior_total, expected = (now_total + old_total) / 10, (12 + 1) / 10
    log_odds = math.log((12 + expected) / (now_total + prior_total - 12 - expected)) - math.log(
        (1 + expected) / (old_total + prior_total - 1 - expected)
    )
    assert (row["story_count"], row["other_story_count"]) == (12, 1)
    assert row["z"] == pytest.approx(log_odds / math.sqrt(1 / (12 + expected) + 1 / (1 + expected)))
    assert not [r for r in found if {"oeuf", "coque"} & set(r["term"].split())]


def test_replies_raise_engagement_by_guid_or_address_and_once(empty: Any) -> None:
    at = datetime(2026, 10, 27, 12, tzinfo=UTC)
    rows = [
        Planted(document_id="asked", at=at, author="a", source_id="forum"),
        Planted(document_id="other", at=at, author="a", source_id="forum"),
        *(
            Planted(document_id=f"r{n}", at=at, author="b", source_id="forum", in_reply_to=parent)
            for n, parent in enumerate(("asked", "https://exemple.example/asked", "asked"))
        ),
        Planted(document_id="far", at=at, author="b", source_id="blog", in_reply_to="asked"),
    ]
    empty.begin()
    try:
        plant(empty, rows)
        found = ask(empty, "influence('exemple', $a, $b)", a=MIDDLE, b=LAST)
    finally:
        empty.rollback()

    engagement = {row["author_or_source"]: row["engagement"] for row in found}
    assert engagement == {"a": 1 + 3 / 2, "b": 1.0}
