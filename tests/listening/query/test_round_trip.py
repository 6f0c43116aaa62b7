"""What is read, written in its normal form and read again is the same query; no text crashes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.query.error import QueryError, show_error
from listening.query.nodes import Node
from listening.query.parser import Query, read_query
from listening.query.printer import write_query
from listening.translate import translator
from tests.listening.query.strategies import queries

_PIECES = (
    "orange", '"jus d\'orange"', "ET", "OU", "SAUF", "AND", "OR", "NOT", "PROCHE/3", "NEAR/2f",
    "MÊME_PHRASE", "(", ")", "titre:", "site:", "lang:", "fr", "min:2", "exact:", "formes:", '"',
    "«", "»", "&&", "-", "oran*", "?", "et", "a.example", ",", "PROCHE", "near/4", "type:",
)  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@settings(max_examples=80, deadline=None)
@given(root=queries)
def test_the_normal_form_reads_as_the_same_query(language: str, root: Node) -> None:
    first = read_query(write_query(root, language))

    assert first.root == root
    assert read_query(first.normal_form(language)).root == root


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join), st.text()))
def test_any_text_is_a_query_or_an_error_that_can_be_shown(text: str) -> None:
    try:
        read: Query | QueryError = read_query(text)
    except QueryError as error:
        read = error
    if isinstance(read, QueryError):
        assert 0 <= read.start < read.end
        for language in ("fr", "en"):
            assert "^" in show_error(text, read, translator(language))
    else:
        assert read_query(read.normal_form()).root == read.root
