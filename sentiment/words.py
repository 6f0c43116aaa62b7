"""Cuts a text into the tokens all components share, on its folded form, with places in both.

spaCy's own tokenizers know more about French and English than we need and cost most of the time a
text takes; this one keeps what the rules look at: words, elisions, emoticons, runs of punctuation.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

from listening.text import Folded

_ELISION: Final = r"(?:[cdjlmnst]|qu|lorsqu|puisqu|quoiqu|jusqu)'"
_EMOTICON: Final = (
    r"(?<![\w/])(?:[:;=x]'?[-o]?[()\[\]dp/\\|s@*](?!\w)|<3+|</3|\^_?\^|-_+-|>:\(|\\o/"
    r"|d:(?!\w)|[(:]:?[=:])"
)
_NUMBER: Final = r"\d+(?:[.,/:]\d+)*"
_REST: Final = r"[!?.…]+|[^\w\s]|_+"
_URL: Final = r"(?:https?://|www\.)[^\s]+"

#: Every character is in some token, or is the one space behind it.
_TOKEN: Final = {
    "fr": re.compile(
        rf"({_URL}|{_EMOTICON}|aujourd'hui|quelqu'une?|{_ELISION}|{_NUMBER}(?!\w)|[^\W_]+|{_REST}"
        r"|\s+) ?"
    ),
    "en": re.compile(rf"({_URL}|{_EMOTICON}|{_NUMBER}(?!\w)|[^\W_]+(?:'[^\W_]+)*|{_REST}|\s+) ?"),
}
_ELONGATED: Final = re.compile(r"(\w)\1{2,}")
#: A sentence ends here when space follows.
_STOP: Final = re.compile(r"[!?.…]*[!?.…]\Z")
_CLOSING: Final = frozenset('")]»')
#: Words before a full stop that does not end a sentence.
ABBREVIATIONS: Final = frozenset(
    {
        "al",
        "approx",
        "art",
        "av",
        "bd",
        "bld",
        "cf",
        "chap",
        "dec",
        "dept",
        "dr",
        "e",
        "ed",
        "env",
        "est",
        "etc",
        "ex",
        "fbg",
        "fevr",
        "fig",
        "g",
        "hab",
        "i",
        "inc",
        "janv",
        "jr",
        "ltd",
        "m",
        "max",
        "me",
        "mgr",
        "min",
        "mlle",
        "mm",
        "mme",
        "mr",
        "mrs",
        "ms",
        "n",
        "no",
        "nov",
        "oct",
        "p",
        "pp",
        "pr",
        "ref",
        "sept",
        "sr",
        "st",
        "ste",
        "tel",
        "vol",
        "vs",
    }
)
#: Tokens after which a sentence is cut wherever it stands, so that no text can be made slow.
MAX_SENTENCE: Final = 150
_CLAUSE_MARKS: Final = frozenset(",;:()[]—")


@dataclass(slots=True)
class Words:
    """The tokens of one text; positions are characters of the folded text unless said."""

    text: str
    folded: Folded
    language: str
    norms: list[str]
    starts: list[int]
    ends: list[int]
    #: Half-open token ranges, filled by the sentence component.
    sentences: list[tuple[int, int]] = field(default_factory=list)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where tokens ``first`` to ``last`` (half-open) stand in the original text."""
        return self.folded.start_of(self.starts[first]), self.folded.end_of(self.ends[last - 1])

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the tokens that touch ``text[start:end]`` of the original, half-open."""
        begin, finish = self.folded.index_of(start), self.folded.index_of(end)
        first = bisect_right(self.ends, begin)
        last = bisect_left(self.starts, finish)
        return first, max(last, first + 1)

    def is_capital(self, token: int) -> bool:
        """Return whether a token was written with a capital first."""
        return self.text[self.folded.start_of(self.starts[token])].isupper()

    def written(self, first: int, last: int) -> str:
        """Return those tokens as they were written."""
        start, end = self.span(first, last)
        return self.text[start:end]


def cut(text: str, folded: Folded, language: str) -> Words:
    """Cut a folded text into tokens.

    One space after a token is nothing; any other white space is a token of its own, so that the
    tokens and the spaces between them are the whole text.
    """
    pattern = _TOKEN.get(language, _TOKEN["en"])
    norms: list[str] = pattern.findall(folded.text)
    starts: list[int] = []
    ends: list[int] = []
    at, written = 0, folded.text
    for norm in norms:
        starts.append(at)
        at += len(norm)
        ends.append(at)
        at += written[at : at + 1] == " "
    return Words(text, folded, language, norms, starts, ends)


def norms_of(term: str, folded: Folded, language: str) -> tuple[str, ...]:
    """Return a lexicon term as the tokens it is compared with: no white space, no hyphens."""
    norms = cut(term, folded, language).norms
    return tuple(norm for norm in norms if not norm.isspace() and norm != "-")


def shortened(norm: str) -> tuple[str, str] | None:
    """Return an elongated word with its repeats cut to one and to two; None when it has none.

    >>> shortened("nuuuul")
    ('nul', 'nuul')
    """
    if _ELONGATED.search(norm) is None:
        return None
    return _ELONGATED.sub(r"\1", norm), _ELONGATED.sub(r"\1\1", norm)


def find_sentences(words: Words) -> list[tuple[int, int]]:
    """Return the sentences as half-open token ranges that cover all tokens.

    A full stop ends one unless it follows an abbreviation or an initial, or stands inside a number;
    an ellipsis ends a clause only (whether a capital follows is folded away); a line break always
    ends one.
    """
    norms = words.norms
    sentences: list[tuple[int, int]] = []
    begin, index, count = 0, 0, len(norms)
    while index < count:
        norm = norms[index]
        if norm.isspace():
            is_end = "\n" in norm
        else:
            is_end = norm[-1] in ".!?…" and _ends_sentence(words, index)
            while is_end and index + 1 < count and norms[index + 1] in _CLOSING:
                index += 1
        index += 1
        if is_end:
            while index < count and norms[index].isspace():
                index += 1
            sentences.append((begin, index))
            begin = index
        elif index - begin >= MAX_SENTENCE:
            sentences.append((begin, index))
            begin = index
    if begin < count:
        sentences.append((begin, count))
    return sentences


def _ends_sentence(words: Words, index: int) -> bool:
    norms = words.norms
    following = index + 1
    while following < len(norms) and norms[following] in _CLOSING:
        following += 1
    is_followed = following < len(norms) and not norms[following].isspace()
    if is_followed and words.starts[following] == words.ends[following - 1]:
        return False  # inside a number, an address or a name
    norm = norms[index]
    if _STOP.match(norm) is None:
        return False
    if "!" in norm or "?" in norm:
        return True
    if norm in {"…", "..", "..."} or "…" in norm:
        return False
    before = norms[index - 1] if index else ""
    is_initial = len(before) == 1 and before.isalpha()
    return not (is_initial or before in ABBREVIATIONS)


def is_clause_mark(norm: str) -> bool:
    """Return whether a token separates clauses: comma, colon, bracket, ellipsis, dash apart."""
    return norm[-1] in ".!?…" or norm in _CLAUSE_MARKS
