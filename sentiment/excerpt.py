"""The part of a long document that is judged: what stands around each brand.

An article of ten thousand characters that names a brand once says what it thinks of it near that
name. The rest costs time and brings opinions on other things, so a long text is cut down to the
surroundings of its first hits; places are led back to the document afterwards.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from listening.model import Evidence, Hit

#: Texts up to this length are judged whole: nearly all reviews, posts and comments.
WHOLE: Final = 2_000
#: Characters read before and after a hit; cut at the next border of a sentence or word.
BEFORE: Final = 400
AFTER: Final = 700
#: Characters within which a border is looked for.
_SLACK: Final = 160
#: Hits of one brand whose surroundings are read.
PLACES: Final = 3
#: Characters of an excerpt; only a text that names very many brands reaches it.
LONGEST: Final = 20_000
#: Between two pieces: ends the sentence.
JOINT: Final = "\n"
_SENTENCE_END: Final = re.compile(r"[.!?…]\s|\n")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Pieces of a text, laid one after the other."""

    text: str
    hits: tuple[Hit, ...]  # those that lie in it, places in the excerpt
    #: Where each piece begins in the excerpt, and in the whole text.
    _starts: tuple[int, ...] = (0,)
    _origins: tuple[int, ...] = (0,)

    def place(self, offset: int) -> int:
        """Return where a character of the excerpt stands in the whole text."""
        piece = bisect_right(self._starts, offset) - 1
        return offset - self._starts[piece] + self._origins[piece]

    def placed(self, item: Evidence) -> Evidence:
        """Return evidence with places in the whole text."""
        if item.start < 0 or self._origins == (0,):
            return item
        return replace(item, start=self.place(item.start), end=self.place(item.end - 1) + 1)


def excerpt(text: str, hits: Sequence[Hit]) -> Excerpt:
    """Return what of a text is judged; all of it when it is short.

    Args:
        text: The whole text.
        hits: Where brands are named, in order of place.
    """
    if len(text) <= WHOLE:
        return Excerpt(text, tuple(hits))
    pieces = _pieces(text, _first_of_each(hits))
    starts: list[int] = []
    reached = 0
    for begin, end in pieces:
        starts.append(reached)
        reached += end - begin + len(JOINT)
    kept = [
        replace(hit, start=hit.start - begin + start, end=hit.end - begin + start)
        for (begin, end), start in zip(pieces, starts, strict=True)
        for hit in hits
        if begin <= hit.start and hit.end <= end
    ]
    joined = JOINT.join(text[begin:end] for begin, end in pieces)
    return Excerpt(joined, tuple(kept), tuple(starts), tuple(begin for begin, _ in pieces))


def _first_of_each(hits: Sequence[Hit]) -> list[Hit]:
    seen: Counter[str] = Counter()
    first = []
    for hit in hits:
        seen[hit.brand_id] += 1
        if seen[hit.brand_id] <= PLACES:
            first.append(hit)
    return first


def _pieces(text: str, hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """Return the surroundings of hits, half-open, joined where they touch."""
    pieces: list[tuple[int, int]] = []
    total = 0
    for hit in hits:
        begin, end = _border_before(text, hit.start), _border_after(text, hit.end)
        if pieces and begin <= pieces[-1][1]:
            begin = pieces[-1][1]
        size = end - begin
        if size <= 0:
            continue
        if total + size > LONGEST:
            break
        total += size
        if pieces and begin == pieces[-1][1]:
            pieces[-1] = pieces[-1][0], end
        else:
            pieces.append((begin, end))
    return pieces or [(0, min(len(text), WHOLE))]


def _border_before(text: str, start: int) -> int:
    """Return where the piece before a hit begins: after a sentence's end, else after a space."""
    far = max(0, start - BEFORE)
    if far == 0:
        return 0
    near = min(start, far + _SLACK)
    if (found := _SENTENCE_END.search(text, far, near)) is not None:
        return found.end()
    space = text.find(" ", far, near)
    return space + 1 if space >= 0 else far


def _border_after(text: str, end: int) -> int:
    """Return where the piece after a hit ends."""
    far = min(len(text), end + AFTER)
    if far == len(text):
        return far
    near = max(end, far - _SLACK)
    found = [match.end() for match in _SENTENCE_END.finditer(text, near, far)]
    if found:
        return found[-1]
    space = text.rfind(" ", near, far)
    return space if space >= 0 else far
