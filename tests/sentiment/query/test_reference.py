"""The matcher and a naive reference agree, whatever the query and the text."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from listening.query.nodes import AtLeast, InTitle, Literal, Near, Node, SameSentence
from listening.query.parser import Query
from listening.query.printer import write_query
from listening.text import fold
from sentiment.query.evaluate import Facts
from sentiment.query.matcher import QueryMatcher
from sentiment.terms import WordTable
from tests.listening.query.strategies import queries, texts
from tests.sentiment.query.reference import Reference


def ask(
    matcher: QueryMatcher, text: str, facts: Facts
) -> tuple[set[tuple[str, int, int]], set[str]]:
    folded = fold(text)
    table = WordTable.of(folded.text)
    found, kept = (
        matcher.find(text, folded, table, facts) if matcher.may_find(table.words) else ([], [])
    )
    return {(o.brand_id, o.first_word, o.last_word) for o in found}, {one.brand_id for one in kept}


@settings(max_examples=100, deadline=None)
@example(roots=[Literal("oran*")], title="", body="orange", is_french=True)
@example(roots=[Near(Literal("box"), Literal("box"), 0)], title="", body="box", is_french=True)
@example(
    roots=[SameSentence(Literal("box"), Literal("box"))], title="", body="box. Box", is_french=True
)
@example(
    roots=[SameSentence(Literal("box fibre"), Literal("box"))],
    title="",
    body="la box fibre et la box",
    is_french=True,
)
@example(
    roots=[Near(Literal("orange"), Literal("box"), 1)],
    title="",
    body="orange box et plus loin une orange",
    is_french=True,
)
@example(
    roots=[SameSentence(Literal("orange"), Literal("box"))],
    title="",
    body="une orange. une box et une orange",
    is_french=True,
)
@example(roots=[InTitle(Literal("box fibre"))], title="la box", body="fibre ici", is_french=True)
@example(roots=[AtLeast(2, Literal("box box"))], title="", body="box box box", is_french=True)
@given(
    roots=st.lists(queries, min_size=1, max_size=3),
    title=texts,
    body=texts,
    is_french=st.booleans(),
)
def test_all_queries_together_find_what_each_means(
    roots: list[Node], title: str, body: str, is_french: bool
) -> None:
    text = f"{title}\n{body}" if title else body
    facts = Facts(
        title_length=len(title),
        host="www.gazette.example",
        language="fr" if is_french else "en",
        source_type="press" if is_french else "blog",
    )
    matcher = QueryMatcher((str(n), Query("", root)) for n, root in enumerate(roots))

    found, kept = ask(matcher, text, facts)

    slow = Reference(text, facts)
    for number, root in enumerate(roots):
        is_true = slow.truth(root)
        spans = {(first, last) for brand_id, first, last in found if brand_id == str(number)}
        written = write_query(root)
        assert spans == (slow.names(root) if is_true else set()), written
        would = slow.truth(root, free=True)
        assert (str(number) in kept) == (would and not is_true), written


@settings(max_examples=50, deadline=None)
@given(queries, texts)
def test_a_true_query_names_the_brand(root: Node, text: str) -> None:
    facts = Facts(language="fr")
    found, _ = ask(QueryMatcher([("b", Query("", root))]), text, facts)

    assert bool(found) == Reference(text, facts).truth(root)
