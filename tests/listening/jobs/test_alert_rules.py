"""Rules over a real warehouse: what each picks, who is told when, and what goes wrong at night."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from listening.jobs.alert import judge
from listening.jobs.alert_actions import Person, silence, take_in_charge
from listening.jobs.context import JobContext
from listening.jobs.notify import send_pending
from listening.model import AlertState, Decision, Polarity, RunStatus, Severity
from tests.integration.home import rows
from tests.listening.jobs.heard import Text, hear, make_context
from tests.smtp_server import Post, smtp_server

NIGHT = datetime(2026, 11, 20, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEUTRAL = Polarity.NEUTRAL
CAMILLE = "camille@exemple.example"

SPIKE = "{id: pic, kind: negative_spike, severity: critical}"


def rules(*lines: str) -> str:
    return "rules:\n" + "".join(f"  - {line}\n" for line in lines)


def quiet(night: datetime = NIGHT, days: int = 30) -> list[Text]:
    return [
        Text(at=night - n * DAY - 6 * HOUR, polarity=Polarity.NEGATIVE if n % 4 == 0 else NEUTRAL)
        for n in range(1, days)
    ]


def outcry(night: datetime = NIGHT, size: int = 20) -> list[Text]:
    return [Text(at=night - 3 * HOUR - timedelta(minutes=n)) for n in range(size)]


def decisions(context: JobContext, now: datetime = NIGHT) -> dict[str, Decision]:
    return {one.rule_id: one.decision for one in judge(context, now=now).evaluations}


def mails(context: JobContext) -> list[tuple[str, str]]:
    return rows(context.paths.writer, "SELECT recipient, message_id FROM outbox ORDER BY ALL")


# -- kinds that pick texts ------------------------------------------------------------------------


def test_texts_are_picked_by_query_grave_word_and_new_site(tmp_path: Path) -> None:
    context = make_context(
        tmp_path,
        rules(
            "{id: prix, kind: any, query: 'prix OU tarif*'}",
            "{id: grave, kind: grave_word}",
            "{id: grave-partout, kind: grave_word, min_weight: 0}",
            "{id: inconnus, kind: new_source}",
            "{id: inconnus-forum, kind: new_source, source_types: [forum]}",
            "{id: tout, kind: any, threshold: 3}",
        ),
        now=NIGHT,
    )
    tonight = [
        Text(at=NIGHT - HOUR, words="L'Œuf à la Coque a encore monté ses tarifs, hélas pour nous"),
        Text(at=NIGHT - HOUR, source="forum", site="forum.example", flags=frozenset({"risk"}),
             words="intoxication alimentaire à L'Œuf à la Coque, toute la table est malade"),
        Text(at=NIGHT - HOUR, site="www.voix-nouvelle.example", polarity=NEUTRAL,
             words="on découvre L'Œuf à la Coque dans ce quartier que personne ne connaît"),
    ]  # fmt: skip
    hear(context, quiet(), at=NIGHT - DAY)
    hear(context, [Text(at=NIGHT - 9 * DAY, source="forum", site="forum.example")], at=NIGHT - DAY)
    hear(context, tonight, at=NIGHT)

    judgement = judge(context, now=NIGHT)

    found = {one.rule_id: one for one in judgement.evaluations}
    assert {name: one.decision for name, one in found.items()} == {
        "prix": Decision.FIRED,
        "grave": Decision.BELOW,  # the forum weighs 1
        "grave-partout": Decision.FIRED,
        "inconnus": Decision.FIRED,
        "inconnus-forum": Decision.BELOW,
        "tout": Decision.FIRED,
    }
    assert found["prix"].observation.judged_count == 1
    assert found["inconnus"].observation.judged_count == 1
    assert judgement.message_count == 1, "four alerts at once are one mail"
    ((fingerprints,),) = rows(context.paths.writer, "SELECT fingerprints FROM outbox")
    assert set(fingerprints) == {alert.fingerprint for alert in judgement.alerts}


def test_on_the_first_night_every_site_is_new_and_none_is_told(tmp_path: Path) -> None:
    context = make_context(tmp_path, rules("{id: inconnus, kind: new_source}", SPIKE), now=NIGHT)
    hear(context, outcry(), at=NIGHT)

    judgement = judge(context, now=NIGHT)

    assert {one.decision for one in judgement.evaluations} <= {Decision.LEARNING, Decision.BELOW}
    assert judgement.message_count == 0


# -- who is told, and when ------------------------------------------------------------------------


def test_what_is_silenced_or_covered_is_stored_and_not_told(tmp_path: Path) -> None:
    context = make_context(
        tmp_path,
        rules(
            "{id: tout, kind: any, threshold: 5, inhibited_by: [pic]}",
            SPIKE,
            "{id: muet, kind: any, threshold: 5}",
        ),
        now=NIGHT,
    )
    hear(context, quiet() + outcry(), at=NIGHT)
    person = Person(actor="camille", now=NIGHT)
    silence(context, person, until=NIGHT + DAY, rule_id="muet")

    assert decisions(context) == {
        "pic": Decision.FIRED,
        "tout": Decision.INHIBITED,
        "muet": Decision.SILENCED,
    }
    assert len(mails(context)) == 1
    stored = "SELECT decision FROM fct_alert_evaluations WHERE rule_id = 'muet'"
    assert rows(context.paths.writer, stored) == [("silenced",)]


@pytest.mark.parametrize("is_acknowledged", [False, True])
def test_an_alert_that_nobody_acknowledges_is_told_to_others_once(
    tmp_path: Path, is_acknowledged: bool
) -> None:
    context = make_context(
        tmp_path,
        rules(SPIKE[:-1] + ', escalate_after: 2h, escalate_to: ["chef@exemple.example"]}'),
        now=NIGHT,
    )
    hear(context, quiet() + outcry(), at=NIGHT)
    (alert,) = judge(context, now=NIGHT).alerts
    judge(context, now=NIGHT + 9 * HOUR)
    unsent = len(mails(context))  # nobody was told yet, so nobody is late
    send_pending(context)
    if is_acknowledged:
        take_in_charge(context, alert.fingerprint[:8], Person(actor="camille", now=NIGHT + HOUR))

    for hours in (1, 3, 4):
        judge(context, now=NIGHT + hours * HOUR)

    told = [recipient for recipient, _ in mails(context)]
    assert unsent == 1
    assert told == ([CAMILLE] if is_acknowledged else [CAMILLE, "chef@exemple.example"])


# -- what goes wrong ------------------------------------------------------------------------------


def test_a_story_on_fifty_sites_is_one_text_in_one_alert(tmp_path: Path) -> None:
    context = make_context(tmp_path, rules("{id: tout, kind: any}", SPIKE), now=NIGHT)
    release = "L'Œuf à la Coque ferme sa salle pour travaux après une plainte du voisinage " * 3
    copies = [Text(at=NIGHT - HOUR, words=release, site=f"site-{n}.example") for n in range(50)]
    hear(context, quiet(), at=NIGHT - DAY)
    hear(context, copies, at=NIGHT)

    judgement = judge(context, now=NIGHT)

    every, spike = (
        next(one for one in judgement.evaluations if one.rule_id == name)
        for name in ("tout", "pic")
    )
    assert (every.decision, every.observation.judged_count) == (Decision.FIRED, 1)
    assert every.observation.judged_mention_count == 50
    assert (spike.decision, len(mails(context))) == (Decision.BELOW, 1)


def test_one_author_who_writes_forty_times_lowers_the_level_and_the_mail_says_so(
    tmp_path: Path,
) -> None:
    context = make_context(
        tmp_path,
        rules(
            "{id: seuil, kind: negative_spike, threshold: 3, severity: critical, quiet_hours: none}"
        ),
        now=NIGHT,
    )
    loud = [
        Text(at=one.at, author="tenace", words=" ".join(f"plainte{n}mot{k}" for k in range(12)))
        for n, one in enumerate(outcry(size=40))
    ]
    hear(context, quiet() + loud, at=NIGHT)

    (alert,) = judge(context, now=NIGHT).alerts

    assert (alert.severity, alert.peak_count) == (Severity.WARNING, 3)
    send_pending(context)
    (mail,) = context.paths.spool.glob("*.eml")
    body = message_from_bytes(mail.read_bytes(), policy=default).get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert "un seul auteur a écrit 40 de ces 40 mentions" in said


@pytest.fixture
def post() -> Iterator[Post]:
    with smtp_server() as running:
        yield running


def with_server(context: JobContext, post: Post, *, now: datetime = NIGHT) -> JobContext:
    """Return the context with a mail server, at a moment when nobody is asleep."""
    server = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none"}
    settings = context.settings.model_copy(update=server)
    return replace(context, settings=settings, clock=lambda: now)


def test_ninety_days_read_at_once_are_no_storm_but_one_summary(tmp_path: Path, post: Post) -> None:
    """Crises of the past are no alerts but a line; today's, which five rules see, are one mail."""
    fives = [f"{{id: {name}, kind: any, threshold: 5}}" for name in ("neg", "tout", "toute")]
    told = "{id: chef, kind: any, threshold: 6, recipients: [chef@exemple.example]}"
    context = make_context(tmp_path, rules(SPIKE, *fives, told), now=NIGHT)
    context = with_server(context, post, now=NIGHT + 9 * HOUR)
    past = [text for days in (20, 45, 80) for text in outcry(NIGHT - days * DAY, size=40)]
    hear(context, quiet(days=90) + past + outcry(size=40), at=NIGHT)

    counts = [judge(context, now=NIGHT).message_count for _ in range(2)]

    assert counts == [2, 0]
    assert send_pending(context).sent == 2
    mails = {to: message_from_bytes(text, policy=default) for to, text in post.taken}
    assert len(post.taken) == len(mails) == 2
    assert (
        mails[CAMILLE]["Subject"]
        == "Critique\N{NO-BREAK SPACE}: L'Œuf à la Coque, 4 alertes à la fois"
    )
    assert "1 alerte" not in mails["chef@exemple.example"]["Subject"]
    body = mails[CAMILLE].get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    for rule in ("pic", "neg", "tout", "toute"):
        assert f"· {rule} " in said
    assert "du 31 août 2026 au 18 novembre 2026, aurait déclenché 2 alertes" in said
    assert "vigie alerts replay --from 2026-08-31 --to 2026-11-19 --client bistrot" in said
    days = "SELECT DISTINCT opened_at FROM fct_alerts"
    assert rows(context.paths.writer, days) == [(NIGHT,)]


