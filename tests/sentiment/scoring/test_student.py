"""The network beside the linear model: it packs, votes by token, and minds no neighbour."""

import numpy as np
import pytest

from sentiment.scoring.kinds import KINDS, kind_of
from sentiment.scoring.lexemes import Floats
from sentiment.scoring.polarity import PolarityModel
from sentiment.scoring.student import ATTENTIONS, CLASS_COUNT, WHOLE_REACH, Student
from sentiment.scoring.student_file import StudentWeights
from sentiment.scoring.student_inputs import BITS, PLACES, lexeme_cues
from sentiment.scoring.target import TargetModel
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.zones import ZONES, TargetBatch, mask_target, target_zones

WIDTH = 4
ENCODER = encoder_for("opinion", "fr")
TEXT = "Kivoo est génial alors que Lumoza est nul"


def made_up_weights() -> StudentWeights:
    rng = np.random.default_rng(1)
    entry = 1 + len(ZONES) + PLACES
    shapes = {
        "word": (1 << BITS, WIDTH),
        "char": (1 << BITS, WIDTH),
        "lexeme": (lexeme_cues(ENCODER.table).shape[1], WIDTH),
        "lexeme_bias": (WIDTH,),
        "entry": (entry, WIDTH),
        "first": (3 * WIDTH, WIDTH),
        "first_bias": (WIDTH,),
        "second": (3 * WIDTH, WIDTH),
        "second_bias": (WIDTH,),
        "third": (3 * WIDTH, WIDTH),
        "third_bias": (WIDTH,),
        "kind": (len(KINDS), WIDTH),
        "kind_vote": (len(KINDS), CLASS_COUNT),
        "pull": (WIDTH, ATTENTIONS),
        "pull_entry": (entry, ATTENTIONS),
        "vote": (WIDTH, ATTENTIONS * CLASS_COUNT),
        "vote_bias": (ATTENTIONS * CLASS_COUNT,),
        "whole_pull": (WIDTH, ATTENTIONS),
        "whole_vote": (WIDTH, ATTENTIONS * CLASS_COUNT),
        "whole_vote_bias": (ATTENTIONS * CLASS_COUNT,),
    }
    arrays = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    scales = ("scale", "whole_scale_review", "whole_scale_social")
    arrays["distances"] = np.array([1, 2, 3], np.float32)
    return StudentWeights({**arrays, **{name: np.ones(1, np.float32) for name in scales}})


def parts_of(student: Student, batch: TargetBatch, kind: int = 0) -> Floats:
    return student.parts(batch, np.full(len(batch.tokens), kind))


def batch_of(*texts: str) -> TargetBatch:
    tokens, places = mask_target(ENCODER.table, texts, [(0, 5)] * len(texts))
    return target_zones(ENCODER.table, tokens, places)


def test_a_packed_network_says_nearly_the_same() -> None:
    weights = made_up_weights()
    batch = batch_of(TEXT)

    kept = parts_of(Student(StudentWeights.unpacked(weights.packed()), ENCODER), batch)

    np.testing.assert_allclose(kept, parts_of(Student(weights, ENCODER), batch), atol=0.5)


def test_neighbours_in_a_batch_do_not_matter() -> None:
    student = Student(made_up_weights(), ENCODER)

    alone = parts_of(student, batch_of(TEXT))
    together = parts_of(student, batch_of("Kivoo", TEXT, "Kivoo ! " * 200))

    first = len(batch_of("Kivoo").offset)
    np.testing.assert_allclose(together[first : first + len(alone)], alone, atol=1e-4)


def test_what_stands_far_away_has_no_vote() -> None:
    student = Student(made_up_weights(), ENCODER)

    parts = parts_of(student, batch_of("Kivoo" + " mot" * 200))

    assert np.abs(parts[:50]).sum() > 0
    assert np.abs(parts[60:]).max() < 1e-6


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_tokens_of_both_models_add_up(share: float) -> None:
    model = TargetModel.with_student("fr", made_up_weights(), share=share)

    found = model.explain(TEXT, (0, 5), "fr")

    total = np.array(found.bias) + np.sum([part.logits for part in found.parts], axis=0)
    np.testing.assert_allclose(total, found.logits, atol=1e-3)
    np.testing.assert_allclose(model.logits([TEXT], [(0, 5)], "fr")[0], found.logits, atol=1e-3)


def test_a_whole_text_is_judged_beside_the_head() -> None:
    model = PolarityModel.with_student("fr", made_up_weights())

    found = model.explain(TEXT, "fr", "social")

    total = np.array(found.bias) + np.sum([part.logits for part in found.parts], axis=0)
    np.testing.assert_allclose(total, found.logits, atol=1e-3)
    np.testing.assert_allclose(model.predict([TEXT], "fr", "social")[0], found.probabilities, 1e-3)


def test_neighbours_of_a_whole_text_do_not_matter() -> None:
    model = PolarityModel.with_student("fr", made_up_weights())

    alone = model.logits([TEXT], "fr", "social")
    together = model.logits(["un mot", TEXT, ""], "fr", "social")

    np.testing.assert_array_equal(alone[0], together[1])


def test_only_the_beginning_of_a_long_text_is_read_whole() -> None:
    student = Student(made_up_weights(), ENCODER)
    tokens = ENCODER.table.batch(["mot " * (WHOLE_REACH + 50)])

    votes = student.whole_parts(tokens)

    assert np.abs(votes[:WHOLE_REACH]).sum(axis=1).min() > 0
    assert not votes[WHOLE_REACH:].any()


def test_the_kind_of_a_brand_is_heard() -> None:
    student, batch = Student(made_up_weights(), ENCODER), batch_of(TEXT)

    said = [parts_of(student, batch, kind).sum(axis=0) for kind in range(len(KINDS))]

    assert len({tuple(one.round(3)) for one in said}) == len(KINDS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("Mondial-Relay", "carrier", id="hyphen"),
        pytest.param("PAY PAL", "payment", id="capitals and a space"),
        pytest.param("colis prive", "carrier", id="without accents"),
        pytest.param("Kivoo", "other", id="unknown"),
        pytest.param("", "other", id="empty"),
    ],
)
def test_kinds_are_found_however_they_are_written(name: str, kind: str) -> None:
    assert KINDS[kind_of(name)] == kind
