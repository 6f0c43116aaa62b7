"""The words of a post that came as a fragment of HTML inside JSON."""

import lxml.html
from lxml import etree

from listening.collectors.reading.ownwords import post_text
from listening.collectors.reading.plaintext import CONTROL, MAX_MARKUP_CHARS, plain_text


def without_quotes(markup: str) -> str:
    """Return the readable text of a fragment without what it quotes.

    >>> without_quotes('<aside class="quote">Non.</aside><p>Si &eacute;</p>')
    'Si é'
    """
    if "quote" not in markup and "signature" not in markup and "Mention" not in markup:
        return plain_text(markup)
    parser = lxml.html.HTMLParser(
        recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False,
        encoding="utf-8",
    )  # fmt: skip
    fragment = CONTROL.sub("", markup[:MAX_MARKUP_CHARS])
    try:
        root = lxml.html.document_fromstring(f"<div>{fragment}</div>".encode(), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return plain_text(markup)
    return post_text(root)
