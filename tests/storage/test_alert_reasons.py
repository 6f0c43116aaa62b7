"""What is behind an alert: texts in two orders, and shares that add up."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from listening.model import Evidence, Polarity, Window
from storage.alert_reasons import (
    AlertShare,
    alert_documents,
    alert_shares,
    reproduction_sql,
    window_pace,
)
from storage.counts import Part
from storage.loading import load_batch, load_tagged
from tests.builders import NOW, make_batch, make_document, make_mention, make_tagged
from tests.storage.conftest import BRANDS
from tests.storage.planting import Planted, plant

OURS = "oeuf-a-la-coque"
HOUR = timedelta(hours=1)
WINDOW = Window(start=NOW - timedelta(days=1), end=NOW)
COPY = "Deux heures d'attente pour un plat froid, plus jamais cette adresse à Lyon."
SLOW = (
    Evidence(term="Attente", weight=-0.4, start=3, end=10),
    Evidence(term="contrast", weight=-0.1),
)


@pytest.fixture
def window(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a warehouse with a text on two sites, two more by one author, and an older one."""
    documents = [
        make_document(1, text=COPY, author_key=None),
        make_document(2, text=COPY, source_id="forum", author_key="jeanne"),
        make_document(3, author_key="paul"),
        make_document(4, author_key="paul", source_id="forum", in_reply_to=None),
        make_document(5, published_at=NOW - timedelta(days=2)),
        make_document(6, in_reply_to="https://gazette-lyon.example/article-4", source_id="forum"),
    ]
    load_batch(warehouse, make_batch(*documents), now=NOW)
    mentions = [
        make_mention(1, score=-0.3, evidence=SLOW),
        make_mention(2, score=-0.5, evidence=SLOW),
        make_mention(3, score=-0.9),
        make_mention(4, score=-0.4, evidence=()),
        make_mention(5),
    ]
    tags = [make_tagged(d, m) for d, m in zip(documents, mentions, strict=False)]
    load_tagged(warehouse, tags, brands=BRANDS, now=NOW)
    return warehouse


def by_kind(shares: list[AlertShare]) -> dict[str, list[tuple[str, float, float]]]:
    found = defaultdict(list)
    for one in shares:
        found[one.kind].append((one.label, round(one.text_share, 3), round(one.author_share, 3)))
    return dict(found)


def test_the_most_carried_stories_represent_a_window(window: duckdb.DuckDBPyConnection) -> None:
    shown = alert_documents(window, OURS, WINDOW, limit=5)

    assert [(d.document_id[-1], d.story_document_count, d.score) for d in shown.representative] == [
        ("2", 2, -0.5),
        ("3", 1, -0.9),
        ("4", 1, -0.4),
    ]


def test_the_most_read_are_those_of_heavy_sources_and_with_replies(
    window: duckdb.DuckDBPyConnection,
) -> None:
    shown = alert_documents(window, OURS, WINDOW, limit=2)

    assert [(d.document_id[-1], d.weight, d.reply_count) for d in shown.read] == [
        ("1", 2.0, 0),
        ("3", 2.0, 0),
    ]
    assert shown.is_reading_known

    window.execute("UPDATE dim_sources SET weight = 1")
    (first, *_) = alert_documents(window, OURS, WINDOW, limit=2).read

    assert (first.document_id[-1], first.reply_count) == ("4", 1)


def test_where_nothing_tells_texts_apart_their_readers_are_unknown(
    window: duckdb.DuckDBPyConnection,
) -> None:
    window.execute("UPDATE dim_sources SET weight = 1")
    window.execute("UPDATE fct_documents SET in_reply_to = NULL")

    assert not alert_documents(window, OURS, WINDOW, limit=2).is_reading_known


def test_shares_of_each_kind_add_up_in_texts_and_in_authors(
    window: duckdb.DuckDBPyConnection,
) -> None:
    shares = alert_shares(window, OURS, WINDOW, limit=9, language="fr")

    assert by_kind(shares) == {
        # three texts; of the one on two sites each has a half
        "source": [
            ("forum", 0.5, 0.5),
            ("La Gazette de Lyon", 0.5, 0.5),
        ],
        "author": [
            ("La Gazette de Lyon · paul", 0.667, 0.333),
            ("forum · jeanne", 0.167, 0.333),
            ("La Gazette de Lyon", 0.167, 0.333),
        ],
        "term": [("attente", 0.333, 0.667), ("froid", 0.333, 0.167), ("", 0.333, 0.167)],
        "topic": [("", 1.0, 1.0)],
    }
    for kind in ("source", "author", "term", "topic"):
        own = [one for one in shares if one.kind == kind]
        assert sum(one.text_share for one in own) == pytest.approx(1)
        assert sum(one.author_share for one in own) == pytest.approx(1)
        assert {(one.text_count, one.author_count) for one in own} == {(3, 3)}


