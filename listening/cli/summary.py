"""The summary of a night, for a terminal."""

from typing import TYPE_CHECKING

from rich.markup import escape

from listening.cli.console import out, print_table
from listening.cli.reasons import explain_reason
from listening.translate import Translator, mark

if TYPE_CHECKING:
    from listening.jobs.summary import NightSummary, Row

_SEVERITIES = {
    "info": mark("info"),
    "warning": mark("warning"),
    "critical": mark("critical"),
}

#: Dead sources and mails shown; the rest is counted.
_MOST_SHOWN = 8


def print_summary(summary: "NightSummary", speak: Translator, *, is_listening: bool = True) -> None:
    """Print what was read, what is said of each brand, what fired, and where to look next.

    Args:
        summary: The night.
        speak: In which language.
        is_listening: Whether the client has any source at all.
    """
    _print_sources(summary, speak, is_listening=is_listening)
    _print_brands(summary, speak)
    _print_alerts(summary, speak)
    _print_places(summary, speak)


def _print_sources(summary: "NightSummary", speak: Translator, *, is_listening: bool) -> None:
    _, ngettext = speak.gettext, speak.ngettext
    sources = ngettext(
        "{n} of {planned} sources read",
        "{n} of {planned} sources read",
        summary.read_count,
        planned=len(summary.sources),
    )
    new = ngettext("{n} new", "{n} new", summary.new_document_count)
    counts = ", ".join(
        [
            ngettext(
                "{n} document ({new})", "{n} documents ({new})", summary.document_count, new=new
            ),
            ngettext("{n} mention", "{n} mentions", summary.mention_count),
            ngettext("{n} story", "{n} stories", summary.story_count),
        ]
    )
    out.print()
    out.print(_("; ").join([sources, counts]), style="bold")
    if not summary.sources and not is_listening:
        out.print(_("There is no source yet; to add one: vigie sources add ADDRESS"))
    elif not summary.sources:
        out.print(_("No source was due; to visit all of them now: vigie nightly --all"))
    for source in summary.dead_sources[:_MOST_SHOWN]:
        out.print(
            "  ✘ "
            + _(
                "{source}: {what}",
                source=source["source_title"],
                what=explain_reason(source["reason"], speak),
            ),
            markup=False,
        )
    for source in summary.sources:
        if source["status"] in {"ok", "unchanged"} and source["faults"]:
            faults = ", ".join(explain_reason(fault, speak) for fault in source["faults"])
            named = _("{source}: {what}", source=source["source_title"], what=faults)
            out.print(f"  • {named}", markup=False)


def _print_brands(summary: "NightSummary", speak: Translator) -> None:
    _ = speak.gettext
    out.print()
    print_table(
        [
            _("brand"),
            _("mentions"),
            _("stories"),
            "▲",
            "■",
            "▼",
            _("net sentiment"),
            _("share of voice"),
        ],
        [
            [
                brand["brand_name"],
                speak.number(brand["mention_count"]),
                speak.number(brand["story_count"]),
                speak.number(brand["positive_count"]),
                speak.number(brand["neutral_count"]),
                speak.number(brand["negative_count"]),
                _net_sentiment(brand, speak),
                _share_of_voice(brand, speak),
            ]
            for brand in summary.brands
        ],
        title=_(
            "From {start} to {end}",
            start=speak.date(summary.from_on),
            end=speak.date(summary.to_on),
        ),
    )


def _net_sentiment(brand: "Row", speak: Translator) -> str:
    from listening.notify.wording import FEWEST_FOR_MARGIN

    if brand["net_sentiment"] is None:
        return "–"
    value = speak.number(brand["net_sentiment"], digits=0)
    sign = "+" if brand["net_sentiment"] > 0 else ""
    judged = brand["positive_count"] + brand["neutral_count"] + brand["negative_count"]
    if judged < FEWEST_FOR_MARGIN:
        return f"{sign}{value} (n = {speak.number(judged)})"
    margin = speak.number(min(brand["net_sentiment_margin"], 100), digits=0)
    note = " " + speak.gettext("(small sample)") if brand["is_small_sample"] else ""
    return f"{sign}{value} ± {margin}{note}"


def _share_of_voice(brand: "Row", speak: Translator) -> str:
    if brand["share_of_voice"] is None:
        return "–"
    if not brand["share_of_voice_margin"]:  # nobody or one brand alone: the formula says ± 0
        return speak.percent(brand["share_of_voice"])
    margin = speak.number(min(100 * brand["share_of_voice_margin"], 100), digits=0)
    return f"{speak.percent(brand['share_of_voice'])} ± {margin}"


def _print_alerts(summary: "NightSummary", speak: Translator) -> None:
    _ = speak.gettext
    out.print()
    if not summary.alerts:
        out.print(_("Nothing to report: no alert is open."))
    for alert in summary.alerts:
        out.print(_alert_line(alert, speak), style="bold red", markup=False)
    for path in summary.mails[:_MOST_SHOWN]:
        out.print("  " + _("mail: {path}", path=path), markup=False)


def _alert_line(alert: "Row", speak: Translator) -> str:
    """Say what the rule counted, as its mail does, and what is usual where it asks for that."""
    _ = speak.gettext
    severity, brand = _(_SEVERITIES[alert["severity"]]), alert["brand_name"]
    count = speak.number(alert["judged_count"] or 0)
    if alert["baseline_low"] is None:
        return _(
            "Alert ({severity}) on {brand}: rule {rule} counted {count} in one window"
            " (it does not ask what is usual)",
            severity=severity,
            brand=brand,
            rule=alert["rule_id"],
            count=count,
        )
    return speak.ngettext(
        "Alert ({severity}) on {brand}: rule {rule} counted {count} in one window; usual is"
        " {low} to {high} ({n} window of history)",
        "Alert ({severity}) on {brand}: rule {rule} counted {count} in one window; usual is"
        " {low} to {high} ({n} windows of history)",
        alert["baseline_window_count"],
        severity=severity,
        brand=brand,
        rule=alert["rule_id"],
        count=count,
        low=speak.number(alert["baseline_low"]),
        high=speak.number(alert["baseline_high"]),
    )


def _print_places(summary: "NightSummary", speak: Translator) -> None:
    _ = speak.gettext
    out.print()
    out.print(_("Database: {path}", path=summary.snapshot), markup=False)
    out.print(_("Ask it:"), markup=False)
    question = "SELECT mentioned_at_local, brand_name, polarity, title FROM mentions LIMIT 5"
    for statement in (question, "FROM source_health", "FROM brand_days"):
        out.print(f"  vigie sql --client {summary.client_id} {escape(repr(statement))}")
