"""Where sentences begin, for MÊME_PHRASE: cut from the text alone, without a pipeline."""

import re
from typing import Final

#: An end of sentence: the sign, what closes with it, and the space before the next word.
_END: Final = re.compile(r"[.!?…]+[\"»”')\]]*[ \t\xa0\u202f]+|\n+")
#: Words after which a point ends no sentence: « M. Dupont », « St. Malo », "Mr. Smith".
_SHORT: Final = frozenset(
    [
        "m",
        "mm",
        "mme",
        "mlle",
        "dr",
        "me",
        "pr",
        "st",
        "ste",
        "cf",
        "ex",
        "env",
        "av",
        "bd",
        "art",
        "mr",
        "mrs",
        "ms",
        "vs",
        "no",
        "tel",
        "etc",
        "p",
    ]
)
_LAST_WORD: Final = re.compile(r"[^\W\d_]+\Z")
#: Characters before a point among which its word is looked for.
_REACH: Final = 12


def sentence_starts(text: str) -> list[int]:
    """Return where sentences begin, in characters, the first at 0.

    >>> sentence_starts("Orange baisse. M. Dupont aussi ! Fin")
    [0, 15, 33]
    """
    starts = [0]
    for found in _END.finditer(text):
        if found[0].startswith(".") and not found[0].startswith(".."):
            word = _LAST_WORD.search(text[max(0, found.start() - _REACH) : found.start()])
            if word and (word[0].casefold() in _SHORT or len(word[0]) == 1):
                continue
            if text[found.end() : found.end() + 1].islower():
                continue
        starts.append(found.end())
    return starts
