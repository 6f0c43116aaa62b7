"""``vigie alerts``: list what is open, judge now, send what waits."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listening.jobs.alert_answers import answer_key
from listening.jobs.context import ClientPaths
from listening.notify.answer import Answer, AnswerAction, LinkMaker
from listening.notify.letter import person_key
from listening.settings import Settings
from storage.engine import open_writer
from storage.outbox import insert_messages
from tests.builders import make_message
from tests.cli.conftest import Vigie
from tests.integration.home import rows


@pytest.mark.usefixtures("published")
def test_open_alerts_are_listed_as_a_table_or_as_json(vigie: Vigie) -> None:
    table = vigie("alerts", "list")
    (alert,) = vigie("alerts", "list", "--json").rows()

    line = next(line for line in table.out.splitlines() if "mauvais-buzz" in line)
    assert [cell.strip() for cell in line.strip("│").split("│")] == [
        "L'Œuf à la Coque",
        "mauvais-buzz",
        "critique",
        "en cours",
        "20 novembre 2026 à 02:14",
        "34",
        "1e-06",
        "ffffffff",
    ]
    assert (alert["rule_id"], alert["severity"], alert["state"]) == (
        "mauvais-buzz",
        "critical",
        "firing",
    )
    assert alert["negative_story_count"] == 34


@pytest.mark.usefixtures("bistrot")
def test_before_the_first_night_there_is_nothing_to_list(vigie: Vigie) -> None:
    answer = vigie("alerts", "list", code=1)

    assert "nightly" in answer.err and answer.out == ""


def test_evaluate_judges_sends_and_publishes(vigie: Vigie, published: ClientPaths) -> None:
    with open_writer(published.writer) as warehouse:
        insert_messages(warehouse, [make_message(1)])

    answer = vigie("alerts", "evaluate", "--now", "2026-11-21T08:30:00+01:00")

    assert answer.out.splitlines()[0].startswith("historique encore trop court")
    assert "1" in answer.out.splitlines()[1], "one mail was waiting"
    assert len(list(published.spool.glob("*.eml"))) == 1
    looks = rows(published.snapshot, "SELECT evaluated_at FROM fct_alert_evaluations ORDER BY ALL")
    listened_until = "2026-11-20T01:00:00+00:00"  # the sources were last read that night
    assert [at.isoformat() for (at,) in looks] == [listened_until, "2026-11-20T01:14:00+00:00"]


def test_evaluate_works_before_the_first_night(vigie: Vigie, root: Path, bistrot: Path) -> None:
    answer = vigie("alerts", "evaluate")

    assert answer.out.splitlines()[0].startswith("Rien n'est jugé avant la première visite")
    assert ClientPaths(root / "var" / "data" / bistrot.name).snapshot.exists()


@pytest.mark.usefixtures("bistrot")
@pytest.mark.parametrize("now", ["demain", "2026-11-20T02:00:00"], ids=["no-instant", "no-zone"])
def test_an_instant_must_be_one_and_have_a_zone(vigie: Vigie, now: str) -> None:
    answer = vigie("alerts", "evaluate", "--now", now, code=2)

    assert now in answer.err and "+01:00" in answer.err


FIRING = "f" * 8


def acted(paths: ClientPaths) -> list[tuple[str, str | None, str]]:
    return rows(
        paths.snapshot, "SELECT kind, value, actor FROM fct_alert_actions ORDER BY acted_at, kind"
    )


def test_an_alert_is_taken_in_charge_once(vigie: Vigie, published: ClientPaths) -> None:
    first = vigie("alerts", "ack", FIRING, "--by", "camille", "--note", "vu avec la cuisine")
    again = vigie("alerts", "ack", FIRING, "--by", "dominique")

    assert "charge" in first.out and "charge" in again.out
    assert acted(published) == [("acknowledge", None, "camille")]
    (alert,) = vigie("alerts", "list", "--json").rows()
    assert alert["state"] == "acknowledged"
    (month,) = (published.actions / "alerts").iterdir()
    assert month.read_text(encoding="utf-8").count("vu avec la cuisine") == 1


def test_the_latest_verdict_counts_in_the_precision(vigie: Vigie, published: ClientPaths) -> None:
    for minute, said in enumerate(("true", "false", "true", "none", "false")):
        now = f"2026-11-21T08:3{minute}:00+01:00"
        vigie("alerts", "verdict", FIRING, said, "--now", now, "--by", "camille")
    vigie("alerts", "verdict", FIRING, "false", "--now", now, "--by", "camille")  # once more

    assert len(acted(published)) == 5
    question = (
        "SELECT judged_count, true_count"
        " FROM alert_precision('bistrot', DATE '2026-11-01', DATE '2026-12-01')"
    )
    assert rows(published.snapshot, question) == [(1, 0)]


def link(action: AnswerAction, root: Path, **changes: Any) -> str:
    """Return the link that the mail about the open alert has for its one recipient."""
    answer = Answer(
        client_id="bistrot",
        fingerprint="f" * 32,
        occasion="firing",
        action=action,
        person=person_key("camille@exemple.example"),
        expires_at=datetime(2026, 12, 20, 1, 14, tzinfo=UTC),
    )
    key = answer_key(answer.client_id, Settings(home=root))
    return LinkMaker(base_url="https://v.example", key=key).link(replace(answer, **changes))


def test_links_of_mails_are_honoured_once_in_the_name_of_their_reader(
    vigie: Vigie, published: ClientPaths, root: Path
) -> None:
    taken = link(AnswerAction.ACKNOWLEDGE, root)
    true, false = link(AnswerAction.TRUE, root), link(AnswerAction.FALSE, root)
    said = [
        vigie("alerts", "answer", one, "--now", f"2026-11-21T08:3{minute}:00+01:00").out
        for minute, one in enumerate((taken, taken, true, true.rsplit("/")[-1], false, true))
    ]

    assert [("déjà servi" in one, "c'est noté" in one) for one in said] == [
        (False, False),
        (True, False),
        (False, True),
        (True, False),
        (False, True),
        (True, False),
    ]
    assert "aucun avis" in said[1]
    assert "alerte fondée" in said[3] and "fausse alerte" in said[5]

    assert acted(published) == [
        ("acknowledge", None, "camille@exemple.example"),
        ("verdict", "true", "camille@exemple.example"),
        ("verdict", "false", "camille@exemple.example"),
    ]
    (alert,) = vigie("alerts", "list", "--json").rows()
    assert alert["state"] == "acknowledged"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"expires_at": datetime(2026, 11, 21, tzinfo=UTC)}, "expiré", id="too-old"),
        pytest.param({"person": "0" * 12}, "ne reçoit plus", id="left"),
        pytest.param({"client_id": "autre"}, "autre", id="no-client"),
        pytest.param({"fingerprint": "0" * 32}, "0000", id="no-alert"),
    ],
)
def test_a_link_that_says_nothing_now_changes_nothing(
    vigie: Vigie, published: ClientPaths, root: Path, changes: dict[str, Any], said: str
) -> None:
    pasted = link(AnswerAction.TRUE, root, **changes)
    answer = vigie("alerts", "answer", pasted, "--now", "2026-11-21T08:30:00+01:00", code=2)

    assert said in answer.err
    assert acted(published) == []


def test_a_silence_is_lifted(vigie: Vigie, published: ClientPaths) -> None:
    now = "2026-11-21T08:30:00+01:00"
    put = vigie("alerts", "silence", "--rule", "mauvais-buzz", "--for", "2j", "--now", now)
    lifted = vigie(
        "alerts", "silence", "--rule", "mauvais-buzz", "--lift", "--now", now.replace("30", "40")
    )

    assert "23 novembre 2026 à 08:30" in put.out and "mauvais-buzz" in put.out
    assert lifted.out.strip() == "rien n'est en sourdine"
    assert [kind for kind, _, _ in acted(published)] == ["silence", "silence"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(("answer", "https://vigie.example/answer/1.x"), "https://", id="no-link"),
        pytest.param(("ack", "fff"), "alerts list", id="too-few-digits"),
        pytest.param(("ack", "abcdef"), "alerts list", id="no-such-alert"),
        pytest.param(("silence", "--rule", "mauvais-bzz"), "mauvais-buzz", id="rule"),
        pytest.param(("silence", "--brand", "tartin"), "tartine", id="brand"),
        pytest.param(("silence", "--for", "longtemps"), "30m", id="duration"),
        pytest.param(("replay", "--from", "hier", "--to", "2026-11-20"), "2026-11-20", id="day"),
        pytest.param(
            ("replay", "--from", "2026-11-19", "--to", "2026-11-20", "--budget", "0"),
            "1 par trimestre",
            id="budget",
        ),
    ],
)
def test_a_slip_is_told_with_a_way_out(vigie: Vigie, words: tuple[str, ...], hint: str) -> None:
    answer = vigie("alerts", *words, code=2)

    assert hint in answer.err


def test_a_sample_is_sent_now_and_opens_nothing(vigie: Vigie, published: ClientPaths) -> None:
    answer = vigie("alerts", "test", "--now", "2026-11-21T23:30:00+01:00")

    assert "camille@exemple.example" in answer.out
    (mail,) = published.spool.glob("*.eml")
    assert "Exemple" in mail.read_bytes().decode("ascii", "replace")
    assert rows(published.writer, "SELECT count(*) FROM fct_alerts") == [(1,)]


def test_a_sample_that_is_refused_fails_with_the_reason(
    vigie: Vigie, published: ClientPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:  # bound, and never listening: nobody else gets the port
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("LISTENING_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("LISTENING_SMTP_PORT", str(closed.getsockname()[1]))
        answer = vigie("alerts", "test", code=1)

    assert "0 courriel envoyé, 1 refusé" in answer.out
    assert "personne ne répond" in answer.err and "(connection_refused)" in answer.err
    assert "runbook.md" in answer.err
    assert rows(published.writer, "SELECT failure_reason FROM outbox") == [("connection_refused",)]


@pytest.mark.usefixtures("published")
def test_a_replay_prints_what_would_have_been_told(vigie: Vigie) -> None:
    answer = vigie("alerts", "replay", "--from", "2026-11-10", "--to", "2026-11-20")

    assert answer.out.splitlines()[-1] == "0 alerte en 10 jours, sur 10 examens"


@pytest.mark.usefixtures("published")
def test_a_replay_into_the_future_says_where_it_stopped(vigie: Vigie) -> None:
    answer = vigie("alerts", "replay", "--from", "2026-11-10", "--to", "2026-12-20")

    assert answer.out.replace("\xa0", " ").splitlines()[-2:] == [
        "0 alerte en 10 jours, sur 10 examens",
        "jugé jusqu'au 20 novembre 2026 à 00:00 : la suite n'est pas encore publiée",
    ]
