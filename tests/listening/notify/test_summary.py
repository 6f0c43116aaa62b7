"""One mail for many alerts: what it tells of each, its size, its thread, its links."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from listening.model import AlertState, OutgoingMessage, RuleKind, Severity
from listening.notify.answer import AnswerAction, LinkMaker, verify
from listening.notify.facts import AlertFacts
from listening.notify.summary import MAX_NAMED, MAX_TOLD, render_summary
from tests.builders import NOW, make_addressee
from tests.listening.notify.test_message import KEY, Page, make_document, make_facts_of

LINKS = LinkMaker(base_url="https://vigie.exemple.example", key=KEY)
ONE = make_facts_of(RuleKind.NEGATIVE_SPIKE)


def make_alert(n: int, brand: str = "L’Œuf à la Coque", **changes: Any) -> AlertFacts:
    """Return alert ``n`` of a storm."""
    alert = replace(ONE.alert, **({"fingerprint": f"{n:032x}"} | changes))
    rule = ONE.rule.model_copy(update={"id": f"regle-{n}"})
    return replace(ONE, alert=alert, rule=rule, brand_name=brand)


STORM = (
    make_alert(1, severity=Severity.WARNING),
    make_alert(2, "La Tartine Dorée", severity=Severity.CRITICAL),
    make_alert(3, state=AlertState.RESOLVED),
    make_alert(4, severity=Severity.INFO),
)


def render(alerts: tuple[AlertFacts, ...] = STORM, **options: Any) -> OutgoingMessage:
    return render_summary(alerts, make_addressee(**options))


def part_of(message: OutgoingMessage, kind: str) -> str:
    parsed = message_from_bytes(message.body, _class=EmailMessage, policy=default)
    part = parsed.get_body((kind,))
    assert part is not None and not parsed.defects
    return " ".join(str(part.get_content()).replace("\u00a0", " ").split())


def test_a_storm_is_told_by_brand_the_loudest_first_what_is_over_last() -> None:
    message = render()

    assert message.subject == "Critique\u00a0: Bistrot, 4 alertes à la fois"
    for words in (part_of(message, "plain"), Page(part_of(message, "html")).text):
        assert "4 alertes à la fois ; 2 marques ; 4 règles ; dont 1 terminée." in words
        places = [words.index(f"· regle-{n}") for n in (2, 1, 4, 3)]
        assert places == sorted(places)
        assert "Trois clients hospitalisés" in words
    assert "LA TARTINE DORÉE" in part_of(message, "plain")


def test_of_one_brand_it_bears_its_name_and_in_english_too() -> None:
    message = render(STORM[:1] * 3, language="en")

    assert message.subject == "Warning: L’Œuf à la Coque, 3 alerts at once"
    assert "From three alerts on" in part_of(message, "plain")


def test_each_alert_keeps_its_own_answers() -> None:
    links = [one for one in Page(part_of(render(links=LINKS), "html")).links if "/answer/" in one]

    answers = [verify(link, KEY, client_id="exemple", now=NOW) for link in links]
    assert [(int(one.fingerprint, 16), one.action) for one in answers] == [
        *((2, action) for action in AnswerAction),
        *((1, action) for action in AnswerAction),
        *((4, action) for action in AnswerAction),
        *((3, action) for action in (AnswerAction.TRUE, AnswerAction.FALSE)),
    ]
    assert "vigie alerts ack 00000000 --client exemple" in part_of(render(), "plain")


def test_the_same_storm_is_the_same_mail_in_any_order() -> None:
    assert render(STORM[::-1]) == render()
    assert render(STORM[:3]).message_id != render().message_id
    assert render(recipient="noor@exemple.example").message_id != render().message_id
    assert set(render().fingerprints) == {one.alert.fingerprint for one in STORM}


@pytest.mark.parametrize("count", [MAX_TOLD + 1, MAX_TOLD + MAX_NAMED + 5, 2000])
def test_two_thousand_alerts_are_one_mail_of_less_than_a_hundred_kilobytes(count: int) -> None:
    title = make_document(title="漢" * 200, url="https://a.example/?" + "x=" * 400)
    storm = tuple(replace(make_alert(n, "漢" * 80), documents=(title,)) for n in range(count))

    message = render(storm, links=LINKS)

    assert len(message.body) < 100_000
    assert max(len(line) for line in message.body.split(b"\r\n")) <= 998  # RFC 5322 §2.1.1
    text = part_of(message, "plain")
    assert ("de plus" in text) == (count > MAX_TOLD + MAX_NAMED)


def test_a_summary_of_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="nothing"):
        render(())
