"""The sentences of the daily sheet and the weekly digest, in the reader's language."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from listening.model import AlertState
from listening.notify.digest_facts import (
    AlertLine,
    BrandFigures,
    DigestFacts,
    DigestKind,
    Precision,
    SourceTrouble,
)
from listening.notify.letter import MAX_NAME_LENGTH
from listening.notify.safety import clean_line
from listening.notify.wording import FEWEST_FOR_MARGIN, coverage_line, severity_word, signed
from listening.translate import Translator

_DAY = timedelta(days=1)


def headline(facts: DigestFacts, tr: Translator) -> str:
    """Say in one sentence what there is to know; never that all is calm when nobody looked."""
    if not facts.coverage.planned_count and facts.is_blind:
        return tr.gettext("No source has been read yet")
    sources = _sources_read(facts, tr)
    if facts.is_blind:
        return tr.gettext("Too little was read to know: {sources}", sources=sources)
    if facts.kind is DigestKind.WEEKLY:
        return _week(facts, tr)
    if not facts.alerts:
        return tr.gettext("Nothing to report, {sources}", sources=sources)
    alerts = tr.ngettext("{n} alert in 24 h", "{n} alerts in 24 h", len(facts.alerts))
    return tr.gettext("{alerts}, {sources}", alerts=alerts, sources=sources)


def _week(facts: DigestFacts, tr: Translator) -> str:
    alerts = tr.ngettext("{n} alert", "{n} alerts", len(facts.alerts))
    if not facts.brands:
        return alerts
    first = facts.brands[0]
    mentions = tr.ngettext("{n} mention", "{n} mentions", first.mention_count)
    if first.net_sentiment is None:
        return tr.gettext("{mentions} in a week, {alerts}", mentions=mentions, alerts=alerts)
    return tr.gettext(
        "{mentions} in a week, net sentiment {figure}, {alerts}",
        mentions=mentions,
        figure=net_sentiment(first, tr).removesuffix("\u00a0*"),
        alerts=alerts,
    )


def _sources_read(facts: DigestFacts, tr: Translator) -> str:
    """Say how many sources of the planned ones were read, and when, with the day unless today's."""
    seen, zone = facts.coverage, ZoneInfo(facts.timezone)
    local = None if seen.read_at is None else seen.read_at.astimezone(zone)
    if local is None or local.date() != facts.written_at.astimezone(zone).date():
        return coverage_line(seen, facts.timezone, tr)
    return tr.ngettext(
        "{n} of {planned} sources read at {time}",
        "{n} of {planned} sources read at {time}",
        seen.read_count,
        planned=tr.number(seen.planned_count),
        time=tr.time(local.time()),
    )


def period(facts: DigestFacts, tr: Translator) -> str:
    """Say which days, or which day's morning."""
    if facts.kind is DigestKind.DAILY:
        return tr.gettext(
            "{day}; alerts and sources of the 24 hours before",
            day=tr.datetime(facts.written_at, facts.timezone),
        )
    return tr.gettext(
        "From {start} to {end}",
        start=tr.date(facts.from_on),
        end=tr.date(facts.to_on - _DAY),
    )


def figures_heading(facts: DigestFacts, tr: Translator) -> str:
    """Name the days that the figures are about."""
    if facts.kind is DigestKind.WEEKLY:
        return tr.gettext("The week")
    return tr.gettext("Yesterday, {day}", day=tr.date(facts.from_on))


def alert_line(one: AlertLine, timezone: str, tr: Translator) -> str:
    """Say how grave an alert is, about whom, since when, and where it stands."""
    states = {
        AlertState.FIRING: tr.gettext("going on"),
        AlertState.ACKNOWLEDGED: tr.gettext("taken in charge"),
        AlertState.RESOLVED: tr.gettext("over"),
    }
    verdicts = {True: tr.gettext("judged true"), False: tr.gettext("judged false")}
    parts = [
        severity_word(one.severity, tr),
        clean_line(one.brand_name, limit=MAX_NAME_LENGTH),
        one.rule_id,
        tr.gettext("since {when}", when=tr.datetime(one.opened_at, timezone)),
        tr.gettext("peak {count}", count=tr.number(one.peak_count)),
        states.get(one.state, ""),
        verdicts[one.verdict] if one.verdict is not None else "",
    ]
    return "\u00a0· ".join(part for part in parts if part)


def precision_line(precision: Precision, tr: Translator) -> str:
    """Say how many of the judged alerts were true, with n and the interval."""
    if precision.low is None or precision.high is None:
        return tr.gettext(
            "Precision: no alert of the last year was judged; vigie alerts verdict judges one."
        )
    return tr.gettext(
        "Precision over a year: {true} {judged} ({low} to {high} at 95%).",
        true=tr.ngettext("{n} true alert", "{n} true alerts", precision.true_count),
        judged=tr.ngettext("of {n} judged", "of {n} judged", precision.judged_count),
        low=tr.percent(precision.low),
        high=tr.percent(precision.high),
    )


def net_sentiment(one: BrandFigures, tr: Translator) -> str:
    """Give net sentiment with its margin; a star when the sample is small."""
    if one.net_sentiment is None or one.net_sentiment_margin is None:
        return "–"
    star = "\u00a0*" if one.is_small_sample else ""
    value = signed(one.net_sentiment, 0, tr)
    if one.judged_count < FEWEST_FOR_MARGIN:
        return f"{value} (n\u00a0=\u00a0{tr.number(one.judged_count)}){star}"
    margin = tr.number(min(one.net_sentiment_margin, 100))
    return f"{value}\u00a0±\u00a0{margin}{star}"


def share(one: BrandFigures, tr: Translator) -> str:
    """Give the share of voice with its margin, in points."""
    if one.share is None or one.share_margin is None:
        return "–"
    if not one.share_margin:  # nobody or one brand alone: the formula says ± 0
        return tr.percent(one.share)
    return f"{tr.percent(one.share)}\u00a0±\u00a0{tr.number(min(100 * one.share_margin, 100))}"


def trouble_line(one: SourceTrouble, timezone: str, tr: Translator) -> str:
    """Say what is wrong with a source, and since when."""
    title = clean_line(one.title, limit=MAX_NAME_LENGTH)
    if one.health == "silent" and one.silent_days is not None and one.habit_days is not None:
        said = tr.ngettext(
            "silent for {n} day, its habit is {habit} at most",
            "silent for {n} days, its habit is {habit} at most",
            round(one.silent_days),
            habit=tr.number(one.habit_days),
        )
    elif one.health == "silent":
        said = tr.gettext("has never given anything")
    elif one.health == "never_read":
        said = tr.gettext("not read yet")
    else:
        said = tr.gettext(one.reason) if one.reason else tr.gettext("could not be read")
        said = said[:1].lower() + said[1:].rstrip(".")  # it stands after a colon
    last = (
        tr.gettext("last read on {when}", when=tr.datetime(one.read_at, timezone))
        if one.read_at and one.health == "failing"
        else ""
    )
    return tr.gettext("{source}: {what}", source=title, what=" · ".join(filter(None, (said, last))))
