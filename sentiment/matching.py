"""The watchlist at work: which brands a text names, and which it names without meaning them.

Names (``sentiment.terms``) and queries (``sentiment.query``) of all brands are looked up together,
so that the time for one text hardly depends on how many there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from listening.model import Brand, Exclusion, ExclusionReason, Hit
from listening.query.parser import read_query
from listening.text import Folded, fold
from sentiment.query.evaluate import NO_FACTS, Facts
from sentiment.query.matcher import AuthorKey, Kept, QueryMatcher
from sentiment.terms import ExactTerms, FoundTerm, TermTrie, WordTable, words_between

#: Words between a hit and an excluded term that still make it a homonym (product.md, issue 2).
EXCLUSION_WORDS: Final = 8
#: Hits of one text that are kept, the first ones; a text with more is spam.
MAX_HITS: Final = 1000
#: Context terms that are named when a text has none of them.
_SHOWN: Final = 5

#: Where in the document a hit stands.
TITLE, BODY = "title", "body"


@dataclass(frozen=True, slots=True)
class Matches:
    """What the watchlist found in one text."""

    hits: tuple[Hit, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()


class BrandMatcher:
    """The watchlist, compiled: terms, exact terms, context and excluded terms of every brand."""

    def __init__(self, brands: Sequence[Brand], author_key: AuthorKey | None = None) -> None:
        """Compile the brands; their order is the order in which equal names are reported.

        Args:
            brands: The watchlist.
            author_key: Makes keys of the names after auteur: in queries.

        Raises:
            QueryError: A query cannot be read; the configuration refuses such a one.
        """
        self._terms = TermTrie((brand.brand_id, term) for brand in brands for term in brand.terms)
        self._exact = ExactTerms(
            (brand.brand_id, term) for brand in brands for term in brand.exact_terms
        )
        self._queries = QueryMatcher(
            ((brand.brand_id, read_query(brand.query)) for brand in brands if brand.query),
            author_key,
        )
        self._versions = {brand.brand_id: brand.query_version for brand in brands}
        self._contexts = {brand.brand_id: brand.context_terms for brand in brands}
        # One trie per brand: the longest name wins only among the names of one brand.
        self._context = _tries((brand.brand_id, brand.context_terms) for brand in brands)
        self._excluded = _tries((brand.brand_id, brand.excluded_terms) for brand in brands)

    def may_find(self, words: Sequence[str]) -> bool:
        """Return False when no brand can be in a text of these folded words."""
        return (
            self._terms.may_find(words)
            or self._exact.may_find(words)
            or self._queries.may_find(words)
        )

    def find(self, text: str, folded: Folded | None = None) -> list[Hit]:
        """Return the hits in a text that comes from no document, in order of place."""
        return list(self.match(text, folded).hits)

    def match(
        self,
        text: str,
        folded: Folded | None = None,
        facts: Facts = NO_FACTS,
        words: Sequence[str] | None = None,
    ) -> Matches:
        """Return the hits in ``text`` in order of place, homonyms left out, and what was left out.

        A brand with context terms is found only where one of them is in the text; a hit with one of
        its brand's excluded terms within eight words is left out. A brand is found by its terms or
        by its query, whichever is there. A shorter hit inside a longer one of another brand is not
        a hit.

        Args:
            text: The document's full text.
            folded: ``fold(text)`` when the caller has it already.
            facts: What queries ask of the document beside its words.
            words: The folded words when the caller has them already.
        """
        folded = fold(text) if folded is None else folded
        table = WordTable.of(folded.text) if words is None else WordTable(folded.text, words)
        found = list(islice(self._terms.find(folded.text, table), MAX_HITS))
        found += islice(self._found_exactly(text, folded, table), MAX_HITS)
        queried, kept = self._queries.find(text, folded, table, facts)
        if not found and not queried and not kept:
            return Matches()
        named, homonyms = self._without_homonyms(found, folded.text, table)
        named += _first_of_each(queried)
        hits = {
            (one.brand_id, one.start, one.end): self._hit(one, folded, facts)
            for one in _outermost(named)
        }
        left_out = [*homonyms, *map(self._kept_out, kept)]
        return Matches(
            tuple(sorted(hits.values(), key=lambda hit: (hit.start, hit.end))),
            _of_others({one.brand_id for one in named}, left_out),
        )

    @staticmethod
    def _hit(one: FoundTerm, folded: Folded, facts: Facts) -> Hit:
        start, end = folded.start_of(one.start), folded.end_of(one.end)
        zone = TITLE if end <= facts.title_length else BODY
        return Hit(brand_id=one.brand_id, start=start, end=end, term=one.term, zone=zone)

    def _kept_out(self, kept: Kept) -> Exclusion:
        return self._exclusion(kept.brand_id, ExclusionReason.NOT, kept.clause)

    def _exclusion(self, brand_id: str, reason: ExclusionReason, clause: str) -> Exclusion:
        version = self._versions[brand_id]
        return Exclusion(brand_id=brand_id, reason=reason, clause=clause, query_version=version)

    def _found_exactly(self, text: str, folded: Folded, table: WordTable) -> Iterator[FoundTerm]:
        for brand_id, written, start, end in self._exact.find(text):
            first, last = folded.index_of(start), folded.index_of(end)
            place = words_between(table, first, last)
            # « Orange » and an invisible joiner before more letters is another word.
            if _is_whole(table, place, first, last):
                yield FoundTerm(brand_id, written, first, last, *place)

    def _without_homonyms(
        self, found: list[FoundTerm], folded: str, table: WordTable
    ) -> tuple[list[FoundTerm], list[Exclusion]]:
        """Return what stays, and why the rest does not."""
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
        named: list[FoundTerm] = []
        left_out: list[Exclusion] = []
        for one in found:
            if one.brand_id in lacking:
                terms = ", ".join(self._contexts[one.brand_id][:_SHOWN])
                left_out.append(self._exclusion(one.brand_id, ExclusionReason.CONTEXT, terms))
                continue
            near = (other for other in excluded.get(one.brand_id, ()) if _is_near(one, other))
            if (other := next(near, None)) is None:
                named.append(one)
            else:
                reason = ExclusionReason.EXCLUDE
                left_out.append(self._exclusion(one.brand_id, reason, other.term))
        return named, left_out


def _is_whole(table: WordTable, place: tuple[int, int], start: int, end: int) -> bool:
    """Return whether words, first and last, lie wholly in a part of the folded text."""
    if place[1] >= len(table.words):
        return False
    return start <= table.starts[place[0]] and table.ends[place[1]] <= end


def _first_of_each(found: Iterable[FoundTerm]) -> list[FoundTerm]:
    """Return at most ``MAX_HITS`` places of each brand."""
    counts: Counter[str] = Counter()
    kept = []
    for one in found:
        counts[one.brand_id] += 1
        if counts[one.brand_id] <= MAX_HITS:
            kept.append(one)
    return kept


def _of_others(named: set[str], left_out: Iterable[Exclusion]) -> tuple[Exclusion, ...]:
    """Return one exclusion for each brand and reason, of brands that are not found all the same."""
    first: dict[tuple[str, ExclusionReason], Exclusion] = {}
    for one in left_out:
        if one.brand_id not in named:
            first.setdefault((one.brand_id, one.reason), one)
    return tuple(first.values())


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
