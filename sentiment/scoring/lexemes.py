"""Texts as arrays of lexemes: split once, everything a model asks of a word is looked up.

A lexeme is one spelling as met ("Déçuuu", "l'", "😡", "!!!"). What models need of it (its hashed
forms, its lexicon weight, whether it negates or ends a clause) is worked out the first time it is
met and kept, so that a batch of texts costs one regular expression, one dictionary look-up a token
and a few array operations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
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
from sentiment.scoring.per_lexeme import Growing
from sentiment.scoring.spelling import (
    ELONGATED,
    EMOJI,
    MAX_LEXEME_CHARS,
    TOKEN,
    fold_token,
    hash_text,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

#: Tokens of one text that are looked at; what follows is not read (bounded time and memory).
MAX_TOKENS: Final = 4000
#: Lexemes remembered before the memory is emptied: about 100 MB with their n-grams.
MAX_REMEMBERED: Final = 60_000
#: The same of pieces of text between two spaces, and the longest that is remembered.
MAX_PIECES: Final = 120_000
MAX_PIECE_CHARS: Final = 30
#: Characters of an elision of one letter: «l'».
_ONE_LETTER: Final = 2
#: Tokens that a negation reaches, counted from the negating word.
NEGATION_REACH: Final = 4


#: What is kept of a lexeme, in the order of a row.
COLUMNS: Final = (
    "hash", "is_negator", "is_closer", "is_contrast", "is_caps", "is_elongated", "is_emoji",
    "exclamation", "question", "ellipsis", "address", "handle", "hashtag", "number", "quote",
    "is_stop", "is_comma", "is_than", "is_more", "is_less", "is_as", "is_unlike",
    "usher",
)  # fmt: skip
#: Columns that are not yes or no.
_TYPES: Final[dict[str, type[np.generic]]] = {"hash": np.uint64, "usher": np.int64}


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
#: Tuples of numbers are nothing that the garbage collector would look through.
_Piece = tuple[tuple[int, ...], tuple[int, ...]]


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
        self._fleeting: dict[str, _Piece] = {}  # the long ones of this batch: addresses
        self.folded: list[str] = []
        self._rows: list[tuple[int | bool, ...]] = []
        self._valences: list[tuple[float, ...]] = []
        self._valence = Growing((len(self._no_valence),), np.float32)
        self._columns: dict[str, Growing[np.generic]] = {
            key: Growing((), _TYPES.get(key, np.bool_)) for key in COLUMNS
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
                is_word and ELONGATED.search(raw) is not None,
                EMOJI.match(raw) is not None,
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

    def __len__(self) -> int:
        """Count the lexemes met."""
        return len(self._rows)

    def column(self, name: str) -> npt.NDArray[np.generic]:
        """Return one property of all lexemes, one of ``COLUMNS``."""
        if fresh := self._rows[len(self._valence) :]:
            rows = np.array(fresh, dtype=np.uint64)
            for number, key in enumerate(COLUMNS):
                self._columns[key].add(rows[:, number].astype(_TYPES.get(key, np.bool_)))
            self._valence.add(np.array(self._valences[len(self._valence) :], np.float32))
        return self._columns[name].rows

    def valence(self) -> Floats:
        """Return the lexicon weights of all lexemes; shape (n_lexemes, n_lexicons)."""
        self.column("hash")
        return self._valence.rows

    def split(self, text: str) -> list[int]:
        """Return the numbers of a text's tokens, without the opening one."""
        return list(chain.from_iterable([one[0] for one in self._read(text.split())]))[:MAX_TOKENS]

    def spans(self, texts: Sequence[str]) -> list[Ints]:
        """Return where each token of :meth:`split` stands in its text; shape (n_tokens, 2) each."""
        pieces: list[_Piece] = []
        begins: list[int] = []
        counts: list[int] = []
        for text in texts:
            words = text.split()
            read = self._read(words)
            pieces += read
            begins += _begins(text, words)
            counts.append(sum([len(one[0]) for one in read]))
        each = np.fromiter((len(one[0]) for one in pieces), np.int64, len(pieces))
        spans = np.fromiter(chain.from_iterable([one[1] for one in pieces]), np.int64)
        spans = spans.reshape(-1, 2) + np.repeat(np.array(begins, np.int64), each)[:, None]
        ends = np.cumsum(counts).tolist()
        return [
            spans[end - count : end][:MAX_TOKENS] for end, count in zip(ends, counts, strict=True)
        ]

    def _read(self, words: Sequence[str]) -> list[_Piece]:
        """Return the tokens of pieces of text, none with a space in it."""
        known, cut = self._pieces, self._cut
        return [known.get(one) or cut(one) for one in words]

    def _cut(self, written: str) -> _Piece:
        """Return the tokens of a piece of text without a space in it; no token ever holds one."""
        if piece := self._fleeting.get(written):
            return piece
        number = self.number
        found = list(islice(TOKEN.finditer(written), MAX_TOKENS))
        numbers = tuple([number(one[0]) for one in found])
        piece = numbers, tuple([end for one in found for end in one.span()])
        kept = self._pieces if len(written) <= MAX_PIECE_CHARS else self._fleeting
        if len(kept) >= MAX_PIECES:
            kept.clear()
        kept[written] = piece
        return piece

    def make_room(self) -> None:
        """Forget all spellings when there are too many; between two batches, never within one."""
        self._fleeting.clear()
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
        lexemes[keep] = np.fromiter(chain.from_iterable(split), np.int64)
        text_of = np.repeat(np.arange(len(split)), lengths)
        negator = self.column("is_negator")[lexemes].astype(np.bool_, copy=False)
        closer = self.column("is_closer")[lexemes].astype(np.bool_)
        negated = np.zeros(len(lexemes), np.bool_)
        reach = negator.copy()
        for _ in range(NEGATION_REACH):
            reach = np.concatenate(([False], reach[:-1])) & ~closer
            negated |= reach
        return TokenBatch(lexemes, negated & ~negator, starts, text_of)


def _begins(text: str, words: Sequence[str]) -> Iterable[int]:
    """Return where the words of ``text.split()`` begin."""
    lengths = [len(one) + 1 for one in words]
    if sum(lengths) == len(text) + 1:  # one space between them, none around
        return accumulate(lengths[:-1], initial=0) if words else ()
    found, at = [], 0
    for one in words:
        at = text.find(one, at)
        found.append(at)
        at += len(one)
    return found
