"""Trying queries on what is stored: what one catches, and what a change gains and loses."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from listening.config.load import query_version
from listening.errors import ConfigError
from listening.jobs.context import JobContext, author_hasher
from listening.jobs.tag import surroundings_of
from listening.model import Brand, BrandRole, Document, Hit
from listening.text import fold
from listening.translate import mark
from sentiment.matching import BrandMatcher, Matches
from storage.verdicts import read_corpus, read_labels, read_published_brand

#: Documents of each kind that are shown.
SAMPLES: Final = 5
#: Characters shown on each side of a hit.
_AROUND: Final = 60
#: Id of a query that belongs to no brand.
UNNAMED: Final = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One document as an example: its id, where it comes from, the words around the first hit."""

    document_id: str
    source_id: str
    excerpt: str
    note: str = ""  # why it was kept out; what a person said of it


@dataclass(slots=True)
class Group:
    """Documents counted together, the first of them as samples."""

    count: int = 0
    samples: list[Sample] = field(default_factory=list)

    def add(self, sample: Sample) -> None:
        """Count one more."""
        self.count += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(sample)

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        samples = [
            {
                "document_id": one.document_id,
                "source_id": one.source_id,
                "excerpt": one.excerpt,
                "note": one.note,
            }
            for one in self.samples
        ]
        return {"count": self.count, "samples": samples}


@dataclass(slots=True)
class QueryCheck:
    """What a brand's query catches in the stored documents."""

    document_count: int = 0
    found: Group = field(default_factory=Group)
    excluded: Group = field(default_factory=Group)
    terms: Counter[str] = field(default_factory=Counter)  # documents by matched term
    zones: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class QueryDiff:
    """What a change of a brand's query does to the stored documents."""

    document_count: int = 0
    kept: Group = field(default_factory=Group)
    gained: Group = field(default_factory=Group)
    lost: Group = field(default_factory=Group)
    overturned: Group = field(default_factory=Group)  # against what a person said


def brand_of_query(query: str) -> Brand:
    """Return a brand that has this query and nothing else."""
    brand = Brand(brand_id=UNNAMED, name=UNNAMED, role=BrandRole.OWN, terms=(), query=query)
    return replace(brand, query_version=query_version(brand))


def watched_brand(context: JobContext, brand_id: str) -> Brand:
    """Return a brand of the configuration.

    Raises:
        ConfigError: There is none of that id.
    """
    known = {brand.brand_id: brand for brand in context.config.brands}
    if brand_id not in known:
        raise ConfigError(
            mark("there is no brand {brand}"),
            hint=mark("known ones: {known}"),
            values={"brand": brand_id, "known": ", ".join(known)},
        )
    return known[brand_id]


def published_brand(context: JobContext, brand_id: str) -> Brand:
    """Return a brand as the published snapshot was tagged with it.

    Raises:
        ConfigError: It was not watched then.
    """
    brand = read_published_brand(context.paths.snapshot, brand_id)
    if brand is None:
        raise ConfigError(
            mark("the brand {brand} is not in the published data yet"),
            hint=mark("run the night once, or compare with --query"),
            values={"brand": brand_id},
        )
    return brand


def with_query(brand: Brand, query: str, *, keeps_terms: bool) -> Brand:
    """Return the brand as it would be with this query, alone or beside its terms."""
    bare = replace(brand, query=query)
    if not keeps_terms:
        bare = replace(bare, terms=(), exact_terms=(), context_terms=(), excluded_terms=())
    return replace(bare, query_version=query_version(bare))


def check_query(context: JobContext, brand: Brand) -> QueryCheck:
    """Return what a brand catches in the published documents."""
    check = QueryCheck()
    for document, (matches,) in _matched(context, brand):
        check.document_count += 1
        if matches.hits:
            check.found.add(_sample(document, matches.hits[0]))
            check.terms.update({hit.term for hit in matches.hits})
            check.zones.update({hit.zone for hit in matches.hits})
        elif matches.exclusions:
            note = "; ".join(f"{one.reason.value}: {one.clause}" for one in matches.exclusions)
            check.excluded.add(_sample(document, None, note))
    return check


def diff_queries(context: JobContext, old: Brand, new: Brand) -> QueryDiff:
    """Return what finding a brand in the new way instead of the old one changes."""
    diff = QueryDiff()
    labels = read_labels(context.paths.snapshot, old.brand_id)
    for document, (before, after) in _matched(context, old, new):
        diff.document_count += 1
        if not before.hits and not after.hits:
            continue
        hits = after.hits or before.hits
        note = "; ".join(one.clause for one in after.exclusions)
        group = diff.gained if not before.hits else diff.kept if after.hits else diff.lost
        group.add(_sample(document, hits[0], note))
        label = labels.get(document.document_id)
        if bool(before.hits) != bool(after.hits) and label not in {None, bool(after.hits)}:
            said = "relevant" if label else "irrelevant"
            diff.overturned.add(_sample(document, hits[0], said))
    return diff


def _matched(context: JobContext, *brands: Brand) -> Iterator[tuple[Document, list[Matches]]]:
    """Yield each published document with what each brand finds in it, on its own."""
    author_key = author_hasher(context.config.client_id, context.settings)
    matchers = [BrandMatcher([brand], author_key) for brand in brands]
    surroundings = surroundings_of(context, relevance={}, labelled=frozenset())
    for document, language in read_corpus(context.paths.snapshot):
        text = document.full_text
        folded = fold(text)
        facts = surroundings.facts_of(document, language)
        yield document, [matcher.match(text, folded, facts) for matcher in matchers]


def _sample(document: Document, hit: Hit | None, note: str = "") -> Sample:
    text = document.full_text
    start, end = (hit.start, hit.end) if hit else (0, 0)
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    named = f"[{text[start:end]}]" if hit else ""
    excerpt = " ".join(f"{before}{named}{after}".split())
    return Sample(
        document_id=document.document_id,
        source_id=document.source_id,
        excerpt=("…" if start > _AROUND else "")
        + excerpt
        + ("…" if len(text) > end + _AROUND else ""),
        note=note,
    )
