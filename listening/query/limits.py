"""Bounds of a query, so that none can be made slow on purpose.

Each is several times what the longest queries of practice need; beyond them a query is refused with
what to do, never cut.
"""

from typing import Final

#: Longest query, in characters. Brandwatch's documented examples stay below a tenth of it.
MAX_CHARS: Final = 10_000
#: Words and phrases in one query.
MAX_LITERALS: Final = 1_000
#: Parentheses inside one another, and nodes from the root to a word.
MAX_DEPTH: Final = 24
#: Words of one phrase.
MAX_PHRASE_WORDS: Final = 20
#: Words with ``*`` or ``?`` in one query.
MAX_WILDCARDS: Final = 50
#: Wildcard signs in one word.
MAX_SIGNS: Final = 3
#: Letters before the first wildcard of a word: fewer would catch a good part of the language.
MIN_STEM: Final = 3
#: Longest word a wildcard is tried on; no word of a living language is longer.
MAX_WORD: Final = 64
#: Words between two places of PROCHE/n.
MAX_DISTANCE: Final = 100
#: Places that min: may ask for.
MAX_COUNT: Final = 100
