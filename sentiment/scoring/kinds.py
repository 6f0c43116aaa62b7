"""What kind of firm a well-known name is: carriers and makes are spoken of otherwise than shops."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

from listening.errors import TaggingError
from sentiment.lexicon import table_rows
from sentiment.scoring.lexemes import Ints

FILE: Final = "kinds.tsv"
#: Kinds by number; 0 is every other name, known or not.
KINDS: Final = ("other", "carrier", "payment", "credit", "maker", "medium")


def kind_of(name: str) -> int:
    """Return the number of the kind of a name, 0 for most.

    Raises:
        TaggingError: The lexicon is missing or has a kind of its own.

    >>> kind_of("Mondial-Relay"), kind_of("PAY PAL"), kind_of("Kivoo")
    (1, 2, 0)
    """
    return _by_name().get(_bare(name), 0)


def kinds_of(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> Ints:
    """Return the kind of the name at each span of each text."""
    names = (text[start:end] for text, (start, end) in zip(texts, spans, strict=True))
    return np.fromiter((kind_of(name) for name in names), np.int64, len(texts))


@cache
def _by_name() -> dict[str, int]:
    kinds: dict[str, int] = {}
    for kind, name in table_rows(FILE):
        if kind not in KINDS:
            raise TaggingError(f"lexicons/{FILE}: unknown kind {kind!r}")
        kinds[_bare(name)] = KINDS.index(kind)
    return kinds


def _bare(name: str) -> str:
    """Return the letters and digits of a name, small and without accents."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(character for character in plain if character.isalnum())
