"""The past that came in at once: a short mail, or a line of a summary."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from listening.model import RuleKind
from listening.notify.past import PastFacts, render_past
from listening.notify.summary import render_summary
from tests.builders import NOW, make_addressee, make_evaluation
from tests.listening.notify.test_summary import STORM, part_of

PAST = PastFacts(
    told_at=NOW,
    from_on=date(2026, 8, 31),
    to_on=date(2026, 11, 19),
    fingerprints=("a" * 32, "b" * 32),
    largest=make_evaluation(20, days_ago=20),
    kind=RuleKind.NEGATIVE_SPIKE,
    brand_name="L’Œuf à la Coque",
)
COMMAND = "vigie alerts replay --from 2026-08-31 --to 2026-11-19 --client exemple"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        pytest.param(
            "fr", 1,
            "du 31 août 2026 au 18 novembre 2026, aurait déclenché 1 alerte : L’Œuf à la Coque, 20"
            " mentions négatives en 24 h, le 31 octobre 2026.",
            id="one",
        ),
        pytest.param(
            "en", 2,
            "from 31 August 2026 to 18 November 2026, would have set off 2 alerts; the largest:"
            " L’Œuf à la Coque, 20 negative mentions in 24 h, on 31 October 2026.",
            id="several-in-english",
        ),
    ],
)  # fmt: skip
def test_it_says_how_many_alerts_there_would_have_been(
    language: str, count: int, said: str
) -> None:
    facts = replace(PAST, fingerprints=PAST.fingerprints[:count])

    message = render_past(facts, make_addressee(language=language))

    mail = message_from_bytes(message.body, _class=EmailMessage, policy=default)
    text = " ".join(mail.get_content().replace("\u00a0", " ").split())
    assert said in text and COMMAND in text
    assert message.fingerprints == facts.fingerprints


def test_the_same_past_is_one_mail_per_person() -> None:
    first, again = (render_past(PAST, make_addressee()) for _ in range(2))
    other = render_past(PAST, make_addressee(recipient="noor@exemple.example"))

    assert first == again
    assert other.message_id != first.message_id


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_summary_of_the_same_moment_says_it_too(kind: str) -> None:
    message = render_summary(STORM, make_addressee(), past=PAST)

    assert "aurait déclenché 2 alertes" in part_of(message, kind)
    assert COMMAND in part_of(message, kind)
    assert set(message.fingerprints) > set(PAST.fingerprints)
    assert "aurait déclenché" not in part_of(render_summary(STORM, make_addressee()), kind)