def test_only_the_largest_values_are_named_and_all_are_counted(
    window: duckdb.DuckDBPyConnection,
) -> None:
    shares = alert_shares(window, OURS, WINDOW, limit=1, language="fr")

    assert [(one.kind, one.label, one.value_count) for one in shares] == [
        ("author", "La Gazette de Lyon · paul", 3),
        ("source", "forum", 2),
        ("term", "attente", 2),
        ("term", "", 2),
        ("topic", "", 0),
    ]


def test_what_a_rule_picked_is_looked_at_instead_of_the_negative_ones(
    window: duckdb.DuckDBPyConnection,
) -> None:
    picked = [f"{3:032x}"]

    shown = alert_documents(window, OURS, WINDOW, limit=3, tone=None, document_ids=picked)
    none = alert_documents(window, OURS, WINDOW, limit=3, tone=None, document_ids=[])

    assert [d.document_id for d in shown.representative] == picked
    assert none.representative == none.read == ()
    assert alert_shares(window, OURS, WINDOW, limit=3, language="fr", document_ids=[]) == []


@pytest.mark.parametrize(
    ("options", "figures"),
    [
        pytest.param({}, (3, 4), id="a-tone"),
        pytest.param({"tone": Polarity.POSITIVE}, (0, 0), id="another-tone"),
        pytest.param({"tone": None}, (3, 4), id="every-tone"),
        pytest.param({"part": Part(source_types=("review",))}, (0, 0), id="types-of-source"),
        pytest.param({"part": Part(source_ids=("forum",))}, (2, 2), id="sources"),
        pytest.param({"part": Part(topics=("prix",))}, (0, 0), id="topics"),
        pytest.param({"document_ids": [f"{3:032x}"]}, (1, 1), id="what-a-rule-picked"),
        pytest.param({"is_share": True}, (4, 4), id="share"),
    ],
)
def test_the_statement_of_the_mail_gives_its_figure(
    window: duckdb.DuckDBPyConnection, options: dict[str, Any], figures: tuple[int, int]
) -> None:
    statement = reproduction_sql(OURS, WINDOW, **options)

    assert window.execute(statement).fetchall() == [figures]
    assert "$" not in statement and "--" not in statement
    assert reproduction_sql(OURS, WINDOW, document_ids=["a"] * 21) == ""


def test_the_pace_counts_texts_where_their_first_copy_is(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    hours = [(23, "a"), (1, "a"), (20, "b"), (3, "c"), (2, "d"), (26, "e"), (49, "f"), (27, "g")]
    plant(
        warehouse,
        [
            Planted(
                document_id=f"{n}",
                at=NOW - timedelta(hours=age),
                polarity="negative",
                story_id=story,
            )
            for n, (age, story) in enumerate(hours)
        ],
    )
    plant(warehouse, [Planted(document_id="calm", at=NOW - timedelta(hours=1))])
    warehouse.execute(
        "UPDATE fct_documents SET published_at_quality = 'inferred' WHERE story_id IN ('c', 'g')"
    )

    pace = window_pace(warehouse, OURS, WINDOW, tone=Polarity.NEGATIVE, part=Part(), window_count=2)

    assert pace == (2, 2, 1, 0, 2)  # a counts early; e and f are usual, g has no hour


def test_no_text_is_representative_by_its_function_words(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    evidence = {"question": (("que", -0.9),), "cold": (("que", -0.9), ("froid", -0.2))}
    evidence["slow"] = (("que", -0.9), ("froid", -0.2), ("lent", -0.2))
    plant(
        warehouse,
        [
            Planted(document_id=name, at=NOW - HOUR, polarity="negative", evidence=found)
            for name, found in evidence.items()
        ],
    )

    shown = alert_documents(warehouse, OURS, WINDOW, limit=3).representative

    assert [one.document_id for one in shown] == ["cold", "slow", "question"]
