"""All that one alert mail says, gathered by the job that composes it; nothing here decides."""

from dataclasses import dataclass
from datetime import datetime

from listening.config.alerts import RuleSpec
from listening.model import Alert, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDocument:
    """One negative text, as shown in a mail: title and link, never the text itself.

    Title, link and source come from the web and are not to be trusted; rendering cleans them.
    """

    title: str
    url: str | None
    source_title: str
    published_at: datetime | None
    score: float  # toward the brand, -1.0 .. +1.0
    story_size: int = 1  # documents that carry the same text


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One source or term, and how many of the window's negative mentions it accounts for."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSentiment:
    """100 × (positive - negative) ÷ mentions in the window, with its margin."""

    value: float  # -100 .. +100
    margin: float  # ± at 95 %, same unit
    mention_count: int


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
    documents: tuple[AlertDocument, ...] = ()  # most negative first
    sources: tuple[Driver, ...] = ()
    terms: tuple[Driver, ...] = ()
    net_sentiment: NetSentiment | None = None
    coverage: SourceCoverage | None = None
    is_one_voice: bool = False  # one author makes the noise, so that the level is lowered
    sql: str = ""  # one statement that reproduces the figure on the published snapshot
