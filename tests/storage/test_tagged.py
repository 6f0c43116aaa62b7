"""Loading tags: mentions follow the tagger, human labels follow people."""

from datetime import timedelta

import duckdb
import pytest

from listening.errors import StorageError
from listening.model import Polarity
from storage.actions import ActionKind, MentionAction, record_action
from storage.checks import run_checks
from storage.digests import table_digests
from storage.loading import TagCounts, load_batch, load_tagged
from tests.builders import NOW, make_batch, make_document, make_mention, make_tagged
from tests.storage.conftest import BRANDS

ONE, TWO = make_document(1), make_document(2)
OURS = "oeuf-a-la-coque"


@pytest.fixture
def loaded(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    load_batch(warehouse, make_batch(ONE, TWO), now=NOW)
    return warehouse


def _mentions(connection: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT {columns} FROM fct_mentions ORDER BY ALL").fetchall()  # noqa: S608


def _action(kind: ActionKind, value: str | None, *, hours: int = 0) -> MentionAction:
    return MentionAction(
        document_id=ONE.document_id,
        brand_id=OURS,
        kind=kind,
        value=value,
        actor="camille",
        acted_at=NOW + timedelta(hours=hours),
    )


def test_mentions_are_stored_with_hits_and_evidence(loaded: duckdb.DuckDBPyConnection) -> None:
    tagged = make_tagged(ONE, make_mention(1, flags=frozenset({"insult", "complaint"})))

    counts = load_tagged(loaded, [tagged, make_tagged(TWO)], brands=BRANDS, now=NOW)

    assert counts == TagCounts(documents=2, mentions=1, removed=0, kept=0, stale=0)
    assert _mentions(loaded, "polarity, flags, hits, evidence") == [
        (
            "negative",
            ["complaint", "insult"],
            [{"start": 0, "end": 7, "term": "oeuf"}],
            [{"term": "froid", "weight": -0.5, "start": 12, "end": 17, "is_negated": False}],
        )
    ]
    assert run_checks(loaded) == []


def test_loading_tags_twice_changes_nothing(loaded: duckdb.DuckDBPyConnection) -> None:
    tagged = [make_tagged(ONE, make_mention(1)), make_tagged(TWO)]
    load_tagged(loaded, tagged, brands=BRANDS, now=NOW)
    before = table_digests(loaded, excluded_columns=())

    counts = load_tagged(loaded, tagged, brands=BRANDS, now=NOW + timedelta(days=1))

    assert counts == TagCounts(documents=2, mentions=0, removed=0, kept=0, stale=0)
    assert table_digests(loaded, excluded_columns=()) == before


def test_mention_no_longer_found_is_removed(loaded: duckdb.DuckDBPyConnection) -> None:
    both = make_tagged(ONE, make_mention(1), make_mention(1, brand_id="tartine"))
    load_tagged(loaded, [both], brands=BRANDS, now=NOW)

    again = make_tagged(ONE, make_mention(1), tagger_version="t2")
    counts = load_tagged(loaded, [again], brands=BRANDS, now=NOW)

    assert (counts.mentions, counts.removed) == (1, 1)
    assert _mentions(loaded, "brand_id, tagger_version") == [(OURS, "t2")]


def test_human_label_survives_tagging_again(loaded: duckdb.DuckDBPyConnection) -> None:
    load_tagged(loaded, [make_tagged(ONE, make_mention(1))], brands=BRANDS, now=NOW)
    record_action(loaded, _action(ActionKind.POLARITY, "positive"))

    again = make_mention(1, polarity=Polarity.MIXED, score=0.1)
    load_tagged(loaded, [make_tagged(ONE, again, tagger_version="t2")], brands=BRANDS, now=NOW)

    assert _mentions(loaded, "polarity, human_polarity, human_labelled_by") == [
        ("mixed", "positive", "camille")
    ]
    assert loaded.execute("SELECT polarity, model_polarity FROM mentions").fetchall() == [
        ("positive", "mixed")
    ]


def test_labelled_mention_stays_when_no_longer_found(loaded: duckdb.DuckDBPyConnection) -> None:
    load_tagged(loaded, [make_tagged(ONE, make_mention(1))], brands=BRANDS, now=NOW)
    record_action(loaded, _action(ActionKind.POLARITY, "positive"))

    gone = load_tagged(loaded, [make_tagged(ONE, tagger_version="t2")], brands=BRANDS, now=NOW)
    assert (gone.removed, gone.kept) == (0, 1)
    assert _mentions(loaded, "is_matched") == [(False,)]
    assert _shown(loaded) == []

    back = make_tagged(ONE, make_mention(1), tagger_version="t3")
    load_tagged(loaded, [back], brands=BRANDS, now=NOW)
    assert _mentions(loaded, "is_matched, human_polarity") == [(True, "positive")]
    assert _shown(loaded) == [("positive",)]


def test_mention_that_a_person_calls_relevant_counts_when_no_longer_found(
    loaded: duckdb.DuckDBPyConnection,
) -> None:
    load_tagged(loaded, [make_tagged(ONE, make_mention(1))], brands=BRANDS, now=NOW)
    record_action(loaded, _action(ActionKind.RELEVANCE, "true"))

    load_tagged(loaded, [make_tagged(ONE, tagger_version="t2")], brands=BRANDS, now=NOW)

    assert _mentions(loaded, "is_matched") == [(False,)]
    assert _shown(loaded) == [("negative",)]


def _shown(connection: duckdb.DuckDBPyConnection) -> list[tuple[str]]:
    return connection.execute("SELECT polarity FROM mentions").fetchall()


def test_text_that_changed_since_is_left_to_the_next_tagging(
    loaded: duckdb.DuckDBPyConnection,
) -> None:
    stale = make_tagged(ONE, make_mention(1), content_hash="f" * 32)

    counts = load_tagged(loaded, [stale], brands=BRANDS, now=NOW)

    assert counts == TagCounts(documents=0, mentions=0, removed=0, kept=0, stale=1)
    assert _mentions(loaded, "*") == []


def test_brand_that_is_not_watched_is_refused(loaded: duckdb.DuckDBPyConnection) -> None:
    stranger = make_tagged(ONE, make_mention(1, brand_id="inconnue"))

    with pytest.raises(StorageError, match="inconnue"):
        load_tagged(loaded, [stranger], brands=BRANDS, now=NOW)


@pytest.mark.parametrize(
    ("actions", "polarity", "relevant_count"),
    [
        pytest.param([_action(ActionKind.RELEVANCE, "false")], None, 0, id="homonym"),
        pytest.param(
            [
                _action(ActionKind.POLARITY, "neutral"),
                _action(ActionKind.POLARITY, "positive", hours=1),
            ],
            "positive",
            1,
            id="last-word-counts",
        ),
        pytest.param(
            [_action(ActionKind.POLARITY, "neutral"), _action(ActionKind.POLARITY, None, hours=1)],
            None,
            1,
            id="label-withdrawn",
        ),
        pytest.param([_action(ActionKind.NOTE, "rappeler lundi")], None, 1, id="note"),
        pytest.param([_action(ActionKind.STATUS, "in_progress")] * 2, None, 1, id="twice-is-once"),
    ],
)
def test_actions_show_in_the_mention(
    loaded: duckdb.DuckDBPyConnection,
    actions: list[MentionAction],
    polarity: str | None,
    relevant_count: int,
) -> None:
    load_tagged(loaded, [make_tagged(ONE, make_mention(1))], brands=BRANDS, now=NOW)

    for action in actions:
        record_action(loaded, action)

    assert _mentions(loaded, "human_polarity") == [(polarity,)]
    assert loaded.execute("SELECT count(*) FROM mentions").fetchone() == (relevant_count,)
    stored = loaded.execute("SELECT count(*) FROM fct_mention_actions").fetchone()
    assert stored == (len(set(actions)),)
    assert run_checks(loaded) == []


@pytest.mark.parametrize(
    ("action", "message"),
    [
        pytest.param(_action(ActionKind.POLARITY, "superbe"), "not a polarity", id="polarity"),
        pytest.param(_action(ActionKind.STATUS, "peut-être"), "not a status", id="status"),
    ],
)
def test_wrong_value_is_refused(
    loaded: duckdb.DuckDBPyConnection, action: MentionAction, message: str
) -> None:
    load_tagged(loaded, [make_tagged(ONE, make_mention(1))], brands=BRANDS, now=NOW)

    with pytest.raises(StorageError, match=message):
        record_action(loaded, action)


def test_action_on_no_mention_is_refused(loaded: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(StorageError, match="no mention"):
        record_action(loaded, _action(ActionKind.NOTE, "?"))
