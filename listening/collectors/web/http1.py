"""One HTTP/1 answer out of its bytes: httptools (Node's llhttp, strict) reads, our limits bound it.

llhttp refuses what could be understood in two ways (two lengths, a length beside chunks, folded
fields, bare line ends); here is added what it leaves to its users: how much may come, which
versions and transfer codings we take, and where an answer without a length ends.
"""

from collections.abc import Callable
from typing import Protocol

import httptools
import httpx

#: All heads of one answer together; servers of good will send 1 to 8 kB.
MAX_HEAD_BYTES = 64_000
#: Fields of one head; browsers' limits are in the hundreds, servers' own at 100 (Apache).
MAX_FIELDS = 256
#: "103 Early Hints" and the like before the real answer.
_MAX_INTERIM = 10
#: Bytes between two pieces of a body, or behind the last: chunk sizes, extensions, trailers.
MAX_FRAMING_BYTES = 64_000
#: Bytes of framing for one of the body: one byte per chunk takes five.
_MAX_FRAMING_RATIO = 8
#: A body that says nothing to us is read so far, when the connection is to be kept.
MAX_UNWANTED_BYTES = 64_000
#: Given to the parser at once: how far any limit may be passed before it is looked at.
_SLICE_BYTES = 65_536
_FIRST_STATUS, _FIRST_FINAL = 100, 200
_VERSIONS = frozenset({"1.0", "1.1"})

Field = tuple[bytes, bytes]


class Sink(Protocol):
    """Takes a body piece by piece."""

    def feed(self, chunk: bytes) -> bool:
        """Take a piece; return whether more is wanted."""


class _Stop(Exception):  # noqa: N818 - no error: it ends the parser's work from within
    """Nothing more is to be parsed."""


def _nobody(_status: int, _fields: list[Field]) -> None:
    """Take no body."""


class AnswerReader:
    """Reads one answer.

    Args:
        on_head: Told status and fields; returns what takes the body, or None for nobody does.
    """

    def __init__(self, on_head: Callable[[int, list[Field]], Sink | None]) -> None:
        self._on_head = on_head
        self._parser = httptools.HttpResponseParser(self)
        self.status = 0
        self.fields: list[Field] = []
        self._pieces: list[bytes] = []
        self._has_head = False  # the final one
        self._head_bytes = self._interim_count = 0
        self._body_bytes = self._framing_bytes = self._silent_bytes = 0
        self._sink: Sink | None = None
        self._is_until_close = False
        self._is_kept = False
        #: What came is no answer, or more than one: nothing can follow it.
        self.is_spoilt = False
        #: Nothing more is wanted of it.
        self.is_done = False
        #: Its last byte has come.
        self.is_whole = False
        #: Something has come.

    @property
    def can_be_followed(self) -> bool:
        """Whether the connection is as it was before, so that another answer can follow."""
        return self.is_whole and self._is_kept and not self.is_spoilt

    def feed(self, data: bytes) -> bool:
        """Take what arrived; return whether all is here that is wanted.

        What comes of a body after that is passed over, up to ``MAX_UNWANTED_BYTES``.

        Raises:
            httpx.RemoteProtocolError: It is not HTTP/1, or larger than it may be.
            ListeningError: Of the sink.
        """
        rest = memoryview(data)
        while rest and not self.is_spoilt:
            if self.is_whole:
                self.is_spoilt = True  # nothing that we asked for
                break
            size = _SLICE_BYTES if self._has_head else MAX_HEAD_BYTES - self._head_bytes
            self._take(rest[:size])
            rest = rest[size:]
        return self.is_done

    def end(self) -> None:
        """Say that nothing more comes.

        Raises:
            httpx.ReadError: The answer had not ended.
        """
        if not self.is_done and not self._is_until_close:
            raise httpx.ReadError("the connection was closed")
        self.is_done = True

    def release(self) -> None:
        """Let go of what took the body: parser and reader hold each other for a while."""
        self._sink = None
        self._on_head = _nobody

    def _take(self, piece: memoryview) -> None:
        had_head, body_bytes = self._has_head, self._body_bytes
        problem = self._parse(piece)
        if not self._has_head:
            self._head_bytes += len(piece)
            if problem is None and self._head_bytes >= MAX_HEAD_BYTES:
                problem = "the head is too long"
        elif not had_head:
            self._begin_body()
        else:
            problem = problem or self._weigh(len(piece), self._body_bytes - body_bytes)
        if self._pieces:
            self._pass_on()
        if self.is_whole:
            self.is_done = True
        elif problem is not None and self.is_done:
            self.is_spoilt = True  # nobody wants it, but nothing can follow it either
        elif problem is not None:
            raise httpx.RemoteProtocolError(problem)

    def _parse(self, piece: memoryview) -> str | None:
        """Let the parser take a piece; return what is wrong with it."""
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            return "another protocol"
        except httptools.HttpParserError as error:
            if self.is_whole:
                self.is_spoilt = True
            return str(error.__context__ or error)
        return None

    def _begin_body(self) -> None:
        """Find out who takes the body, and whether its end can be known (RFC 9112, 6.3)."""
        fields = self.fields
        self._sink = self._on_head(self.status, fields)
        if self._sink is None:
            self.is_done = True
            return
        codings = [value.lower() for name, value in fields if name == b"transfer-encoding"]
        if codings and codings != [b"chunked"]:
            raise httpx.RemoteProtocolError("unknown transfer coding")
        self._is_until_close = not codings and all(n != b"content-length" for n, _ in fields)

    def _weigh(self, size: int, body_size: int) -> str | None:
        """Count what came; return what there is too much of."""
        self._framing_bytes += size - body_size
        self._silent_bytes = 0 if body_size else self._silent_bytes + size
        if self._silent_bytes > MAX_FRAMING_BYTES:
            return "the trailers are too long"
        if self._framing_bytes > MAX_FRAMING_BYTES + _MAX_FRAMING_RATIO * self._body_bytes:
            return "the chunks are too small"
        if self.is_done and self._body_bytes > MAX_UNWANTED_BYTES:
            return "too much that nobody wants"
        return None

    def _pass_on(self) -> None:
        """Pass on what came of the body, in one piece: a chunk may be a byte."""
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if self._sink is not None and not self.is_done and not self._sink.feed(body):
            self.is_done = True

    # -- called by the parser ---------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Refuse an answer behind the answer."""
        if self.is_whole:
            self.is_spoilt = True
            raise _Stop("a second answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a field of a head; those behind the last chunk are not read."""
        if self._has_head:
            return
        self.fields.append((name.lower(), value.rstrip(b" \t")))
        if len(self.fields) > MAX_FIELDS:
            raise _Stop("too many fields")

    def on_headers_complete(self) -> None:
        """Pass over interim answers."""
        status = self._parser.get_status_code()
        if status < _FIRST_STATUS or self._parser.get_http_version() not in _VERSIONS:
            raise _Stop("no HTTP/1")
        if status >= _FIRST_FINAL:
            self.status, self._has_head = status, True
            self._is_kept = self._parser.should_keep_alive()
            return
        self._interim_count += 1
        if self._interim_count > _MAX_INTERIM:
            raise _Stop("no answer but interim ones")
        self.fields = []

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body until all of this slice is parsed."""
        self._pieces.append(body)
        self._body_bytes += len(body)

    def on_message_complete(self) -> None:
        """Note the end; that of an interim answer is none."""
        self.is_whole = self._has_head
