"""Shape of ``sources.yaml``: the places we collect from."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from listening.config.address import Url
from listening.config.client import Spec
from listening.config.field import Between, Duration, EmptyAllowed, Line, Slug, wrong
from listening.model import Source, SourceKind, SourceType
from listening.translate import mark

#: ISO 639-1 codes have this many letters.
_CODE_LENGTH = 2


def _check_code(text: str) -> str:
    if len(text) == _CODE_LENGTH and text.isascii() and text.isalpha() and text.islower():
        return text
    raise wrong(mark("this is no code of a language"), mark("write two small letters: fr, en, de"))


class SourceSpec(Spec):
    """One source."""

    id: Slug
    """Short name used in tables and SQL; keep it when the address changes."""

    kind: SourceKind
    """How it is read."""

    url: Url
    """Address that is fetched."""

    type: SourceType
    """What it is for the reader: decides weights and reports."""

    title: Line | None = None
    """Name for people; none: the id."""

    language: Annotated[str, AfterValidator(_check_code)] | None = None
    """Language of most of its documents; none: found per document."""

    weight: Annotated[float, Field(strict=True, ge=0, le=10)] = 1.0
    """Editorial weight, 0..10: how much it matters who reads it."""

    every: Annotated[
        Duration, AfterValidator(Between(timedelta(minutes=1), timedelta(days=365)))
    ] = timedelta(hours=20)
    """Shortest time between two visits."""

    def to_source(self) -> Source:
        """Return it in the words of the model."""
        return Source(
            source_id=self.id,
            kind=self.kind,
            url=self.url,
            source_type=self.type,
            title=self.title or "",
            language=self.language,
            weight=self.weight,
            poll_every=self.every,
        )


class SourcesSpec(Spec):
    """The whole file."""

    sources: Annotated[tuple[SourceSpec, ...], EmptyAllowed]
    """All sources, in any order."""
