"""A post's own words in its markup: no quotes, no signature, no buttons, no attachments."""

import re
from collections.abc import Iterator
from typing import Any

from listening.collectors.forums.page import line_of
from listening.collectors.reading.plaintext import tree_text
from listening.collectors.reading.smileys import emoji_of

#: Class names of what a post holds besides its own words, over all engines.
_NOT_OWN_WORDS = frozenset(
    {
        *("quote", "quotetitle", "quotecontent", "quoteheader", "quotefooter", "topslice_quote"),
        *("botslice_quote", "bbcode_quote", "bbc_standard_quote", "bbc_alternate_quote"),
        *("bbCodeQuote", "bbCodeBlock--quote", "quoteContainer", "quote_container", "attribution"),
        *("ipsQuote", "ipsQuote_citation", "mycode_quote", "PostMention", "PostPreview"),
        *("signature", "signature_text", "post_signature", "post-signature", "postsignature"),
        *("message-signature", "ipsSignature", "notice", "edited", "post_edit", "lastedit"),
        *("lastEdited", "message-lastEdit", "editDate", "modified", "attachbox", "attachments"),
        *("inline-attachment", "message-attachments", "attachedFiles", "post_attachments"),
        *("codeheader", "code_header", "bbCodeBlock-title", "bbCodeBlock-expandLink"),
        *("bbCodeBlock-shrinkLink", "bbcode_description", "js-selectToQuoteEnd", "post-buttons"),
        *(
            "display-controls",
            "under_message",
            "spoiler_header",
            "postedit",
            "quotebox",
            "sig-content",
        ),
        *(
            "UserQuote",
            "UserSignature",
            "DiscussionSignature",
            "bbp-reply-revision-log",
            "showedit",
        ),
        *("bbp-topic-revision-log", "bbp-signature", "edited-message", "sign", "quote-wrapper"),
        *("citation", "ipsQuote_contents"),
    }
)
#: "Code: Select all", put there by a template for a script to work on.
_CODE_LABEL = re.compile(r"^\s*(?:code|quellcode|código)\s*:", re.IGNORECASE)
#: "Quote:" and its neighbours, which vBulletin 3 and phpBB 2 set above a quote.
_QUOTE_LABEL = re.compile(
    r"^\s*(?:quote|citation|zitat|cita|.{1,60}\s(?:wrote|a écrit|schrieb|escribió))\s*:",
    re.IGNORECASE,
)
#: A quote whose BBCode the engine left as it was.
_RAW_QUOTE = re.compile(
    r"\[quote(?:=[^\]]{0,200}|\s[^\]]{0,200})?(?::\w{1,12})?\](?:(?!\[quote).)*?\[/quote(?::\w{1,12})?\]\s*",
    re.IGNORECASE | re.DOTALL,
)
#: The line that engines draw above a signature.
_SIGNATURE_LINE = re.compile(r"^[_\-]{10,}[ \t]*$", re.MULTILINE)
#: Characters of a signature at most (phpBB and MyBB allow 255): what is longer belongs to the post.
_MAX_SIGNATURE = 300
_QUOTED_POST = re.compile(
    r"(?:#(?:p|post-?|msg|pid|entry|findComment-)|[?&;]p=|/goto/post\?id=)(\d+)"
)
_SOURCE = re.compile(r"post:\s*(\d+)")
_MAX_RAW_QUOTES = 8


def quoted_post(body: Any) -> str | None:
    """Return the id of the post that a post quotes first, where its quote links to it."""
    for element in body.iter("blockquote", "div", "aside", "a"):
        classes = _classes(element)
        if element.tag not in {"blockquote", "aside"} and not classes & _NOT_OWN_WORDS:
            continue
        for name in ("data-post", "data-post-id", "data-ipsquote-contentcommentid", "data-id"):
            if (value := element.get(name)) and value.isdecimal():
                return str(value)
        if found := _SOURCE.fullmatch(element.get("data-source") or ""):  # XenForo 2
            return found[1]
        for link in element.iter("a"):
            if value := link.get("data-post-id"):
                return str(value)
            if found := _QUOTED_POST.search(link.get("href") or ""):
                return found[1]
    return None


def post_text(*bodies: Any) -> str:
    """Return what a post's author wrote; the tree loses what is dropped.

    Args:
        bodies: The elements that hold the post, in order.
    """
    parts = []
    for body in bodies:
        for element in [*_foreign(body)]:
            _drop(element, within=body)
        for picture in body.iter("img"):
            if sign := emoji_of(picture.get("alt") or ""):
                picture.set("alt", sign)
        parts.append(tree_text(body))
    return own_words("\n".join(part for part in parts if part))


def own_words(text: str) -> str:
    """Return a text without quotes left as BBCode and without what follows a signature's line."""
    for _ in range(_MAX_RAW_QUOTES):  # nested ones from the inside
        shorter = _RAW_QUOTE.sub("", text)
        if shorter == text:
            break
        text = shorter
    return _without_signature(text).strip()


def _without_signature(text: str) -> str:
    """Return a text up to its last line of dashes, where little follows it."""
    lines = list(_SIGNATURE_LINE.finditer(text))
    if not lines or len(text) - lines[-1].end() > _MAX_SIGNATURE:
        return text
    return text[: lines[-1].start()]


def _foreign(body: Any) -> Iterator[Any]:
    """Yield the elements of a post that are not its author's words."""
    for element in body.iter():
        if element is body or not isinstance(element.tag, str):
            continue
        classes = _classes(element)
        is_label = element.tag in {"p", "dt"} and _CODE_LABEL.match(element.text or "")
        if element.tag == "blockquote" or classes & _NOT_OWN_WORDS or is_label:
            yield element
        elif element.tag in {"div", "span", "b"} and _is_quote_label(element):
            yield _quote_around(element, body)


def _is_quote_label(element: Any) -> bool:
    """Return whether an element is the line above a quote of an engine with tables."""
    if element.tag == "b" or "smallfont" in _classes(element) or "genmed" in _classes(element):
        return bool(_QUOTE_LABEL.match(line_of(element)[:80]))
    return False


def _quote_around(label: Any, body: Any) -> Any:
    """Return the table or box of the quote that a label stands above, else the label."""
    for ancestor in label.iterancestors():
        if ancestor is body:
            break
        if ancestor.tag == "table" or (
            ancestor.tag == "div" and ancestor.find(".//table") is not None
        ):
            return ancestor
    return label


def _drop(element: Any, *, within: Any) -> None:
    """Take an element out of its tree, leaving what follows it; tables of quotes go as a whole."""
    if element.tag == "td" and "quote" in _classes(element):
        table = next((one for one in element.iterancestors("table")), None)
        if table is not None and within in table.iterancestors():
            element = table
    parent = element.getparent()
    if parent is None or element is within:
        return
    tail = f"\n{element.tail or ''}"
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _classes(element: Any) -> set[str]:
    return set((element.get("class") or "").split())
