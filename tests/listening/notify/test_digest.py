"""The daily sheet and the weekly digest as mails: what they claim, and what they never do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from listening.model import AlertState, Severity
from listening.notify.digest import MAX_ALERTS, MAX_BRANDS, MAX_TROUBLES, render_digest
from listening.notify.digest_facts import (
    AlertLine,
    BrandFigures,
    DigestFacts,
    DigestKind,
    Precision,
    SourceTrouble,
)
from listening.notify.facts import SourceCoverage
from tests.builders import make_addressee

MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
READ_AT = datetime(2026, 11, 20, 1, 14, tzinfo=UTC)

DAY = timedelta(days=1)

ALL_READ = SourceCoverage(read_count=19, planned_count=19, read_at=READ_AT)
UNREAD = SourceCoverage(read_count=0, planned_count=19, read_at=None)

BRAND = BrandFigures(
    name="L'Œuf à la Coque", mention_count=34, previous_count=28, story_count=20,
    negative_count=5, net_sentiment=12.4, net_sentiment_margin=9.0, judged_count=34,
    is_small_sample=False,
    share=0.41, share_margin=0.08,
)  # fmt: skip
ALERT = AlertLine(
    brand_name="L'Œuf à la Coque", rule_id="mauvais-buzz", severity=Severity.CRITICAL,
    state=AlertState.FIRING, opened_at=READ_AT, peak_count=34, verdict=None,
)  # fmt: skip
TROUBLE = SourceTrouble(
    title="Gazette de Lyon", health="failing",
    reason="The server's certificate or encryption is not acceptable.",
    read_at=READ_AT - 2 * DAY, silent_days=None, habit_days=None,
)  # fmt: skip


def make_facts(**changes: Any) -> DigestFacts:
    facts = DigestFacts(
        kind=DigestKind.DAILY,
        timezone="Europe/Paris", from_on=date(2026, 11, 19), to_on=date(2026, 11, 20),
        written_at=MORNING, coverage=ALL_READ,
        is_blind=False, brands=(BRAND,), alerts=(), precision=None, troubles=(),
    )  # fmt: skip
    return replace(facts, **changes)


def make_week(**changes: Any) -> DigestFacts:
    precision = Precision(judged_count=5, true_count=4, low=0.376, high=0.964)
    week = {"kind": DigestKind.WEEKLY, "from_on": date(2026, 11, 9), "to_on": date(2026, 11, 16)}
    return make_facts(**({"precision": precision} | week | changes))


def render(facts: DigestFacts, *, language: str = "fr") -> EmailMessage:
    mail = render_digest(facts, make_addressee(language=language))
    return message_from_bytes(mail.body, _class=EmailMessage, policy=default)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return " ".join(str(part.get_content()).replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("facts", "language", "said"),
    [
        pytest.param(
            make_facts(), "fr", "Rien à signaler, 19 sources sur 19 lues à 02:14", id="calm"
        ),
        pytest.param(
            make_facts(), "en", "Nothing to report, 19 of 19 sources read at 02:14", id="English"
        ),
        pytest.param(
            make_facts(alerts=(ALERT,)),
            "fr",
            "1 alerte en 24 h, 19 sources sur 19 lues à 02:14",
            id="an alert",
        ),
        pytest.param(
            make_facts(is_blind=True, coverage=UNREAD),
            "fr",
            "Trop peu a été lu pour savoir : 0 source sur 19 lue",
            id="nobody looked, so that calm is not claimed",
        ),
        pytest.param(
            make_facts(coverage=replace(ALL_READ, read_count=18, read_at=READ_AT - DAY)),
            "en",
            "Nothing to report, 18 of 19 sources read, last on 19 November 2026",
            id="not read today: the day is named",
        ),
        pytest.param(
            make_week(),
            "fr",
            "34 mentions en une semaine, sentiment net +12 ± 9, 0 alerte",
            id="a week",
        ),
    ],
)  # fmt: skip
def test_the_headline_says_what_there_is_to_know(
    facts: DigestFacts, language: str, said: str
) -> None:
    mail = render(facts, language=language)

    assert said in text_of(mail)
    assert said in text_of(mail, "html")
    assert said in str(mail["Subject"]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        pytest.param(TROUBLE, "Gazette de Lyon : le certificat", id="certificate"),
        pytest.param(
            replace(TROUBLE, reason="The site's robots.txt asks not to be read there."),
            "Gazette de Lyon : le robots.txt",
            id="refused by robots.txt",
        ),
        pytest.param(
            replace(TROUBLE, health="silent", silent_days=9, habit_days=4.0),
            "muette depuis 9 jours, quand son plus long silence ordinaire est de 4",
            id="silent for longer than its habit",
        ),
        pytest.param(
            replace(TROUBLE, health="silent", silent_days=None, habit_days=None),
            "Gazette de Lyon : n’a encore rien donné",
            id="never gave anything",
        ),
        pytest.param(replace(TROUBLE, health="never_read"), "pas encore lue", id="new"),
    ],
)
def test_each_ill_source_is_named_with_what_is_wrong(trouble: SourceTrouble, said: str) -> None:
    assert said in text_of(render(make_facts(troubles=(trouble,))))


def test_three_mentions_have_an_n_and_no_margin() -> None:
    few = replace(
        BRAND, net_sentiment=-100.0, net_sentiment_margin=0.0, judged_count=3,
        share=0.0, share_margin=0.0,
    )  # fmt: skip

    text = text_of(render(make_week(brands=(few,))))

    assert "100 (n = 3)" in text
    assert "± 0" not in text


def test_one_judged_alert_is_one_alert() -> None:
    one = Precision(true_count=1, judged_count=1, low=0.2, high=1.0)

    assert "1 alerte vraie sur 1 jugée (de 20 % à 100 %" in text_of(
        render(make_week(precision=one))
    )


def test_the_week_has_margins_shares_verdicts_and_precision() -> None:
    alert = replace(ALERT, state=AlertState.RESOLVED, verdict=True)
    brand = replace(BRAND, rising_terms=("attente", "poux"), is_small_sample=True)

    text = text_of(render(make_week(alerts=(alert,), brands=(brand,))))

    assert "Précision sur un an : 4 alertes vraies sur 5 jugées (de 38 % à 96 %, à 95 %)." in text
    assert "+12 ± 9 *" in text
    assert "41 % ± 8" in text
    assert "terminée · jugée vraie" in text
    assert "attente, poux" in text
    assert "du 9 novembre 2026 au 15 novembre 2026" in text.casefold()


def test_the_same_facts_are_the_same_bytes_and_one_message_per_person_and_period() -> None:
    def ids(facts: DigestFacts, recipient: str) -> tuple[str, bytes]:
        mail = render_digest(facts, make_addressee(recipient=recipient))
        return mail.message_id, mail.body

    later = make_facts(written_at=MORNING + timedelta(hours=3))
    assert ids(make_facts(), "a@x.example") == ids(make_facts(), "a@x.example")
    assert ids(later, "a@x.example")[0] == ids(make_facts(), "A@x.example")[0]
    assert ids(make_facts(), "b@x.example")[0] != ids(make_facts(), "a@x.example")[0]
    assert ids(make_week(), "a@x.example")[0] != ids(make_facts(), "a@x.example")[0]


def test_nothing_from_the_web_breaks_out_and_the_largest_mail_stays_small() -> None:
    evil = "<script>alert(1)</script>\r\nBcc: x@evil.example " + "É" * 400
    facts = make_week(
        brands=(replace(BRAND, name=evil, rising_terms=(evil,) * 6),) * (MAX_BRANDS + 1),
        alerts=(replace(ALERT, brand_name=evil),) * (MAX_ALERTS + 1),
        troubles=(replace(TROUBLE, title=evil),) * (MAX_TROUBLES + 40),
    )

    sent = render_digest(facts, make_addressee(client_name=evil))
    mail = message_from_bytes(sent.body, _class=EmailMessage, policy=default)

    assert mail["Bcc"] is None
    assert "<script>" not in text_of(mail, "html").replace("&lt;script&gt;", "")
    assert "et 40 de plus" in text_of(mail)
    assert len(sent.body) < 100_000
