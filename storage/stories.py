"""Stories, the decisions: which words a text has, which pieces of it, and whom it repeats.

A text is a story with an earlier one when it repeats half of it, or the other way round: an
excerpt and the full text, a release cut in half, a copy with the site's own lines around it. Pure
functions; :mod:`storage.story_assignment` asks them about the warehouse.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from listening.text import FOLDED_WORD, fold

#: Shorter texts are too often equal by chance ("Merci beaucoup !") to be one story.
MIN_STORY_WORDS = 8
#: Words of a shingle: shorter ones are everybody's, longer ones break at each correction.
SHINGLE_WORDS = 3
#: One shingle in so many is kept, the same ones in every text: a power of two.
SAMPLING = 4
#: Sampled shingles that a text needs, and must share, to be compared: about 30 words.
MIN_SHARED = 6
#: Share of the shorter text's shingles found in the longer one that makes them one story.
MIN_CONTAINMENT = 0.5
#: The same inside one source, as a share of both together: a source does not copy itself. What it
#: repeats is its template (weather, results) or the post that a forum's answer quotes.
MIN_OWN_RESEMBLANCE = 0.8
#: What is shared must stand in passages of so many sampled shingles, on average (25 words): a copy
#: keeps whole sentences, a template what lies between the figures. Measured: copies with three
#: words in a hundred changed have 7.5 and more, weather bulletins 4.5 and less.
MIN_PASSAGE = 6.0
#: Unless nearly all of the shorter text is there: a short excerpt has no long passages.
NEARLY_ALL = 0.9
#: Sampled shingles of a text at most, its first ones: some 80,000 words.
MAX_SHINGLES = 20_000

_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text as it is compared."""

    text_id: int  # 64 bits; equal for equal folded words
    word_count: int
    shingles: NDArray[np.uint32]  # sampled, each once, in the order of the text


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts that share shingles, by column; ``child`` is the one seen later."""

    child: NDArray[np.uint64]
    parent: NDArray[np.uint64]
    shared: NDArray[np.int64]
    passages: NDArray[np.int64]  # parts of the shorter text that they stand in without a gap
    child_size: NDArray[np.int64]
    parent_size: NDArray[np.int64]
    is_one_source: NDArray[np.bool_]
    parent_rank: NDArray[np.int64]  # the earlier, the smaller

    @property
    def containment(self) -> NDArray[np.float64]:
        """Share of the shorter text's shingles that the longer one has."""
        return self.shared / np.minimum(self.child_size, self.parent_size)

    @property
    def resemblance(self) -> NDArray[np.float64]:
        """Share of the shingles of both that they have in common (Jaccard)."""
        return self.shared / (self.child_size + self.parent_size - self.shared)


def sketch(title: str, text: str, *, document_id: str) -> Sketch:
    """Return the sketch of a document: its folded words' id, and shingles when it has enough.

    The words are those of the text, else of title and text; a document with fewer than
    ``MIN_STORY_WORDS`` is a text of its own.
    """
    words: list[str] = []
    for part in (text, f"{title}\n{text}"):
        words = FOLDED_WORD.findall(fold(part).text)
        if len(words) >= MIN_STORY_WORDS:
            key = b"story\n" + " ".join(words).encode("utf-8", "surrogatepass")
            break
    else:
        key = b"document\n" + document_id.encode()
    text_id = int.from_bytes(hashlib.sha256(key).digest()[:8], "big")
    return Sketch(text_id, len(words), shingles(words))


def shingles(words: Sequence[str]) -> NDArray[np.uint32]:
    """Return the sampled shingles of a text, each once, in order; none for a short text."""
    if len(words) < SHINGLE_WORDS:
        return np.empty(0, np.uint32)
    ids = np.fromiter(map(_word_id, words), np.uint64, len(words))
    mixed: _Words = np.zeros(len(words) - SHINGLE_WORDS + 1, np.uint64)
    for place, factor in enumerate(_ODD):
        mixed += ids[place : place + len(mixed)] * np.uint64(factor)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(_ODD[1])
    mixed ^= mixed >> np.uint64(32)
    sampled = (mixed[mixed % np.uint64(SAMPLING) == 0] >> np.uint64(32)).astype(np.uint32)
    sampled = sampled[:MAX_SHINGLES]
    _, first = np.unique(sampled, return_index=True)
    return sampled[np.sort(first)] if len(first) >= MIN_SHARED else np.empty(0, np.uint32)


@lru_cache(maxsize=1 << 18)
def _word_id(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")


def count_passages(
    pairs: NDArray[np.int64], places: NDArray[np.int64], *, pair_count: int
) -> NDArray[np.int64]:
    """Return, for each pair, in how many parts without a gap its shared shingles stand.

    Args:
        pairs: Number of the pair of each shared shingle, sorted.
        places: Its place in the shorter text, sorted within a pair.
        pair_count: Pairs are numbered below this.
    """
    begins = np.ones(len(pairs), np.bool_)
    begins[1:] = (np.diff(pairs) != 0) | (np.diff(places) != 1)
    counted = np.bincount(pairs[begins], minlength=pair_count)
    return counted.astype(np.int64)


def same_story(pairs: Pairs) -> NDArray[np.bool_]:
    """Return which pairs are one story.

    Inside one source both must be nearly equal; across sources, half of the shorter one is enough,
    when what they share is passages, not the frame of a template.
    """
    own = pairs.resemblance >= MIN_OWN_RESEMBLANCE
    is_passages = pairs.shared >= MIN_PASSAGE * pairs.passages
    is_passages |= pairs.containment >= NEARLY_ALL
    other = (pairs.containment >= MIN_CONTAINMENT) & is_passages
    enough: NDArray[np.bool_] = pairs.shared >= MIN_SHARED
    return enough & np.where(pairs.is_one_source, own, own | other)


def best_parents(pairs: Pairs) -> NDArray[np.intp]:
    """Return the places of the pairs that are chosen: at most one for each child.

    The text that holds most of it, the earliest of several: whatever the order of the pairs.
    """
    places = np.flatnonzero(same_story(pairs))
    order = np.lexsort((pairs.parent_rank[places], -pairs.containment[places], pairs.child[places]))
    _, first = np.unique(pairs.child[places][order], return_index=True)
    return places[order][first]


def roots(parents: Mapping[int, int | None], known: Mapping[int, int]) -> dict[int, int]:
    """Return the first text of each text's story.

    Args:
        parents: The text that each one repeats, None for a first one. Parents are earlier than
            their children, so that there is no circle.
        known: First texts of the stories of the parents that are not in ``parents``.
    """
    found: dict[int, int] = {}
    for text in parents:
        chain = [text]
        while (last := chain[-1]) not in found:
            parent = parents.get(last)
            if parent is None:
                found[last] = last
            elif parent in parents:
                chain.append(parent)
            else:
                found[last] = known[parent]
        root = found[chain[-1]]
        found.update(dict.fromkeys(chain, root))
    return found
