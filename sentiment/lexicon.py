"""Reads the lexicons shipped in ``sentiment/lexicons`` and looks words and phrases up in them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Generic, TypeVar

from listening.errors import TaggingError
from listening.text import fold
from sentiment.inflection import english_forms, french_forms
from sentiment.words import is_clause_mark, norms_of, shortened

LEXICON_FILES: Final = (
    "opinions_fr.tsv",
    "opinions_en.tsv",
    "modifiers.tsv",
    "emoji.tsv",
    "insults.tsv",
    "cues.tsv",
    "relations_fr.tsv",
    "relations_en.tsv",
    "kinds.tsv",
)

#: Opinion weight of an insult that no opinion list has.
INSULT_WEIGHT: Final = -2.5

#: What a folded token may be, one bit each.
BLANK: Final = 1  # white space or a hyphen
MARKS_CLAUSE: Final = 2
MODIFIES: Final = 4  # a word of ``modifiers`` or the first of a phrase there
JUDGES: Final = 8  # the same of ``opinions``
CUES: Final = 16  # the same of ``cues``
IS_LONG: Final = 32  # elongated: « nuuul »
#: Tokens whose roles are remembered, and the longest of them.
_MOST_ROLES: Final = 60_000
_LONGEST_ROLE: Final = 40

Entry = TypeVar("Entry")


class Phrases(Generic[Entry]):
    """Words and phrases with an entry each; the longest one at a place is found."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], Entry]]) -> None:
        """Index by first word; a phrase given twice keeps its first entry."""
        known: dict[tuple[str, ...], Entry] = {}
        for words, entry in entries:
            if words:
                known.setdefault(words, entry)
        longer: dict[str, dict[str, list[tuple[tuple[str, ...], Entry]]]] = defaultdict(dict)
        for words in sorted(known, key=lambda item: -len(item)):
            if len(words) > 1:
                longer[words[0]].setdefault(words[1], []).append((words, known[words]))
        #: First word → entry of the word alone, and second word → phrases, longest first.
        self.by_first: Final = {
            first: (known.get((first,)), longer.get(first))
            for first in {words[0] for words in known}
        }
        self.count: Final = len(known)

    def longest_at(self, norms: Sequence[str], index: int) -> tuple[int, Entry] | None:
        """Return length and entry of the longest phrase that begins at ``index``."""
        branch = self.by_first.get(norms[index])
        if branch is None:
            return None
        alone, longer = branch
        if longer and index + 1 < len(norms):
            for words, entry in longer.get(norms[index + 1], ()):
                if tuple(norms[index : index + len(words)]) == words:
                    return len(words), entry
        return None if alone is None else (1, alone)


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a word does to others: its kinds (``negator``, ``scale`` …) and the factor of scale."""

    kinds: frozenset[str]
    factor: float


class Roles(dict[str, int]):
    """What every folded token may be, worked out when it is first met: see ``BLANK`` and others."""

    def __init__(
        self,
        opinions: Phrases[float],
        modifiers: Phrases[Modifier],
        cues: Phrases[frozenset[str]],
    ) -> None:
        """Start empty."""
        super().__init__()
        self._known = (
            (MODIFIES, modifiers.by_first),
            (JUDGES, opinions.by_first),
            (CUES, cues.by_first),
        )

    def __missing__(self, norm: str) -> int:
        """Work out the roles of a token."""
        role = BLANK if norm == "-" or norm.isspace() else 0
        role |= MARKS_CLAUSE if is_clause_mark(norm) else 0
        role |= sum(bit for bit, by_first in self._known if norm in by_first)
        role |= IS_LONG if shortened(norm) is not None else 0
        if len(norm) <= _LONGEST_ROLE:
            if len(self) >= _MOST_ROLES:
                self.clear()
            self[norm] = role
        return role


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word knowledge of one language."""

    language: str
    opinions: Phrases[float]
    modifiers: Phrases[Modifier]
    #: Entry: the flags a phrase raises; insults are the flag ``insult``.
    cues: Phrases[frozenset[str]]
    roles: Roles


@cache
def lexicon_bytes(name: str) -> bytes:
    """Return one lexicon file as shipped.

    Raises:
        TaggingError: The file is not in the package.
    """
    try:
        return (files("sentiment") / "lexicons" / name).read_bytes()
    except OSError as error:
        raise TaggingError(f"the lexicon {name} is missing from the package") from error


@cache
def lexicons_digest() -> str:
    """Return the SHA-256 over all lexicon files, in order: part of the model version."""
    digest = hashlib.sha256()
    for name in LEXICON_FILES:
        digest.update(name.encode() + b"\0" + lexicon_bytes(name))
    return digest.hexdigest()


def table_rows(name: str) -> Iterator[list[str]]:
    """Yield the cells of every line of a lexicon file that is no comment."""
    for line in lexicon_bytes(name).decode("utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


@cache
def load_lexicon(language: str) -> Lexicon:
    """Return the lexicon of ``fr`` or ``en``; read once per process."""
    opinions = Phrases(_opinion_entries(language))
    modifiers = Phrases(_modifier_entries(language))
    cues = Phrases(_cue_entries(language))
    return Lexicon(language, opinions, modifiers, cues, Roles(opinions, modifiers, cues))


def _norms(term: str, language: str) -> tuple[str, ...]:
    return norms_of(term, fold(term), language)


def _opinion_entries(language: str) -> Iterator[tuple[tuple[str, ...], float]]:
    forms_of = french_forms if language == "fr" else english_forms
    rows = list(table_rows(f"opinions_{language}.tsv"))
    # What is written out wins over what a rule makes.
    for term, weight, kind in rows:
        if kind == "-":
            yield _norms(term, language), float(weight)
    for term, weight, kind in rows:
        if kind != "-":
            for form in sorted(forms_of(fold(term).text, kind)):
                yield _norms(form, language), float(weight)
    for row_language, term in table_rows("insults.tsv"):
        if row_language == language:
            yield _norms(term, language), INSULT_WEIGHT
    for sign, weight in table_rows("emoji.tsv"):
        yield _norms(sign, language), float(weight)


def _modifier_entries(language: str) -> Iterator[tuple[tuple[str, ...], Modifier]]:
    kinds: dict[tuple[str, ...], set[str]] = defaultdict(set)
    factors: dict[tuple[str, ...], float] = {}
    for row_language, kind, term, factor in table_rows("modifiers.tsv"):
        if row_language == language:
            words = _norms(term, language)
            kinds[words].add(kind)
            if kind == "scale":
                factors[words] = float(factor)
    for words, found in kinds.items():
        yield words, Modifier(frozenset(found), factors.get(words, 1.0))


def _cue_entries(language: str) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    flags: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row_language, flag, term in table_rows("cues.tsv"):
        if row_language == language:
            flags[_norms(term, language)].add(flag)
    for row_language, term in table_rows("insults.tsv"):
        if row_language == language:
            flags[_norms(term, language)].add("insult")
    for words, found in flags.items():
        yield words, frozenset(found)
