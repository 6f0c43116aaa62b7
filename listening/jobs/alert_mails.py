"""From what one look came to, to mails: one per person and alert, or one for all of a storm."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from listening.jobs.addressing import addressee
from listening.jobs.alert_answers import link_maker
from listening.jobs.context import JobContext
from listening.model import OutgoingMessage, Severity
from listening.notify.facts import AlertFacts
from listening.notify.message import render_alert
from listening.notify.past import PastFacts, render_past
from listening.notify.quiet_hours import release_at
from listening.notify.summary import MAX_TOLD, SUMMARY_FROM, render_summary, urgency

#: Nothing came in late.
NO_PAST: Mapping[str, PastFacts] = MappingProxyType({})


@dataclass(frozen=True)
class Notice:
    """News of one alert, and whom they are for."""

    known: AlertFacts  # without its reasons
    recipients: Sequence[str]
    gather: Callable[[], AlertFacts]  # asks the warehouse for them

    @cached_property
    def facts(self) -> AlertFacts:
        """All that is told; asked for once, and of a storm only where there is room for it."""
        return self.gather()


def write_mails(
    context: JobContext, notices: Sequence[Notice], past: Mapping[str, PastFacts] = NO_PAST
) -> list[OutgoingMessage]:
    """Render what each person is told, to go out at once or after the quiet hours.

    News that reach one person at the same moment are one mail each, or, from ``SUMMARY_FROM`` on,
    one mail for all: what makes a storm (many brands at once, months of history read in one go,
    a rule that is wrong) must not fill the letter box in which the one that matters is looked for.
    What a past that came in late would have told stands in such a mail, or in one of its own.

    Args:
        context: The client.
        notices: The news.
        past: By address, the past that is told to them.
    """
    told: dict[tuple[str, datetime], list[Notice]] = {}
    for notice in notices:
        release = _release(context, notice.known)
        for address in dict.fromkeys(notice.recipients):
            told.setdefault((address, release), []).append(notice)
    found, left = [], dict(past)
    for (address, release), news in told.items():
        to = replace(addressee(context, address), links=link_maker(context))
        if len(news) >= SUMMARY_FROM:
            messages = [render_summary(_in_full(news), to, past=left.pop(address, None))]
        else:
            messages = [render_alert(notice.facts, to) for notice in news]
        found += [replace(message, next_attempt_at=release) for message in messages]
    config = context.config
    release = release_at(config.quiet_hours, Severity.INFO, context.clock(), config.timezone)
    for address, facts in left.items():
        message = render_past(facts, addressee(context, address))
        found.append(replace(message, next_attempt_at=release))
    return found


def _in_full(news: Sequence[Notice]) -> list[AlertFacts]:
    """Return the alerts of a storm, the loudest first and as many of them in full as are told."""
    ordered = sorted(news, key=lambda notice: urgency(notice.known))
    return [one.facts if n < MAX_TOLD else one.known for n, one in enumerate(ordered)]


def _release(context: JobContext, facts: AlertFacts) -> datetime:
    """Return when this may go out: what is critical at once, the rest after the quiet hours."""
    config, own = context.config, facts.rule.quiet_hours
    return release_at(
        config.quiet_hours if own is None else own,
        facts.alert.severity,
        context.clock(),
        config.timezone,
    )
