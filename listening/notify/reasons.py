"""What is behind an alert, as its mail shows it: texts with links, shares that add up to 100 %."""

import math
from collections.abc import Sequence
from typing import Any

from listening.model import AlertState
from listening.notify import wording
from listening.notify.answer import LINK_LIFE, Answer, AnswerAction
from listening.notify.facts import AlertDocument, AlertFacts, Breakdown
from listening.notify.letter import MAX_NAME_LENGTH, Addressee
from listening.notify.safety import clean_line, safe_link
from listening.translate import Translator

#: What a mail shows at most; together they keep the largest one under 100 kB.
MAX_DOCUMENTS = 3
MAX_SHARES = 5
MAX_TITLE_LENGTH = 140
_MAX_SHARE_NAME = 40

#: An author with a smaller share of the texts is one of many.
_STANDS_OUT = 0.1

#: So much of a fingerprint names an alert on the command line.
_SHOWN_DIGITS = 8


def texts(facts: AlertFacts, timezone: str, tr: Translator) -> list[dict[str, Any]]:
    """Return the texts under their headings: the most representative, then the most read.

    Nobody measures readers: what stands in is said, and where it tells nothing, that is said too.
    """
    first, read = facts.documents[:MAX_DOCUMENTS], facts.read_documents[:MAX_DOCUMENTS]
    if not first:
        return []
    shown = [_shown(one, timezone, tr) for one in first]
    is_more = {one.story_id for one in read} - {one.story_id for one in first}
    unknown = tr.gettext(
        "Which are read most is unknown: the sources weigh the same, and no reply was collected."
    )
    if not is_more:
        note = "" if facts.is_reading_known or len(first) == 1 else unknown
        return [{"heading": tr.gettext("The texts"), "rows": shown, "note": note}]
    found = [
        {"heading": tr.gettext("The three most representative texts"), "rows": shown, "note": ""}
    ]
    if not facts.is_reading_known:
        found[0]["note"] = unknown
        return found
    note = tr.gettext(
        "Nobody has measured how many people read them: the weight that you gave to the source"
        " and the replies collected stand in."
    )
    rows = [_shown(one, timezone, tr, is_weighed=True) for one in read]
    heading = tr.gettext("The three most read, as far as can be told")
    return [*found, {"heading": heading, "rows": rows, "note": note}]


def breakdowns(facts: AlertFacts, tr: Translator) -> list[dict[str, Any]]:
    """Return the shares by topic, source, author and word; each column adds up to 100."""
    return [
        _breakdown(one, tr)
        for one in facts.breakdowns
        if one.text_count + one.author_count > 2  # noqa: PLR2004 - one text of one author has no shares
    ]


def answers(facts: AlertFacts, to: Addressee, tr: Translator) -> list[dict[str, str]]:
    """Return what a person may answer, each as a link, or as a command where nothing serves links.

    A sample is no alert: nothing answers it.
    """
    if facts.occasion == "sample":
        return []
    labels = {
        AnswerAction.ACKNOWLEDGE: tr.gettext("I take it in charge"),
        AnswerAction.TRUE: tr.gettext("True alert"),
        AnswerAction.FALSE: tr.gettext("False alarm"),
    }
    if facts.alert.state is AlertState.RESOLVED:
        del labels[AnswerAction.ACKNOWLEDGE]
    found = []
    for action, label in labels.items():
        answer = Answer(
            client_id=to.client_id,
            fingerprint=facts.alert.fingerprint,
            occasion=facts.occasion,
            action=action,
            person=to.key,
            expires_at=facts.alert.evaluation.evaluated_at.replace(microsecond=0) + LINK_LIFE,
        )
        url = to.links.link(answer) if to.links else ""
        found.append({"label": label, "url": url, "command": _command(answer)})
    return found


def rounded(shares: Sequence[float]) -> list[int]:
    """Return shares that add up to 1 as whole percents that add up to 100.

    What is lost in rounding down goes to those that lost most (largest remainder).

    >>> rounded([1 / 3, 1 / 3, 1 / 3])
    [34, 33, 33]
    """
    if not shares:
        return []
    exact = [100 * share for share in shares]
    whole = [int(one + 1e-9) for one in exact]
    lost = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in lost[: round(sum(exact)) - sum(whole)]:
        whole[place] += 1
    return whole


