"""Reads a query: text in, nodes and remarks out, or the one error that a person must mend."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lark import Lark, Token, UnexpectedInput

from listening.query.build import Builder
from listening.query.error import QueryError
from listening.query.limits import MAX_CHARS, MAX_DEPTH, MAX_LITERALS, MAX_WILDCARDS
from listening.query.mistakes import fault, find_mistake
from listening.query.nodes import Literal, Node, Or, is_naming, walk
from listening.query.notes import Note, find_notes
from listening.query.printer import write_query
from listening.text import DOUBLE_QUOTES
from listening.translate import mark

#: Quotation marks of all kinds become the plain one; each is one character, so places stay.
_QUOTES: Final = str.maketrans(dict.fromkeys(DOUBLE_QUOTES, '"'))


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read."""

    #: As it was written.
    text: str
    #: What it means.
    root: Node
    #: What may not have been meant.
    notes: tuple[Note, ...] = ()

    def normal_form(self, language: str = "fr") -> str:
        """Return it as it was understood, parentheses made explicit."""
        return write_query(self.root, language)


class _Tokens:
    """Keeps every kind of token, those too that only ``find_mistake`` reads."""

    always_accept = ("STRAY_QUOTE",)

    @staticmethod
    def process(stream: Iterator[Token]) -> Iterator[Token]:
        """Pass the tokens on."""
        return stream


@cache
def _parser() -> Lark:
    grammar = (files("listening.query") / "grammar.lark").read_text(encoding="utf-8")
    options: dict[str, Any] = {
        "parser": "lalr",
        "lexer": "basic",
        "postlex": _Tokens(),
        "maybe_placeholders": False,
        "transformer": Builder(),
    }
    return Lark(grammar, **options)


@cache
def _lexer() -> Lark:
    grammar = (files("listening.query") / "grammar.lark").read_text(encoding="utf-8")
    options: dict[str, Any] = {"parser": "lalr", "lexer": "basic", "postlex": _Tokens()}
    return Lark(grammar, **options)


def read_query(text: str) -> Query:
    """Read a query; takes time in proportion to its length.

    Raises:
        QueryError: It cannot be read, is larger than the limits allow, or could be true for a text
            in which nothing names the brand.
    """
    if len(text) > MAX_CHARS:
        raise QueryError(
            mark("the query has more than {limit} characters"),
            start=MAX_CHARS,
            hint=mark("split it over several brands, or use wildcards: assur*"),
            values={"limit": str(MAX_CHARS)},
        )
    plain = text.translate(_QUOTES)
    tokens = list(_lexer().lex(plain))
    if (mistake := find_mistake(tokens, plain)) is not None:
        raise mistake
    try:
        root: Any = _parser().parse(plain)
    except UnexpectedInput as error:
        token = getattr(error, "token", None) or Token("WORD", "?", start_pos=error.pos_in_stream)
        raise fault(
            token,
            mark("{word} cannot stand here"),
            mark("check the parentheses and what stands before it"),
            word=str(token),
        ) from error
    node: Node = root
    _require_bounds(node)
    _require_name(node, plain)
    return Query(text, node, find_notes(tokens))


def _require_bounds(root: Node) -> None:
    literals = wildcards = 0
    for node, depth in walk(root):
        if depth > MAX_DEPTH:
            message, limit = mark("the query is nested more than {limit} deep"), MAX_DEPTH
            hint = mark("write it flatter: a list with OR needs no inner parentheses")
            raise QueryError(message, start=0, hint=hint, values={"limit": str(limit)})
        if isinstance(node, Literal):
            literals += 1
            wildcards += node.has_wildcard
    for count, limit, message in (
        (literals, MAX_LITERALS, mark("the query has more than {limit} words and phrases")),
        (wildcards, MAX_WILDCARDS, mark("the query has more than {limit} words with * or ?")),
    ):
        if count > limit:
            hint = mark("split it over several brands")
            raise QueryError(message, start=0, hint=hint, values={"limit": str(limit)})


def _require_name(root: Node, text: str) -> None:
    """Refuse what could be true for a text without a word of the brand: nothing could be shown."""
    if is_naming(root):
        return
    part = _nameless(root)
    raise QueryError(
        mark("{clause} alone names no brand"),
        start=0,
        end=len(text),
        hint=mark('add a word or a phrase that must be there: "My Brand" AND {clause}'),
        values={"clause": write_query(part)},
    )


def _nameless(node: Node) -> Node:
    """Return the smallest alternative that names nothing."""
    if isinstance(node, Or):
        return _nameless(next(part for part in node.parts if not is_naming(part)))
    return node