def test_a_crisis_that_was_over_when_it_was_read_is_said_once(tmp_path: Path) -> None:
    context = make_context(tmp_path, rules(SPIKE), now=NIGHT)
    hear(context, quiet(days=20) + outcry(NIGHT - 8 * DAY), at=NIGHT)

    told = [judge(context, now=NIGHT + later).message_count for later in (0 * HOUR, HOUR, 2 * HOUR)]
    hear(context, [], at=NIGHT + DAY)

    assert told == [1, 0, 0]
    assert judge(context, now=NIGHT + DAY).message_count == 0
    ((body,),) = rows(context.paths.writer, "SELECT body FROM outbox")
    mail = message_from_bytes(body, policy=default)
    said = " ".join(mail.get_content().split())
    assert mail["Subject"].endswith("\N{NO-BREAK SPACE}: ce que l’historique aurait signalé")
    assert "1 alerte : L'Œuf à la Coque, 21 mentions négatives en 24 h, le 11 novembre" in said


def test_of_a_past_that_comes_later_only_what_nobody_was_told_of_is_said(tmp_path: Path) -> None:
    context = make_context(tmp_path, rules(SPIKE), now=NIGHT)
    hear(context, quiet() + outcry(), at=NIGHT)
    assert judge(context, now=NIGHT).message_count == 1
    later = NIGHT + 6 * DAY
    calm = [Text(at=NIGHT + n * DAY - 6 * HOUR, polarity=NEUTRAL) for n in range(1, 6)]

    hear(context, calm + outcry(NIGHT - 8 * DAY) + outcry(size=4), at=later)
    judge(context, now=later)

    ids = [message_id for _, message_id in mails(context) if message_id.startswith("<past.")]
    (found,) = rows(
        context.paths.writer, "SELECT fingerprints FROM outbox WHERE message_id = $1", *ids
    )
    assert len(found[0]) == 1


