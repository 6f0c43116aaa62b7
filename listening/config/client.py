"""Shape of ``client.yaml``: who listens, for which names, and who is written to."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from listening.config.address import Contact, Host, Mail
from listening.config.country import Country
from listening.config.field import (
    Clock,
    EmptyAllowed,
    Line,
    Slug,
    Term,
    TimeZone,
    wrong,
)
from listening.config.privacy import PrivacySpec
from listening.config.query import QueryText
from listening.config.span import Span
from listening.config.spec import Spec
from listening.config.subjects import EventSpec, TopicSpec
from listening.model import BrandRole
from listening.translate import mark

Language = Literal["fr", "en"]
Terms = Annotated[tuple[Term, ...], EmptyAllowed, Field(max_length=1000)]


class BrandSpec(Spec):
    """One name on the watchlist and the ways people write it."""

    id: Slug
    """Short name used in rules, tables and SQL."""

    name: Line
    """As the brand writes itself; shown to people."""

    role: BrandRole
    """Ours, a competitor's, the sector's or a person's."""

    terms: Terms = ()
    """Spellings that name the brand, in any case and accents; none, and no query: the name."""

    exact: Terms = ()
    """Spellings that must stand as written, case and accents included."""

    context: Terms = ()
    """When given, one of these must be in the document."""

    exclude: Terms = ()
    """A spelling with one of these within 8 words is a homonym."""

    query: QueryText | None = None
    """A query that finds the brand too, beside terms and exact: docs/queries.md."""


class RecipientSpec(Spec):
    """One person who is written to."""

    address: Mail
    """One address."""

    language: Language | None = None
    """Language of the mails; none: the client's."""

    digest: Literal["daily", "weekly", "none"] = "none"
    """Mails without an alert: a sheet every morning and the week's figures, or these alone."""


class QuietHoursSpec(Spec):
    """When only what is critical is sent; in the client's time zone, may run over midnight."""

    start: Clock
    """First minute of rest."""

    end: Clock
    """First minute after it."""

    @field_validator("end", mode="after")
    @classmethod
    def _not_all_day(cls, end: Clock, info: object) -> Clock:
        if getattr(info, "data", {}).get("start") == end:
            raise wrong(
                mark("the quiet hours end when they start"),
                mark("write two different times, or remove quiet_hours"),
            )
        return end


class CollectSpec(Spec):
    """How the sources are read; the defaults are polite and fit most clients."""

    max_dead_share: Annotated[float, Field(strict=True, gt=0, le=1)] = 0.5
    """A run with a larger share of failed sources fails as a whole; 0..1."""

    allow_hosts: Annotated[tuple[Host, ...], EmptyAllowed] = ()
    """Hosts that may be read although their address is private; host or host:port."""

    concurrency: Annotated[int, Field(strict=True, ge=1, le=500)] = 100
    """Sources read at the same time."""

    batch_size: Annotated[int, Field(strict=True, ge=1, le=5000)] = 250
    """Sources per task."""

    per_host_interval_s: Annotated[float, Field(strict=True, ge=0, le=3600)] = 2.0
    """Shortest time between two requests to one host, in seconds."""

    timeout_s: Annotated[float, Field(strict=True, gt=0, le=600)] = 20.0
    """Longest time for one request, in seconds."""

    max_body_mb: Annotated[float, Field(strict=True, gt=0, le=200)] = 10.0
    """Largest answer, decompressed, in megabytes."""

    max_documents: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 2000
    """Documents taken from one source in one visit."""

    max_pages: Annotated[int, Field(strict=True, ge=1, le=500)] = 20
    """Pages read of one source in one visit, for kinds that need several."""

    off_hours: Span | None = None
    """Hours in which no host at all is visited, on the client's clock: "08:00-19:00"."""

    story_window_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 30
    """Days within which a text that repeats another in part joins its story."""

    respect_robots: Annotated[bool, Field(strict=True)] = True
    """Whether robots.txt is obeyed."""


class ClientSpec(Spec):
    """The whole file."""

    client: Slug
    """Name of the client's folder."""

    name: Line
    """The client as people call it."""

    language: Language = "fr"
    """Language of mails and reports."""

    timezone: TimeZone = "Europe/Paris"
    """IANA time zone in which days begin and quiet hours are counted."""

    country: Country = "FR"
    """Whose public holidays the calendar has: two letters, or "FR-57" for a part of a country."""

    contact: Contact
    """Address, https: or mailto:, by which the owners of the sites we read can reach us."""

    brands: Annotated[tuple[BrandSpec, ...], Field(min_length=1, max_length=1000)]
    """Names on the watchlist; at least one with the role ``own``."""

    recipients: Annotated[tuple[RecipientSpec, ...], EmptyAllowed] = ()
    """Who is warned."""

    quiet_hours: QuietHoursSpec | None = None
    """When only what is critical is sent; none: never quiet."""

    collect: CollectSpec = CollectSpec()
    """How the sources are read."""

    privacy: PrivacySpec = PrivacySpec()
    """How long what is collected is kept, and on what ground."""

    topics: Annotated[tuple[TopicSpec, ...], EmptyAllowed, Field(max_length=500)] = ()
    """What mentions may be about: prices, welcome, delivery …"""

    events: Annotated[tuple[EventSpec, ...], EmptyAllowed, Field(max_length=1000)] = ()
    """Days on which people speak of you for a known reason; shown with figures, known to alerts."""
