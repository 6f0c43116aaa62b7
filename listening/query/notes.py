"""What is allowed in a query but may not be what was meant: told beside how it was read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lark import Token

from listening.query.mistakes import CLOSING, OPENING
from listening.translate import mark

#: Words that are operators when they are written in capitals.
_SMALL: Final = {
    "et": "ET",
    "ou": "OU",
    "sauf": "SAUF",
    "and": "AND",
    "or": "OR",
    "not": "NOT",
    "near": "NEAR/8",
    "proche": "PROCHE/8",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One remark about ``text[start:end]``; its sentence is one of the catalogue."""

    message: str
    start: int
    end: int
    values: dict[str, str] = field(default_factory=dict)


def find_notes(tokens: Sequence[Token]) -> tuple[Note, ...]:
    """Return the remarks on a query that can be read, from left to right, each kind once."""
    found: dict[str, Note] = {}
    for note in [*_small_operators(tokens), *_side_by_side(tokens), *_mixed(tokens)]:
        found.setdefault(note.message, note)
    return tuple(sorted(found.values(), key=lambda note: note.start))


def _note(token: Token, message: str, **values: str) -> Note:
    start = token.start_pos or 0
    return Note(message, start, start + len(token), values)


def _small_operators(tokens: Sequence[Token]) -> list[Note]:
    message = mark("{word} in small letters is a word of the text; the operator is {operator}")
    return [
        _note(token, message, word=str(token), operator=_SMALL[str(token).lower()])
        for token in tokens
        if token.type == "WORD" and token.lower() in _SMALL
    ]


def _side_by_side(tokens: Sequence[Token]) -> list[Note]:
    message = mark(
        "{left} and {right} stand side by side: both must be in the text, anywhere;"
        ' for one expression write "{left} {right}"'
    )
    texts = {"WORD", "PHRASE"}
    return [
        _note(right, message, left=str(left).strip('"'), right=str(right).strip('"'))
        for before, left, right in zip([None, *tokens], tokens, tokens[1:], strict=False)
        if left.type in texts and right.type in texts
        if before is None or before.type != "FIELD"
    ]


def _mixed(tokens: Sequence[Token]) -> list[Note]:
    """Find groups that hold OU beside ET, or beside two words that follow each other."""
    notes: list[Note] = []
    kinds: list[set[str]] = [set()]
    before: Token | None = None
    for token in tokens:
        is_joined = before is not None and before.type in CLOSING and token.type in OPENING
        if is_joined or token.type == "_AND":
            kinds[-1].add("and")
        if token.type == "_OR":
            kinds[-1].add("or")
        if kinds[-1] >= {"and", "or"}:
            message = mark("AND binds tighter than OR here: write parentheses to be sure")
            notes.append(_note(token, message))
        if token.type == "_OPEN":
            kinds.append(set())
        elif token.type == "_CLOSE" and len(kinds) > 1:
            kinds.pop()
        before = token
    return notes
