"""Documents in several languages: each brand is judged in the language of the sentences naming it.

A document has one language, found from its words as a whole. Where a sentence that names a brand is
clearly in another one, the brand is judged by that language's models, on the sentences of that
language only; when it is neither French nor English, the brand's tone stays unknown.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from listening.model import Hit
from listening.text import FOLDED_WORD, fold
from sentiment.language import ENGLISH, FRENCH, OTHER, language_points

#: Words from which a sentence can tell its language against that of its document.
MIN_WORDS: Final = 5
#: Points of frequent words and letters that it needs (``sentiment.language``), and how many times
#: those of the document's language: a few English words in a French tweet change nothing.
MIN_POINTS: Final = 2.5
TIMES: Final = 2.0
#: Characters on each side of a hit in which its sentence is looked for.
REACH: Final = 600
#: Hits that are looked at.
MAX_HITS: Final = 12
_END: Final = re.compile(r"[.!?…]+\s|\n")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a document is judged in one language; places are those of the document."""

    language: str  # fr, en, other
    text: str  # as long as the document's; other sentences are blank
    judged: tuple[Hit, ...]  # those in sentences that are not blank
    hits: tuple[Hit, ...]  # of the brands judged here, wherever they stand


def by_sentence(text: str, hits: Sequence[Hit], language: str) -> list[Part]:
    """Return the parts of a document that are judged apart; nearly always one, all of it.

    Args:
        text: The document's full text.
        hits: Where brands are named; at least one.
        language: Of the document as a whole.
    """
    told = {
        span: telling(text[span[0] : span[1]], language)
        for span in {_around(text, hit) for hit in islice(hits, MAX_HITS)}
    }
    if all(one in {None, language} for one in told.values()):
        return [Part(language, text, tuple(hits), tuple(hits))]
    return list(_parts(text, hits, language))


def telling(sentence: str, language: str) -> str | None:
    """Return the language of a sentence when it is clearly another one than its document's.

    >>> telling("El servicio es muy malo y la comida también", "fr")
    'other'
    >>> telling("Best customer service ever, vraiment des crèmes", "fr") is None
    True
    """
    words = FOLDED_WORD.findall(fold(sentence).text)
    points = language_points(sentence, words)
    if points is None:
        return OTHER
    if len(words) < MIN_WORDS or not points:
        return None
    scores: defaultdict[str, float] = defaultdict(float)
    for name, value in points.items():
        known = name if name in {FRENCH, ENGLISH} else OTHER
        scores[known] = max(scores[known], value)
    best = max(scores, key=lambda name: (scores[name], name))
    is_clear = scores[best] >= max(MIN_POINTS, TIMES * scores[language])
    return best if best != language and is_clear else None


def _around(text: str, hit: Hit) -> tuple[int, int]:
    """Return the sentence that names a brand."""
    ends = [one.end() for one in _END.finditer(text, max(0, hit.start - REACH), hit.start)]
    after = _END.search(text, hit.end, hit.end + REACH)
    start = ends[-1] if ends else max(0, hit.start - REACH)
    return start, after.end() if after else min(len(text), hit.end + REACH)


def _parts(text: str, hits: Sequence[Hit], language: str) -> Iterator[Part]:
    sentences = [
        (start, end, telling(text[start:end], language) or language)
        for start, end in _sentences(text)
    ]
    starts = [start for start, _, _ in sentences]
    spoken = [sentences[bisect_right(starts, hit.start) - 1][2] for hit in hits]
    said: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for hit, one in zip(hits, spoken, strict=True):
        said[hit.brand_id][one] += 1
    chosen = {brand_id: _chosen(counts, language) for brand_id, counts in said.items()}
    for name in dict.fromkeys(chosen.values()):
        part = "".join(
            text[start:end] if one == name else " " * (end - start) for start, end, one in sentences
        )
        mine = [pair for pair in zip(hits, spoken, strict=True) if chosen[pair[0].brand_id] == name]
        judged = tuple(hit for hit, one in mine if one == name)
        yield Part(name, part, judged, tuple(hit for hit, _ in mine))


def _chosen(counts: Counter[str], language: str) -> str:
    """Return the language in which a brand is judged: French or English wherever there is any."""
    judged = {one: n for one, n in counts.items() if one != OTHER}
    if not judged:
        return OTHER
    return max(judged, key=lambda one: (judged[one], one == language, one))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for one in _END.finditer(text):
        yield start, one.end()
        start = one.end()
    if start < len(text):
        yield start, len(text)
