"""Writes a query in its normal form: what the parser understood, in French or in English."""

from typing import Final

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
)

#: How each operator and field is written, by language.
_WORDS: Final = {
    "fr": {
        "and": "ET",
        "or": "OU",
        "not": "SAUF",
        "near": "PROCHE",
        "ordered": "SUIVI",
        "same": "MÊME_PHRASE",
        "title": "titre",
        "author": "auteur",
        "lang": "langue",
        "forms": "formes",
    },
    "en": {
        "and": "AND",
        "or": "OR",
        "not": "NOT",
        "near": "NEAR",
        "ordered": "ONEAR",
        "same": "SAME_SENTENCE",
        "title": "title",
        "author": "author",
        "lang": "lang",
        "forms": "forms",
    },
}


def write_query(node: Node, language: str = "fr") -> str:
    """Return the query so that reading it again gives the same nodes; parentheses made explicit.

    >>> write_query(And((Literal("orange"), Or((Literal("mobile"), Literal("box"))))), "en")
    'orange AND (mobile OR box)'
    """
    return _write(node, _WORDS[language])


def _write(node: Node, words: dict[str, str]) -> str:
    if isinstance(node, And):
        return _join_and(node, words)
    if isinstance(node, Or):
        return f" {words['or']} ".join(_operand(part, words) for part in node.parts)
    if isinstance(node, Near | SameSentence):
        return (
            f"{_operand(node.left, words)} {_operator(node, words)} {_operand(node.right, words)}"
        )
    if isinstance(node, Not | AtLeast | InTitle):
        return f"{_prefix(node, words)}{_operand(node.part, words)}"
    return _write_leaf(node, words)


def _operator(node: Near | SameSentence, words: dict[str, str]) -> str:
    if isinstance(node, SameSentence):
        return words["same"]
    return f"{words['ordered' if node.is_ordered else 'near']}/{node.distance}"


def _prefix(node: Not | AtLeast | InTitle, words: dict[str, str]) -> str:
    if isinstance(node, Not):
        return f"{words['not']} "
    return f"min:{node.count} " if isinstance(node, AtLeast) else f"{words['title']}:"


def _join_and(node: And, words: dict[str, str]) -> str:
    """« a ET b SAUF c », as people write it."""
    written = _operand(node.parts[0], words)
    for part in node.parts[1:]:
        if isinstance(part, Not):
            written += f" {_write(part, words)}"
        else:
            written += f" {words['and']} {_operand(part, words)}"
    return written


def _operand(node: Node, words: dict[str, str]) -> str:
    written = _write(node, words)
    is_simple = isinstance(node, Literal | Site | Author | Lang | Type | InTitle)
    return written if is_simple else f"({written})"


def _write_leaf(node: Literal | Site | Author | Lang | Type, words: dict[str, str]) -> str:
    if isinstance(node, Site):
        return f"site:{node.host}"
    if isinstance(node, Author):
        return f'{words["author"]}:"{node.name}"'
    if isinstance(node, Lang):
        return f"{words['lang']}:{node.code}"
    if isinstance(node, Type):
        return f"type:{node.name}"
    is_plain = node.text.isalnum() and not node.text.isupper()
    has_signs = node.has_wildcard and node.text.replace("*", "").replace("?", "").isalnum()
    written = node.text if is_plain or has_signs else f'"{node.text}"'
    if node.has_forms:
        written = f"{words['forms']}:{written}"
    return f"exact:{written}" if node.is_exact else written
