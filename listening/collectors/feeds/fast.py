"""A fast reader of ordinary feeds that says the same as feedparser, or that it is not sure.

One pass of expat, with which feedparser itself reads well-formed feeds, over the elements whose
treatment is plain. Whatever is out of the ordinary (document types, prefixes that mean something
else, markup where text belongs, sources with authors of their own …) is handed over to feedparser.
The result has the shape of feedparser's, with the keys that ``feed_entry`` reads.
"""

from typing import Any
from xml.parsers import expat

from listening.collectors.feeds.names import Names, UnsureError
from listening.collectors.feeds.state import FeedState

#: Deeper feeds are not written by honest hands; feedparser's own limits judge them.
_MAX_DEPTH = 64
#: Text of one element is handed on in pieces of this size; fewer calls for long posts.
_BUFFER_BYTES = 1 << 16
_HEAD_CHARS = 4096


def parse_fast(text: str) -> dict[str, Any]:
    """Return what feedparser would return for a feed, as far as we read it.

    Args:
        text: Decoded, without an XML declaration and the characters XML forbids.

    Raises:
        UnsureError: feedparser has to read this one.
    """
    start = text.find("<")
    if start < 0 or _has_doctype(text):
        raise UnsureError("no plain XML")
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    machine = _Machine(parser)
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.buffer_size = _BUFFER_BYTES
    parser.StartNamespaceDeclHandler = machine.names.declare
    parser.StartElementHandler = machine.start
    parser.EndElementHandler = machine.end
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        raise UnsureError("malformed") from error
    state = machine.state
    return {
        "entries": state.entries,
        "feed": state.feed,
        "version": machine.names.version,
        "bozo": False,
    }


def _has_doctype(text: str) -> bool:
    """Return whether something beside comments and instructions comes before the root."""
    head = text[:_HEAD_CHARS].upper()
    return "<!DOCTYPE" in head or "<!ENTITY" in text


class _Machine:
    """Turns the events of expat into calls of the state; keeps depth, language and open leaf."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser  # told where text goes; most of it is blanks between elements
        self.names = Names()
        self.state = FeedState(self.names)
        self._depth = 0
        self._roles: list[str] = []
        self._skipped_at = 0  # depth of the picture or form whose parts are nobody's title
        self._leaf_at = 0  # depth of the element whose text is collected
        self._parts: list[str] = []
        self._held: list[list[str]] = []  # texts of the categories around the open one
        self._is_markup = False  # the leaf holds XHTML, written out again as it is read

    def start(self, raw: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        self._depth += 1
        depth = self._depth
        if self._is_markup:
            self._roles.append("")
            self._parts.append(self.names.start_tag(raw, attributes))
            return
        role = self.names.role(raw)
        if self._leaf_at and self._roles[-1] == "source":
            self._skipped_at, self._leaf_at = self._leaf_at, 0
            self._parser.CharacterDataHandler = None
            self.state.start_skipped("source")
        if self._leaf_at:
            self._inside_leaf(role, attributes)
            return
        state = self.state
        own = self.names.attributes(attributes, is_read=bool(role)) if attributes else {}
        state.enter(own)
        if self._skipped_at:
            state.skip(role, depth - self._skipped_at)
            self._roles.append("")
            return
        if not role:
            if depth == 1 or depth > _MAX_DEPTH:
                raise UnsureError("an unusual root")
            self._roles.append("")
            return
        if depth == 1:
            state.start_root(role, own)
            self._roles.append("")
            return
        self._roles.append(role)
        if role in {"image", "textinput"}:
            state.start_skipped(role)
            self._skipped_at = depth
        elif state.start(role, own, depth):
            self._is_markup = state.is_markup
            self._listen(depth)

    def _inside_leaf(self, role: str, attributes: dict[str, str]) -> None:
        """Let names and addresses stand inside an author, podcast categories inside others."""
        if role == self._roles[-1] == "itunes category":
            self._held.append(self._parts)
            own = self.names.attributes(attributes, is_read=True)
            self.state.enter(own)
            self.state.start(role, own, self._depth)
            self._roles.append(role)
            self._listen(self._depth)
            return
        if self._roles[-1] != "author" or role not in {"name", "email", "uri"}:
            raise UnsureError("markup in a text")
        if attributes:
            self.names.attributes(attributes, is_read=True)
        self.state.enter({})
        self.state.start_part("".join(self._parts))
        self._roles.append(role)
        self._listen(self._depth)

    def end(self, raw: str) -> None:
        """Take the end of an element."""
        depth = self._depth
        role = self._roles.pop() if depth > 1 else ""
        if self._leaf_at == depth:
            self._end_leaf(role, depth)
        elif self._leaf_at:
            self._parts.append(self.names.end_tag(raw))
            self._depth = depth - 1
            return
        elif role:
            self.state.end(role)
            if self._skipped_at == depth:
                self._skipped_at = 0
        self.state.leave()
        self._depth = depth - 1

    def _end_leaf(self, role: str, depth: int) -> None:
        self._leaf_at = 0
        self._parser.CharacterDataHandler = None
        if role in {"name", "email", "uri"}:
            self.state.end_part(role, "".join(self._parts).strip())
            self._listen(depth - 1)
            return
        self.state.end_leaf(role, self._parts, depth)
        self._is_markup = False
        if self._held and role == "itunes category":
            self._leaf_at = depth - 1
            self._parts = self._held.pop()
            self._parser.CharacterDataHandler = self._parts.append

    def _listen(self, depth: int) -> None:
        """Collect the text from here on, for the element at this depth."""
        self._leaf_at = depth
        parts = self._parts = []
        self._parser.CharacterDataHandler = (
            (lambda text: parts.append(_escaped(text))) if self._is_markup else parts.append
        )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")
