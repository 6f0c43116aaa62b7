"""What the end of a night prints about alerts: the figure of the mail, and what is usual."""

from dataclasses import replace
from pathlib import Path

import pytest

from listening.cli.summary import print_summary
from listening.jobs.context import ClientPaths, open_context
from listening.jobs.summary import night_summary
from listening.model import Baseline
from listening.settings import Settings
from listening.translate import translator
from storage.alerting import latest_alerts, save_judgement
from storage.engine import open_writer
from storage.publish import publish
from tests.builders import NOW, make_evaluation

USUAL = Baseline(center=2.0, dispersion=1.0, window_count=56, low=1, high=4)


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        pytest.param(USUAL, "d’habitude 1 à 4 (56 fenêtres d’historique)", id="usual"),
        pytest.param(None, "elle ne se réfère à aucune habitude", id="no-usual-range"),
    ],
)
def test_the_summary_says_the_count_that_the_rule_judged(
    root: Path,
    published: ClientPaths,
    capsys: pytest.CaptureFixture[str],
    baseline: Baseline | None,
    said: str,
) -> None:
    look = make_evaluation(baseline=baseline)
    look = replace(look, observation=replace(look.observation, negative_voice_count=7))
    with open_writer(published.writer) as warehouse:
        (alert,) = latest_alerts(warehouse).values()
        save_judgement(warehouse, evaluations=[look], alerts=[alert], messages=[], now=NOW)
    publish(published.writer, published.published, now=NOW)

    context = open_context("bistrot", settings=Settings(home=root))
    print_summary(night_summary(context, now=NOW), translator("fr"))

    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("Alerte")]
    assert "la règle mauvais-buzz a compté 7 en une fenêtre" in line
    assert said in line and "None" not in line
