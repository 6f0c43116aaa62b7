"""Shape of ``alerts.yaml``: when to warn, and whom."""

from datetime import time, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator

from listening.config.address import Mail
from listening.config.field import (
    Between,
    Budget,
    Duration,
    EmptyAllowed,
    FalseAlarmBudget,
    Slug,
    each_once,
)
from listening.config.query import QueryText
from listening.config.span import parse_span, write_span
from listening.config.spec import Spec
from listening.model import OffHours, RuleKind, Severity, SourceType

_Span = Annotated[Duration, AfterValidator(Between(timedelta(hours=1), timedelta(days=90)))]
_Wait = Annotated[Duration, AfterValidator(Between(timedelta(minutes=5), timedelta(days=90)))]
_Slugs = Annotated[tuple[Slug, ...], EmptyAllowed, AfterValidator(each_once)]
_Mails = Annotated[tuple[Mail, ...], EmptyAllowed, AfterValidator(each_once)]


#: Hours that begin when they end: none.
NEVER: Final = OffHours(time(), time())


def _read_rest(value: Any) -> OffHours:
    return NEVER if value == "none" else parse_span(value)


def _write_rest(hours: OffHours | None) -> str | None:
    return "none" if hours == NEVER else write_span(hours) if hours else None


Rest = Annotated[
    OffHours,
    PlainValidator(_read_rest),
    PlainSerializer(_write_rest, return_type=str | None, when_used="json"),
]
_Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]

#: Kinds that know no habit: each text they look for is worth a word.
COUNTED_KINDS: Final = frozenset({RuleKind.NEW_SOURCE, RuleKind.GRAVE_WORD, RuleKind.ANY})


class RuleSpec(Spec):
    """One rule, judged for each of its brands."""

    id: Slug
    """Short name used in mails, tables and SQL."""

    kind: RuleKind
    """What is looked for: docs/alerts.md#kinds-of-rules."""

    brands: _Slugs = ()
    """Ids of the brands it judges; none: all our own, for competitor_spike all competitors."""

    source_types: Annotated[tuple[SourceType, ...], EmptyAllowed, AfterValidator(each_once)] = ()
    """Only what these types of source carry is counted; none: everything."""

    sources: _Slugs = ()
    """Only what these sources carry is counted; none: everything."""

    topics: _Slugs = ()
    """Only mentions about these topics of client.yaml are counted; none: all."""

    query: QueryText | None = None
    """For the kind any: which texts about the brand, docs/queries.md; none: all of them."""

    window: _Span = timedelta(hours=24)
    """How much of the recent past is judged at once."""

    false_alarm_budget: Budget = FalseAlarmBudget(1, "quarter")
    """False alarms accepted for one brand, shared by the rules that judge it."""

    threshold: _Count | None = None
    """Instead of a budget: fires at so many different texts. new_source, grave_word, any: 1."""

    minimum: _Count = 4
    """Fewer different texts than this never fire; flatline: where fewer are usual, none is."""

    min_share: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.3
    """negative_spike, positive_spike: a smaller share of such mentions never fires; 0..1."""

    min_weight: Annotated[float, Field(strict=True, ge=0, le=10)] = 1.5
    """grave_word: sources that weigh less are passed over; 0..10."""

    severity: Severity = Severity.WARNING
    """How loudly it speaks; ``critical`` breaks the quiet hours."""

    recipients: _Mails = ()
    """Who is warned; none: the client's recipients (filled in by ``load_client``)."""

    quiet_hours: Rest | None = None
    """When its mails wait: "21:00-07:30", or none for never; without it: the client's."""

    group_by: Literal["brand", "source_type", "topic"] = "brand"
    """What has an alert of its own: a brand as a whole, or each source type or topic of it."""

    pending_for: _Span | None = None
    """How long it must hold before anybody is told; none: not at all."""

    resolve_after: _Span = timedelta(hours=24)
    """How long it must be quiet before the alert is closed."""

    resolved_mail: Annotated[bool, Field(strict=True)] = True
    """Whether the end of an alert is told."""

    repeat_after: _Span | None = None
    """After how long an alert that still fires is sent again; none: never."""

    inhibited_by: _Slugs = ()
    """Ids of rules: while one of them has an open alert on the brand, this one says nothing."""

    escalate_after: _Wait | None = None
    """After how long without an acknowledgement others are told; none: never."""

    escalate_to: _Mails = ()
    """Who is told then; none: the recipients again."""

    @property
    def fires_at(self) -> int | None:
        """The explicit threshold; None: the rule has a budget."""
        return self.threshold or (1 if self.kind in COUNTED_KINDS else None)

    @property
    def base_id(self) -> str:
        """Id as written in the file, also for the rule of one group."""
        return self.id.split(".", 1)[0]


class AlertsSpec(Spec):
    """The whole file."""

    rules: Annotated[tuple[RuleSpec, ...], EmptyAllowed]
    """All rules, in any order."""


def by_group(
    rule: RuleSpec, source_types: tuple[SourceType, ...], topics: tuple[str, ...]
) -> tuple[RuleSpec, ...]:
    """Return the rule, or one rule for each of its groups, named ``rule.group``.

    Args:
        rule: As written.
        source_types: Those that the client reads.
        topics: Those of client.yaml.
    """
    if rule.group_by == "brand":
        return (rule,)
    field = "source_types" if rule.group_by == "source_type" else "topics"
    groups = getattr(rule, field) or (source_types if field == "source_types" else topics)
    return tuple(
        rule.model_copy(update={"id": f"{rule.id}.{group}", field: (group,)}) for group in groups
    )
