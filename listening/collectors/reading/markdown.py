r"""Plain text out of Markdown as people write it in posts: marks go, words stay, quotes go.

Not a renderer: only the marks that would end up in counted words are taken out.
"""

import re

from listening.collectors.reading.plaintext import literal_text

_QUOTE = re.compile(r"^[ ]{0,3}>.*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\((?:[^()\s]{1,2000})(?:\s+\"[^\"\n]*\")?\)")
_MARKS = re.compile(r"(\*\*|__|~~|`{1,3}|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))")
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ ]+|^[ ]{0,3}(?:[-*+]|\d{1,3}\.)[ ]+", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~>|-])")


def markdown_text(text: str) -> str:
    r"""Return the words of a post.

    >>> markdown_text("> non\n\n**Si**, voir [la carte](https://a.example/x) \\*")
    'Si, voir la carte *'
    """
    without = _QUOTE.sub("", text)
    without = _LINK.sub(r"\1", without)
    without = _HEADING.sub("", without)
    parts = _ESCAPE.split(without)
    words = "".join(part if at % 2 else _MARKS.sub("", part) for at, part in enumerate(parts))
    return literal_text(words)
