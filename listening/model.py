"""The vocabulary: frozen value types that every package shares and that import nothing of ours.

Instants are aware UTC. Shares are 0..1. Ids of configured things are readable slugs, ids of derived
things are 32 hexadecimal digits. Days are cut in the client's time zone only in views and reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple


class SourceKind(StrEnum):
    """How a source is read; each kind is one small file in ``listening.collectors``."""

    FEED = "feed"  # RSS 0.9x, 1.0, 2.0, Atom, JSON Feed
    PAGE = "page"  # one web page, read as an article and watched for edits
    BLOG = "blog"  # a feed, and the full text of each new item from its page
    WORDPRESS = "wordpress"  # posts and comments of a WordPress, by its REST interface
    COMMENTS = "comments"  # feeds of comments: a site's, or each post's
    SITEMAP = "sitemap"  # new and changed pages of a site that has no feed
    IMPORT = "import"  # files that a person brings; never visited
    DISCOURSE = "discourse"  # forums, by their JSON
    FLARUM = "flarum"
    NODEBB = "nodebb"
    PHPBB = "phpbb"  # forums, by their web pages; also Forumactif
    SMF = "smf"
    MYBB = "mybb"
    XENFORO = "xenforo"
    VBULLETIN = "vbulletin"
    INVISION = "invision"
    MACHINA = "machina"  # django-machina
    FORUM = "forum"  # any other forum
    ASKBOT = "askbot"  # questions and answers
    STACKEXCHANGE = "stackexchange"
    ISSO = "isso"  # comments beside articles
    HACKERNEWS = "hackernews"  # search over Hacker News (Algolia)
    LEMMY = "lemmy"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    REDDIT = "reddit"  # needs an arrangement with Reddit, see docs/kinds/reddit.md


class SourceType(StrEnum):
    """What a source is for the reader; decides weights, routing of models and reports."""

    PRESS = "press"
    BLOG = "blog"
    FORUM = "forum"
    REVIEW = "review"
    SOCIAL = "social"
    SEARCH = "search"
    OWN = "own"


class BrandRole(StrEnum):
    """Why a name is on the watchlist."""

    OWN = "own"
    COMPETITOR = "competitor"
    SECTOR = "sector"
    PERSON = "person"


class Polarity(StrEnum):
    """How a document speaks of one brand."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    MIXED = "mixed"
    UNKNOWN = "unknown"  # a language we do not judge


class DateQuality(StrEnum):
    """Where a document's date comes from."""

    GIVEN = "given"  # stated by the source, with its time
    INFERRED = "inferred"  # deduced: no zone, day only, another field
    COLLECTED = "collected"  # absent or absurd: the time of our visit stands in


class RunStatus(StrEnum):
    """How one visit to one source ended."""

    OK = "ok"  # read; documents may be none
    UNCHANGED = "unchanged"  # 304, or the same bytes as last time
    FAILED = "failed"  # transient trouble, tried again another night
    REFUSED = "refused"  # a person has to look
    UNREADABLE = "unreadable"  # an answer that is not what the kind promises


class RobotsDecision(StrEnum):
    """What robots.txt said of one request."""

    ALLOWED = "allowed"
    REFUSED = "refused"  # the request was not made
    IGNORED = "ignored"  # the client's configuration says not to ask
    FILE = "file"  # the request for robots.txt itself


class RuleKind(StrEnum):
    """What a rule of alerts.yaml looks for."""

    NEGATIVE_SPIKE = "negative_spike"  # more negative texts than usual
    POSITIVE_SPIKE = "positive_spike"  # more praise than usual
    SPIKE = "spike"  # more texts than usual, whatever their tone
    COMPETITOR_SPIKE = "competitor_spike"  # the same, about competitors
    SHARE_DROP = "share_drop"  # a smaller part of what is said about all brands
    FLATLINE = "flatline"  # the brand, or some of its sources, fell silent
    NEW_SOURCE = "new_source"  # a site that never named the brand
    GRAVE_WORD = "grave_word"  # one text with a grave word, in a source that weighs much
    ANY = "any"  # each text that a query finds


