"""A sample of an alert mail, sent now: to see that mails arrive, and what they look like."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from listening.alerts.lifecycle import advance
from listening.alerts.rules import evaluate
from listening.config.alerts import NEVER, RuleSpec
from listening.errors import ConfigError
from listening.jobs.alert_mails import Notice, write_mails
from listening.jobs.context import JobContext
from listening.jobs.notify import SendCounts, send_pending
from listening.model import Observation, RuleKind, Window
from listening.notify.facts import AlertDocument, AlertFacts
from listening.translate import mark, translator
from storage.engine import open_writer
from storage.migrate import migrate
from storage.outbox import insert_messages

#: Negative texts on each of the days before, and on the day of the sample.
_USUAL = (4, 6, 3, 5, 8, 7, 4)
_WEEKS = 8
_TODAY = 34

#: What a sample is called in its Message-ID.
SAMPLE = "sample"


def send_sample(
    context: JobContext, *, now: datetime, rule_id: str | None = None
) -> tuple[tuple[str, ...], SendCounts]:
    """Write one invented alert to the recipients of a rule, and send what waits.

    Quiet hours do not hold it. Twice within the same second is one mail.

    Args:
        context: The client.
        now: When; the invented figures are of the day before.
        rule_id: Whose recipients; None: the first rule's.

    Returns:
        Who is written to, and what became of the mails that were due.

    Raises:
        ConfigError: There is no such rule, or nobody it writes to.
    """
    rule = _rule_of(context, rule_id)
    if not rule.recipients:
        raise ConfigError(
            mark("rule {name} writes to nobody"),
            hint=mark("add recipients to client.yaml"),
            values={"name": rule.id},
        )
    invented = _invented(context, rule, now)
    mails = write_mails(context, [Notice(invented, rule.recipients, lambda: invented)])
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        insert_messages(warehouse, mails)
    return rule.recipients, send_pending(context)


def _rule_of(context: JobContext, rule_id: str | None) -> RuleSpec:
    known = [rule for rule in context.config.rules if rule_id in {None, rule.id, rule.base_id}]
    if known:
        return known[0]
    raise ConfigError(
        mark("there is no rule {name}") if rule_id else mark("there is no rule"),
        hint=mark("known ones: {known}"),
        values={
            "name": rule_id or "",
            "known": ", ".join(rule.id for rule in context.config.rules) or "–",
        },
    )


def _invented(context: JobContext, rule: RuleSpec, now: datetime) -> AlertFacts:
    brand = context.config.brands[0]
    end = now.replace(microsecond=0)
    counts = [*_USUAL * _WEEKS, _TODAY]
    history = [
        _day(brand.brand_id, end - timedelta(days=len(counts) - 1 - n), count)
        for n, count in enumerate(counts)
    ]
    shown = rule.model_copy(
        update={
            "kind": RuleKind.NEGATIVE_SPIKE,
            "threshold": None,
            "quiet_hours": NEVER,
            "window": timedelta(days=1),
            "pending_for": None,
            "minimum": 4,
            "min_share": 0.3,
        }
    )
    evaluation = evaluate(shown, history, rule_count=1, now=end)
    alert = advance(None, evaluation, shown).alert
    if alert is None:
        raise ValueError("the sample's figures are no alert")
    print_ = hashlib.sha256(f"{SAMPLE} {rule.id} {end.isoformat()}".encode()).hexdigest()[:32]
    tr = translator(context.config.language)
    names = [
        tr.gettext("Sample: an hour of waiting, and nobody says sorry"),
        tr.gettext("Sample: never again"),
    ]
    documents = tuple(
        AlertDocument(
            title=name,
            url=None,
            source_title="exemple.example",
            published_at=end,
            score=-0.8 + n / 5,
        )
        for n, name in enumerate(names)
    )
    return AlertFacts(
        alert=replace(alert, fingerprint=print_),
        rule=shown,
        brand_name=brand.name,
        occasion=SAMPLE,
        history=tuple(history),
        documents=documents,
    )


def _day(brand_id: str, end: datetime, count: int) -> Observation:
    return Observation(
        brand_id=brand_id,
        window=Window(start=end - timedelta(days=1), end=end),
        mention_count=2 * count,
        negative_count=count,
        negative_story_count=count,
        negative_author_count=count,
    )
