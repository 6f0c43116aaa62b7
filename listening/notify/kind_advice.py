"""What a community manager does now, by the kind of rule that fired, in order."""

from collections.abc import Callable, Mapping

from listening.model import RuleKind
from listening.translate import Translator

Advise = Callable[[Translator], list[str]]


def steps_while_open(kind: RuleKind, tr: Translator) -> list[str]:
    """Say what to do while the alert is open."""
    return _OPEN[kind](tr)


def steps_when_over(kind: RuleKind, tr: Translator) -> list[str]:
    """Say what to do once it is over."""
    if kind is RuleKind.POSITIVE_SPIKE:
        return [
            tr.gettext("Note what was liked, while it is fresh, and tell those whose work it is."),
            tr.gettext("Ask the authors before you quote them."),
        ]
    if kind in {RuleKind.NEGATIVE_SPIKE, RuleKind.GRAVE_WORD}:
        return [
            tr.gettext("Note what happened and what was answered, while it is fresh."),
            tr.gettext("Go back to those who were promised an answer."),
        ]
    return [tr.gettext("Note what explains it, while it is fresh.")]


def _negative(tr: Translator) -> list[str]:
    return [
        tr.gettext("Open the first texts below: do they really speak of you, and is it founded?"),
        tr.gettext("If so, warn the person in charge before answering, and keep screenshots."),
        tr.gettext(
            "Answer once, with facts, where it started; do not argue under each copy of the text."
        ),
    ]


def _positive(tr: Translator) -> list[str]:
    return [
        tr.gettext("Open the first texts below: what is liked, and whose work is it?"),
        tr.gettext("Thank people where they wrote, and tell the team."),
        tr.gettext("Ask before you quote anybody."),
    ]


def _spike(tr: Translator) -> list[str]:
    return [
        tr.gettext("Open the first texts below: what are they about, and in which tone?"),
        tr.gettext(
            "If an action of yours explains them, note its days under events in client.yaml."
        ),
        tr.gettext("If the tone turns, agree on one answer before you give any."),
    ]


def _competitor(tr: Translator) -> list[str]:
    return [
        tr.gettext("Open the first texts below: what happens to them, and could it happen to you?"),
        tr.gettext("If it could, have an answer ready for those who will ask you."),
        tr.gettext("Say nothing of it in public yourself."),
    ]


def _share(tr: Translator) -> list[str]:
    return [
        tr.gettext("See who is spoken of instead: a campaign, an event, a crisis elsewhere?"),
        tr.gettext("Check that the sources that speak of you are read: vigie sources health"),
        tr.gettext("If it lasts, give people something to speak of where they used to."),
    ]


def _silence(tr: Translator) -> list[str]:
    return [
        tr.gettext("Check that the sources are read: vigie sources health"),
        tr.gettext(
            "Check that the brand is still written as in client.yaml: a new name is not found."
        ),
        tr.gettext("If the silence is real, say so to those who publish for you."),
    ]


def _new_site(tr: Translator) -> list[str]:
    return [
        tr.gettext("Open the texts below: who writes there, for whom, and in which tone?"),
        tr.gettext("If the site is worth following, add it: vigie sources add ADDRESS"),
        tr.gettext("If it speaks of a homonym, exclude it in the brand's query."),
    ]


def _grave(tr: Translator) -> list[str]:
    return [
        tr.gettext("Open the text now: does it really speak of you, and what does it say exactly?"),
        tr.gettext(
            "Warn the management, and whoever advises it on law, before anybody answers;"
            " keep screenshots with their date."
        ),
        tr.gettext("Answer in public only once the facts are established."),
    ]


def _found(tr: Translator) -> list[str]:
    return [
        tr.gettext("Open the texts below, and answer those that ask for something."),
        tr.gettext("If the rule finds too much or too little, change its query in alerts.yaml."),
    ]


_OPEN: Mapping[RuleKind, Advise] = {
    RuleKind.NEGATIVE_SPIKE: _negative,
    RuleKind.POSITIVE_SPIKE: _positive,
    RuleKind.SPIKE: _spike,
    RuleKind.COMPETITOR_SPIKE: _competitor,
    RuleKind.SHARE_DROP: _share,
    RuleKind.FLATLINE: _silence,
    RuleKind.NEW_SOURCE: _new_site,
    RuleKind.GRAVE_WORD: _grave,
    RuleKind.ANY: _found,
}
