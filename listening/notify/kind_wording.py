"""What each kind of rule saw and asks for, in one clause; figures only, nothing from the web."""

from collections.abc import Callable, Mapping

from listening.config.alerts import COUNTED_KINDS, RuleSpec
from listening.model import Observation, RuleKind
from listening.notify.plot import Plot
from listening.translate import Translator

Say = Callable[[Observation, str, Translator], str]


def seen_by_kind(kind: RuleKind, observation: Observation, span: str, tr: Translator) -> str:
    """Say what a rule counted in a window that is ``span`` long; empty for negative spikes."""
    say = _SEEN.get(kind)
    return say(observation, span, tr) if say else ""


def caption(kind: RuleKind, plot: Plot, span: str, usual: str, tr: Translator) -> str:
    """Say what the chart shows."""
    words = {
        RuleKind.NEGATIVE_SPIKE: tr.gettext(
            "Different negative texts per {span}, the newest on the right ({usual})."
        ),
        RuleKind.POSITIVE_SPIKE: tr.gettext(
            "Different positive texts per {span}, the newest on the right ({usual})."
        ),
        RuleKind.SHARE_DROP: tr.gettext(
            "Share of what is said of all watched brands, per {span},"
            " the newest on the right ({usual})."
        ),
    }.get(kind, tr.gettext("Different texts per {span}, the newest on the right ({usual})."))
    said = words.format(span=span, usual=usual)
    if plot.is_capped:
        said = tr.gettext("{caption} One author counts three times at most.", caption=said)
    return said


def share_line(kind: RuleKind, seen: Observation, tr: Translator) -> tuple[str, str]:
    """Return the name and the figure of the share that matters to a kind of rule."""
    if kind is RuleKind.SHARE_DROP:
        share = tr.percent(seen.mention_count / max(1, seen.total_count))
        return tr.gettext("Share of all watched brands"), _of_mentions(share, seen.total_count, tr)
    if kind is RuleKind.POSITIVE_SPIKE:
        name, part = tr.gettext("Share that is positive"), seen.judged_mention_count or 0
    elif kind in COUNTED_KINDS:
        name, part = tr.gettext("Share of the mentions"), seen.judged_mention_count or 0
    else:
        name, part = tr.gettext("Share that is negative"), seen.negative_count
    share = tr.percent(part / max(1, seen.mention_count))
    return name, _of_mentions(share, seen.mention_count, tr)


def _of_mentions(share: str, total: int, tr: Translator) -> str:
    return tr.ngettext("{share} of {n} mention", "{share} of {n} mentions", total, share=share)


def one_voice(observation: Observation, tr: Translator) -> str:
    """Say that one author makes the noise, so that the level is lower than the rule's."""
    total = observation.judged_mention_count or observation.negative_count
    return tr.gettext(
        "one author wrote {count} of these {total} mentions: the level is lowered",
        count=tr.number(observation.loudest_author_count),
        total=tr.number(total),
    )


def asks(rule: RuleSpec, span: str, tr: Translator) -> str:
    """Say what a rule asks for; empty for negative spikes with a budget."""
    if rule.fires_at is not None:
        fires_at = rule.fires_at
        kind = rule.kind if rule.kind in COUNTED_KINDS else None
        counted = {
            RuleKind.NEW_SOURCE: tr.ngettext(
                "at least {n} site that never named the brand",
                "at least {n} sites that never named the brand",
                fires_at,
            ),
            RuleKind.GRAVE_WORD: tr.ngettext(
                "at least {n} text with a grave word, in sources of weight {weight} or more",
                "at least {n} texts with a grave word, in sources of weight {weight} or more",
                fires_at,
                weight=tr.number(rule.min_weight, 1),
            ),
            RuleKind.ANY: tr.ngettext(
                "at least {n} text that its query finds",
                "at least {n} texts that its query finds",
                fires_at,
            ),
            None: tr.ngettext("at least {n} text", "at least {n} different texts", fires_at),
        }
        said = counted[kind]
        return tr.gettext("Rule {rule}: {asked} in {span}.", rule=rule.id, asked=said, span=span)
    words = {
        RuleKind.POSITIVE_SPIKE: tr.gettext("unusually many positive texts"),
        RuleKind.SPIKE: tr.gettext("unusually many texts"),
        RuleKind.COMPETITOR_SPIKE: tr.gettext("unusually many texts about a competitor"),
        RuleKind.SHARE_DROP: tr.gettext("an unusually small share of what is said of all brands"),
        RuleKind.FLATLINE: tr.gettext("an unusual silence"),
    }.get(rule.kind, "")
    if not words:
        return ""
    budget = rule.false_alarm_budget
    per = {
        "month": tr.gettext("per month"),
        "quarter": tr.gettext("per quarter"),
        "year": tr.gettext("per year"),
    }[budget.per]
    return tr.gettext(
        "Rule {rule}: {asked} in {span}, so rare that no more than {budget} {per}"
        " are false alarms.",
        rule=rule.id,
        asked=words,
        span=span,
        budget=tr.number(budget.count),
        per=per,
    )


def _positive(seen: Observation, span: str, tr: Translator) -> str:
    count = seen.judged_count or 0
    return tr.ngettext("{n} positive text in {span}", "{n} positive texts in {span}", count,
                       span=span)  # fmt: skip


def _texts(seen: Observation, span: str, tr: Translator) -> str:
    count = seen.judged_count or 0
    if not count:
        return tr.gettext("not a single text in {span}", span=span)
    return tr.ngettext("{n} text in {span}", "{n} different texts in {span}", count, span=span)


def _share(seen: Observation, span: str, tr: Translator) -> str:
    if not seen.total_count:
        return tr.gettext("not a single mention of any watched brand in {span}", span=span)
    return tr.gettext(
        "{share} of the {total} mentions of all watched brands in {span}",
        share=tr.percent(seen.mention_count / seen.total_count),
        total=tr.number(seen.total_count),
        span=span,
    )


def _sites(seen: Observation, span: str, tr: Translator) -> str:
    count = seen.judged_count or 0
    return tr.ngettext(
        "{n} site that had never named the brand, in {span}",
        "{n} sites that had never named the brand, in {span}",
        count,
        span=span,
    )


def _grave(seen: Observation, span: str, tr: Translator) -> str:
    count = seen.judged_count or 0
    return tr.ngettext(
        "{n} text with a grave word in a source that weighs much, in {span}",
        "{n} texts with a grave word in sources that weigh much, in {span}",
        count,
        span=span,
    )


_SEEN: Mapping[RuleKind, Say] = {
    RuleKind.POSITIVE_SPIKE: _positive,
    RuleKind.SPIKE: _texts,
    RuleKind.COMPETITOR_SPIKE: _texts,
    RuleKind.SHARE_DROP: _share,
    RuleKind.FLATLINE: _texts,
    RuleKind.NEW_SOURCE: _sites,
    RuleKind.GRAVE_WORD: _grave,
    RuleKind.ANY: _texts,
}