class AlertState(StrEnum):
    """Life of an alert."""

    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"

    @property
    def is_open(self) -> bool:
        """Whether people were told of it and it is not over."""
        return self in {AlertState.FIRING, AlertState.ACKNOWLEDGED}


class Severity(StrEnum):
    """How loudly an alert speaks."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Decision(StrEnum):
    """What one evaluation of one rule came to; every one of them is stored."""

    FIRED = "fired"
    BELOW = "below"
    LEARNING = "learning"
    SILENCED = "silenced"
    INHIBITED = "inhibited"
    OUTAGE = "outage"


def _require_aware(name: str, instant: datetime | None) -> None:
    if instant is not None and instant.tzinfo is None:
        raise ValueError(f"{name} must be aware, got {instant!r}")


# -- what we listen to -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OffHours:
    """From when to when a host is left alone, on the client's clock; may run over midnight."""

    start: time  # in it
    end: time  # no more in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place we collect from."""

    source_id: str  # slug, unique in the client
    kind: SourceKind
    url: str
    source_type: SourceType
    title: str = ""  # for people; empty: the id is shown
    language: str | None = None  # ISO 639-1 hint; None: found per document
    weight: float = 1.0  # editorial weight, 0 .. 10
    poll_every: timedelta = timedelta(hours=20)  # shortest time between two visits
    timezone: str | None = None  # IANA, of dates that name no zone; None: the client's
    off_hours: OffHours | None = None  # of its host
    history: timedelta | None = None  # how far back the first visit goes; None: the kind's own


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """What we remember of a source between two visits."""

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None  # sha256 hex of the last decoded body
    failure_score: float = 0.0  # 0 healthy; soft failures weigh 1, hard ones 3
    next_fetch_at: datetime | None = None  # None: due now
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None  # when it last brought something new
    unchanged_count: int = 0  # visits in a row answered 304
    #: content_hash by document_id of what the source showed at the last good visit.
    seen: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: Canonical URLs that several documents of this source share, so that they identify none.
    shared_urls: frozenset[str] = frozenset()
    #: What a walk remembers between visits: cursors, where each thread was read to.
    memory: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: Ids of what it showed at the last good visit, in its own order.
    listed: tuple[str, ...] = ()
    #: When (ISO, UTC) each document was first found withdrawn, by document_id.
    missing: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """One name on the watchlist and the ways people write it."""

    brand_id: str
    name: str
    role: BrandRole
    terms: tuple[str, ...]  # folded when matched: case, accents, œ, hyphens, #, @
    exact_terms: tuple[str, ...] = ()  # matched as written
    context_terms: tuple[str, ...] = ()  # when given, one of them must be in the document
    excluded_terms: tuple[str, ...] = ()  # a hit with one of them within 8 words is a homonym
    query: str = ""  # in the language of docs/queries.md; finds the brand beside its terms
    query_version: str = ""  # 12 hex digits over all of the above


