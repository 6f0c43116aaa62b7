"""Shape of ``alerts.yaml``: when to warn, and whom."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

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
from listening.config.spec import Spec
from listening.model import Severity

_Span = Annotated[Duration, AfterValidator(Between(timedelta(hours=1), timedelta(days=90)))]


class RuleSpec(Spec):
    """One rule, judged for each of its brands."""

    id: Slug
    """Short name used in mails, tables and SQL."""

    kind: Literal["negative_spike"]
    """What is looked for."""

    brands: Annotated[tuple[Slug, ...], EmptyAllowed, AfterValidator(each_once)] = ()
    """Ids of the brands it judges; none: all our own (filled in by ``load_client``)."""

    window: _Span = timedelta(hours=24)
    """How much of the recent past is judged at once."""

    false_alarm_budget: Budget = FalseAlarmBudget(1, "quarter")
    """False alarms accepted for one brand, shared by the rules that judge it."""

    minimum: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 4
    """Fewer different negative texts than this never fire."""

    min_share: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.3
    """A smaller share of negative mentions than this never fires; 0..1."""

    severity: Severity = Severity.WARNING
    """How loudly it speaks; ``critical`` breaks the quiet hours."""

    recipients: Annotated[tuple[Mail, ...], EmptyAllowed, AfterValidator(each_once)] = ()
    """Who is warned; none: the client's recipients (filled in by ``load_client``)."""

    resolve_after: _Span = timedelta(hours=24)
    """How long it must be quiet before the alert is closed."""

    repeat_after: _Span | None = None
    """After how long an alert that still fires is sent again; none: never."""


class AlertsSpec(Spec):
    """The whole file."""

    rules: Annotated[tuple[RuleSpec, ...], EmptyAllowed]
    """All rules, in any order."""
