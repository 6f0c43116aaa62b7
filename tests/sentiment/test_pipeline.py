"""The spaCy pipeline: built from JSON, saved and loaded, its results visible in the Doc."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from listening.errors import TaggingError
from sentiment.components.brands import WATCHLIST_KEY, brand_as_json, brand_from_json
from sentiment.factories import PIPELINE
from sentiment.pipeline import BLANK, build_nlp
from tests.builders import make_brand

BRANDS = [make_brand("gamin", terms=("Le Gamin",), excluded_terms=("enfant",))]
NLP = {language: build_nlp(language, BRANDS) for language in BLANK}


def test_hits_and_sentences_are_in_the_doc() -> None:
    doc = NLP["fr"]("M. Roy aime Le Gamin. C’est bon !")

    assert [sentence.text for sentence in doc.sents] == ["M. Roy aime Le Gamin.", "C’est bon !"]
    (span,) = doc.spans[WATCHLIST_KEY]
    assert (span.text, span.id_) == ("Le Gamin", "gamin")


def test_the_components_stand_in_their_order() -> None:
    assert NLP["en"].pipe_names == list(PIPELINE)


def test_a_pipeline_is_saved_and_loaded_with_its_watchlist(tmp_path: Path) -> None:
    NLP["fr"].to_disk(tmp_path)

    loaded = spacy.load(tmp_path)

    doc = loaded("Le Gamin est excellent")
    assert [span.id_ for span in doc.spans[WATCHLIST_KEY]] == ["gamin"]
    assert doc.user_data["judgements"]["gamin"].score > 0


def test_a_brand_goes_through_json_without_loss_of_what_is_matched() -> None:
    data = brand_as_json(BRANDS[0])

    assert brand_as_json(brand_from_json(data)) == data


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(TaggingError, match="klingon"):
        build_nlp("klingon", BRANDS)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from([*BLANK]))
def test_tokens_join_to_the_text(text: str, language: str) -> None:
    doc = NLP[language].make_doc(text)

    assert len(doc.text) == len(text)
    assert doc.text.replace(" ", "") == "".join(
        one for one, kept in zip(text, doc.text, strict=True) if kept != " "
    )


def test_a_lone_surrogate_is_replaced_without_moving_offsets() -> None:
    doc = NLP["fr"]("a \ud800 Le Gamin")

    assert doc.text == "a \ufffd Le Gamin"
    assert doc.spans[WATCHLIST_KEY][0].start_char == 4
