"""The forms a French brand name takes in a sentence: plural, contracted article, elision."""

from itertools import product
from typing import Final

from sentiment.terms import ELISIONS

#: The article with « de » and « à » before it: « du Slip », « au Slip », « des Galettes ».
_CONTRACTED: Final = {"le": ("du", "au"), "les": ("des", "aux")}
_ARTICLES: Final = frozenset({"l", "le", "la", "les"})
_SMALL: Final = frozenset({"de", "du", "des", "d", "a", "au", "aux", "et", "en", "sur", "&", "+"})
_VOWELS: Final = "aeiouyh"
#: Words of a name that are put in the plural one by one; of a longer one all or none.
_MAX_SINGLE: Final = 3


def plural_of(word: str) -> str:
    """Return the French plural of a folded word; words in -s, -x, -z keep theirs.

    >>> plural_of("corsa"), plural_of("gateau"), plural_of("cheval"), plural_of("prix")
    ('corsas', 'gateaux', 'chevaux', 'prix')
    """
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith(("au", "eu")):
        return word + "x"
    return word[:-2] + "aux" if word.endswith("al") and len(word) > len("bal") else word + "s"


def all_forms(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return a name in all its forms, itself included.

    >>> sorted(" ".join(form) for form in all_forms(("le", "slip")))
    ['au slip', 'au slips', 'du slip', 'du slips', 'le slip', 'le slips']
    """
    lead = words[:1] if len(words) > 1 and words[0] in _ARTICLES else ()
    leads = {lead} | {(article,) for one in lead for article in _CONTRACTED.get(one, ())}
    forms = {(*start, *rest) for start in leads for rest in _plurals(words[len(lead) :])}
    if not lead and words[0][:1] in _VOWELS:
        forms |= {(elided + words[0], *words[1:]) for elided in ELISIONS}
    return forms


def _plurals(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    choices = [(one,) if one in _SMALL else tuple({one, plural_of(one)}) for one in words]
    if sum(len(choice) > 1 for choice in choices) <= _MAX_SINGLE:
        return set(product(*choices))
    return {words, tuple(one if one in _SMALL else plural_of(one) for one in words)}
