"""spaCy component around ``sentiment.matching``: marks where watched brands are named."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from spacy.tokens import Doc, Span, SpanGroup

from listening.model import Brand, BrandRole, Hit
from sentiment.matching import BrandMatcher
from sentiment.words import Words

#: Key of ``doc.spans`` that holds the hits; ``Span.id_`` is the brand_id.
WATCHLIST_KEY: Final = "watchlist"


def brand_as_json(brand: Brand) -> dict[str, Any]:
    """Return what the component needs of a brand, as JSON."""
    return {
        "brand_id": brand.brand_id,
        "terms": list(brand.terms),
        "exact_terms": list(brand.exact_terms),
        "context_terms": list(brand.context_terms),
        "excluded_terms": list(brand.excluded_terms),
        "query": brand.query,
    }


def brand_from_json(data: Mapping[str, Any]) -> Brand:
    """Return the brand that ``brand_as_json`` described."""
    return Brand(
        brand_id=data["brand_id"],
        name=data["brand_id"],
        role=BrandRole.OWN,
        terms=tuple(data["terms"]),
        exact_terms=tuple(data.get("exact_terms", ())),
        context_terms=tuple(data.get("context_terms", ())),
        excluded_terms=tuple(data.get("excluded_terms", ())),
        query=data.get("query", ""),
    )


class BrandTagger:
    """Component: sets ``doc.user_data["hits"]`` (unless given) and ``doc.spans[spans_key]``."""

    def __init__(
        self, name: str, *, watchlist: Sequence[Mapping[str, Any]], spans_key: str
    ) -> None:
        """Compile the watchlist, a list of ``brand_as_json``."""
        self.name = name
        self.spans_key = spans_key
        self._matcher = BrandMatcher([brand_from_json(brand) for brand in watchlist])

    def __call__(self, doc: Doc) -> Doc:
        """Find the brands; a caller who knows where they are has set the hits already."""
        words: Words = doc.user_data["words"]
        hits: list[Hit] | None = doc.user_data.get("hits")
        if hits is None:
            hits = self._matcher.find(words.text, words.folded)
            doc.user_data["hits"] = hits
        doc.spans[self.spans_key] = SpanGroup(
            doc, name=self.spans_key, spans=[_as_span(doc, words, hit) for hit in hits if len(doc)]
        )
        return doc


def _as_span(doc: Doc, words: Words, hit: Hit) -> Span:
    """Return the tokens a hit touches: « d'Orange's » may be one token wider than the hit."""
    start, end = words.token_range(hit.start, hit.end)
    start, end = min(start, len(doc) - 1), min(end, len(doc))  # what is invisible has no token
    return Span(doc, start, end, label="WATCHED", span_id=hit.brand_id)
