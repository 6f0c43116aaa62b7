"""The readable text of simple HTML without building a tree: most posts are paragraphs and links.

Only markup whose tree cannot matter is read here: known tags, each closed where it was opened, with
well-formed attributes and references. For anything else the answer is None, and libxml2 decides.
"""

import html
import re
from functools import lru_cache
from html.entities import name2codepoint

#: Blocks that hold lines only: any block inside would close them.
_LEAVES = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "address", "figcaption", "summary", "pre"]
)
#: Blocks that hold others.
_CONTAINERS = frozenset(
    [
        "article", "aside", "blockquote", "dd", "details", "div", "dl", "figure", "footer",
        "header", "li", "main", "nav", "ol", "section", "ul",
    ]
)  # fmt: skip
_BLOCKS = _LEAVES | _CONTAINERS
_LISTS = frozenset({"ul", "ol", "dl"})
_ITEMS = frozenset({"li", "dd", "dt"})
#: Elements that leave no trace in the text.
_INLINE = frozenset(
    [
        "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var",
    ]
)  # fmt: skip
_LINES = frozenset({"br", "hr"})
_VOID = _LINES | {"img", "wbr"}
#: A picture whose other text is empty, or words of more than a sign's length or without its class.
_ALT = re.compile(r"(?<![\w-])alt\s*=\s*([\"'])\s*(.*?)\s*\1", re.IGNORECASE | re.DOTALL)
_SIGN_CLASS = re.compile("smil|emoji|emoticon", re.IGNORECASE)
_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9]*)"
    r"((?:\s+[a-zA-Z_][\w:.-]*(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`/&]+))?)*+\s*/?)>",
    re.ASCII,
)
_COMMENT = re.compile(r"<!--[^-<>](?:[^-]|-(?!-))*+-->")
_REFERENCE = re.compile(r"&(?=[a-zA-Z#])(?:(#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z0-9]+);)?")
_BLANK_NUMBERS = frozenset({9, 10, 13})
_LEAST_PRINTED = 160
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF
_LAST_PLAIN = 0xFFFD
#: Stands for a line break that markup means; no control character is in a cleaned text.
_BREAK = "\x01"
#: Stands for a reference that is not plain.
_ODD = "\x02"
_BREAKS = re.compile(f" ?{_BREAK}[{_BREAK} ]*")


def simple_text(markup: str) -> str | None:
    r"""Return the readable text of simple HTML, or None when a tree has to be built.

    Args:
        markup: Without control characters.

    >>> simple_text("<p>L&rsquo;œuf<br>dur</p><p>un</p>")
    'L’œuf\ndur\nun'
    """
    if "<!--" in markup:
        markup = _COMMENT.sub("", markup)
    parts = _TAG.split(markup)
    if len(parts) > 1 and not _mark_borders(parts):
        return None
    joined = "".join(parts)
    if "<" in joined:
        return None
    if "&" in joined:
        joined = _REFERENCE.sub(_resolved, joined)
        if _ODD in joined:
            return None
    return _BREAKS.sub("\n", " ".join(joined.split())).strip()


def _mark_borders(parts: list[str]) -> bool:
    """Put what each tag means in its place; return False when the tree may matter."""
    open_tags: list[str] = []
    for at in range(1, len(parts), 4):
        closing, tag, rest = parts[at], parts[at + 1].lower(), parts[at + 2]
        is_line = tag in _BLOCKS or tag in _LINES
        parts[at], parts[at + 1], parts[at + 2] = _BREAK if is_line else "", "", ""
        if tag in _VOID:
            is_plain = not _is_sign(tag, rest) and (tag != "hr" or _is_allowed(open_tags, tag))
        else:
            is_plain = _is_nested(open_tags, tag, closing=closing, rest=rest)
        if tag == "pre" and not closing:
            is_plain = is_plain and "&#" not in parts[at + 3]
            parts[at + 3] = _BREAK.join(re.split("\r\n|\r|\n", parts[at + 3]))
        if not is_plain:
            return False
    return True


def _is_nested(open_tags: list[str], tag: str, *, closing: str, rest: str) -> bool:
    """Open or close a tag; return whether that leaves the tree as it is written."""
    if (tag not in _INLINE and tag not in _BLOCKS) or rest.endswith("/"):
        return False
    if closing:
        return bool(open_tags) and open_tags.pop() == tag
    # A link in a link ends the outer one, wherever that stands.
    is_link_in_link = tag == "a" and tag in open_tags
    is_allowed = not is_link_in_link and (tag in _INLINE or _is_allowed(open_tags, tag))
    open_tags.append(tag)
    return is_allowed


def _is_sign(tag: str, attributes: str) -> bool:
    """Return whether a picture may stand for a character."""
    if tag != "img" or "alt" not in attributes.lower():
        return False
    found = _ALT.search(attributes)
    if found is None or "&" in found[2] or _SIGN_CLASS.search(attributes):
        return True
    return bool(found[2]) and not any(char.isalnum() for char in found[2])


def _is_allowed(open_tags: list[str], tag: str) -> bool:
    """Return whether a block closes none of the open ones."""
    if not _LEAVES.isdisjoint(open_tags):
        return False
    last = open_tags[-1] if open_tags else ""
    if tag in _ITEMS:
        return last in _LISTS
    return last not in _LISTS


def _resolved(found: re.Match[str]) -> str:
    return _character(found[1]) if found[1] else _ODD


@lru_cache(maxsize=1024)
def _character(reference: str) -> str:
    """Return what a reference means, where every parser agrees."""
    if not reference.startswith("#"):
        return html.unescape(f"&{reference};") if reference in name2codepoint else _ODD
    digits = reference[1:]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if number in _BLANK_NUMBERS or " " <= chr(number) <= "~":
        return chr(number)
    is_plain = _LEAST_PRINTED <= number <= _LAST_PLAIN
    is_surrogate = _FIRST_SURROGATE <= number <= _LAST_SURROGATE
    return chr(number) if is_plain and not is_surrogate else _ODD
