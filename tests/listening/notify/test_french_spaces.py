"""French mails: no sign before which one leaves a space begins a line."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from listening.model import OutgoingMessage
from listening.notify.digest import render_digest
from listening.notify.message import render_alert
from listening.notify.past import render_past
from listening.notify.summary import render_summary
from listening.notify.watchdog import render_watchdog
from tests.builders import NOW, make_addressee
from tests.listening.notify import test_digest as digest
from tests.listening.notify import test_message as alert
from tests.listening.notify.test_past import PAST
from tests.listening.notify.test_summary import STORM
from tests.listening.notify.test_watchdog import LAST_WEEK, make_silence

READER = make_addressee()


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(render_alert(alert.make_facts(), READER), id="alert"),
        pytest.param(render_summary(STORM, READER, past=PAST), id="summary"),
        pytest.param(render_past(PAST, READER), id="past"),
        pytest.param(render_digest(digest.make_facts(), READER), id="day"),
        pytest.param(render_digest(digest.make_week(), READER), id="week"),
        pytest.param(
            render_watchdog(make_silence(LAST_WEEK), "overdue", READER, now=NOW), id="watchdog"
        ),
    ],
)
def test_every_space_before_a_french_sign_is_unbreakable(message: OutgoingMessage) -> None:
    mail = message_from_bytes(message.body, _class=EmailMessage, policy=default)
    bodies = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    texts = [
        str(mail["Subject"]),
        *(re.sub(r"(?s)<style.*?</style>|<[^>]*>", "", one.get_content()) for one in bodies),
    ]
    lines = [line for text in texts for line in text.split("\n") if line[:1] != "\t"]

    assert [line for line in lines if re.search(r"\w [:;!?%»]|« ", line)] == []
