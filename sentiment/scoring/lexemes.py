"""Texts as arrays of lexemes: split once, everything a model asks of a word is looked up.

A lexeme is one spelling as met ("Déçuuu", "l'", "😡", "!!!"). What models need of it (its hashed
forms, its lexicon weight, whether it negates or ends a clause) is worked out the first time it is
met and kept, so that a batch of texts costs one regular expression, one dictionary look-up a token
and a few array operations.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from sentiment.scoring.grammar import (
    AS,
    CLOSERS,
    CONTRAST,
    LESS,
    MORE,
    NEGATORS,
    QUOTES,
    STOPS,
    THAN,
    UNLIKE,
    USHERS,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

#: A lexeme longer than this is cut: no word is, and n-grams of a 1 MB "word" would cost seconds.
MAX_LEXEME_CHARS: Final = 40
#: Tokens of one text that are looked at; what follows is not read (bounded time and memory).
MAX_TOKENS: Final = 4000
#: Lexemes remembered before the memory is emptied: about 100 MB with their n-grams.
MAX_REMEMBERED: Final = 60_000
#: The same of pieces of text between two spaces, and the longest that is remembered.
MAX_PIECES: Final = 120_000
MAX_PIECE_CHARS: Final = 30
#: A number with more digits than this is only a number.
_TELLING_DIGITS: Final = 2
#: Characters of an elision of one letter: «l'».
_ONE_LETTER: Final = 2
#: Tokens that a negation reaches, counted from the negating word.
NEGATION_REACH: Final = 4

_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2764\u203c\u2049"
#: One token; none has a space in it, nor looks at what stands before it. Counts are bounded where a
#: piece that is no token would be scanned again at each place: a million of «a.a.a.» costs seconds.
TOKEN: Final = re.compile(
    r"""
    (?:https?://|www\.)\S+                                   # address
    | @\w+                                                   # handle
    | \w{1,64}+(?:[.\-+]\w{1,64}+){0,9}@\w+(?:\.\w+)+        # e-mail
    | [:;=8xX][\-o^'’]?[)(\]\[dDpPoO/\\|*3$]+(?!\w)          # emoticon
    | [()][\-o^']?[:;=](?!\w) | <3+ | \^\^+ | [-=oO>][_.][-=oO<](?!\w)
    | aujourd['’]hui | \w{1,20}n['’]t\b
    | (?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w) # French elision
    | \d+(?:[.,:/]\d+)*
    | [^\W\d_]+(?:['’][^\W\d_]+)?(?:\d+)?
    | ["""
    + _EMOJI
    + r"""]
    | [!?]+ | \.{2,}|… | [.,;:()"«»“”#/%€$&*+=\-–—]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ELONGATED = re.compile(r"([^\W\d])\1{2,}")
_IS_EMOJI = re.compile(f"[{_EMOJI}]")


#: What is kept of a lexeme, in the order of a row.
COLUMNS: Final = (
    "hash", "is_negator", "is_closer", "is_contrast", "is_caps", "is_elongated", "is_emoji",
    "exclamation", "question", "ellipsis", "address", "handle", "hashtag", "number", "quote",
    "is_stop", "is_comma", "is_than", "is_more", "is_less", "is_as", "is_unlike",
    "usher",
)  # fmt: skip
#: Columns that are not yes or no.
_TYPES: Final[dict[str, type[np.generic]]] = {"hash": np.uint64, "usher": np.int64}


def fold_token(raw: str) -> str:  # noqa: PLR0911  # one kind of token a line
    """Return the form under which spellings of one word meet: lower case, no accents, no length.

    >>> fold_token("Déçuuuu"), fold_token("ŒUF"), fold_token("!!!!!"), fold_token("2019")
    ('decuu', 'oeuf', '!!', '0000')
    """
    first = raw[0]
    if first == "@" and len(raw) > 1:
        return "<user>"
    low = raw[:MAX_LEXEME_CHARS].lower().replace("’", "'")
    if low == "http" or low.startswith(("http://", "https://", "www.")):
        return "<url>"
    if first in "!?":
        marks = "".join(sorted(set(low)))
        return marks * 2 if len(low) > 1 and len(marks) == 1 else marks
    if low.startswith(".."):
        return "…"
    if first.isdigit():
        return low if len(low) <= _TELLING_DIGITS or "/" in low else "0" * min(len(low), 6)
    if low.isascii():
        return _ELONGATED.sub(r"\1\1", low)
    low = low.replace("œ", "oe").replace("æ", "ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    return _ELONGATED.sub(r"\1\1", plain) or low


def hash_text(text: str) -> int:
    """Return 32 well-mixed bits of a text; the same on every machine."""
    mixed = zlib.crc32(text.encode("utf-8", "surrogatepass")) * 0x9E3779B97F4A7C15
    return ((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9 >> 24) & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Some texts, cut: every array has one entry a token, each text opened by lexeme 0."""

    lexemes: Ints  # number of the lexeme
    is_negated: Bools  # in reach of a negation
    starts: Ints  # first entry of each text; shape (n_texts,)
    text_of: Ints  # which text the entry belongs to

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.starts)


#: Numbers of the tokens of a piece of text, and where each begins and ends in it, one by one.
_Piece = tuple[list[int], list[int]]


class LexemeTable:
    """What is known of each spelling met so far; see the module."""

    def __init__(self, valence: Mapping[str, tuple[float, ...]] | None = None) -> None:
        """Start empty.

        Args:
            valence: Weights of a folded token in the lexicons, one number a lexicon.
        """
        self._lexicon = dict(valence or {})
        self._no_valence = (0.0,) * len(next(iter(self._lexicon.values()), (0.0,)))
        self._remembers_all = False
        self.version = 0  # changes when numbers are given anew: caches by lexeme must be dropped
        self._reset()

    def _reset(self) -> None:
        self.version += 1
        self._numbers: dict[str, int] = {}
        self._pieces: dict[str, _Piece] = {}
        self.folded: list[str] = []
        self._rows: list[tuple[int | bool, ...]] = []
        self._valences: list[tuple[float, ...]] = []
        self._valence = np.zeros((0, len(self._no_valence)), np.float32)
        self._columns: dict[str, npt.NDArray[np.generic]] = {
            key: np.zeros(0, _TYPES.get(key, np.bool_)) for key in COLUMNS
        }
        self.number("<text>")

    def number(self, raw: str) -> int:
        """Return the number of a spelling, given now if it is new."""
        raw = raw[:MAX_LEXEME_CHARS]
        number = self._numbers.get(raw)
        if number is not None:
            return number
        folded = "<text>" if raw == "<text>" else fold_token(raw)
        bare = folded.removesuffix("'") if len(folded) > _ONE_LETTER else folded
        is_word = raw[0].isalpha()
        self._rows.append(
            (
                hash_text(folded),
                folded in NEGATORS or folded.endswith("n't"),
                folded in CLOSERS or raw == "<text>" or folded[0] in "!?",
                folded in CONTRAST,
                is_word and len(raw) > 1 and raw.isupper(),
                is_word and _ELONGATED.search(raw) is not None,
                _IS_EMOJI.match(raw) is not None,
                "!" in folded,
                "?" in folded,
                folded == "…",
                folded == "<url>",
                folded == "<user>",
                raw[0] == "#",
                raw[0].isdigit(),
                raw in QUOTES,
                folded in STOPS or folded[0] in "!?",
                folded in {",", ";", ":", "(", ")", "-", "–", "—"},
                folded in THAN,
                folded in MORE,
                folded in LESS,
                folded in AS,
                folded in UNLIKE,
                USHERS.get(folded, 11 if folded[0] in "!?" else 0),
            )
        )
        lexicon = self._lexicon
        self._valences.append(lexicon.get(folded) or lexicon.get(bare) or self._no_valence)
        self.folded.append(folded)
        self._numbers[raw] = number = len(self._rows) - 1
        return number

    def column(self, name: str) -> npt.NDArray[np.generic]:
        """Return one property of all lexemes, one of ``COLUMNS``."""
        if fresh := self._rows[len(self._valence) :]:
            rows = np.array(fresh, dtype=np.uint64)
            for number, key in enumerate(COLUMNS):
                found = rows[:, number].astype(_TYPES.get(key, np.bool_))
                self._columns[key] = np.concatenate([self._columns[key], found])
            valences = np.array(self._valences[len(self._valence) :], np.float32)
            self._valence = np.concatenate([self._valence, valences])
        return self._columns[name]

    def valence(self) -> Floats:
        """Return the lexicon weights of all lexemes; shape (n_lexemes, n_lexicons)."""
        self.column("hash")
        return self._valence

    def split(self, text: str) -> list[int]:
        """Return the numbers of a text's tokens, without the opening one."""
        known, cut = self._pieces, self._cut
        found: list[int] = []
        for written in text.split():
            piece = known.get(written) or cut(written)
            found += piece[0]
            if len(found) >= MAX_TOKENS:
                return found[:MAX_TOKENS]
        return found

    def spans(self, text: str) -> Ints:
        """Return where each token of :meth:`split` stands in the text; shape (n_tokens, 2)."""
        known, cut, find = self._pieces, self._cut, text.find
        found: list[int] = []
        begins: list[int] = []
        counts: list[int] = []
        at = 0
        for written in text.split():
            at = find(written, at)
            piece = known.get(written) or cut(written)
            found += piece[1]
            begins.append(at)
            counts.append(len(piece[0]))
            at += len(written)
            if len(found) >= 2 * MAX_TOKENS:
                break
        shifts = np.repeat(np.array(begins, np.int64), np.array(counts, np.int64))
        spans: Ints = np.array(found, np.int64).reshape(-1, 2) + shifts[:, None]
        return spans[:MAX_TOKENS]

    def _cut(self, written: str) -> _Piece:
        """Return the tokens of a piece of text without a space in it; no token ever holds one."""
        number = self.number
        found = list(islice(TOKEN.finditer(written), MAX_TOKENS))
        piece = [number(one[0]) for one in found], [end for one in found for end in one.span()]
        if len(written) <= MAX_PIECE_CHARS:
            if len(self._pieces) >= MAX_PIECES:
                self._pieces.clear()
            self._pieces[written] = piece
        return piece

    def make_room(self) -> None:
        """Forget all spellings when there are too many; between two batches, never within one."""
        if len(self._rows) > MAX_REMEMBERED and not self._remembers_all:
            self._reset()

    def remember_all(self) -> None:
        """Never empty the memory from now on: numbers handed out stay good. For training."""
        self._remembers_all = True

    def batch(self, texts: Iterable[str]) -> TokenBatch:
        """Cut texts into one :class:`TokenBatch`."""
        self.make_room()
        return self.join([self.split(text) for text in texts])

    def join(self, split: Sequence[Sequence[int]]) -> TokenBatch:
        """Lay texts already cut side by side and find what negations reach."""
        lengths = np.fromiter((len(one) + 1 for one in split), np.int64, len(split))
        starts = np.cumsum(lengths) - lengths
        lexemes = np.zeros(int(lengths.sum()), np.int64)
        keep = np.ones(len(lexemes), np.bool_)
        keep[starts] = False
        lexemes[keep] = np.fromiter((n for one in split for n in one), np.int64)
        text_of = np.repeat(np.arange(len(split)), lengths)
        negator = self.column("is_negator")[lexemes].astype(np.bool_, copy=False)
        closer = self.column("is_closer")[lexemes].astype(np.bool_)
        negated = np.zeros(len(lexemes), np.bool_)
        reach = negator.copy()
        for _ in range(NEGATION_REACH):
            reach = np.concatenate(([False], reach[:-1])) & ~closer
            negated |= reach
        return TokenBatch(lexemes, negated & ~negator, starts, text_of)
