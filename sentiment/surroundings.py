"""What a tagger is told beside the watchlist: sources, authors' keys, what people said before."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from listening.model import Document, Exclusion, ExclusionReason, Hit, Polarity, Topic
from listening.text import Folded
from sentiment.calibration import Calibration, lesson_buckets
from sentiment.judgement import Judgement
from sentiment.matching import Matches
from sentiment.query.evaluate import Facts
from sentiment.query.matcher import AuthorKey
from sentiment.relevance import RelevanceModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Facts about documents that their text does not hold; each may be missing."""

    #: Makes keys of authors' names, for auteur: in queries.
    author_key: AuthorKey | None = None
    #: source_type by source_id, for type: in queries.
    source_types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: What was learnt from people's verdicts, by brand_id.
    relevance: Mapping[str, RelevanceModel] = field(default_factory=lambda: MappingProxyType({}))
    #: (document_id, brand_id) of mentions that a person labelled: no model removes them.
    labelled: frozenset[tuple[str, str]] = frozenset()
    #: What was learnt from people's corrections of the tone; None: nothing.
    calibration: Calibration | None = None
    #: What mentions may be about.
    topics: tuple[Topic, ...] = ()

    @property
    def version(self) -> str:
        """Changes when the same texts could be tagged in another way."""
        digests = sorted(f"{brand}={model.digest}" for brand, model in self.relevance.items())
        digests += sorted(f"{topic.topic_id}={topic.terms!r}" for topic in self.topics)
        if self.calibration is not None:
            digests.append(self.calibration.digest)
        return hashlib.sha256(" ".join(digests).encode()).hexdigest()[:12] if digests else ""

    def corrected(self, judgement: Judgement, folded: Folded, hits: Sequence[Hit]) -> Judgement:
        """Return the judgement of one brand with what people's corrections taught."""
        if self.calibration is None or judgement.polarity is Polarity.UNKNOWN:
            return judgement
        places = [(hit.start, hit.end) for hit in hits]
        return self.calibration.adjusted(judgement, lesson_buckets(folded, places))

    def facts_of(self, document: Document, language: str) -> Facts:
        """Return what queries may ask of a document."""
        return Facts(
            title_length=len(document.title),
            host=host_of(document.url or document.canonical_url or ""),
            author_key=document.author_key or "",
            language=language,
            source_type=self.source_types.get(document.source_id, ""),
        )

    def without_homonyms(self, document: Document, folded: Folded, matches: Matches) -> Matches:
        """Return the matches less those that people's verdicts say mean something else."""
        doubted: dict[str, Exclusion] = {}
        for brand_id in {hit.brand_id for hit in matches.hits} & self.relevance.keys():
            if (document.document_id, brand_id) in self.labelled:
                continue
            model = self.relevance[brand_id]
            places = [(hit.start, hit.end) for hit in matches.hits if hit.brand_id == brand_id]
            share = model.relevance(folded, places)
            if share < model.threshold:
                doubted[brand_id] = Exclusion(
                    brand_id=brand_id,
                    reason=ExclusionReason.RELEVANCE,
                    clause=f"{share:.2f} < {model.threshold:.2f}",
                    query_version=model.query_version,
                )
        if not doubted:
            return matches
        return replace(
            matches,
            hits=tuple(hit for hit in matches.hits if hit.brand_id not in doubted),
            exclusions=(*matches.exclusions, *doubted.values()),
        )


NOTHING: Final = Surroundings()


def host_of(url: str) -> str:
    """Return the host of an address in small letters; empty when there is none.

    >>> host_of("https://Blog.Exemple.fr:8080/a")
    'blog.exemple.fr'
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
