"""All queries of a watchlist at once: only those whose words are in a text are asked about it."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from listening.query.nodes import (
    And,
    AtLeast,
    Author,
    InTitle,
    Literal,
    Near,
    Node,
    Not,
    Or,
    SameSentence,
    literals,
)
from listening.query.parser import Query
from listening.query.printer import write_query
from listening.text import Folded
from sentiment.query.evaluate import Evaluation, Facts
from sentiment.query.places import LiteralIndex, Place, anchors, is_pattern
from sentiment.terms import FoundTerm, WordTable

#: Turns an author's name into the key that stands for it in the documents.
AuthorKey = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A text kept from a brand by what stands after SAUF, and by nothing else."""

    brand_id: str
    clause: str  # in normal form: SAUF fruit


@dataclass(frozen=True, slots=True)
class _Asked:
    brand_id: str
    root: Node


class QueryMatcher:
    """The queries of all brands, compiled together."""

    def __init__(
        self, queries: Iterable[tuple[str, Query]], author_key: AuthorKey | None = None
    ) -> None:
        """Compile ``(brand_id, query)`` pairs; a brand has at most one.

        Args:
            queries: What was read.
            author_key: Makes keys of the names after auteur:; None: only keys are found.
        """
        self._asked = [
            _Asked(brand_id, _with_keys(query.root, author_key)) for brand_id, query in queries
        ]
        self._index = LiteralIndex(one for asked in self._asked for one in literals(asked.root))
        self._triggers: dict[Literal, list[int]] = {}
        for number, asked in enumerate(self._asked):
            for literal in _needed(asked.root) or ():
                self._triggers.setdefault(literal, []).append(number)
        self._anchors = anchors(self._triggers)
        self._has_patterns = any(map(is_pattern, self._anchors))

    def may_find(self, words: Iterable[str]) -> bool:
        """Return False when no query can be true for a text of these folded words."""
        if not self._anchors.isdisjoint(words):
            return True
        return self._has_patterns and self._index.fits_any(words)

    def find(
        self, text: str, folded: Folded, table: WordTable, facts: Facts
    ) -> tuple[list[FoundTerm], list[Kept]]:
        """Return the places that name brands, and the brands that a SAUF kept out."""
        if not self.may_find(table.words):
            return [], []
        places = self._index.find(text, folded, table)
        numbers = {n for literal in places for n in self._triggers.get(literal, ())}
        if not numbers:
            return [], []
        title_end = folded.index_of(facts.title_length) if facts.title_length else 0
        title_words = bisect_right(table.ends, title_end)
        starts = table.starts
        if not folded.is_one_to_one:
            starts = tuple(map(folded.start_of, starts))
        evaluation = Evaluation(text, starts, places, title_words, facts)
        found: list[FoundTerm] = []
        kept: list[Kept] = []
        for number in sorted(numbers):
            asked = self._asked[number]
            if evaluation.is_true(asked.root):
                names = evaluation.names(asked.root)
                found.extend(_found(asked.brand_id, place) for place in names)
            elif evaluation.is_true(asked.root, ignoring_not=True):
                clauses = evaluation.blocking(asked.root)
                written = dict.fromkeys(write_query(clause) for clause in clauses)
                kept.append(Kept(asked.brand_id, " ".join(written)))
        return found, kept


def _found(brand_id: str, place: Place) -> FoundTerm:
    return FoundTerm(
        brand_id,
        place.literal.text,
        place.start,
        place.end,
        place.first_word,
        place.last_word,
    )


def _needed(node: Node) -> frozenset[Literal] | None:
    """Return words of which a text must have one, SAUF or not; None: it need not have any."""
    if isinstance(node, Literal):
        return frozenset((node,))
    if isinstance(node, Or):
        sets = [_needed(part) for part in node.parts]
        return None if None in sets else frozenset().union(*(one for one in sets if one))
    if isinstance(node, And):
        return _smallest(_needed(part) for part in node.parts)
    if isinstance(node, Near | SameSentence):
        return _smallest((_needed(node.left), _needed(node.right)))
    if isinstance(node, AtLeast | InTitle):
        return _needed(node.part)
    return None


def _smallest(sets: Iterable[frozenset[Literal] | None]) -> frozenset[Literal] | None:
    return min((one for one in sets if one is not None), key=len, default=None)


def _with_keys(node: Node, author_key: AuthorKey | None) -> Node:
    """Return the query with the keys of the authors in it in place of their names."""
    if author_key is None:
        return node
    if isinstance(node, Author):
        is_key = len(node.name) == 32 and set(node.name) <= set("0123456789abcdef")  # noqa: PLR2004
        return node if is_key else Author(author_key(node.name))
    if isinstance(node, And | Or):
        return replace(node, parts=tuple(_with_keys(part, author_key) for part in node.parts))
    if isinstance(node, Not):
        return Not(_with_keys(node.part, author_key))
    return node
