"""Finds watched brands in folded texts: one walk over the words, whatever the number of terms.

A term is a sequence of folded words (``listening.text.fold_term``). All terms live in one trie
keyed by word: a text costs one dictionary look-up per word, and ten thousand terms cost what ten
do.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from listening.model import Brand, Hit
from listening.text import FOLDED_WORD, Folded, fold, fold_term

#: Words between a hit and an excluded term that still make it a homonym (product.md, issue 2).
EXCLUSION_WORDS: Final = 8
#: Hits of one text that are kept, the first ones; a text with more is spam.
MAX_HITS: Final = 1000
#: Longest run of separators inside a name: « L' - Œuf ».
MAX_GAP: Final = 3
#: A glued name of several words is a name only after one of these.
TAG_SIGNS: Final = "#@"

_GAP = re.compile(r"[ '_/\n-]{1,3}\Z|\.\Z|\Z")
_ELISIONS = frozenset({"l", "d", "qu", "j", "m", "t", "s", "n", "c"})
_AND = {"fr": "et", "en": "and"}


@dataclass(frozen=True, slots=True)
class _Term:
    brand_id: str
    written: str
    needs_tag: bool = False  # glued spelling: only as hashtag or handle


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    terms: list[_Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words of a folded text with their places, made once per document."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, folded: str) -> "WordTable":
        """Cut a folded text into words."""
        matches = list(FOLDED_WORD.finditer(folded))
        return cls(
            words=tuple(match[0] for match in matches),
            starts=tuple(match.start() for match in matches),
            ends=tuple(match.end() for match in matches),
        )


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """One place where a term stands, in characters of the folded text."""

    brand_id: str
    term: str
    start: int
    end: int
    first_word: int
    last_word: int  # included


class TermTrie:
    """Looks up many names at once; the longest name at a place wins.

    Names of two brands may share a place only when they are written alike: then both are found.
    """

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        """Compile ``(brand_id, term)`` pairs; a term without a letter or digit is ignored."""
        self._root: dict[str, _Node] = {}
        #: The longest word of each name: a text without any of them has no name in it.
        self._anchors: set[str] = set()
        for brand_id, written in terms:
            words = tuple(fold_term(written).split())
            for variant in _variants(words):
                self._add(variant, _Term(brand_id, written))
            if len(words) > 1 and all(word.isalnum() for word in words):
                self._add(("".join(words),), _Term(brand_id, written, needs_tag=True))

    def _add(self, words: Sequence[str], term: _Term) -> None:
        if not any(word.isalnum() for word in words):
            return
        self._anchors.add(max(words, key=len))
        children = self._root
        for word in words:
            node = children.setdefault(word, _Node())
            children = node.children
        if all(known.brand_id != term.brand_id for known in node.terms if not known.needs_tag):
            node.terms.append(term)

    def may_find(self, words: Iterable[str]) -> bool:
        """Return False when no term can be in a text of these words; far cheaper than ``find``."""
        return not self._anchors.isdisjoint(words)

    def find(self, folded: str, table: WordTable) -> Iterator[FoundTerm]:
        """Yield the terms in a folded text from left to right; places do not overlap."""
        words, root = table.words, self._root
        index, count = 0, len(words)
        while index < count:
            node = root.get(words[index])
            if node is None:
                index += 1
                continue
            last, terms = self._longest(folded, table, index, node)
            if not terms:
                index += 1
                continue
            for term in terms:
                yield FoundTerm(
                    term.brand_id, term.written, table.starts[index], table.ends[last], index, last
                )
            index = last + 1

    @staticmethod
    def _longest(folded: str, table: WordTable, first: int, node: _Node) -> tuple[int, list[_Term]]:
        """Walk down from ``node``; return the last word and the terms of the longest name."""
        start = table.starts[first]
        is_tagged = start > 0 and folded[start - 1] in TAG_SIGNS
        last, found = first, [term for term in node.terms if is_tagged or not term.needs_tag]
        following = first + 1
        while node.children and following < len(table.words):
            gap_start, gap_end = table.ends[following - 1], table.starts[following]
            if gap_end - gap_start > MAX_GAP or not _GAP.match(folded[gap_start:gap_end]):
                break
            child = node.children.get(table.words[following])
            if child is None:
                break
            node = child
            if terms := [term for term in node.terms if not term.needs_tag]:
                last, found = following, terms
            following += 1
        return last, found


def _variants(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the ways people write the same words: ``&`` spelled out, an apostrophe forgotten."""
    variants = {words}
    if "&" in words[1:-1]:
        variants |= {
            tuple(spelled if word == "&" else word for word in words) for spelled in _AND.values()
        }
    for variant in list(variants):
        glued: list[str] = []
        for word in variant:
            if glued and glued[-1] in _ELISIONS and word.isalpha() and len(word) > 1:
                glued[-1] += word
            else:
                glued.append(word)
        variants.add(tuple(glued))
    return variants


