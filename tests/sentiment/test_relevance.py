"""The homonym guard: learns from some twenty verdicts, takes away only what it is sure of."""

import json
from pathlib import Path

import pytest

from listening.errors import TaggingError
from listening.model import ExclusionReason
from listening.text import fold
from sentiment.annotate import annotate, build_tagger
from sentiment.relevance import (
    MIN_VERDICTS,
    RelevanceModel,
    context_buckets,
    learn,
    load_models,
    save_models,
)
from sentiment.surroundings import Surroundings
from tests.builders import make_brand, make_document

FIRM = (
    "La boutique Azurine a ouvert un nouveau magasin de vêtements",
    "Le service client d'Azurine ne répond pas à ma commande",
    "Livraison Azurine en retard, colis perdu et remboursement refusé",
    "Azurine solde ses pulls et ses manteaux dans toutes les boutiques",
    "Ma commande chez Azurine est arrivée, la taille du pull est bonne",
)
PAINT = (
    "Pour ce tableau le peintre mélange azurine et blanc de zinc",
    "La couleur azurine du ciel sur la toile du musée",
    "Un pigment azurine, huile de lin et pinceau large",
    "Cette aquarelle azurine orne le musée, pigment rare",
    "Le peintre pose son azurine au couteau sur la toile",
)
BRAND = make_brand("azurine", terms=("Azurine",))


def buckets(text: str) -> list[int]:
    start = text.casefold().index("azurine")
    return context_buckets(fold(text), [(start, start + len("azurine"))])


def verdicts(times: int = 3) -> list[tuple[list[int], bool]]:
    texts = [(text, True) for text in FIRM] + [(text, False) for text in PAINT]
    return [(buckets(f"{text} {n}"), said) for n in range(times) for text, said in texts]


@pytest.fixture(scope="module")
def model() -> RelevanceModel:
    return learn("azurine", "q1", verdicts())


def share(model: RelevanceModel, text: str) -> float:
    start = text.casefold().index("azurine")
    return model.relevance(fold(text), [(start, start + len("azurine"))])


def test_it_tells_new_texts_apart(model: RelevanceModel) -> None:
    firm = share(model, "Remboursement d'une commande Azurine en boutique")
    paint = share(model, "Le musée montre une toile azurine du peintre")

    assert firm > 0.5 > paint
    assert share(model, "azurine") == 1.0, "without context nothing is taken away"


def test_it_says_how_well_it_did_on_verdicts_it_had_not_seen(model: RelevanceModel) -> None:
    found, low, high = model.precision()

    assert 0 < model.removed_count <= model.irrelevant_count == 15
    assert found == 1.0 and 0.5 < low < 1.0 and high == pytest.approx(1.0)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(verdicts()[: MIN_VERDICTS - 1], id="too-few"),
        pytest.param([one for one in verdicts(9) if one[1]], id="one-kind-only"),
    ],
)
def test_too_few_verdicts_decide_nothing(given: list[tuple[list[int], bool]]) -> None:
    with pytest.raises(TaggingError, match="at least 20"):
        learn("azurine", "q1", given)


def test_verdicts_that_contradict_each_other_take_nothing_away() -> None:
    muddled = [(one, n % 2 == 0) for n, (one, _) in enumerate(verdicts(1) * 4)]

    assert learn("azurine", "q1", muddled).threshold <= 0.35


def test_it_is_plain_json_and_comes_back_equal(model: RelevanceModel, tmp_path: Path) -> None:
    path = tmp_path / "relevance.json"
    save_models(path, [model])

    assert json.loads(path.read_text())["models"][0]["brand_id"] == "azurine"
    assert load_models(path) == {"azurine": model}

    save_models(path, [])
    assert load_models(path) == {}


@pytest.mark.parametrize("body", ["", "[]", '{"format": 2, "models": []}', '{"format": 1}'])
def test_a_damaged_file_is_an_error(body: str, tmp_path: Path) -> None:
    path = tmp_path / "relevance.json"
    path.write_text(body)

    with pytest.raises(TaggingError):
        load_models(path)


def test_the_tagger_leaves_homonyms_out_but_never_what_a_person_labelled(
    model: RelevanceModel,
) -> None:
    documents = [make_document(n, title="", text=PAINT[0]) for n in (1, 2)]
    surroundings = Surroundings(
        relevance={"azurine": model},
        labelled=frozenset({(documents[1].document_id, "azurine")}),
    )
    tagger = build_tagger([BRAND], surroundings)

    removed, kept = annotate(documents, tagger)

    assert not removed.mentions and kept.mentions
    assert [one.reason for one in removed.exclusions] == [ExclusionReason.RELEVANCE]
    assert tagger.version != build_tagger([BRAND]).version