def test_who_was_told_in_a_summary_is_waited_for_like_anybody(tmp_path: Path, post: Post) -> None:
    late = "{id: tard, kind: spike, threshold: 5, escalate_after: 2h}"
    others = (SPIKE, "{id: tout, kind: any, threshold: 5}")
    context = make_context(tmp_path, rules(*others, late), now=NIGHT)
    context = with_server(context, post, now=NIGHT + 9 * HOUR)
    hear(context, quiet() + outcry(), at=NIGHT)
    judge(context, now=NIGHT + 9 * HOUR)
    before = judge(context, now=NIGHT + 12 * HOUR).message_count  # nothing went out yet
    send_pending(context)

    after = judge(context, now=NIGHT + 12 * HOUR).message_count
    send_pending(context)

    assert (before, after) == (0, 1)
    summary, escalation = (message_from_bytes(text, policy=default) for _, text in post.taken)
    assert escalation["References"].strip() in summary["References"].split(), "one thread"


def test_a_clock_that_moves_back_changes_nothing(tmp_path: Path) -> None:
    context = make_context(tmp_path, rules(SPIKE), now=NIGHT)
    hear(context, quiet() + outcry(), at=NIGHT)
    (opened,) = judge(context, now=NIGHT).alerts

    back = judge(context, now=NIGHT - 30 * HOUR)
    again = judge(context, now=NIGHT)

    assert [alert.state for alert in back.alerts] == [AlertState.FIRING]
    assert (back.message_count, again.message_count) == (0, 0)
    assert again.alerts[0].fingerprint == opened.fingerprint
    assert len(mails(context)) == 1


