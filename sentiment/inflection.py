"""Makes the written forms of a lexicon entry, folded, so that the lists stay short.

Rules over spelling only. A rule may produce a form that no one writes: it then never matches. An
entry whose forms would mean something else is listed "as written" (``-``).
"""

from typing import Final

#: Longer English adjectives take "more", not "-er".
LONGEST_COMPARED: Final = 8
_VOWELS: Final = "aeiouy"
_ER_ENDINGS: Final = (
    "er",
    "e",
    "es",
    "ent",
    "ons",
    "ez",
    "ait",
    "ais",
    "aient",
    "ions",
    "iez",
    "ant",
    "ee",
    "ees",
    "a",
    "ai",
    "as",
    "erent",
    "era",
    "erai",
    "eras",
    "eront",
    "erez",
    "erons",
    "erait",
    "erais",
    "eraient",
    "erions",
    "eriez",
)
_IR_ENDINGS: Final = (
    "ir",
    "is",
    "it",
    "issons",
    "issez",
    "issent",
    "issait",
    "issais",
    "issaient",
    "issant",
    "i",
    "ie",
    "ies",
    "ira",
    "irai",
    "iras",
    "iront",
    "irez",
    "irons",
    "irait",
    "irais",
    "iraient",
    "irent",
    "isse",
    "issent",
)
#: French adjectives: ending of the masculine, endings of all forms.
_ADJECTIVE_ENDINGS: Final = (
    ("eux", ("eux", "euse", "euses")),
    ("oux", ("oux", "ouce", "ouces", "ouse", "ouses", "ousse", "ousses")),
    ("eau", ("eau", "eaux", "el", "elle", "elles")),
    ("eur", ("eur", "eurs", "euse", "euses", "eure", "eures", "rice", "rices", "eresse")),
    ("er", ("er", "ers", "ere", "eres")),
    ("if", ("if", "ifs", "ive", "ives")),
    ("al", ("al", "ale", "ales", "aux", "als")),
    ("c", ("c", "cs", "que", "ques", "che", "ches")),
    ("ou", ("ou", "ous", "olle", "olles")),
)
_DOUBLED: Final = ("el", "eil", "ul", "en", "on", "et", "il", "ot", "s")


def french_forms(term: str, kind: str) -> set[str]:
    """Return the folded forms of a folded French term; ``kind`` as in the lexicon files."""
    if kind == "n":
        return _plural(term)
    if kind == "v":
        return _french_verb(term)
    return _french_adjective(term) if kind == "a" else {term}


def english_forms(term: str, kind: str) -> set[str]:
    """Return the folded forms of a folded English term; ``kind`` as in the lexicon files."""
    if kind == "n":
        return _plural(term)
    if kind == "v":
        return _english_verb(term)
    if kind == "a":
        return _english_adjective(term)
    return {term}


def _plural(term: str) -> set[str]:
    return {term, term if term.endswith(("s", "x")) else term + "s"}


def _french_adjective(term: str) -> set[str]:
    for ending, endings in _ADJECTIVE_ENDINGS:
        if term.endswith(ending):
            stem = term.removesuffix(ending)
            return {stem + form for form in endings}
    if term.endswith("e"):
        return {term, term + "s"}
    forms = {term, term + "e", term + "es"} | (_plural(term))
    if term.endswith(_DOUBLED):
        doubled = term + term[-1]
        forms |= {doubled + "e", doubled + "es"}
    return forms


def _french_verb(term: str) -> set[str]:
    if term.endswith("ir"):
        return {term.removesuffix("ir") + ending for ending in _IR_ENDINGS}
    if not term.endswith("er"):
        return {term}
    stem = term.removesuffix("er")
    forms = {stem + ending for ending in _ER_ENDINGS}
    forms |= {stem + "es", stem + "e"}
    if stem.endswith("g"):  # mangeait, mangeons
        forms |= {stem + "e" + ending for ending in ("ait", "ais", "aient", "ant", "ons", "a")}
    if stem.endswith("y"):  # ennuie, ennuiera
        forms |= {stem[:-1] + "i" + ending for ending in ("e", "es", "ent", "era", "erait")}
    return forms


def _english_verb(term: str) -> set[str]:
    if term.endswith("e"):
        return {term, term + "s", term + "d", term[:-1] + "ing"}
    if term.endswith("y") and term[-2] not in _VOWELS:
        return {term, term[:-1] + "ies", term[:-1] + "ied", term + "ing"}
    plural = term + ("es" if term.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return {term, plural, term + "ed", term + "ing"}


def _english_adjective(term: str) -> set[str]:
    if " " in term or len(term) > LONGEST_COMPARED:
        return {term, term + "ly"}
    if term.endswith("y") and term[-2] not in _VOWELS:
        stem = term[:-1] + "i"
        return {term, stem + "er", stem + "est", stem + "ly"}
    if term.endswith("e"):
        return {term, term + "r", term + "st", term + "ly"}
    doubled = term + term[-1] if term[-1] not in _VOWELS + "wxs" else term
    return {term, term + "er", term + "est", term + "ly", doubled + "er", doubled + "est"}
