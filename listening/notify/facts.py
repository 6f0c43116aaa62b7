"""All that one alert mail says, gathered by the job that composes it; nothing here decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from listening.config.alerts import RuleSpec
from listening.model import Alert, Observation, Trend

ShareKind = Literal["topic", "source", "author", "term"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDocument:
    """One text, as shown in a mail: title and link, never the text itself.

    Title, link and source come from the web and are not to be trusted; rendering cleans them.
    """

    title: str
    url: str | None
    source_title: str
    published_at: datetime | None
    score: float  # toward the brand, -1.0 .. +1.0
    story_id: str = ""
    story_size: int = 1  # documents that carry the same text
    weight: float = 1.0  # editorial weight of the source
    reply_count: int = 0  # replies that were collected


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one value accounts for; shares of one breakdown add up to 1."""

    name: str | None  # None: what has no such value
    text_share: float  # of the different texts, 0..1
    author_share: float  # of the authors


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The largest values of one kind, and how many there are; what is missing to 1 is the rest."""

    kind: ShareKind
    shares: tuple[Share, ...]
    value_count: int
    text_count: int
    author_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSentiment:
    """100 × (positive - negative) ÷ mentions in the window, with its margin."""

    value: float  # -100 .. +100
    margin: float  # ± at 95 %, same unit
    mention_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the different texts of a window are spread over its two halves."""

    early_count: int
    late_count: int
    trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCoverage:
    """How many of the planned sources were read in the window, and when the last one was."""

    read_count: int
    planned_count: int
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """One alert and its reasons; ``alert.evaluation`` holds the figures themselves."""

    alert: Alert
    rule: RuleSpec
    brand_name: str
    occasion: str = "firing"  # why this mail is written, see listening.alerts.lifecycle
    history: tuple[Observation, ...] = ()  # oldest first, the last one is the window under test
    documents: tuple[AlertDocument, ...] = ()  # most representative first
    read_documents: tuple[AlertDocument, ...] = ()  # most read first, as far as can be told
    is_reading_known: bool = False  # False: nothing tells which are read most
    breakdowns: tuple[Breakdown, ...] = ()
    net_sentiment: NetSentiment | None = None
    pace: Pace | None = None  # None: the texts state no hour, or the rule counts no tone
    coverage: SourceCoverage | None = None
    is_one_voice: bool = False  # one author makes the noise, so that the level is lowered
    sql: str = ""  # one statement that reproduces the figure on the published snapshot
