"""``vigie alerts``: list what is open, judge now, send what waits."""

from pathlib import Path

import pytest

from listening.jobs.context import ClientPaths
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