def _command(answer: Answer) -> str:
    alert = answer.fingerprint[:_SHOWN_DIGITS]
    said = (
        f"ack {alert}"
        if answer.action is AnswerAction.ACKNOWLEDGE
        else f"verdict {alert} {answer.action}"
    )
    return f"vigie alerts {said} --client {answer.client_id}"


def _shown(
    document: AlertDocument, timezone: str, tr: Translator, *, is_weighed: bool = False
) -> dict[str, Any]:
    """Return one text from the web, made harmless."""
    details = [clean_line(document.source_title, limit=MAX_NAME_LENGTH)]
    if is_weighed:
        digits = 0 if float(document.weight).is_integer() else 1
        details.append(tr.gettext("weight {weight}", weight=tr.number(document.weight, digits)))
        if document.reply_count:
            details.append(tr.ngettext("{n} reply", "{n} replies", document.reply_count))
    if document.published_at is not None:
        details.append(tr.datetime(document.published_at, timezone))
    if document.story_size > 1:
        copies = tr.number(document.story_size)
        details.append(tr.gettext("the same text {count} times", count=copies))
    title = clean_line(document.title, limit=MAX_TITLE_LENGTH)
    mark = "▼" if document.score < 0 else "▲" if document.score > 0 else "■"
    return {
        "title": title or tr.gettext("(no title)"),
        "url": safe_link(document.url),
        "details": " · ".join(detail for detail in details if detail),
        "score": f"{mark} {wording.signed(document.score, 2, tr)}",
        "side": "negative" if document.score < 0 else "positive" if document.score > 0 else "",
    }


def _crowd(one: Breakdown, largest: float, tr: Translator) -> dict[str, Any]:
    """Say in one line that no author stands out: their names would tell nothing."""
    name = tr.gettext(
        "{count} authors, none with more than {share}",
        count=tr.number(one.value_count),
        share=tr.percent(math.ceil(100 * largest - 1e-9) / 100),
    )
    return {
        "heading": tr.gettext("Authors"),
        "texts": tr.ngettext("of {n} text", "of {n} texts", one.text_count),
        "authors": "",
        "rows": [{"name": name, "texts": tr.percent(1), "authors": ""}],
    }


def _breakdown(one: Breakdown, tr: Translator) -> dict[str, Any]:
    largest = max((share.text_share for share in one.shares), default=0.0)
    if one.kind == "author" and largest < _STANDS_OUT:
        return _crowd(one, largest, tr)
    named = [share for share in one.shares if share.name is not None][:MAX_SHARES]
    without = [share for share in one.shares if share.name is None]
    names = [clean_line(share.name or "", limit=_MAX_SHARE_NAME) or "?" for share in named]
    texts_, authors = (
        [*values, 1 - sum(values)]
        for values in (
            [share.text_share for share in [*named, *without]],
            [share.author_share for share in [*named, *without]],
        )
    )
    if without:
        none = (
            tr.gettext("without a topic")
            if one.kind == "topic"
            else tr.gettext("without a word that weighs")
        )
        names.append(none)
    others = one.value_count - len(named)
    if others > 0:
        names.append(tr.ngettext("{n} other", "{n} others", others))
    else:
        texts_.pop()
        authors.pop()
    headings = {
        "topic": tr.gettext("Topics"),
        "source": tr.gettext("Sources"),
        "author": tr.gettext("Authors"),
        "term": tr.gettext("Words"),
    }
    has_authors = one.kind != "author"  # each of them is one
    percents = [
        [tr.percent(whole / 100) for whole in rounded([max(0.0, value) for value in values])]
        for values in (texts_, authors)
    ]
    return {
        "heading": headings[one.kind],
        "texts": tr.ngettext("of {n} text", "of {n} texts", one.text_count),
        "authors": tr.ngettext("of {n} author", "of {n} authors", one.author_count)
        if has_authors
        else "",
        "rows": [
            {"name": name, "texts": texts_share, "authors": author_share if has_authors else ""}
            for name, texts_share, author_share in zip(names, *percents, strict=True)
        ],
    }
