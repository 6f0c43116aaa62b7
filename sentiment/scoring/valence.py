"""Encoders by language, with the word weights that ship beside the models."""

from functools import cache
from typing import Final, Literal

from listening.errors import TaggingError
from sentiment.scoring.encoding import Encoder
from sentiment.scoring.lexemes import LexemeTable
from sentiment.scoring.weights import model_bytes

#: opinion: praise and blame by three lexicons. abuse: insults, rude words, praise and blame.
Lexicon = Literal["opinion", "abuse"]
LANGUAGES: Final = ("fr", "en")


def read_valence(lexicon: Lexicon, language: str) -> dict[str, tuple[float, ...]]:
    """Return the weights of folded tokens, three a token.

    Raises:
        TaggingError: The file is missing, or a line is not a token and three numbers.
    """
    name = f"{lexicon}_{language}.tsv"
    weights: dict[str, tuple[float, ...]] = {}
    for number, line in enumerate(model_bytes(name).decode("utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        token, *columns = line.split("\t")
        try:
            first, second, third = (float(column) for column in columns)
        except ValueError as error:
            raise TaggingError(f"models/{name}:{number}: {line!r}") from error
        weights[token] = (first, second, third)
    return weights


@cache
def encoder_for(lexicon: Lexicon, language: str) -> Encoder:
    """Return the encoder that all heads of a language and lexicon share."""
    return Encoder(LexemeTable(read_valence(lexicon, language)))
