"""The mistakes people make in queries, each with what to write instead.

Checks the words of a query one by one and each against the one before it, so that the grammar only
ever sees what it can read, and a person never reads what a parser "expected".
"""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from lark import Token

from listening.query.error import QueryError
from listening.query.limits import MAX_DEPTH
from listening.translate import mark

FIELDS: Final = (
    "title",
    "titre",
    "site",
    "author",
    "auteur",
    "lang",
    "langue",
    "type",
    "exact",
    "forms",
    "formes",
    "min",
)
BINARY: Final = frozenset({"_OR", "_AND", "_SAME", "NEAR"})
PREFIX: Final = frozenset({"_NOT", "FIELD", "MIN"})
#: What a word, a phrase or a group can begin with, and end with.
OPENING: Final = frozenset({"WORD", "PHRASE", "_OPEN", "FIELD", "MIN"})
CLOSING: Final = frozenset({"WORD", "PHRASE", "_CLOSE"})

#: Operators of other languages, as single words, and what stands for them here.
_FOREIGN: Final = {
    "&&": "ET / AND",
    "&": "ET / AND",
    "+": "ET / AND",
    "||": "OU / OR",
    "|": "OU / OR",
    "/": "OU / OR",
    ",": "OU / OR",
    ";": "OU / OR",
    "!": "SAUF / NOT",
    "-": "SAUF / NOT",
    "~": "PROCHE/5 / NEAR/5",
    "PAS": "SAUF / NOT",
    "XOR": "OU / OR",
}
_NEAR: Final = re.compile(r"(O?NEAR|PROCHE|SUIVI)[/_:~]?([0-9]{0,6})", re.IGNORECASE)
_OTHER_FIELD: Final = re.compile(r"([^\W\d_]{2,20}):(.*)", re.DOTALL)


def find_mistake(tokens: Sequence[Token], text: str) -> QueryError | None:
    """Return the first mistake in a query cut into tokens, or None."""
    if not tokens:
        return QueryError(
            mark("the query is empty"),
            start=0,
            hint=mark('write a word or a "phrase": "My Brand" AND Lyon'),
        )
    for checks in (_stray_quotes(tokens, text), _words(tokens), _order(tokens), _brackets(tokens)):
        if (mistake := next(checks, None)) is not None:
            return mistake
    return None


def fault(token: Token, message: str, hint: str | None = None, **values: str) -> QueryError:
    """Return an error that points at a token."""
    start = token.start_pos or 0
    return QueryError(message, start=start, end=start + len(token), hint=hint, values=values)


def _stray_quotes(tokens: Sequence[Token], text: str) -> Iterator[QueryError]:
    if any(token.type == "STRAY_QUOTE" for token in tokens):
        # An odd number: the parser takes the last for the stray one, a person forgot any.
        at = text.rfind('"')
        yield QueryError(
            mark("this quotation mark has no partner"),
            start=at,
            hint=mark('quotation marks come in pairs: "My Brand"'),
        )


def _words(tokens: Sequence[Token]) -> Iterator[QueryError]:
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "PHRASE" and not any(letter.isalnum() for letter in token):
            yield fault(
                token,
                mark("there is no word between these quotation marks"),
                mark("write one, or remove them"),
            )
        if token.type == "WORD":
            is_value = before is not None and before.type == "FIELD"
            yield from _word(token, is_value=is_value)


def _word(token: Token, *, is_value: bool) -> Iterator[QueryError]:
    word = str(token)
    if word in _FOREIGN:
        hint = mark('write {operator}; if it belongs to a name, put the name in quotes: "H & M"')
        yield fault(
            token, mark("{word} is no operator here"), hint, word=word, operator=_FOREIGN[word]
        )
    elif word[0] in "-!" and len(word) > 1:
        hint = mark("write NOT {rest}")
        yield fault(
            token,
            mark("a word cannot begin with {sign}"),
            hint,
            sign=word[0],
            rest=word.lstrip("-!"),
        )
    elif word[0] in "'‘’" or word.startswith("+"):
        hint = mark('write the word alone, or a phrase between double quotes: "{rest}"')
        yield fault(
            token,
            mark("a word cannot begin with {sign}"),
            hint,
            sign=word[0],
            rest=word.strip("+'‘’"),
        )
    elif word[-1] in ",;" or any(sign in word for sign in ("&&", "||")):
        hint = mark("write OR between alternatives, AND between conditions")
        yield fault(token, mark("{word} is written like a list"), hint, word=word)
    elif found := _NEAR.fullmatch(word):
        yield from _near_word(token, found)
    elif not is_value:
        yield from _unknown_field(token)
        if not any(letter.isalnum() for letter in word):
            hint = mark("remove it, or write a word with letters or digits")
            yield fault(token, mark("{word} is no word"), hint, word=word)


