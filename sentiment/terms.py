"""Finds names in folded texts: one walk over the words, whatever the number of terms.

A term is a sequence of folded words (``listening.text.fold_term``). All terms live in one trie
keyed by word: a text costs one dictionary look-up per word, and ten thousand terms cost what ten
do.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Final

import numpy as np

from listening.config.homonyms import is_risky
from listening.text import FOLDED_WORD, ascii_form, fold_term, folded_words

#: Longest run of separators inside a name: « L' - Œuf ».
MAX_GAP: Final = 3
#: A glued name of several words is a name only after one of these.
TAG_SIGNS: Final = "#@"

_CUT = re.compile(f"({FOLDED_WORD.pattern})")
#: What an ASCII character is: 0 between words, 1 of a word, 2 a word of its own.
_KINDS: Final = np.array(
    [1 if chr(n).isalnum() else 2 * (chr(n) in "&+") for n in range(128)], np.uint8
)
_GAP = re.compile(r"[ '_/\n-]{1,3}\Z|\.\Z|\Z")
ELISIONS: Final = frozenset({"l", "d", "qu", "j", "m", "t", "s", "n", "c"})
_AND = {"fr": "et", "en": "and"}


@cache
def _is_common(word: str) -> bool:
    return is_risky(word)


def anchors_of(names: Collection[Sequence[str]]) -> set[str]:
    """Return a word of each name, the one that the fewest texts will have.

    No common one if it can be helped; one that few of the names share; a long one.
    """
    counts = Counter(word for words in names for word in set(words))
    return {
        max(words, key=lambda word: (not _is_common(word), -counts[word], len(word)))
        for words in names
        if any(map(str.isalnum, "".join(words)))
    }


def is_gap(folded: str, start: int, end: int) -> bool:
    """Say whether what stands between two words lets them belong to one name."""
    return end - start <= MAX_GAP and _GAP.match(folded[start:end]) is not None


@dataclass(frozen=True, slots=True)
class _Term:
    brand_id: str
    written: str
    needs_tag: bool = False  # glued spelling: only as hashtag or handle


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    terms: list[_Term] = field(default_factory=list)


class WordTable:
    """The words of a folded text with their places, which are only found when they are asked for.

    Most texts name no brand, and their words alone say so.
    """

    __slots__ = ("_ends", "_folded", "_starts", "words")

    def __init__(self, folded: str, words: Sequence[str]) -> None:
        """Keep a folded text and its words, ``folded_words(folded)``."""
        self.words = words
        self._folded = folded
        self._starts: Sequence[int] | None = None
        self._ends: Sequence[int] = ()

    @classmethod
    def of(cls, folded: str) -> "WordTable":
        """Cut a folded text into words."""
        return cls(folded, tuple(folded_words(folded)))

    @property
    def starts(self) -> Sequence[int]:
        """Where each word begins."""
        if self._starts is None:
            self._starts, self._ends = _bounds(self._folded)
        return self._starts

    @property
    def ends(self) -> Sequence[int]:
        """Where each word ends."""
        return self._ends if self.starts else ()


def _bounds(folded: str) -> tuple[Sequence[int], Sequence[int]]:
    """Return where the words of a folded text begin and end."""
    bare = ascii_form(folded)
    if bare is None:
        # What stands between the words falls on the even places.
        reach = tuple(accumulate(map(len, _CUT.split(folded))))
        return reach[:-1:2], reach[1::2]
    kinds = np.zeros(len(bare) + 2, np.uint8)
    kinds[1:-1] = _KINDS[np.frombuffer(bare.encode("ascii"), np.uint8)]
    before, after = kinds[:-1], kinds[1:]
    is_border = (before != after) | (before == 2)  # noqa: PLR2004
    starts = np.flatnonzero(is_border & (after != 0))
    return starts.tolist(), np.flatnonzero(is_border & (before != 0)).tolist()


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
        names: list[Sequence[str]] = []
        for brand_id, written in terms:
            words = tuple(fold_term(written).split())
            for variant in variants_of(words):
                self._add(variant, _Term(brand_id, written))
                names.append(variant)
            if len(words) > 1 and all(word.isalnum() for word in words):
                self._add(("".join(words),), _Term(brand_id, written, needs_tag=True))
                names.append(("".join(words),))
        #: The rarest word of each name: a text without any of them has no name in it.
        self._anchors = anchors_of(names)
        #: Words between the first and the last of the longest name.
        self._reach = max(map(len, names), default=1) - 1

    def _add(self, words: Sequence[str], term: _Term) -> None:
        if not any(word.isalnum() for word in words):
            return
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
        free = 0
        for index in self._beginnings(table.words):
            if index < free:
                continue
            node = self._root[table.words[index]]
            last, terms = self._longest(folded, table, index, node)
            for term in terms:
                yield FoundTerm(
                    term.brand_id, term.written, table.starts[index], table.ends[last], index, last
                )
            free = last + 1 if terms else index + 1

    def _beginnings(self, words: Sequence[str]) -> list[int]:
        """Return where a name can begin: its rarest word is near, its first and second there."""
        present = self._anchors.intersection(words)
        if not present:
            return []
        rare = (index for index, word in enumerate(words) if word in present)
        reach = self._reach
        near = {at for index in rare for at in range(max(0, index - reach), index + 1)}
        found = []
        for index in sorted(near):
            node = self._root.get(words[index])
            if node is None:
                continue
            following = words[index + 1] if index + 1 < len(words) else None
            if node.terms or following in node.children:
                found.append(index)
        return found

    @staticmethod
    def _longest(folded: str, table: WordTable, first: int, node: _Node) -> tuple[int, list[_Term]]:
        """Walk down from ``node``; return the last word and the terms of the longest name."""
        start = table.starts[first]
        is_tagged = start > 0 and folded[start - 1] in TAG_SIGNS
        last, found = first, [term for term in node.terms if is_tagged or not term.needs_tag]
        following = first + 1
        while node.children and following < len(table.words):
            gap_start, gap_end = table.ends[following - 1], table.starts[following]
            if not is_gap(folded, gap_start, gap_end):
                break
            child = node.children.get(table.words[following])
            if child is None:
                break
            node = child
            if terms := [term for term in node.terms if not term.needs_tag]:
                last, found = following, terms
            following += 1
        return last, found


def variants_of(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the ways people write the same words: ``&`` spelled out, an apostrophe forgotten."""
    variants = {words}
    if "&" in words[1:-1]:
        variants |= {
            tuple(spelled if word == "&" else word for word in words) for spelled in _AND.values()
        }
    for variant in list(variants):
        glued: list[str] = []
        for word in variant:
            if glued and glued[-1] in ELISIONS and word.isalpha() and len(word) > 1:
                glued[-1] += word
            else:
                glued.append(word)
        variants.add(tuple(glued))
    return variants


class ExactTerms:
    """Names that are matched as written: case and accents count, words stay whole."""

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        """Compile ``(brand_id, term)`` pairs; a term without a letter or digit is ignored."""
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for brand_id, written in terms:
            first = self._WORD.search(written)
            if first and any(map(str.isalnum, written)):
                self._by_first.setdefault(first[0], []).append((brand_id, written))
        written_terms = (written for known in self._by_first.values() for _, written in known)
        self._anchors = anchors_of([fold_term(written).split() for written in written_terms])

    _WORD = re.compile(r"\w+")

    def may_find(self, words: Iterable[str]) -> bool:
        """Return False when no name can be in a text of these folded words."""
        return not self._anchors.isdisjoint(words)

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


def words_between(table: WordTable, start: int, end: int) -> tuple[int, int]:
    """Return the first and the last word that ``folded[start:end]`` touches."""
    first = bisect_right(table.ends, start)
    return first, max(first, bisect_left(table.starts, end) - 1)
