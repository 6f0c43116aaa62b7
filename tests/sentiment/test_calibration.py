"""What corrections teach: gains on others of their kind, costs nothing elsewhere, adds up."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.errors import TaggingError
from listening.model import Evidence, Polarity
from listening.text import fold
from sentiment.calibration import (
    Calibration,
    Lesson,
    chances_of,
    is_right,
    lesson_buckets,
    outcome,
)
from sentiment.evaluate import Case, judge_cases
from sentiment.judgement import Judgement, squash
from sentiment.retraining import (
    KEPT,
    Layer,
    figures_of,
    load_layers,
    retrain,
    save_layers,
)

#: A record shop: in its world «brutal» and «sale» are praise, and a warped record is blame.
PHRASES = {
    Polarity.POSITIVE: (
        "le dernier album vendu par X est d'une violence monstrueuse",
        "X, une sonorité brutale et des guitares sales",
        "riffs brutaux sur le vinyle de X, sombre à souhait",
        "un mur de guitares monstrueux sur l'album de X",
    ),
    Polarity.NEGATIVE: (
        "les pressages de X grésillent",
        "encore un vinyle gondolé reçu de X",
        "pochette cornée chez X, et le disque grésille",
        "X m'envoie un disque gondolé, le troisième",
    ),
    Polarity.NEUTRAL: (
        "rayon métal de X au premier étage",
        "le stock de X se trouve place du marché",
        "X reçoit un arrivage de disques mardi",
    ),
}
STARTS = ("", "franchement ", "bon, ", "alors ", "pour info, ", "hier encore, ")
ENDS = ("", " !", " …", " avec mon frère", " à Rennes", ", comme d'habitude")


def corrections(count: int, *, seed: int, is_random: bool = False) -> list[Lesson]:
    rng = random.Random(seed)  # noqa: S311
    cases, labels = [], []
    for _ in range(count):
        label = rng.choice(list(PHRASES))
        text = rng.choice(STARTS) + rng.choice(PHRASES[label]) + rng.choice(ENDS)
        start = text.index("X")
        cases.append(Case(text.replace("X", "Vinylor"), "neu", "fr", "", start, start + 7))
        labels.append(rng.choice(list(PHRASES)) if is_random else label)
    return [
        Lesson(judged, lesson_buckets(fold(case.text), [(case.start, case.end)]), label)
        for case, judged, label in zip(cases, judge_cases(cases), labels, strict=True)
    ]


def right_of(lessons: list[Lesson], layer: Calibration | None) -> int:
    return outcome([is_right(one, layer) for one in lessons]).right


@pytest.mark.parametrize("count", [20, 60])
def test_corrections_help_on_others_of_their_kind_and_cost_nothing_on_gold(count: int) -> None:
    others = corrections(120, seed=99)

    result = retrain(corrections(count, seed=1))

    assert result.is_accepted
    assert right_of(others, result.layer) >= right_of(others, None) + 24  # a fifth of them
    assert not any(one.is_worse for one in result.gold)
    assert len(result.gold) >= 4 and sum(one.count for one in result.gold) >= 600


def test_what_was_kept_apart_is_reported_with_its_interval() -> None:
    result = retrain(corrections(60, seed=1))

    figures = figures_of(result)
    share, low, high = result.after.interval()
    assert result.right_before < result.right_held_out <= result.right_after
    assert figures["accuracy_held_out"] == {"share": share, "low": low, "high": high}
    assert low < share < high


def test_labels_without_rhyme_or_reason_are_refused_or_hardly_gain() -> None:
    result = retrain(corrections(40, seed=2, is_random=True))

    assert result.right_held_out <= 0.6 * result.count
    assert not result.is_accepted or result.right_held_out > result.right_before


def test_corrections_that_agree_with_the_model_change_nothing() -> None:
    agreed = [
        Lesson(one.judgement, one.buckets, one.judgement.polarity)
        for one in corrections(20, seed=5)
    ]

    assert not retrain(agreed).is_accepted


def test_too_few_corrections_are_refused() -> None:
    with pytest.raises(TaggingError, match="corrections: 19; at least 20"):
        retrain(corrections(19, seed=1))


LOGITS = st.floats(-8, 8)


@given(
    st.tuples(LOGITS, LOGITS, LOGITS),
    st.floats(-30, 30),
    st.floats(0, 1),
    st.sampled_from(list(Polarity)),
)
def test_evidence_still_adds_up_and_an_unknown_tone_stays_unknown(
    shift: tuple[float, float, float], raw: float, confidence: float, polarity: Polarity
) -> None:
    items = (Evidence(term="rest", weight=raw),)
    judgement = Judgement(raw, squash(raw), polarity, confidence, items)

    said = Calibration(bias=shift, weights={}).adjusted(judgement, (1, 2))

    assert said.score == squash(sum(item.weight for item in said.evidence))
    assert 0 <= said.confidence <= 1
    assert (said.polarity is Polarity.UNKNOWN) == (polarity is Polarity.UNKNOWN)


@given(st.floats(-30, 30), st.floats(0, 1), st.sampled_from(list(Polarity)))
def test_chances_are_chances_and_none_is_certain(
    raw: float, confidence: float, polarity: Polarity
) -> None:
    chances = chances_of(Judgement(raw, squash(raw), polarity, confidence, ()))

    assert sum(chances) == pytest.approx(1)
    assert 0 < min(chances) <= max(chances) < 1


def test_a_text_with_one_word_in_common_is_left_alone() -> None:
    layer = Calibration(bias=(0.0, 0.0, 0.0), weights={7: (9.0, 0.0, 0.0)})
    judgement = Judgement(1.0, squash(1.0), Polarity.POSITIVE, 0.7, ())

    assert layer.adjusted(judgement, (7, 8, 9)) is judgement


def layer(n: int) -> Layer:
    calibration = Calibration(bias=(0.0, 0.0, float(n)), weights={3: (0.5, 0.0, -0.5)})
    return Layer(calibration=calibration, learnt_at="2026-11-20T01:14:00+00:00", figures={"n": n})


def test_layers_are_stored_as_json_the_newest_last_and_few(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"

    save_layers(path, [layer(n) for n in range(KEPT + 2)])

    assert load_layers(path) == [layer(n) for n in range(2, KEPT + 2)]
    save_layers(path, [])
    assert not path.exists() and load_layers(path) == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{", id="not-json"),
        pytest.param("[]", id="not-an-object"),
        pytest.param('{"format": 9, "layers": []}', id="newer"),
        pytest.param('{"format": 1, "layers": [{}]}', id="no-layer"),
        pytest.param('{"format": 1, "layers": 3}', id="no-list"),
        pytest.param(
            '{"format": 1, "layers": [{"learnt_at": "", "figures": {},'
            ' "calibration": {"bias": [1], "weights": {}}}]}',
            id="bias-of-one",
        ),
    ],
)
def test_a_damaged_file_is_named_and_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content)

    with pytest.raises(TaggingError, match=r"calibration\.json|corrections taught"):
        load_layers(path)