class ExactTerms:
    """Names that are matched as written: case and accents count, words stay whole."""

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        """Compile ``(brand_id, term)`` pairs; found by first character run, like the trie."""
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for brand_id, written in terms:
            if first := self._WORD.search(written):
                self._by_first.setdefault(first[0], []).append((brand_id, written))

    _WORD = re.compile(r"\w+")

    def find(self, text: str) -> Iterator[tuple[str, str, int, int]]:
        """Yield ``(brand_id, term, start, end)`` in characters of the original text."""
        if not self._by_first:
            return
        for match in self._WORD.finditer(text):
            for brand_id, written in self._by_first.get(match[0], ()):
                lead = self._WORD.search(written)
                start = match.start() - (lead.start() if lead else 0)
                end = start + len(written)
                if start < 0 or not text.startswith(written, start):
                    continue
                if end < len(text) and _is_inside_word(text, end):
                    continue
                yield brand_id, written, start, end


def _is_inside_word(text: str, end: int) -> bool:
    return (text[end].isalnum() or text[end] == "_") and text[end - 1].isalnum()


class BrandMatcher:
    """The watchlist, compiled: terms, exact terms, context and excluded terms of every brand."""

    def __init__(self, brands: Sequence[Brand]) -> None:
        """Compile the brands; their order is the order in which equal names are reported."""
        self._terms = TermTrie((brand.brand_id, term) for brand in brands for term in brand.terms)
        self._exact = ExactTerms(
            (brand.brand_id, term) for brand in brands for term in brand.exact_terms
        )
        self._has_exact = any(brand.exact_terms for brand in brands)
        # One trie per brand: the longest name wins only among the names of one brand.
        self._context = _tries((brand.brand_id, brand.context_terms) for brand in brands)
        self._excluded = _tries((brand.brand_id, brand.excluded_terms) for brand in brands)

    def may_find(self, words: Iterable[str]) -> bool:
        """Return False when no brand can be in a text of these folded words."""
        return self._has_exact or self._terms.may_find(words)

    def find(self, text: str, folded: Folded | None = None) -> list[Hit]:
        """Return the hits in ``text`` in order of place, homonyms left out.

        A brand with context terms is found only where one of them is in the text; a hit with one of
        its brand's excluded terms within eight words is left out. A shorter hit inside a longer one
        of another brand is not a hit.

        Args:
            text: The document's full text.
            folded: ``fold(text)`` when the caller has it already.
        """
        folded = fold(text) if folded is None else folded
        table = WordTable.of(folded.text)
        found = list(islice(self._terms.find(folded.text, table), MAX_HITS))
        found += islice(self._found_exactly(text, folded, table), MAX_HITS)
        if not found:
            return []
        found = self._without_homonyms(found, folded.text, table)
        hits = {
            (one.brand_id, one.start, one.end): Hit(
                brand_id=one.brand_id,
                start=folded.start_of(one.start),
                end=folded.end_of(one.end),
                term=one.term,
            )
            for one in _outermost(found)
        }
        return sorted(hits.values(), key=lambda hit: (hit.start, hit.end))

    def _found_exactly(self, text: str, folded: Folded, table: WordTable) -> Iterator[FoundTerm]:
        for brand_id, written, start, end in self._exact.find(text):
            first, last = folded.index_of(start), folded.index_of(end)
            word = bisect_right(table.ends, first)
            last_word = max(word, bisect_left(table.starts, last) - 1)
            yield FoundTerm(brand_id, written, first, last, word, last_word)

    def _without_homonyms(
        self, found: list[FoundTerm], folded: str, table: WordTable
    ) -> list[FoundTerm]:
        brand_ids = {one.brand_id for one in found}
        lacking = {
            brand_id
            for brand_id in brand_ids & self._context.keys()
            if next(self._context[brand_id].find(folded, table), None) is None
        }
        excluded = {
            brand_id: list(self._excluded[brand_id].find(folded, table))
            for brand_id in brand_ids & self._excluded.keys()
        }
        return [
            one
            for one in found
            if one.brand_id not in lacking
            and not any(_is_near(one, other) for other in excluded.get(one.brand_id, ()))
        ]


def _tries(terms: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, TermTrie]:
    """Return a trie for each brand that has such terms."""
    return {
        brand_id: TermTrie((brand_id, term) for term in given) for brand_id, given in terms if given
    }


def _is_near(hit: FoundTerm, excluded: FoundTerm) -> bool:
    """At most ``EXCLUSION_WORDS`` words from one to the other; overlapping counts as near."""
    distance = max(excluded.first_word - hit.last_word, hit.first_word - excluded.last_word)
    return distance <= EXCLUSION_WORDS


def _outermost(found: list[FoundTerm]) -> list[FoundTerm]:
    """Drop a place that lies inside a longer one; equal places of two brands both stay."""
    kept: list[FoundTerm] = []
    reach, widest_start = -1, -1
    for one in sorted(found, key=lambda item: (item.start, -item.end)):
        is_inside = one.end <= reach and (one.start, one.end) != (widest_start, reach)
        if is_inside:
            continue
        kept.append(one)
        if one.end > reach:
            widest_start, reach = one.start, one.end
    return kept
