"""The meaning of queries, spelled out: every pair of places tried, no index, no shortcut."""

import re
from fnmatch import fnmatchcase

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
from listening.text import FOLDED_WORD, fold
from sentiment.query.evaluate import Facts
from sentiment.query.places import spellings
from sentiment.query.sentences import sentence_starts

Span = tuple[int, int]  # first and last word


class Reference:
    """One text, asked the slow way."""

    def __init__(self, text: str, facts: Facts) -> None:
        self.text, self.facts = text, facts
        folded = fold(text)
        self.folded = folded.text
        found = list(FOLDED_WORD.finditer(folded.text))
        self.words = [one[0] for one in found]
        self.starts = [one.start() for one in found]
        self.ends = [one.end() for one in found]
        self.original = [folded.start_of(one) for one in self.starts]
        self.title_words = sum(folded.end_of(end) <= facts.title_length for end in self.ends)

    def truth(  # noqa: PLR0911 - one line per kind of node
        self, node: Node, *, title: bool = False, free: bool = False
    ) -> bool:
        match node:
            case Not(part):
                return free or not self.truth(part, title=title)
            case And(parts):
                return all(self.truth(part, title=title, free=free) for part in parts)
            case Or(parts):
                return any(self.truth(part, title=title, free=free) for part in parts)
            case InTitle(part):
                return self.truth(part, title=True, free=free)
            case Site(host):
                return ("." + self.facts.host).endswith("." + host)
            case Lang(code):
                return self.facts.language == code
            case Type(name):
                return self.facts.source_type == name
        return bool(self.spans(node, title=title))

    def spans(self, node: Node, *, title: bool = False) -> set[Span]:
        match node:
            case Literal():
                spans = self._exact(node) if node.is_exact else self._folded(node)
                return {one for one in spans if not title or one[1] < self.title_words}
            case Or(parts):
                return set().union(*(self.spans(part, title=title) for part in parts))
            case InTitle(part):
                return self.spans(part, title=True)
            case AtLeast(count, part):
                spans = self.spans(part, title=title)
                return spans if _most_apart(spans) >= count else set()
            case Near() | SameSentence():
                pairs = self._pairs(node, title=title)
                return {one for pair in pairs for one in pair}
        raise AssertionError(node)

    def _pairs(self, node: Near | SameSentence, *, title: bool) -> set[tuple[Span, Span]]:
        lefts = self.spans(node.left, title=title)
        rights = self.spans(node.right, title=title)
        if isinstance(node, Near):
            return {(a, b) for a in lefts for b in rights if _is_near(node, a, b)}
        together = [(a, b) for a in lefts for b in rights if self._sentence(a) == self._sentence(b)]
        apart = {self._sentence(a) for a, b in together if a[1] < b[0] or b[1] < a[0]}
        return {(a, b) for a, b in together if self._sentence(a) in apart}

    def names(self, node: Node, *, title: bool = False) -> set[Span]:
        match node:
            case And(parts):
                first = next(part for part in parts if is_naming(part))
                return self.names(first, title=title)
            case Or(parts):
                true = [p for p in parts if is_naming(p) and self.truth(p, title=title)]
                return set().union(*(self.names(part, title=title) for part in true))
            case Near() | SameSentence():
                lefts = {left for left, _ in self._pairs(node, title=title)}
                return self.names(node.left, title=title) & lefts
            case InTitle(part):
                return self.names(part, title=True)
            case AtLeast(_, part):
                return self.names(part, title=title)
        return self.spans(node, title=title)

    def _sentence(self, span: Span) -> int:
        start = self.original[span[0]]
        return sum(one <= start for one in sentence_starts(self.text))

    def _folded(self, literal: Literal) -> set[Span]:
        found = set()
        for spelling in spellings(literal):
            for first in range(len(self.words) - len(spelling) + 1):
                last = first + len(spelling) - 1
                words = self.words[first : last + 1]
                is_alike = all(map(fnmatchcase, words, spelling))
                if is_alike and all(self._joins(at) for at in range(first, last)):
                    found.add((first, last))
        glued = "".join(FOLDED_WORD.findall(fold(literal.text).text))
        if len(fold(literal.text).text.split()) > 1 and not literal.has_wildcard:
            for at, word in enumerate(self.words):
                if word == glued and self.folded[self.starts[at] - 1 : self.starts[at]] in {
                    "#",
                    "@",
                }:
                    found.add((at, at))
        return found

    def _exact(self, literal: Literal) -> set[Span]:
        found = set()
        for match in re.finditer(rf"(?<!\w){re.escape(literal.text)}(?!\w)", self.text):
            inside = [
                at for at, start in enumerate(self.original) if match.start() <= start < match.end()
            ]
            found.add((inside[0], inside[-1]))
        return found

    def _joins(self, at: int) -> bool:
        gap = self.folded[self.ends[at] : self.starts[at + 1]]
        return gap in {"", "."} or (len(gap) <= 3 and set(gap) <= set(" '_/\n-"))


def _is_near(node: Near, left: Span, right: Span) -> bool:
    after = right[0] - left[1] - 1
    before = left[0] - right[1] - 1
    return 0 <= after <= node.distance or (not node.is_ordered and 0 <= before <= node.distance)


def _most_apart(spans: set[Span]) -> int:
    """Return the most spans that do not overlap, by trying every last one."""
    best = 0
    for span in spans:
        best = max(best, 1 + _most_apart({one for one in spans if one[1] < span[0]}))
    return best
