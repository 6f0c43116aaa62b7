"""Queries and texts of few words, so that they meet; for the tests of reading and matching."""

from hypothesis import strategies as st

from listening.query.nodes import (
    And,
    AtLeast,
    InTitle,
    Lang,
    Literal,
    Near,
    Node,
    Not,
    Or,
    SameSentence,
    Site,
    Type,
    is_naming,
)

WORDS = ("orange", "oranges", "mobile", "box", "jus", "l'orange", "Œuf", "coque", "à", "assurance")
PHRASES = (
    "orange mobile",
    "l'œuf à la coque",
    "jus d'orange",
    "box box",
    "oran* mobile",
    "coque à",
)
STEMS = ("oran*", "orang?", "assur*ce", "mobi??", "coq*")
EXACT = ("Orange", "ORANGE", "Œuf", "Orange mobile", "jus")

plain = st.sampled_from((*WORDS, *PHRASES, *STEMS)).map(Literal)
exact = st.sampled_from(EXACT).map(lambda text: Literal(text, is_exact=True))
formed = st.sampled_from(("orange", "box", "l'orange")).map(
    lambda text: Literal(text, has_forms=True)
)
literals = st.one_of(plain, plain, exact, formed)


def _lists(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(parts, min_size=2, max_size=3).map(tuple)


def _or(parts: tuple[Node, ...]) -> Node:
    return Or(tuple(p for part in parts for p in (part.parts if isinstance(part, Or) else (part,))))


def _and(parts: tuple[Node, ...]) -> Node:
    flat = (p for part in parts for p in (part.parts if isinstance(part, And) else (part,)))
    return And(tuple(flat))


def _title(part: Node) -> Node:
    return part if isinstance(part, InTitle) else InTitle(part)


def _placed(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        _lists(parts).map(_or),
        st.builds(Near, parts, parts, st.integers(0, 5), st.booleans()),
        st.builds(SameSentence, parts, parts),
        parts.map(_title),
    )


placed = st.recursive(literals, _placed, max_leaves=4)
facts = st.sampled_from((Site("gazette.example"), Lang("fr"), Lang("en"), Type("press")))


def _combined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        _lists(parts).map(_and),
        _lists(parts).map(_or),
        parts.filter(lambda part: not isinstance(part, Not)).map(Not),
    )


leaves = st.one_of(placed, placed, st.builds(AtLeast, st.integers(1, 3), placed), facts)
#: Anything that can be written down as a brand's query.
queries = st.recursive(leaves, _combined, max_leaves=6).filter(is_naming)

_written = st.sampled_from(
    (*WORDS, "Orange", "ORANGE", "#orangemobile", "dorange", "M.", "prix", "la", "loeuf", "jus")
)
_gaps = st.sampled_from((" ", " ", " ", ", ", ". ", "-", "\n", " ! ", "  ", "'"))
texts = st.lists(st.tuples(_written, _gaps), max_size=14).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
