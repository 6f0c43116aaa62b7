"""Builds the spaCy pipeline of one language for one watchlist."""

import sys
from collections.abc import Sequence
from typing import Any, Final

import spacy
from spacy.attrs import LOWER
from spacy.language import Language

from listening.errors import TaggingError
from listening.model import Brand
from sentiment.components.brands import brand_as_json
from sentiment.factories import PIPELINE, TOKENIZER

#: Our language → spaCy's blank pipeline; ``xx`` is its name for any language.
BLANK: Final = {"fr": "fr", "en": "en", "other": "xx"}
_WITH_LANGUAGE: Final = frozenset(
    {"vigie_opinions", "vigie_trained", "vigie_flags", "vigie_insults"}
)


def build_nlp(language: str, brands: Sequence[Brand]) -> Language:
    """Return the pipeline for ``fr``, ``en`` or ``other``.

    Texts in another language are cut and matched, but no opinion is looked for in them.

    Raises:
        TaggingError: The language is none of the three, or spaCy refuses the configuration.
    """
    if language not in BLANK:
        raise TaggingError(f"no pipeline for language {language!r}; choose fr, en or other")
    tokenizer = {"@tokenizers": TOKENIZER, "language": language}
    watchlist = [brand_as_json(brand) for brand in brands]
    try:
        nlp = spacy.blank(BLANK[language], config={"nlp": {"tokenizer": tokenizer}})
        nlp.max_length = sys.maxsize  # spaCy's limit is its parser's; each component has its own
        # Shapes, prefixes and the like of every new word: nothing here reads them.
        nlp.vocab.lex_attr_getters = {LOWER: str.lower}  # type: ignore[attr-defined]
        for name in PIPELINE:
            config: dict[str, Any] = {"language": language} if name in _WITH_LANGUAGE else {}
            if name == "vigie_brands":
                config["watchlist"] = watchlist
            nlp.add_pipe(name, config=config)
    except ValueError as error:
        raise TaggingError(f"the pipeline for {language!r} cannot be built: {error}") from error
    return nlp
