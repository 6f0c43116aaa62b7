"""Plain text out of HTML fragments: what a person would read, paragraphs separated by newlines.

Nothing is executed or fetched; scripts, styles and comments are dropped, entities resolved,
control characters removed.
"""

import html
import re
from typing import Any

from lxml import etree

from listening.collectors.reading.html_fast import simple_text

#: Characters that neither XML nor a person's text may hold; tab and newlines stay. The two that
#: turn letters around (U+202D, U+202E) are no writing but a trick: "gnp.exe" for "exe.png".
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]"
)
#: Directions that a text may set for itself, but not a title: it stands in the middle of our lines.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: What only looks like markup to a parser: a tag or comment opening, or a character reference.
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?[a-zA-Z0-9]+")
#: No honest post is longer, and no honest title; bounds the time spent on the others.
MAX_MARKUP_CHARS = 2_000_000
MAX_LINE_MARKUP_CHARS = 20_000
_C1_REFERENCE = re.compile(r"&#(?:12[89]|1[345]\d);")
_BLANKS = re.compile("[\\s\xa0]+")
_INLINE_BLANKS = re.compile("[^\\S\n]+")
_MANY_NEWLINES = re.compile(r" ?\n[ \n]*")

_DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "iframe",
        "object",
        "svg",
        "math",
        "select",
        "textarea",
        "audio",
        "video",
        "canvas",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_CELLS = frozenset({"td", "th"})
#: Pictures that stand for a character; WordPress puts them into every feed in place of emoji.
_SMILEY_CLASS = re.compile(r"\b(?:wp-smiley|emoji|smil(?:ey|ie)s?|emoticon)\b", re.IGNORECASE)
_MAX_SMILEY_CHARS = 30


def plain_text(markup: str) -> str:
    r"""Return the readable text of an HTML fragment; one paragraph or list item per line.

    Text without markup comes back with its line breaks tidied.

    >>> plain_text("<p>L&rsquo;œuf<br>dur</p><script>x()</script><ul><li>un<li>deux</ul>")
    'L’œuf\ndur\nun\ndeux'
    """
    markup = markup[:MAX_MARKUP_CHARS]
    if not _MARKUP.search(markup):
        return literal_text(markup)
    # Numbers of C1 controls (&#146;) mean cp1252; html.unescape knows, libxml2 does not.
    clean = without_controls(_C1_REFERENCE.sub(_cp1252_reference, markup))
    simple = simple_text(clean)
    if simple is not None:
        return simple
    root = _parse(clean)
    if root is None:
        return _tidy(html.unescape(re.sub(r"<[^>]*>", " ", clean)))
    parts: list[str] = []
    _collect(root, parts)
    return _tidy(CONTROL.sub("", "".join(parts)))


def tree_text(element: Any) -> str:
    """Return the readable text of a parsed element, as ``plain_text`` does of its markup."""
    parts: list[str] = []
    tail, element.tail = element.tail, None
    _collect(element, parts)
    element.tail = tail
    return _tidy(CONTROL.sub("", "".join(parts)))


def literal_text(text: str) -> str:
    """Return a text that is no HTML, tidied: "a < b" stays what it is."""
    return _tidy(without_controls(text[:MAX_MARKUP_CHARS]))


def one_line(markup: str, *, is_html: bool = True) -> str:
    r"""Return the readable text on a single line, as a title or a name needs it.

    >>> one_line("Soupe <b>froide</b> &amp;\n pain")
    'Soupe froide & pain'
    """
    start = markup[:MAX_LINE_MARKUP_CHARS]
    is_markup = is_html and ("<" in start or "&" in start)
    text = " ".join((plain_text(start) if is_markup else without_controls(start)).split())
    return text if text.isprintable() else " ".join(_DIRECTION.sub("", text).split())


def without_controls(text: str) -> str:
    """Return the text without control characters, tabs and line breaks excepted."""
    # A fast look clears most texts; what it does not clear may still be in order.
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return CONTROL.sub("", text)


def cut(text: str, limit: int) -> tuple[str, bool]:
    """Return the text at no more than ``limit`` characters, and whether it had to be cut."""
    return (text, False) if len(text) <= limit else (text[:limit].rstrip(), True)


def _cp1252_reference(found: re.Match[str]) -> str:
    return html.unescape(found.group())


def _parse(markup: str) -> Any:
    """Return the root element, or None when libxml2 sees nothing in it."""
    parser = etree.HTMLParser(
        recover=True,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(f"<div>{markup}</div>".encode(), parser)
    except etree.XMLSyntaxError:  # nothing but comments, or nested deeper than the parser goes
        return None


def _collect(root: Any, parts: list[str]) -> None:
    """Append the text of a tree in reading order; by a stack, since its depth is not ours."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, is_leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        border = "\n" if tag in _BLOCKS else " " if tag in _CELLS else ""
        if is_leaving:
            parts.append(border)
            parts.append(_BLANKS.sub(" ", element.tail or ""))
            continue
        if tag in _DROPPED or not tag:
            parts.append(_BLANKS.sub(" ", element.tail or ""))
            continue
        parts.append(border or _smiley(element, tag))
        if element.text:
            parts.append(element.text if tag == "pre" else _BLANKS.sub(" ", element.text))
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))


def _smiley(element: Any, tag: str) -> str:
    """Return the character or the sign that a picture stands for, "" for any other element."""
    alt = element.get("alt", "").strip() if tag == "img" else ""
    if not alt or len(alt) > _MAX_SMILEY_CHARS:
        return ""
    is_sign = not any(char.isalnum() for char in alt)
    return alt if is_sign or _SMILEY_CLASS.search(element.get("class") or "") else ""


def _tidy(text: str) -> str:
    """Collapse blanks inside lines and drop empty lines."""
    if "\n" not in text and "\r" not in text:
        return " ".join(text.split())
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _MANY_NEWLINES.sub("\n", _INLINE_BLANKS.sub(" ", lines)).strip()
