"""Which brand terms will be found in texts that mean something else."""

from functools import cache
from importlib.resources import files

from listening.text import fold_term

#: Names of at most so many letters are also abbreviations, units or parts of speech.
SHORT = 3

_ARTICLES = frozenset({"l", "le", "la", "les", "un", "une", "des", "the", "a"})


@cache
def _common_words() -> frozenset[str]:
    text = (files("listening.config") / "common_words.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines).split())


def is_risky(term: str) -> bool:
    """Tell whether a term is very short or, its article aside, one common word.

    >>> is_risky("Orange"), is_risky("La Poste"), is_risky("BNP"), is_risky("Orange Bleue")
    (True, True, True, False)
    """
    words = fold_term(term).split()
    if len("".join(words)) <= SHORT:
        return True
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return len(words) == 1 and (len(words[0]) <= SHORT or _is_common(words[0]))


def _is_common(word: str) -> bool:
    """Tell whether a folded word, or what it is the plural of, is one of the list."""
    known = _common_words()
    return word in known or (word[-1] in "sx" and word[:-1] in known)
