"""The 24 questions, asked of a small world whose answers are known."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from listening.errors import StorageError
from storage.engine import open_writer
from storage.questions import ask, filled_sql, find_question, questions
from tests.builders import NOW
from tests.storage.planting import Planted, plant, plant_topics

OURS = "oeuf-a-la-coque"
#: Everything happens at noon in Paris; the last visit is in the night to the 20th of November.
NOON = datetime(2026, 11, 19, 11, tzinfo=UTC)
PEAK = date(2026, 11, 17)


def _on(month: int, day: int, hour: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def _world() -> Iterator[Planted]:
    for ago in range(35):  # a calm month: one compliment a day, each by another author
        yield Planted(
            document_id=f"calm{ago}", at=NOON - timedelta(days=ago), polarity="positive",
            author=f"a{ago}", text="Un brunch copieux et un service charmant.",
        )  # fmt: skip
    for number in range(12):  # the peak, of which four repeat one story
        yield Planted(
            document_id=f"peak{number}", at=_on(11, 17, 17) + timedelta(minutes=number),
            polarity="negative", source_id="forum", author=f"p{number}",
            story_id="peak0" if number < 4 else None, title="Des clients malades",
            text="Deux clients malades, une intoxication ?", topics=("hygiene",),
            evidence=(("malades", -1.0), ("charmant", 0.5)),
        )  # fmt: skip
    for number, (hours, day) in enumerate(((2, 5), (4, 6), (10, 7))):  # handled in October
        yield Planted(
            document_id=f"slow{number}", at=_on(10, day), polarity="negative", author=f"s{hours}"
        )
    yield Planted(document_id="waiting", at=_on(11, 10), polarity="negative", title="Plus jamais")
    for number in range(6):  # the rival's admirer, on a blog that then falls silent
        yield Planted(
            document_id=f"rival{number}", at=_on(11, 1) - timedelta(days=3 * number),
            brand_id="tartine", polarity="positive", source_id="blog", author="hortense",
            topics=("hygiene",) if number < 2 else (),
            human_polarity=("positive", "positive", "positive", "negative", None, None)[number],
        )  # fmt: skip
    yield Planted(
        document_id="asks", at=_on(11, 16), flags=("question",), author="q",
        text="Bonjour. Est-ce ouvert le lundi ? Merci.",
    )  # fmt: skip
    for name, at in (("near", _on(8, 25)), ("past", _on(8, 15)), ("young", _on(10, 2))):
        yield Planted(document_id=name, at=at, polarity="negative", flags=("insult",), title=name)
    yield Planted(document_id="recipe", at=_on(11, 12), brand_id=None, title="La cuisson")


_DEEDS = "INSERT INTO fct_mention_actions VALUES ($1, $2, $3, 'status', $4, 'camille', $5)"
_ALERT = (
    "INSERT INTO fct_alerts BY NAME SELECT $1 AS fingerprint, 'buzz' AS rule_id, $2 AS brand_id,"
    " 'critical' AS severity, 'firing' AS state, $3::TIMESTAMPTZ AS opened_at,"
    " opened_at AS last_breach_at, opened_at AS changed_at, 9 AS peak_count,"
    " opened_at AS evaluated_at, $4::BOOLEAN AS verdict"
)
_LOOK = (
    "INSERT INTO fct_alert_evaluations BY NAME SELECT 'buzz' AS rule_id, $1 AS brand_id,"
    " $2::TIMESTAMPTZ AS evaluated_at, evaluated_at - INTERVAL 1 DAY AS window_start,"
    " evaluated_at AS window_end, 9 AS mention_count, 9 AS negative_count,"
    " 9 AS negative_story_count, 9 AS negative_author_count, 1.0 AS coverage,"
    " $3 AS p_value, 0.001 AS threshold, $4 AS decision"
)
_VISIT = (
    "INSERT INTO fct_source_runs BY NAME SELECT $1 AS run_id, $2 AS source_id, '1' AS batch_id,"
    " $3::TIMESTAMPTZ AS started_at, $4 AS status, 0 AS duration_s, 0 AS byte_count,"
    " 0 AS document_count, 0 AS new_count, 0 AS changed_count, [] AS faults, false AS is_used_up"
)
_STORY = (
    "INSERT INTO fct_stories BY NAME SELECT 'peak0' AS story_id, 't' AS title,"
    " 'peak0' AS first_document_id, 'forum' AS first_source_id, $1::TIMESTAMPTZ AS"
    " first_mentioned_at, first_mentioned_at AS last_mentioned_at, 4 AS document_count,"
    " 1 AS text_count, 1 AS source_count"
)


def _deeds(connection: duckdb.DuckDBPyConnection) -> None:
    for row in _world():
        hours = {"slow0": 2, "slow1": 4, "slow2": 10}.get(row.document_id)
        hours = 1 if row.document_id.startswith("peak") else hours
        if hours:
            at = row.at + timedelta(hours=hours)
            connection.execute(_DEEDS, [row.document_id, row.document_id, OURS, "answered", at])
    looks = ((_on(10, 20), 0.0005, True), (_on(11, 1), 0.0009, False), (_on(11, 18), 1e-6, True))
    for at, p_value, verdict in looks:
        connection.execute(_LOOK, [OURS, at, p_value, "fired"])
        connection.execute(_ALERT, [f"alert-{at:%m%d}", OURS, at, verdict])
    connection.execute(_LOOK, [OURS, _on(11, 5), 0.3, "below"])
    connection.execute(_ALERT, ["alert-open", OURS, _on(11, 19), None])
    for source_id, status in (("forum", "ok"), ("blog", "unchanged"), ("gazette-lyon", "failed")):
        connection.execute(_VISIT, ["run-1", source_id, NOW, status])
    connection.execute(_STORY, [_on(11, 17, 17)])
    for document_id, change in (("calm0", "gained"), ("calm1", "gained"), ("recipe", "lost")):
        connection.execute(
            "INSERT INTO fct_query_changes VALUES ($1, $2, 'q0', 'q1', $3, 'positive', $4)",
            [document_id, OURS, change, NOW],
        )
    connection.execute(
        "INSERT INTO fct_exclusions VALUES ('recipe', $1, 'exclude', 'cuisson', 'q1', $2)",
        [OURS, NOW],
    )


@pytest.fixture(scope="module")
def snapshot(template_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "mentions.duckdb"
    path.write_bytes(template_path.read_bytes())
    with open_writer(path) as connection:
        plant_topics(connection, "hygiene")
        plant(connection, _world())
        _deeds(connection)
    return path


def _answer(snapshot: Path, number: int, **values: str) -> list[dict[str, Any]]:
    table = ask(snapshot, find_question(str(number)), values)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


NAME = "Oeuf A La Coque"
#: question → (values, columns, first rows)
ANSWERS: dict[int, tuple[dict[str, str], str, list[tuple[Any, ...]]]] = {
    # Six calm days, twelve at the peak, one question, against seven calm days and one complaint.
    1: ({}, "brand_name mentions mentions_before change stories", [(NAME, 19, 8, 11, 16)]),
    2: ({}, "brand_name stories voice_percent judged is_small_sample",
        [(NAME, 40, 90.9, 43, False)]),
    3: ({"from_on": "2026-11-16"}, "week_on judged is_small_sample",
        [(date(2026, 11, 16), 17, True)]),
    4: ({}, "source_title mentions negative percent", [("forum", 12, 12, 100.0)]),
    5: ({}, "word mentions stories percent weight", [("malades", 12, 9, 100.0, -12.0)]),
    7: ({}, "author_or_source mentions weighted net", [("hortense", 6, 6.0, 67.0)]),
    8: ({}, "title status waited_hours", [("Plus jamais", "new", 230.2)]),
    9: (
        {"from_on": "2026-10-01", "to_on": "2026-11-01"},
        "month_on handled waiting median_hours p90_hours",
        [(date(2026, 10, 1), 3, 1, 4.0, 8.8)],
    ),
    10: ({}, "rule_id alerts judged right_ones percent", [("buzz", 4, 3, 2, 66.7)]),
    11: (
        {},
        "looks fired fired_then days_then right_ones right_ones_then",
        [(4, 3, 1, 1, 2, 1)],
    ),
    12: (
        {},
        "source_title health",
        [("La Gazette de Lyon", "failing"), ("blog", "silent")],
    ),
    13: ({"from_on": "2026-11-17"}, "brand_name mentions stories pickup_rate",
        [(NAME, 15, 12, 1.25)]),
    15: (
        {},
        "day_on day_mentions usual_mentions title mentions negative",
        [(PEAK, 13, 1.0, "Des clients malades", 4, 4)],
    ),
    16: (
        {},
        "brand_name version_before version_after gained lost net_gained",
        [(NAME, "q0", "q1", 2, 1, 100.0)],
    ),
    17: ({}, "language labelled agreed percent", [(None, 4, 3, 75.0), ("fr", 4, 3, 75.0)]),
    18: ({}, "limit_on days_left title", [(date(2026, 11, 25), 5, "near")]),
    19: (
        {"event_on": "2026-11-17", "days": "3"},
        "brand_name mentions_before mentions_after net_before",
        [(NAME, 4, 15, 75.0)],
    ),
    20: ({}, "question status", [("Est-ce ouvert le lundi ?", "new")]),
    21: ({}, "brand_name title", [(NAME, "past")]),
    22: ({}, "place source_title rule", [(1, "forum", "first"), (2, "forum", "same_text")]),
    23: ({}, "topic ours our_net theirs their_net gap",
        [("Hygiene", 12, -100.0, 2, 100.0, -200.0)]),
    24: ({}, "brand_name reason clause title", [(NAME, "exclude", "cuisson", "La cuisson")]),
}  # fmt: skip


@pytest.mark.parametrize("number", [pytest.param(n, id=f"question-{n:02}") for n in ANSWERS])
def test_planted_answer_is_found(snapshot: Path, number: int) -> None:
    values, columns, expected = ANSWERS[number]

    rows = _answer(snapshot, number, **values)

    found = [tuple(row[name] for name in columns.split()) for row in rows]
    assert found[: len(expected)] == expected


def test_rising_topics_and_words_name_the_peak(snapshot: Path) -> None:
    rows = _answer(snapshot, 6)

    assert ("topic", "Hygiene", 12, 0) in {
        (row["kind"], row["name"], row["now_count"], row["before_count"]) for row in rows
    }
    assert {"malades", "intoxication"} <= {row["name"] for row in rows if row["kind"] == "word"}
    assert "brunch" not in {row["name"] for row in rows}


def test_the_map_of_hours_has_every_hour_and_the_peak_where_it_was(snapshot: Path) -> None:
    rows = _answer(snapshot, 14)

    assert [row["hour"] for row in rows] == list(range(24))
    assert rows[18]["tuesday"] == 12  # 17:00 UTC in November
    assert sum(rows[3][day] for day in ("monday", "tuesday", "sunday")) == 0


def test_numbers_run_from_1_to_24_without_a_gap() -> None:
    assert [question.number for question in questions()] == list(range(1, 25))


@pytest.mark.parametrize("question", [pytest.param(q, id=q.slug) for q in questions()])
def test_each_file_says_what_it_asks_takes_and_gives(snapshot: Path, question: Any) -> None:
    """Both languages, a grain, every parameter declared, an example with the answer's columns."""
    assert question.french.endswith("?")
    assert question.english.endswith("?")
    declared = {parameter.name for parameter in question.parameters}
    assert set(re.findall(r"\$(\w+)", question.sql)) == declared
    columns, *rows = (line.split(" | ") for line in question.example)
    assert rows
    answered = ask(snapshot, question).columns
    assert [name for name in answered if name in columns] == [c.strip() for c in columns]
    assert all(len(row) == len(columns) for row in rows)


