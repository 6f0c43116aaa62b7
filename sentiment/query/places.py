"""Where the words and phrases of all queries stand in a text: one walk, whatever their number.

All of them live in one trie keyed by folded word; a word with ``*`` or ``?`` is a key of its own,
looked up by its first letters. The work per word of a text is bounded by the limits of
``listening.query.limits``; nothing here searches backward and forward like a regular expression.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from listening.query.limits import MAX_WORD, MIN_STEM
from listening.query.nodes import WILDCARDS, Literal
from listening.text import FOLDED_WORD, Folded, fold
from sentiment.query.forms import all_forms
from sentiment.terms import (
    TAG_SIGNS,
    ExactTerms,
    WordTable,
    anchors_of,
    is_gap,
    variants_of,
    words_between,
)

#: A word of a literal; unlike FOLDED_WORD it keeps the wildcards.
_ATOM: Final = re.compile(r"(?:[^\W_]|[*?])+|[&+]")
#: Words whose wildcards are remembered before the memory is emptied.
_MEMORY: Final = 200_000


class Place(NamedTuple):
    """Where a literal stands: first and last word (included), characters of the folded text."""

    first_word: int
    last_word: int
    start: int
    end: int
    literal: Literal


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    literals: list[Literal] = field(default_factory=list)
    tagged: list[Literal] = field(default_factory=list)  # glued: only as hashtag or handle


class LiteralIndex:
    """All words and phrases of a watchlist's queries."""

    def __init__(self, literals: Iterable[Literal]) -> None:
        """Compile them; equal ones are looked up once."""
        self._root = _Node()
        self._patterns: dict[str, list[str]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        unique = list(dict.fromkeys(literals))
        exact = [one for one in unique if one.is_exact]
        self._by_number = {str(number): one for number, one in enumerate(exact)}
        self._exact = ExactTerms((number, one.text) for number, one in self._by_number.items())
        for literal in unique:
            if not literal.is_exact:
                self._add(literal)

    def _add(self, literal: Literal) -> None:
        for words in spellings(literal):
            self._insert(words).literals.append(literal)
        plain = atoms(literal)
        if len(plain) > 1 and all(word.isalnum() for word in plain):
            self._insert(("".join(plain),)).tagged.append(literal)

    def _insert(self, words: Sequence[str]) -> _Node:
        node = self._root
        for word in words:
            if is_pattern(word):
                patterns = self._patterns.setdefault(word[:MIN_STEM], [])
                if word not in patterns:
                    patterns.append(word)
            node = node.children.setdefault(word, _Node())
        return node

    def find(self, text: str, folded: Folded, table: WordTable) -> dict[Literal, list[Place]]:
        """Return the places of each literal that is in the text, from left to right."""
        found: dict[Literal, list[Place]] = {}
        children = self._root.children
        different = set(table.words)
        leads = different & children.keys()
        if self._patterns:
            leads.update(filter(self._patterns_of, different))
        for index, word in enumerate(table.words) if leads else ():
            if word in leads:
                for place in self._from(folded.text, table, index):
                    places = found.setdefault(place.literal, [])
                    if not places or places[-1][:2] != place[:2]:
                        places.append(place)
        for number, _, start, end in self._exact.find(text):
            literal = self._by_number[number]
            first, last = folded.index_of(start), folded.index_of(end)
            place = Place(*words_between(table, first, last), first, last, literal)
            found.setdefault(literal, []).append(place)
        return found

    def _from(self, folded: str, table: WordTable, first: int) -> Iterator[Place]:
        """Yield the literals that begin at a word; several may, and none hides another."""
        start = table.starts[first]
        is_tagged = start > 0 and folded[start - 1] in TAG_SIGNS
        waiting = [(node, first) for node in self._below(self._root, table.words[first])]
        while waiting:
            node, last = waiting.pop()
            literals = node.literals + node.tagged if is_tagged and last == first else node.literals
            for literal in literals:
                yield Place(first, last, start, table.ends[last], literal)
            following = last + 1
            if node.children and following < len(table.words):
                if not is_gap(folded, table.ends[last], table.starts[following]):
                    continue
                word = table.words[following]
                waiting.extend((child, following) for child in self._below(node, word))

    def _below(self, node: _Node, word: str) -> list[_Node]:
        children = node.children
        below = [children[word]] if word in children else []
        if self._patterns:
            below += [children[key] for key in self._patterns_of(word) if key in children]
        return below

    def _patterns_of(self, word: str) -> tuple[str, ...]:
        """Return the wildcard words that this word fits; asked again and again, so remembered."""
        candidates = self._patterns.get(word[:MIN_STEM])
        if candidates is None:
            return ()
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            known = tuple(one for one in candidates if fits(word, one))
            self._known[word] = known
        return known

    def fits_any(self, words: Iterable[str]) -> bool:
        """Say whether one of the words fits a wildcard."""
        return bool(self._patterns) and any(map(self._patterns_of, words))


def anchors(literals: Iterable[Literal]) -> set[str]:
    """Return words one of which is in every text that has one of these, wildcards as they are."""
    names: list[Sequence[str]] = []
    for literal in literals:
        if literal.is_exact:
            names.append(FOLDED_WORD.findall(fold(literal.text).text))
            continue
        names.extend(
            [word for word in words if not is_pattern(word)] or words
            for words in spellings(literal)
        )
        names.append(("".join(atoms(literal)),))
    return anchors_of(names)


def atoms(literal: Literal) -> tuple[str, ...]:
    """Return the folded words of a literal, wildcards kept."""
    return tuple(_ATOM.findall(fold(literal.text).text))


def spellings(literal: Literal) -> set[tuple[str, ...]]:
    """Return the sequences of folded words that are this literal."""
    words = atoms(literal)
    forms = all_forms(words) if literal.has_forms else {words}
    return {variant for form in forms for variant in variants_of(form)}


def is_pattern(word: str) -> bool:
    """Say whether a folded word has a wildcard in it."""
    return any(sign in word for sign in WILDCARDS)


def fits(word: str, pattern: str) -> bool:
    """Say whether a word fits a wildcard word; at most the product of their lengths in steps.

    >>> fits("assurance", "assur*"), fits("organisation", "organi?ation"), fits("or", "orange*")
    (True, True, False)
    """
    if len(word) > MAX_WORD:
        return False
    at = sign = 0
    star, retry = -1, 0
    while at < len(word):
        if sign < len(pattern) and pattern[sign] == "*":
            star, retry = sign, at
            sign += 1
        elif sign < len(pattern) and pattern[sign] in ("?", word[at]):
            at, sign = at + 1, sign + 1
        elif star >= 0:
            retry += 1
            at, sign = retry, star + 1
        else:
            return False
    return not pattern[sign:].strip("*")


Places = Mapping[Literal, Sequence[Place]]
