"""Stories, the decisions: whom a text repeats.

A text is a story with an earlier one when it repeats half of it, or the other way round: an
excerpt and the full text, a release cut in half, a copy with the site's own lines around it. Pure
functions; :mod:`storage.story_assignment` asks them about the warehouse.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storage.sketches import MIN_SHARED

#: Share of the shorter text's shingles found in the longer one that makes them one story.
MIN_CONTAINMENT = 0.5
#: The same inside one source, as a share of both together: a source does not copy itself. What it
#: repeats is its template (weather, results) or the post that a forum's answer quotes.
MIN_OWN_RESEMBLANCE = 0.8
#: What is shared must stand in passages of so many sampled shingles, on average (25 words): a copy
#: keeps whole sentences, a template what lies between the figures. Measured: copies with three
#: words in a hundred changed have 7.5 and more, weather bulletins 4.5 and less.
MIN_PASSAGE = 6.0
#: And be so many sampled shingles (55 words): of two bulletins of one frame, a sentence or two are
#: equal by chance. Found on one half of the benchmark's texts and held on the other: no weather is
#: joined, and five of 1,158 pairs of copies are lost.
MIN_PART = 13
#: Unless nearly all of the shorter text is there: a short excerpt has no long passages.
NEARLY_ALL = 0.9


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
    is_new_child: NDArray[np.bool_]  # nobody repeats it yet
    parent_root: NDArray[np.uint64]  # first text of the parent's story; where the child is new

    @property
    def containment(self) -> NDArray[np.float64]:
        """Share of the shorter text's shingles that the longer one has."""
        return self.shared / np.minimum(self.child_size, self.parent_size)

    @property
    def resemblance(self) -> NDArray[np.float64]:
        """Share of the shingles of both that they have in common (Jaccard)."""
        return self.shared / (self.child_size + self.parent_size - self.shared)


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
    when what they share is passages, not the frame of a template. How many texts share them does
    not count: it depends on what was loaded when, and a release on fifty sites is as frequent as a
    frame.
    """
    own = pairs.resemblance >= MIN_OWN_RESEMBLANCE
    is_passages = (pairs.shared >= MIN_PASSAGE * pairs.passages) & (pairs.shared >= MIN_PART)
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
