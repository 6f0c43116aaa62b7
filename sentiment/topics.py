"""Topics of mentions: the words of the configuration, found near the brand they are said of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from listening.model import Mention, Topic, TopicTag
from listening.text import Folded
from sentiment.terms import TermTrie, WordTable


class TopicFinder:
    """The topics of one client, ready to be looked for."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        """Compile the terms of all topics; matching costs the same for one topic and for fifty."""
        owners: dict[str, set[str]] = defaultdict(set)
        for topic in topics:
            for term in topic.terms:
                owners[term].add(topic.topic_id)
        self._owners = {term: sorted(names) for term, names in owners.items()}
        # The trie keeps each owner's term apart, and gives all the owners of one place.
        self._trie = TermTrie(
            (name, term) for term, names in self._owners.items() for name in names
        )

    def tags(
        self, folded: Folded, words: Sequence[str], mentions: Sequence[Mention]
    ) -> tuple[TopicTag, ...]:
        """Return the topics of a document's mentions, sorted.

        In a text that names one brand, all of it speaks of that brand; in one that names several,
        each word speaks of the brand whose name stands nearest, of both where two are as near.
        """
        if not mentions or not self._owners or not self._trie.may_find(words):
            return ()
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for hit in self._trie.find(folded.text, WordTable(folded.text, words)):
            for brand_id in _nearest(folded.start_of(hit.start), mentions):
                found[brand_id, hit.brand_id].add(hit.term)
        return tuple(
            TopicTag(brand_id=brand_id, topic_id=topic_id, terms=tuple(sorted(terms)))
            for (brand_id, topic_id), terms in sorted(found.items())
        )


def _nearest(place: int, mentions: Sequence[Mention]) -> list[str]:
    if len(mentions) == 1:
        return [mentions[0].brand_id]
    distances = {
        mention.brand_id: min(max(hit.start - place, place - hit.end, 0) for hit in mention.hits)
        for mention in mentions
    }
    least = min(distances.values())
    return [brand_id for brand_id, distance in distances.items() if distance == least]
