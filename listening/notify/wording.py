"""The sentences of an alert mail, in the reader's language; figures only, nothing from the web."""

from datetime import timedelta

from listening.model import AlertState, Baseline, Evaluation, RuleKind, Severity, Window
from listening.notify.facts import AlertFacts, NetSentiment, Pace, SourceCoverage
from listening.notify.kind_advice import steps_when_over, steps_while_open
from listening.notify.kind_wording import asks, one_voice, seen_by_kind
from listening.notify.plot import Usual, usual_share
from listening.translate import Translator

#: Fewer mentions than this make a share a small sample (product definition).
SMALL_SAMPLE = 30

#: Judged mentions below which the formula of the margin says nothing: one mention would be ± 0.
FEWEST_FOR_MARGIN = 5

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365.25)


def severity_word(severity: Severity, tr: Translator) -> str:
    """Name the severity, for the subject and the head of the mail."""
    words = {
        Severity.INFO: tr.gettext("For information"),
        Severity.WARNING: tr.gettext("Warning"),
        Severity.CRITICAL: tr.gettext("Critical"),
    }
    return words[severity]


def state_word(facts: AlertFacts, tr: Translator) -> str:
    """Say in two or three words why this mail was written."""
    if facts.alert.state is AlertState.RESOLVED:
        return tr.gettext("Back to normal")
    if facts.occasion.startswith("firing-repeat"):
        return tr.gettext("Still going on")
    if facts.occasion == "sample":
        return tr.gettext("Sample, nothing happened")
    if facts.occasion == "escalation":
        return tr.gettext("Nobody has taken it in charge")
    if facts.occasion != "firing":
        return tr.gettext("More serious")
    return tr.gettext("New alert")


def headline(facts: AlertFacts, tr: Translator) -> str:
    """Say in one sentence what was seen, what is usual, and what the alert is worth."""
    evaluation, kind = facts.alert.evaluation, facts.rule.kind
    is_over = facts.alert.state is AlertState.RESOLVED
    parts = [seen(evaluation, tr, kind)]
    if kind is RuleKind.SHARE_DROP:
        parts.append(usual_share_of(usual_share(facts.history[:-1]), tr))
    else:
        parts.append(usual_then(evaluation, tr))
    if facts.is_one_voice:
        parts.append(one_voice(evaluation.observation, tr))
    if not is_over:
        parts.append(rarity(evaluation, tr))
    elif kind not in {RuleKind.SHARE_DROP, RuleKind.FLATLINE}:  # theirs was a low
        parts.append(tr.gettext("the peak was {count}", count=tr.number(facts.alert.peak_count)))
    sentence = tr.gettext("; ").join(part for part in parts if part) + "."
    return sentence[:1].upper() + sentence[1:]


def seen(evaluation: Evaluation, tr: Translator, kind: RuleKind = RuleKind.NEGATIVE_SPIKE) -> str:
    """Say how many: in mentions, or, when texts were taken up, in texts and in mentions."""
    observation = evaluation.observation
    length = span(observation.window.end - observation.window.start, tr)
    if words := seen_by_kind(kind, observation, length, tr):
        return words
    stories, mentions = observation.negative_story_count, observation.negative_count
    if stories == mentions:
        return tr.ngettext(
            "{n} negative mention in {span}",
            "{n} negative mentions in {span}",
            mentions,
            span=length,
        )
    return tr.ngettext(
        "{n} negative text, taken up {mentions} times, in {span}",
        "{n} different negative texts ({mentions} mentions) in {span}",
        stories,
        mentions=tr.number(mentions),
        span=length,
    )


def usual(baseline: Baseline | None, tr: Translator) -> str:
    """Say what nine windows in ten hold; empty while there is no baseline."""
    if baseline is None:
        return ""
    low, high = tr.number(baseline.low), tr.number(baseline.high)
    if low == high:
        return tr.gettext("usually {count}", count=low)
    return tr.gettext("usually {low} to {high}", low=low, high=high)


def usual_share_of(range_: Usual | None, tr: Translator) -> str:
    """Say which share nine windows in ten hold; empty while that is unknown."""
    if range_ is None:
        return ""
    low, high = tr.percent(range_.low), tr.percent(range_.high)
    if low == high:
        return tr.gettext("usually {count}", count=low)
    return tr.gettext("usually {low} to {high}", low=low, high=high)


def usual_then(evaluation: Evaluation, tr: Translator) -> str:
    """Say what is usual, and on which weekday when the window is a day long."""
    words = usual(evaluation.baseline, tr)
    window = evaluation.observation.window
    if not words or window.end - window.start != _DAY:
        return words
    middle = window.start + _DAY / 2
    return tr.gettext("{usual} on a {weekday}", usual=words, weekday=tr.weekday(middle.date()))


