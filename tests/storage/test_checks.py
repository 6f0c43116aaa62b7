"""Checks: each rule finds the row that breaks it, and only then."""

from datetime import timedelta

import duckdb
import pytest

from storage.checks import run_checks
from storage.digests import table_digests
from storage.loading import load_batch, load_tagged
from storage.queries import sql_names
from tests.builders import NOW, make_batch, make_document, make_mention, make_tagged
from tests.storage.conftest import BRANDS

#: One statement per rule that breaks it.
BREAKS = {
    "alert_without_evaluation": "INSERT INTO fct_alerts (fingerprint, rule_id, brand_id, severity,"
    " state, opened_at, last_breach_at, changed_at, peak_count, evaluated_at) SELECT 'f', 'r', 'b',"
    " 'info', 'firing', t, t, t, 1, t FROM (SELECT TIMESTAMPTZ '2026-01-01 00:00Z' AS t)",
    "document_without_source": "DELETE FROM fct_document_sources",
    "hit_outside_text": "UPDATE fct_mentions SET hits = [{'start': 0, 'end': 100000, 'term': 'x'}]",
    "key_repeated": "INSERT INTO fct_mentions FROM fct_mentions",
    "label_against_actions": "UPDATE fct_mentions SET human_polarity = 'positive'",
    "mention_without_brand": "DELETE FROM dim_brands",
    "mention_without_document": "UPDATE fct_mentions SET document_id = 'nowhere'",
    "more_than_one_client": "INSERT INTO dim_clients BY NAME"
    " SELECT * REPLACE ('autre' AS client_id) FROM dim_clients",
    "score_out_of_range": "UPDATE fct_mentions SET confidence = 'NaN'",
    "story_tables_disagree": "DELETE FROM fct_story_texts",
    "story_without_document": "UPDATE fct_documents SET story_id = ' '",
}


@pytest.fixture
def tagged(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    document = make_document()
    load_batch(warehouse, make_batch(document), now=NOW)
    load_tagged(warehouse, [make_tagged(document, make_mention())], brands=BRANDS, now=NOW)
    return warehouse


def test_every_rule_has_a_case() -> None:
    assert sql_names("checks") == [f"checks/{name}" for name in sorted(BREAKS)]


def test_sound_warehouse_passes(tagged: duckdb.DuckDBPyConnection) -> None:
    assert run_checks(tagged) == []


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_broken_rule_is_named_with_its_rows(tagged: duckdb.DuckDBPyConnection, name: str) -> None:
    try:
        tagged.execute(BREAKS[name])
    except duckdb.ConstraintException:
        assert name == "score_out_of_range"  # the table itself refuses it
        return

    failures = {failure.name: failure for failure in run_checks(tagged)}

    assert failures[name].row_count >= 1
    assert f"{name}: {failures[name].rule}" in str(failures[name])
    assert failures[name].rule.endswith(".")


@pytest.mark.parametrize(
    ("table", "also"),
    [
        pytest.param("fct_documents", None, id="document"),
        pytest.param("fct_document_sources", make_document().source_id, id="carried"),
        pytest.param("fct_mentions", make_mention().brand_id, id="mention"),
        pytest.param("fct_mention_topics", f"{make_mention().brand_id}/price", id="topic"),
    ],
)
def test_what_is_stored_twice_is_named(
    tagged: duckdb.DuckDBPyConnection, table: str, also: str | None
) -> None:
    for topic_id in ("price", "wait"):
        tagged.execute(
            "INSERT INTO fct_mention_topics SELECT document_id, brand_id, $1, ['x']"
            " FROM fct_mentions",
            [topic_id],
        )
    assert run_checks(tagged) == []

    tagged.execute(f"INSERT INTO {table} FROM {table} ORDER BY ALL LIMIT 1")

    (found,) = (one for one in run_checks(tagged) if one.name == "key_repeated")
    assert found.sample == ((table, make_document().document_id, also, 2),)
    later = run_checks(tagged, since=NOW + timedelta(days=2))
    assert "key_repeated" not in {one.name for one in later}


def test_of_texts_only_what_changed_since_is_read(tagged: duckdb.DuckDBPyConnection) -> None:
    tagged.execute(BREAKS["hit_outside_text"])

    assert run_checks(tagged, since=NOW + timedelta(seconds=1)) == []
    assert [one.name for one in run_checks(tagged, since=NOW)] == ["hit_outside_text"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE fct_documents SET source_ids = ['b', 'a']", id="another-order"),
        pytest.param("UPDATE fct_documents SET source_ids = ['a']", id="one-too-few"),
        pytest.param("UPDATE fct_documents SET source_ids = ['a', 'b', 'c']", id="one-too-many"),
        pytest.param("UPDATE fct_documents SET source_id = 'c'", id="owner-not-listed"),
        pytest.param("UPDATE fct_document_sources SET other_version = NULL", id="two-owners"),
        pytest.param("DELETE FROM fct_document_sources WHERE source_id = 'b'", id="not-carried"),
    ],
)
def test_proof_of_sources_sees_every_difference(
    warehouse: duckdb.DuckDBPyConnection, change: str
) -> None:
    for source_id in ("a", "b"):
        copy = make_document(source_id=source_id, fetched_at=NOW)
        load_batch(warehouse, make_batch(copy, batch_id=source_id), now=NOW)
    assert run_checks(warehouse) == []

    warehouse.execute(change)

    assert [one.name for one in run_checks(warehouse)] == ["document_without_source"]


def test_every_proof_is_of_a_rule() -> None:
    assert {name.replace("proofs/", "checks/") for name in sql_names("proofs")} <= {
        *sql_names("checks")
    }


def test_digest_sees_a_change_and_not_the_order(tagged: duckdb.DuckDBPyConnection) -> None:
    before = table_digests(tagged)

    tagged.execute("CREATE TEMP TABLE copied AS FROM dim_brands")
    tagged.execute("DELETE FROM dim_brands")
    tagged.execute("INSERT INTO dim_brands SELECT * FROM copied ORDER BY brand_id DESC")
    assert table_digests(tagged) == before

    tagged.execute("UPDATE fct_mentions SET score = -0.51")
    after = table_digests(tagged)
    assert [name for name in after if after[name] != before[name]] == ["fct_mentions"]


def test_digest_leaves_bookkeeping_out(tagged: duckdb.DuckDBPyConnection) -> None:
    before = table_digests(tagged)

    tagged.execute("UPDATE fct_documents SET loaded_at = loaded_at + INTERVAL 1 DAY")

    assert table_digests(tagged) == before
    assert set(table_digests(tagged, tables=["fct_documents"])) == {"fct_documents"}
