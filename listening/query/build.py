"""Turns what the grammar recognises into nodes, and refuses what no text could be searched for."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from lark import Token, Transformer, v_args

from listening.model import SourceType
from listening.query.error import QueryError
from listening.query.limits import (
    MAX_COUNT,
    MAX_DISTANCE,
    MAX_PHRASE_WORDS,
    MAX_SIGNS,
    MAX_WORD,
    MIN_STEM,
)
from listening.query.mistakes import fault
from listening.query.nodes import (
    And,
    AtLeast,
    Author,
    InTitle,
    Lang,
    Literal,
    Near,
    Node,
    Not,
    Or,
    SameSentence,
    Site,
    Type,
    has_places,
)
from listening.text import fold_term
from listening.translate import mark

_LANGUAGES: Final = {
    "fr": "fr",
    "francais": "fr",
    "french": "fr",
    "en": "en",
    "anglais": "en",
    "english": "en",
    "other": "other",
    "autre": "other",
}
_TYPES: Final = {one.value: one.value for one in SourceType} | {
    "presse": "press",
    "avis": "review",
    "reseau": "social",
    "reseaux": "social",
    "recherche": "search",
}
_HOST: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_NEAR: Final = re.compile(r"([A-Z]+)/([0-9]+)(f?)")
#: One French field for each English one.
_SYNONYMS: Final = {"titre": "title", "auteur": "author", "langue": "lang", "formes": "forms"}


@v_args(inline=True)
class Builder(Transformer[Token, Node]):
    """One method per rule of the grammar."""

    def start(self, node: Node) -> Node:
        """Return the whole query."""
        return node

    def or_expr(self, *parts: Node) -> Node:
        """Join alternatives; one inside another is the same list."""
        return Or(_flat(Or, parts))

    def and_expr(self, *parts: Node) -> Node:
        """Join conditions; one inside another is the same list."""
        return And(_flat(And, parts))

    def negation(self, part: Node) -> Node:
        """Turn a condition round; twice is once none."""
        return part.part if isinstance(part, Not) else Not(part)

    def same_expr(self, first: Node, *others: Node) -> Node:
        """Bind from left to right."""
        for other in others:
            _require_places(first, other, "MÊME_PHRASE")
            first = SameSentence(first, other)
        return first

    def near_expr(self, first: Node, *others: Node | Token) -> Node:
        """Bind from left to right; operators and operands alternate."""
        for operator, other in zip(others[::2], others[1::2], strict=True):
            if isinstance(operator, Token) and not isinstance(other, Token):
                first = _near(first, operator, other)
        return first

    def word(self, token: Token) -> Node:
        """Take a word, wildcards and all."""
        _require_stem(token, str(token))
        return _literal(token, str(token))

    def phrase(self, token: Token) -> Node:
        """Take a phrase; wildcards count in it too."""
        text = " ".join(token[1:-1].split())
        for word in text.split():
            _require_stem(token, word)
        return _literal(token, text)

    def minimum(self, token: Token, part: Node) -> Node:
        """Ask for several places."""
        count = int("".join(filter(str.isdigit, token)))
        if not 1 <= count <= MAX_COUNT:
            raise fault(
                token,
                mark("min: goes from 1 to {limit}"),
                mark("write min:2"),
                limit=str(MAX_COUNT),
            )
        if not has_places(part):
            raise fault(
                token,
                mark("min: counts words, phrases and alternatives only"),
                mark('write min:{count} ("one" OR "other")'),
                count=str(count),
            )
        return AtLeast(count, part)

    def field(self, token: Token, part: Node) -> Node:
        """Narrow what follows to a field, or change how its words are compared."""
        name = token.rstrip(": \xa0\u202f").casefold()
        name = _SYNONYMS.get(name, name)
        if name == "title":
            if any(isinstance(one, Site | Author | Lang | Type) for one in _leaves(part)):
                raise fault(
                    token,
                    mark("{field} takes words only"),
                    mark("write the other field beside it, with AND between them"),
                    field=str(token),
                )
            return part if isinstance(part, InTitle) else InTitle(part)
        if name in {"exact", "forms"}:
            return _changed(part, token, name)
        return _alternatives(part, token, _FACTS[name])


def _flat(kind: type[And | Or], parts: Sequence[Node]) -> tuple[Node, ...]:
    found: list[Node] = []
    for part in parts:
        found.extend(part.parts if isinstance(part, kind) else (part,))
    return tuple(found)


def _near(left: Node, operator: Token, right: Node) -> Near:
    found = _NEAR.fullmatch(operator)
    distance = int(found[2]) if found else 0
    if distance > MAX_DISTANCE:
        raise fault(
            operator,
            mark("{operator} is farther than {limit} words"),
            mark("write AND when both may stand anywhere in the text"),
            operator=str(operator),
            limit=str(MAX_DISTANCE),
        )
    _require_places(left, right, operator)
    is_ordered = found is not None and (found[1] in {"ONEAR", "SUIVI"} or bool(found[3]))
    return Near(left, right, distance, is_ordered)


def _require_places(left: Node, right: Node, operator: str) -> None:
    if has_places(left) and has_places(right):
        return
    start = (operator.start_pos or 0) if isinstance(operator, Token) else 0
    raise QueryError(
        mark("{operator} goes between words, phrases and their alternatives only"),
        start=start,
        end=start + len(operator),
        hint=mark('write Orange {operator} (mobile OR "box fibre"), and the rest with AND outside'),
        values={"operator": str(operator)},
    )


def _literal(token: Token, text: str) -> Literal:
    if not any(letter.isalnum() for letter in fold_term(text)):
        raise fault(
            token,
            mark("no letter and no digit is left of {word} when texts are compared"),
            mark("write a word with letters or digits in it"),
            word=text,
        )
    if len(fold_term(text).split()) > MAX_PHRASE_WORDS:
        raise fault(
            token,
            mark("this phrase has more than {limit} words"),
            mark("shorten it to what is always written alike"),
            limit=str(MAX_PHRASE_WORDS),
        )
    return Literal(text)


def _require_stem(token: Token, word: str) -> None:
    """Refuse wildcards that would catch a good part of the language."""
    signs = [at for at, letter in enumerate(word) if letter in "*?"]
    if not signs:
        return
    stem = fold_term(word[: signs[0]]).split()
    if not stem or len(stem[-1]) < MIN_STEM:
        raise fault(
            token,
            mark("{word}: fewer than {limit} letters stand before the * or ?"),
            mark("write more of the word, or list its forms with OR"),
            word=word,
            limit=str(MIN_STEM),
        )
    if len(signs) > MAX_SIGNS or len(word) > MAX_WORD:
        raise fault(
            token,
            mark("{word} is too long or has more than {limit} wildcards"),
            mark("write more of the word, or list its forms with OR"),
            word=word,
            limit=str(MAX_SIGNS),
        )


def _leaves(node: Node) -> list[Node]:
    if isinstance(node, And | Or):
        return [leaf for part in node.parts for leaf in _leaves(part)]
    return _leaves(node.part) if isinstance(node, Not | InTitle | AtLeast) else [node]


def _changed(node: Node, token: Token, name: str) -> Node:
    """Return words that are compared as written (exact:) or in all their forms (forms:)."""
    if isinstance(node, Literal):
        if name == "exact":
            return Literal(node.text, is_exact=True)
        if not node.has_wildcard and not node.is_exact:
            return Literal(node.text, has_forms=True)
    if isinstance(node, Or):
        return Or(tuple(_changed(part, token, name) for part in node.parts))
    raise fault(
        token,
        mark("{field} takes a word, a phrase or alternatives, without * and ?"),
        mark('write {field}"My Brand"'),
        field=str(token),
    )


def _alternatives(node: Node, token: Token, make: Callable[[Token, str], Node]) -> Node:
    """Return ``site:(a OU b)`` as ``site:a OU site:b``."""
    if isinstance(node, Literal) and not node.is_exact and not node.has_forms:
        return make(token, node.text)
    if isinstance(node, Or):
        return Or(tuple(_alternatives(part, token, make) for part in node.parts))
    raise fault(
        token,
        mark("{field} takes one value, or several with OR in parentheses"),
        mark("write {field}(one OR other)"),
        field=str(token),
    )


def _site(token: Token, text: str) -> Site:
    host = text.strip().casefold().removeprefix("https://").removeprefix("http://")
    host = host.removeprefix("www.").strip("/.")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host):
        raise fault(
            token, mark("{value} is no name of a site"), mark("write site:exemple.fr"), value=text
        )
    return Site(host)


def _author(_token: Token, text: str) -> Author:
    return Author(" ".join(text.split()))


def _lang(token: Token, text: str) -> Lang:
    return Lang(_choice(token, text, _LANGUAGES))


def _type(token: Token, text: str) -> Type:
    return Type(_choice(token, text, _TYPES))


def _choice(token: Token, text: str, known: dict[str, str]) -> str:
    value = known.get(fold_term(text))
    if value is None:
        raise fault(
            token,
            mark("{field}{value} is unknown"),
            mark("write one of: {allowed}"),
            field=str(token),
            value=text,
            allowed=", ".join(dict.fromkeys(known.values())),
        )
    return value


_FACTS: Final[dict[str, Callable[[Token, str], Any]]] = {
    "site": _site,
    "author": _author,
    "lang": _lang,
    "type": _type,
}
