"""What a query is made of: frozen values, as read, with what can be asked of their shape."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Final

#: What a wildcard stands for: any letters (none too), exactly one letter.
WILDCARDS: Final = "*?"


@dataclass(frozen=True, slots=True)
class Literal:
    """A word or a phrase, as written; folded when compared unless it is exact."""

    text: str
    is_exact: bool = False  # case and accents count
    has_forms: bool = False  # plural, and the article contracted: « du Slip », « au Slip »

    @property
    def has_wildcard(self) -> bool:
        """Whether ``*`` or ``?`` in it stand for other letters."""
        return not self.is_exact and any(sign in self.text for sign in WILDCARDS)


@dataclass(frozen=True, slots=True)
class And:
    """All of them, anywhere in the text."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A text in which this is not true."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Near:
    """A place of the one with at most so many words between it and a place of the other."""

    left: "Node"
    right: "Node"
    distance: int
    is_ordered: bool = False  # left comes first


@dataclass(frozen=True, slots=True)
class SameSentence:
    """A place of the one in the same sentence as a place of the other."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many separate places."""

    count: int
    part: "Node"


@dataclass(frozen=True, slots=True)
class InTitle:
    """Only what stands in the title."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Site:
    """The document is on this host or one below it."""

    host: str


@dataclass(frozen=True, slots=True)
class Author:
    """The document is by this author: a name, or the key that stands for it in the tables."""

    name: str


@dataclass(frozen=True, slots=True)
class Lang:
    """The document is in this language: fr, en, other."""

    code: str


@dataclass(frozen=True, slots=True)
class Type:
    """The document's source is of this type: press, blog, forum and so on."""

    name: str


Node = (
    Literal | And | Or | Not | Near | SameSentence | AtLeast | InTitle | Site | Author | Lang | Type
)

#: What narrows a query down by facts about the document, not by its words.
Fact = Site | Author | Lang | Type


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below one, from left to right."""
    if isinstance(node, And | Or):
        return node.parts
    values = (getattr(node, field.name) for field in fields(node))
    return tuple(value for value in values if isinstance(value, Node))


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth (from 1), parents first; needs no recursion."""
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        waiting.extend((child, depth + 1) for child in reversed(children(current)))


def literals(node: Node) -> list[Literal]:
    """Return the words and phrases, from left to right, those after SAUF too."""
    return [one for one, _ in walk(node) if isinstance(one, Literal)]


@cache
def is_naming(node: Node) -> bool:
    """Say whether a text for which this is true always has a word of it that names the brand."""
    if isinstance(node, Or):
        return all(map(is_naming, node.parts))
    if isinstance(node, And):
        return any(map(is_naming, node.parts))
    if isinstance(node, Near | SameSentence):
        return is_naming(node.left)
    if isinstance(node, AtLeast | InTitle):
        return is_naming(node.part)
    return isinstance(node, Literal)


def namer(node: And) -> Node:
    """Return the part that names the brand: the first that can; the others are its context."""
    return next(part for part in node.parts if is_naming(part))


def has_places(node: Node) -> bool:
    """Say whether it stands at places of a text, as PROCHE and min: need it."""
    if isinstance(node, Or):
        return all(map(has_places, node.parts))
    if isinstance(node, InTitle):
        return has_places(node.part)
    return isinstance(node, Literal | Near | SameSentence)
