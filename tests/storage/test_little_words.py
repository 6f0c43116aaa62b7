"""Which words are named as what drives a figure: none that any text has, no name of a brand."""

from datetime import timedelta

import duckdb
import pytest

from listening.model import Evidence, Window
from storage.alert_reasons import alert_shares
from storage.loading import load_batch, load_tagged
from tests.builders import NOW, make_batch, make_document, make_mention, make_tagged
from tests.storage.conftest import BRANDS

OURS = "oeuf-a-la-coque"
WINDOW = Window(start=NOW - timedelta(days=1), end=NOW)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        pytest.param(["pas", "ne", "n'", "jamais", "froid"], {"froid": 1.0}, id="negations"),
        pytest.param(["not", "nobody", "never", "cold"], {"cold": 1.0}, id="in-english"),
        pytest.param(["Chez", "la", "été", "après", "deux"], {}, id="function-words"),
        pytest.param(["L'ŒUF À LA COQUE", "Tartine", "#oeufalacoque"], {}, id="names"),
        pytest.param(["fini chez l’", "oeuf plus jamais"], {"fini": 1.0}, id="phrases"),
        pytest.param(["presqu'île", "C'est"], {"presqu'île": 1.0}, id="apostrophes"),
        pytest.param(["irony", "…", "?", "12"], {}, id="what-is-no-word"),
    ],
)
def test_only_words_that_tell_something_are_named(
    warehouse: duckdb.DuckDBPyConnection, evidence: list[str], words: dict[str, float]
) -> None:
    items = tuple(Evidence(term=term, weight=-0.5, start=3, end=10) for term in evidence)
    load_batch(warehouse, make_batch(make_document(1)), now=NOW)
    tag = make_tagged(make_document(1), make_mention(1, evidence=items))
    load_tagged(warehouse, [tag], brands=BRANDS, now=NOW)

    shares = alert_shares(warehouse, OURS, WINDOW, limit=9, language="fr")

    named = {one.key: one.text_share for one in shares if one.kind == "term" and one.key}
    assert named == words


@pytest.mark.parametrize(("language", "word"), [("fr", "pas bon"), ("en", "not bon")])
def test_a_denied_word_is_named_as_it_was_meant(
    warehouse: duckdb.DuckDBPyConnection, language: str, word: str
) -> None:
    denied = Evidence(term="bon", weight=-0.5, start=3, end=6, is_negated=True)
    load_batch(warehouse, make_batch(make_document(1)), now=NOW)
    tag = make_tagged(make_document(1), make_mention(1, evidence=(denied,), language=language))
    load_tagged(warehouse, [tag], brands=BRANDS, now=NOW)

    shares = alert_shares(warehouse, OURS, WINDOW, limit=9, language="fr")
    (driver,) = warehouse.execute(
        "SELECT label FROM drivers_between($1, $2, $3) WHERE kind = 'term'",
        [OURS, WINDOW.start, WINDOW.end],
    ).fetchall()

    assert [one.label for one in shares if one.kind == "term"] == [word]
    assert driver == (word,)


def test_the_little_words_are_short_of_nothing_that_people_complain_of(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    words = {word for (word,) in warehouse.execute("FROM little_words").fetchall()}

    assert words.isdisjoint(["attente", "bien", "down", "froid", "like", "mal", "sale", "well"])
    assert {"pas", "jamais", "aucun", "not", "never", "etait", "tartine"} <= words
    assert all(word == word.lower() and len(word) >= 3 for word in words)