@pytest.mark.parametrize(
    "night",
    [
        pytest.param(datetime(2026, 3, 29, 1, tzinfo=UTC), id="the-hour-that-is-missing"),
        pytest.param(datetime(2026, 10, 25, 1, tzinfo=UTC), id="the-hour-that-is-there-twice"),
    ],
)
def test_an_hour_more_or_less_is_neither_an_alert_nor_a_second_mail(
    tmp_path: Path, night: datetime
) -> None:
    context = make_context(tmp_path, rules(SPIKE), now=night)
    hear(context, quiet(night), at=night - 2 * HOUR)
    before = judge(context, now=night - 2 * HOUR).message_count
    told = []
    for hours in (-1, 1):
        hear(context, outcry(night - HOUR) if hours == -1 else [], at=night + hours * HOUR)
        told.append(judge(context, now=night + hours * HOUR).message_count)

    assert (before, told) == (0, [1, 0])
    lengths = "SELECT DISTINCT epoch(window_end) - epoch(window_start) FROM fct_alert_evaluations"
    assert rows(context.paths.writer, lengths) == [(24 * 3600,)]


def test_an_outage_neither_opens_nor_closes(tmp_path: Path) -> None:
    context = make_context(
        tmp_path, rules(SPIKE, "{id: silence, kind: flatline, minimum: 1}"), now=NIGHT
    )
    hear(context, quiet() + outcry(), at=NIGHT)
    judge(context, now=NIGHT)
    hear(context, [], at=NIGHT + 3 * DAY, status=RunStatus.FAILED)

    judgement = judge(context, now=NIGHT + 3 * DAY)

    assert judgement.message_count == 0
    assert {alert.state for alert in judgement.alerts} == {AlertState.FIRING}


#: What Airflow does with a task that found the warehouse held by another one.
RETRIED_JUDGE = f"""
import time
from datetime import datetime
from listening.errors import WarehouseBusyError
from listening.jobs import tasks

while True:
    try:
        tasks.judge("bistrot", now=datetime.fromisoformat("{NIGHT.isoformat()}"))
        break
    except WarehouseBusyError:
        time.sleep(0.05)
"""


def test_two_schedulers_at_once_write_each_mail_once(tmp_path: Path) -> None:
    context = make_context(tmp_path, rules(SPIKE), now=NIGHT)
    hear(context, quiet() + outcry(), at=NIGHT)

    both = [
        subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", RETRIED_JUDGE],
            env={"LISTENING_HOME": str(tmp_path), "PATH": ""},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    for one in both:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said
    assert len(mails(context)) == 1
    assert rows(context.paths.writer, "SELECT count(*) FROM fct_alerts") == [(1,)]