# -- what we collect ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """One item as a reader found it, before identity and pseudonymisation."""

    guid: str | None  # as the source gives it
    url: str | None  # absolute
    title: str  # plain text, one line
    text: str  # plain text, paragraphs separated by newlines
    author: str | None = None
    published_at: datetime | None = None
    published_at_quality: DateQuality = DateQuality.COLLECTED
    updated_at: datetime | None = None
    language: str | None = None  # as the source declares it
    in_reply_to: str | None = None  # guid or URL of the parent
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_aware("published_at", self.published_at)
        _require_aware("updated_at", self.updated_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one body of bytes turned into."""

    kind: str  # format found: rss20, rdf, atom10, json1 …
    title: str
    site_url: str | None
    documents: tuple[RawDocument, ...]
    faults: tuple[str, ...] = ()  # fixed words, see listening.collectors.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One item as published, stored once per client."""

    document_id: str  # 32 hex; stable over visits, edits and changed guids
    source_id: str  # the source that brought it (first, or in its fullest form)
    kind: SourceKind
    url: str | None
    canonical_url: str | None
    title: str
    text: str
    author_key: str | None  # keyed hash; the name itself is not stored
    language: str | None  # as declared; the tagger finds the real one
    published_at: datetime | None
    published_at_quality: DateQuality
    fetched_at: datetime
    content_hash: str  # 32 hex over title, text
    guid: str | None = None
    in_reply_to: str | None = None
    story_id: str | None = None

    def __post_init__(self) -> None:
        _require_aware("published_at", self.published_at)
        _require_aware("fetched_at", self.fetched_at)

    @property
    def mentioned_at(self) -> datetime:
        """When it counts: published, or, where no date can be trusted, fetched."""
        return self.published_at or self.fetched_at

    @property
    def full_text(self) -> str:
        """Title and text as the tagger reads them; offsets of hits point into this."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """One visit to one source, good or bad: a row of ``fct_source_runs``."""

    run_id: str
    source_id: str
    started_at: datetime
    status: RunStatus
    reason: str | None = None  # fixed word when not ok: http_410, read_timeout, robots_txt …
    http_status: int | None = None
    duration_s: float = 0.0
    byte_count: int = 0  # decoded body
    document_count: int = 0  # shown by the source
    new_count: int = 0
    changed_count: int = 0
    faults: tuple[str, ...] = ()
    is_used_up: bool = False  # a budget (items, bytes, pages) cut the visit short


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMade:
    """One request to a host, or one that its robots.txt forbade: a row of ``fct_requests``."""

    requested_at: datetime
    host: str  # host, or host:port
    path: str  # without values of the query and without keys
    source_id: str
    robots: RobotsDecision
    status: int | None = None  # of HTTP; None: no answer
    reason: str | None = None  # fixed word when there was no answer, or no request
    byte_count: int = 0  # decoded body
    wait_s: float = 0.0  # for its turn at the host
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one collect task lands, and all that a load needs."""

    run_id: str
    batch_id: str
    documents: tuple[Document, ...]
    states: tuple[FetchState, ...]
    source_runs: tuple[SourceRun, ...]
    requests: tuple[RequestMade, ...] = ()


# -- what we tag --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Where a brand is named in a document's full text, in characters: full_text[start:end]."""

    brand_id: str
    start: int
    end: int
    term: str  # the watchlist's term that matched
    zone: str = "body"  # title, body


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for a score. The weights of a mention's evidence add up to its raw score."""

    term: str  # as written in the text, or the name of a rule: "contrast", "question"
    weight: float  # signed contribution
    start: int = -1  # in full_text; -1 for a rule without a place
    end: int = -1
    is_negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One document that speaks of one watched brand: the unit that every count counts.

    Identity is (document_id, brand_id): a post that names a brand five times is one mention with
    five hits; a post that names two brands is two mentions. Polarity is *toward that brand*.
    """

    document_id: str
    brand_id: str
    polarity: Polarity
    score: float  # -1.0 (negative) .. +1.0 (positive)
    confidence: float  # 0.0 .. 1.0
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...] = ()
    flags: frozenset[str] = frozenset()  # insult, question, complaint, irony, risk …
    language: str = "und"  # fr, en, other
    query_version: str = ""
    model_version: str = ""

    def __post_init__(self) -> None:
        if not -1.0 <= self.score <= 1.0:
            raise ValueError(f"score must be in [-1, 1], got {self.score}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence must be in [0, 1], got {self.confidence}")
        if not self.hits:
            raise ValueError(f"a mention needs at least one hit: {self.document_id}")


class ExclusionReason(StrEnum):
    """What kept a document from a brand whose name it has."""

    NOT = "not"  # what stands after SAUF in the brand's query
    EXCLUDE = "exclude"  # an excluded term near the name
    CONTEXT = "context"  # none of the context terms is there
    RELEVANCE = "relevance"  # the model that learnt from people's verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """One document that a brand's query would have found, had something not kept it out."""

    brand_id: str
    reason: ExclusionReason
    clause: str  # the part that did it, as written in the watchlist
    query_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientEvent:
    """Days on which people speak of the client for a known reason."""

    name: str
    first_on: date
    last_on: date  # included
    is_yearly: bool  # comes back every year
    is_judged: bool = True  # False: rules with a budget say nothing of its days


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHoliday:
    """A day on which a country rests."""

    day_on: date
    name_fr: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic that mentions may be about, and the words that show it."""

    topic_id: str
    name_fr: str
    name_en: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTag:
    """One topic that a document speaks of with one brand."""

    brand_id: str
    topic_id: str
    terms: tuple[str, ...]  # as configured, each once, sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedDocument:
    """What tagging one document came to: its language and its mentions, perhaps none."""

    document_id: str
    content_hash: str  # of the text that was tagged
    language: str  # fr, en, other
    mentions: tuple[Mention, ...]
    tagger_version: str  # watchlist and models together; a new one means: tag again
    exclusions: tuple[Exclusion, ...] = ()  # brands it names but does not mean
    topics: tuple[TopicTag, ...] = ()  # of its mentions


# -- what we judge ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Half-open interval of time: start is in it, end is not."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        _require_aware("start", self.start)
        _require_aware("end", self.end)
        if self.end <= self.start:
            raise ValueError(f"window ends before it starts: {self.start} .. {self.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was counted for one brand in one window."""

    brand_id: str
    window: Window
    mention_count: int
    negative_count: int
    negative_story_count: int = 0
    negative_author_count: int = 0
    negative_voice_count: int | None = (
        None  # stories, three at most per named author; None: as stories
    )
    coverage: float = 1.0  # source reads that succeeded ÷ planned
    #: What the rule judges: different texts of the kind it looks for, three at most per named
    #: author; None: negative voices.
    judged_count: int | None = None
    judged_mention_count: int | None = None  # mentions behind them, copies included
    loudest_author_count: int = 0  # of these, how many the most active named author wrote
    total_count: int = 0  # mentions of all watched brands in the window

    @property
    def counted(self) -> int:
        """The number that a rule judges: different texts, three at most of one author."""
        if self.judged_count is not None:
            return self.judged_count
        voices = self.negative_voice_count
        return self.negative_story_count if voices is None else voices


class Halves(NamedTuple):
    """How the texts of a window are spread over its two halves, and what is usual there."""

    early: int  # texts of the earlier half
    late: int  # texts of the later half
    undated: int  # of both, those that state no hour themselves
    usual_early: int  # mentions in the earlier halves of the windows before
    usual_late: int


#: Whether the texts of a window still come faster than is usual of its hours.
Trend = Literal["rising", "falling", "steady"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandHours:
    """What was counted for one brand, hour by hour."""

    brand_id: str
    start: datetime  # of the first hour
    counts: tuple[int, ...]  # new texts of the kind that a rule judges
    coverage: tuple[float, ...]  # how much of each hour could be seen, 0..1

    def __post_init__(self) -> None:
        _require_aware("start", self.start)
        if len(self.counts) != len(self.coverage):
            raise ValueError("as many hours counted as covered are needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is normal for one brand and one length of window."""

    center: float  # expected count
    dispersion: float  # variance ÷ mean, ≥ 1
    window_count: int  # how many past windows it rests on
    low: int  # usual range, 90 %
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One look of one rule at one brand: the row that explains an alert, or a silence."""

    rule_id: str
    brand_id: str
    evaluated_at: datetime
    observation: Observation
    baseline: Baseline | None  # None while learning
    p_value: float | None  # chance of so many or more if nothing is wrong
    threshold: float | None  # fires at or below
    decision: Decision
    threshold_count: int | None = None  # fires at or above; rules with an explicit threshold
    known_days: str | None = None  # public holidays and announced events of the window
    #: Hours seen that ``p_value`` rests on; None: the window was judged as a whole.
    judged_hour_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One incident of one rule and brand, from its opening to its end."""

    fingerprint: str  # 32 hex, one alert over its life
    rule_id: str
    brand_id: str
    severity: Severity
    state: AlertState
    opened_at: datetime
    last_breach_at: datetime
    changed_at: datetime  # of the last change of state
    resolved_at: datetime | None
    peak_count: int
    evaluation: Evaluation  # the one behind the present state
    escalated_at: datetime | None = None  # when others were told, since nobody acknowledged it


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One mail, rendered and waiting; the same Message-ID is never written twice."""

    message_id: str  # <fingerprint.state@client.vigie>
    fingerprint: str | None
    recipient: str
    subject: str
    body: bytes  # RFC 5322, complete
    created_at: datetime
    attempt_count: int = 0
    next_attempt_at: datetime | None = None
    fingerprints: tuple[str, ...] = ()  # of the alerts that a summary tells together