def test_a_question_is_one_statement_that_can_be_pasted(snapshot: Path) -> None:
    for question in questions():
        statement = filled_sql(snapshot, question)
        assert len(duckdb.extract_statements(statement)) == 1
        assert "$" not in statement


@pytest.mark.parametrize(
    ("number", "values", "said"),
    [
        pytest.param("25", {}, "no question 25", id="no-such-question"),
        pytest.param("1", {"form_on": "-7"}, "it has: client, from_on, to_on", id="no-parameter"),
        pytest.param("1", {"from_on": "hier"}, "must be a day", id="no-day"),
        pytest.param("1", {"from_on": "+9999999"}, "must be a day", id="no-day-in-the-calendar"),
        pytest.param("1", {"from_on": "+1"}, "the period is empty", id="ends-before-it-begins"),
        pytest.param("4", {"min_count": "1; DROP"}, "must be a number", id="no-number"),
    ],
)
def test_mistakes_are_told(snapshot: Path, number: str, values: dict[str, str], said: str) -> None:
    with pytest.raises(StorageError, match=re.escape(said)):
        ask(snapshot, find_question(number), values)


def test_values_are_never_read_as_sql(snapshot: Path) -> None:
    assert _answer(snapshot, 24, brand_id="x' OR 'a' = 'a") == []


def test_an_empty_warehouse_says_so(template_path: Path) -> None:
    with pytest.raises(StorageError, match="no source was read yet"):
        ask(template_path, find_question("1"))
