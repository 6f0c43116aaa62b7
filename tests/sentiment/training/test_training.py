"""Training on tiny sets: licences are kept, and the same data give the same weights."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from listening.errors import TaggingError
from sentiment.scoring.head import Head
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.weights import Weights
from sentiment.training.cases import (
    BRANDS,
    mention_cases,
    read_sentences,
    story_cases,
    target_cases,
)
from sentiment.training.corpus import Row, is_fold, labels_of, read_set, row_weights
from sentiment.training.design import Recipe, design_logits, text_design, train_weights
from sentiment.training.rated import rated_rows
from sentiment.training.report import best_temperature, calibration_error

RECIPE = Recipe(penalty=1e-3, steps=20, dense_scale=0.1)
ROWS = [
    Row("service parfait, merci", 2, "a"),
    Row("service nul, honteux", 0, "a"),
    Row("ouvert le lundi", 1, "a"),
    Row("parfait", 2, "b"),
    Row("nul", 0, "b"),
    Row("fermé le mardi", 1, "b"),
]


def trained() -> Weights:
    encoder = encoder_for("opinion", "fr")
    design = text_design(encoder, encoder.encode([row.text for row in ROWS]))
    shares = row_weights(ROWS, {"a": 1.0, "b": 0.5}, balance=1.0, class_count=3)
    return train_weights(design, labels_of(ROWS), shares, RECIPE)


def test_the_same_data_give_the_same_weights() -> None:
    first, second = trained(), trained()

    np.testing.assert_array_equal(first.blocks["words"], second.blocks["words"])
    np.testing.assert_array_equal(first.dense, second.dense)


def test_stored_weights_say_what_trained_ones_say() -> None:
    weights = trained()
    encoder = encoder_for("opinion", "fr")
    encoded = encoder.encode([row.text for row in ROWS])

    stored = Weights.unpacked("fr.test", weights.packed("fr.test"))
    logits = Head(stored, encoder).logits(encoded)

    np.testing.assert_allclose(
        logits, design_logits(weights, text_design(encoder, encoded)), atol=0.05
    )
    assert logits.argmax(axis=1).tolist() == [row.label for row in ROWS]


def test_a_training_set_comes_without_what_may_not_be_learnt_from(tmp_path: Path) -> None:
    rows = [{"text": "t", "label": "neg", "set_source": name} for name in ("airline", "semeval17")]
    for name in ("en_social.train", "en_social.dev"):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)

    assert [row.source for row in read_set(tmp_path, "en_social.train")] == ["semeval17"]
    assert len(read_set(tmp_path, "en_social.dev")) == 2


def test_a_broken_set_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.dev.jsonl.gz").write_bytes(b"no gzip")

    with pytest.raises(TaggingError, match=r"x\.dev"):
        read_set(tmp_path, "x.dev")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_cases_point_at_their_brand(language: str) -> None:
    cases = list(target_cases(language, seed=1, rounds=1))

    assert cases == list(target_cases(language, seed=1, rounds=1))
    assert len(cases) > len(read_sentences(language))
    assert {case.label for case in cases} == {"neg", "neu", "pos"}
    assert all(case.text[case.start : case.end].strip() for case in cases)
    assert not any("{" in text for text, _ in mention_cases(language, seed=1))


def test_stories_point_at_their_brand() -> None:
    stories = list(story_cases("fr_stories", seed=1, rounds=1))

    assert stories == list(story_cases("fr_stories", seed=1, rounds=1))
    assert len(stories) > len(read_sentences("fr_stories"))  # some have two brands
    assert {one.label for one in stories} == {"neg", "neu", "pos"}
    assert not any("{" in one.text for one in stories)


def test_a_rated_review_is_said_of_a_brand_put_into_it() -> None:
    text = "On attend longtemps mais ce restaurant vaut le détour, tout était bon."
    reviews = [Row(text, 2, "tripadvisor")] * 20

    named = rated_rows(reviews, seed=1)

    assert len(named) == len(reviews)
    assert {row.label for row in named} == {2}
    assert any("ce restaurant" not in row.text for row in named)
    assert all(row.text[row.start : row.end] in BRANDS for row in named)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            Row("Ni bon ni mauvais, on n'y a pas attendu trop.", 1, "tripadvisor"), id="neutral"
        ),
        pytest.param(Row("Très bon restaurant", 2, "tripadvisor"), id="short"),
        pytest.param(
            Row("Le colis est arrivé entier et en avance, merci.", 2, "cdiscount"), id="shop"
        ),
    ],
)
def test_a_review_that_teaches_nothing_is_passed_over(row: Row) -> None:
    assert rated_rows([row], seed=1) == []


def test_each_set_has_its_mass_and_even_classes() -> None:
    shares = row_weights(ROWS, {"a": 1.0}, balance=1.0, class_count=3)

    np.testing.assert_allclose(shares, [1 / 3, 1 / 3, 1 / 3, 0, 0, 0])


def test_a_text_stays_in_one_fold() -> None:
    twice = [*ROWS, *ROWS]

    fold = is_fold(twice, 0, 2)

    assert fold[: len(ROWS)].tolist() == fold[len(ROWS) :].tolist()


def test_temperature_tames_a_boaster() -> None:
    labels = np.array([0, 0, 1, 1])
    logits = np.array([[9.0, 0], [0, 9.0], [0, 9.0], [0, 9.0]], np.float32)

    assert best_temperature(labels, logits) > 2
    assert calibration_error(labels, np.full((4, 2), 0.5, np.float32)) == pytest.approx(0.0)