def rarity(evaluation: Evaluation, tr: Translator) -> str:
    """Say how often so many would be seen with nothing wrong; empty while that is unknown.

    Beyond a year nothing is promised: no model of such counts has been checked that far out.
    """
    if evaluation.p_value is None:
        return ""
    window = evaluation.observation.window
    per_year = evaluation.p_value * (_YEAR / (window.end - window.start))
    # Cut half-way, in ratio, between the frequencies that are named: 1, 2, 4 and 12 a year.
    named = (
        (0.7, tr.gettext("a false alarm of this level comes less than once a year")),
        (1.4, tr.gettext("a false alarm of this level comes once a year")),
        (2.8, tr.gettext("a false alarm of this level comes twice a year")),
        (6.9, tr.gettext("a false alarm of this level comes once a quarter")),
        (20.0, tr.gettext("a false alarm of this level comes once a month")),
    )
    often = tr.gettext("so many come several times a month with nothing wrong")
    return next((words for limit, words in named if per_year < limit), often)


def span(length: timedelta, tr: Translator) -> str:
    """Write a length of time as people say it: 45 min, 24 h, 3 days."""
    if length < timedelta(hours=1):
        return tr.gettext("{count} min", count=tr.number(length / timedelta(minutes=1)))
    if length <= 2 * _DAY:
        return tr.gettext("{count} h", count=tr.number(length / timedelta(hours=1)))
    return tr.gettext("{count} days", count=tr.number(length / _DAY))


def sentiment_line(sentiment: NetSentiment, tr: Translator) -> str:
    """Give net sentiment with its margin and its n, and say when n is small."""
    if sentiment.mention_count < FEWEST_FOR_MARGIN:
        return tr.gettext(
            "{value} (n = {count}, too few for a margin)",
            value=signed(sentiment.value, 0, tr),
            count=tr.number(sentiment.mention_count),
        )
    line = tr.gettext(
        "{value} ± {margin} (n = {count})",
        value=signed(sentiment.value, 0, tr),
        margin=tr.number(min(sentiment.margin, 100)),
        count=tr.number(sentiment.mention_count),
    )
    if sentiment.mention_count < SMALL_SAMPLE:
        line = tr.gettext("{figure}, small sample", figure=line)
    return line


def pace_line(pace: Pace, window: Window, tr: Translator) -> str:
    """Say how many texts each half of the window brought, and whether that is a trend."""
    trend = {
        "rising": tr.gettext("still rising"),
        "falling": tr.gettext("falling"),
        "steady": tr.gettext("no clear trend"),
    }[pace.trend]
    return tr.gettext(
        "{late} in the second half of the {span}, {early} in the first: {trend}",
        late=tr.ngettext("{n} text", "{n} texts", pace.late_count),
        early=tr.number(pace.early_count),
        span=span(window.end - window.start, tr),
        trend=trend,
    )


def coverage_line(coverage: SourceCoverage, timezone: str, tr: Translator) -> str:
    """Say how many sources the figures rest on, and when the last one was read."""
    count, planned = coverage.read_count, tr.number(coverage.planned_count)
    if coverage.read_at is None:
        return tr.ngettext(
            "{n} of {planned} sources read", "{n} of {planned} sources read", count, planned=planned
        )
    return tr.ngettext(
        "{n} of {planned} sources read, last on {when}",
        "{n} of {planned} sources read, last on {when}",
        count,
        planned=planned,
        when=tr.datetime(coverage.read_at, timezone),
    )


def rule_line(facts: AlertFacts, tr: Translator) -> str:
    """Say what the rule asks for, so that a person can tune it."""
    if words := asks(facts.rule, span(facts.rule.window, tr), tr):
        return words
    budget = facts.rule.false_alarm_budget
    per = {
        "month": tr.gettext("per month"),
        "quarter": tr.gettext("per quarter"),
        "year": tr.gettext("per year"),
    }
    return tr.gettext(
        "Rule {rule}: {asked} in {span}, at least {share}"
        " negative mentions, and so unusual that no more than {budget} {per} are false alarms.",
        rule=facts.rule.id,
        asked=tr.ngettext(
            "at least {n} negative text",
            "at least {n} different negative texts",
            facts.rule.minimum,
        ),
        span=span(facts.rule.window, tr),
        share=tr.percent(facts.rule.min_share),
        budget=tr.number(budget.count),
        per=per[budget.per],
    )


def next_steps(facts: AlertFacts, tr: Translator) -> list[str]:
    """Say what a community manager does now, in order."""
    if facts.alert.state is AlertState.RESOLVED:
        return steps_when_over(facts.rule.kind, tr)
    return steps_while_open(facts.rule.kind, tr)


def signed(x: float, digits: int, tr: Translator) -> str:
    """Write a number with its sign, a typographic minus for the negative ones."""
    text = tr.number(abs(x), digits)
    if not any(character in "123456789" for character in text):
        return text
    return ("−" if x < 0 else "+") + text  # noqa: RUF001 - a minus sign, as typography wants it
