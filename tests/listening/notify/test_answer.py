"""Links of mails: only their maker can make them, for one client, alert, state, person, answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from listening.errors import TokenError
from listening.notify.answer import Answer, AnswerAction, LinkMaker, client_of, sign, verify
from listening.settings import Settings
from tests.builders import NOW

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
LATER = (NOW + timedelta(days=30)).replace(microsecond=0)
ANSWER = Answer(
    client_id="bistrot-l-oeuf",
    fingerprint="0123456789abcdef" * 2,
    occasion="firing-repeat-2",
    action=AnswerAction.TRUE,
    person="0123456789ab",
    expires_at=LATER,
)


def fault(token: str, *, key: bytes = KEY, client_id: str = ANSWER.client_id) -> str:
    with pytest.raises(TokenError) as caught:
        verify(token, key, client_id=client_id, now=NOW)
    return caught.value.fault


@pytest.mark.parametrize("action", AnswerAction)
def test_a_link_says_what_was_signed_each_time_it_is_read(action: AnswerAction) -> None:
    answer = replace(ANSWER, action=action)
    link = LinkMaker(base_url="https://vigie.example", key=KEY).link(answer)

    assert link.startswith("https://vigie.example/answer/1.")
    assert client_of(link) == ANSWER.client_id
    for written in (link, sign(answer, KEY), f" {link}\n"):
        assert verify(written, KEY, client_id=ANSWER.client_id, now=NOW) == answer


def test_it_expires_to_the_second() -> None:
    token = sign(ANSWER, KEY)
    last = LATER - timedelta(seconds=1)

    assert verify(token, KEY, client_id=ANSWER.client_id, now=last) == ANSWER
    with pytest.raises(TokenError, match="expired"):
        verify(token, KEY, client_id=ANSWER.client_id, now=LATER)


def test_another_client_can_neither_make_nor_use_it() -> None:
    token = sign(ANSWER, KEY)

    assert fault(token, key=OTHER_KEY) == "forged"
    assert fault(token, client_id="autre") == "forged"
    assert fault(token.replace("bistrot-l-oeuf", "autre"), client_id="autre") == "forged"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"fingerprint": "f" * 32}, id="another-alert"),
        pytest.param({"occasion": "firing"}, id="another-state"),
        pytest.param({"action": AnswerAction.FALSE}, id="another-answer"),
        pytest.param({"person": "f" * 12}, id="another-person"),
        pytest.param({"expires_at": LATER + timedelta(days=365)}, id="for-longer"),
    ],
)
def test_the_signature_of_one_answer_is_none_of_another(changes: dict[str, object]) -> None:
    other = sign(replace(ANSWER, **changes), KEY)  # type: ignore[arg-type]
    stolen = sign(ANSWER, KEY).rsplit(".", 1)[-1]

    assert fault(f"{other.rsplit('.', 1)[0]}.{stolen}") == "forged"


@given(st.integers(min_value=0), st.characters())
def test_one_changed_letter_is_enough(place: int, letter: str) -> None:
    token = sign(ANSWER, KEY)
    at = place % len(token)
    changed = token[:at] + letter + token[at + 1 :]

    if changed != token:
        assert fault(changed) in {"forged", "malformed"}


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert fault(text) in {"forged", "malformed"}


def test_the_key_is_not_shown() -> None:
    assert repr(KEY) not in repr(LinkMaker(base_url="https://vigie.example", key=KEY))


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        pytest.param("https://vigie.example.org/", "https://vigie.example.org", id="with a slash"),
        pytest.param("http://10.0.0.2:8090/vigie", "http://10.0.0.2:8090/vigie", id="in a folder"),
        pytest.param("vigie.example.org", None, id="no scheme"),
        pytest.param("javascript:alert(1)", None, id="no web address"),
        pytest.param("https://vigie.example.org/?a=1", None, id="a query"),
    ],
)
def test_links_lead_to_a_web_address_only(given_url: str, kept: str | None) -> None:
    if kept is not None:
        assert Settings(public_url=given_url).public_url == kept
        return
    with pytest.raises(ValidationError, match="no web address"):
        Settings(public_url=given_url)
