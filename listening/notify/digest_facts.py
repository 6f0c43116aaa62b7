"""All that the daily sheet and the weekly digest say, gathered by a job; nothing here decides."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from listening.model import AlertState, Severity
from listening.notify.facts import SourceCoverage


class DigestKind(StrEnum):
    """Which of the two mails."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandFigures:
    """What ``kpis`` says of one brand over the days of the mail."""

    name: str
    mention_count: int
    previous_count: int  # over as many days before
    story_count: int
    negative_count: int
    net_sentiment: float | None  # -100 .. +100; None: no mention was judged
    net_sentiment_margin: float | None  # ± at 95 %
    judged_count: int  # mentions that net sentiment rests on
    is_small_sample: bool
    share: float | None  # of voice, 0..1; None: neither ours nor a competitor
    share_margin: float | None  # ± at 95 %, 0..1
    rising_terms: tuple[str, ...] = ()  # from the web: rendering cleans them


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One alert that was open during the period."""

    brand_name: str
    rule_id: str
    severity: Severity
    state: AlertState
    opened_at: datetime
    peak_count: int
    verdict: bool | None  # what a person said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How many of the alerts that people judged were true, with the 95 % Wilson interval."""

    judged_count: int
    true_count: int
    low: float | None  # 0..1; None: nothing was judged
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTrouble:
    """One source that needs a person."""

    title: str
    health: str  # failing, silent, never_read: the words of source_health
    reason: str  # one sentence to be translated; empty unless failing
    read_at: datetime | None  # last good visit
    silent_days: float | None
    habit_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """One mail's content; days are the client's, half-open."""

    kind: DigestKind
    timezone: str
    from_on: date
    to_on: date
    written_at: datetime
    coverage: SourceCoverage
    is_blind: bool  # too few sources were read to call anything calm
    brands: tuple[BrandFigures, ...]  # own ones first
    alerts: tuple[AlertLine, ...]  # newest first
    precision: Precision | None  # weekly only; of the year before
    troubles: tuple[SourceTrouble, ...]  # failing first

    @property
    def sheet_on(self) -> date:
        """The day that names the mail: one sheet per day, one digest per week."""
        return self.to_on if self.kind is DigestKind.DAILY else self.from_on