def _near_word(token: Token, found: re.Match[str]) -> Iterator[QueryError]:
    """« PROCHE », "NEAR 5", "near/5": meant as the operator; the bare word in small letters not."""
    name, number = found[1].upper(), found[2]
    is_operator = name == found[1] or number
    if not is_operator:
        return
    message = (
        mark("{word} is not written like the operator")
        if number
        else mark("{word} needs a number: how many words may stand between the two")
    )
    yield fault(
        token, message, mark("write {better}"), word=str(token), better=f"{name}/{number or 8}"
    )


def _unknown_field(token: Token) -> Iterator[QueryError]:
    found = _OTHER_FIELD.fullmatch(token)
    if found is None:
        return
    name = found[1].casefold()
    if name in {"http", "https"}:
        hint = mark("write site: and the name of the site: site:exemple.fr")
        yield fault(token, mark("an address cannot be searched for"), hint)
        return
    if name in FIELDS and not found[2]:
        return
    guesses = get_close_matches(name, FIELDS, n=1, cutoff=0.6)
    hint = (
        mark('did you mean {guess}:? If the colon belongs to the word, write "{word}"')
        if guesses
        else mark('there are {known}; if the colon belongs to the word, write "{word}"')
    )
    yield fault(
        token,
        mark("there is no field {name}"),
        hint,
        name=found[1],
        word=str(token),
        guess="".join(guesses),
        known=", ".join(FIELDS),
    )


def _order(tokens: Sequence[Token]) -> Iterator[QueryError]:
    """Say what is missing between two tokens, before the first and after the last."""
    first, last = tokens[0], tokens[-1]
    if first.type in BINARY:
        yield fault(
            first,
            mark("nothing stands before {operator}"),
            mark("write what it combines on both sides: Orange {operator} mobile"),
            operator=str(first),
        )
    for left, right in pairwise(tokens):
        is_waiting = left.type in BINARY | PREFIX | {"_OPEN"}
        if left.type == "_OPEN" and right.type == "_CLOSE":
            yield fault(
                right,
                mark("there is nothing between these parentheses"),
                mark("write something in them, or remove them"),
            )
        elif left.type == "FIELD" and right.type in {"_NOT"} | BINARY:
            hint = mark("write it right after the colon: {field}Orange")
            yield fault(
                right, mark("{field} needs a word, a phrase or a group"), hint, field=str(left)
            )
        elif is_waiting and right.type in BINARY | {"_CLOSE"}:
            yield fault(
                right,
                mark("after {left} a word, a phrase or a group is missing"),
                mark("write one, or remove {left}"),
                left=str(left),
            )
    if last.type in BINARY | PREFIX:
        yield fault(
            last,
            mark("nothing follows {operator}"),
            mark("write a word or a phrase after it, or remove it"),
            operator=str(last),
        )


def _brackets(tokens: Sequence[Token]) -> Iterator[QueryError]:
    opened: list[Token] = []
    prefixes = 0
    for token in tokens:
        if token.type == "_OPEN":
            opened.append(token)
        elif token.type == "_CLOSE":
            if not opened:
                yield fault(
                    token,
                    mark("this parenthesis closes none"),
                    mark("remove it, or write the one that opens"),
                )
                return
            opened.pop()
        prefixes = prefixes + 1 if token.type in PREFIX else 0
        if len(opened) > MAX_DEPTH or prefixes > MAX_DEPTH:
            yield fault(
                token,
                mark("the query is nested more than {limit} deep"),
                mark("write it flatter: a list with OR needs no inner parentheses"),
                limit=str(MAX_DEPTH),
            )
            return
    if opened:
        yield fault(
            opened[-1],
            mark("this parenthesis is never closed"),
            mark("write ) where the group ends"),
        )
