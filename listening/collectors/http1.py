"""One HTTP/1 answer out of its bytes: strict about what it means, bounded in what it may cost.

Not h11's: an answer costs a tenth of the time here, and a night reads tens of thousands of them.
What could be understood in two ways (two lengths, an unknown transfer coding) is an error.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from listening.errors import ListeningError

#: All heads of one answer together; servers of good will send 1 to 8 kB.
MAX_HEAD_BYTES = 64_000
#: "103 Early Hints" and the like before the real answer.
_MAX_INTERIM = 10
#: A chunk's size with its extensions, or one trailer.
_MAX_LINE_BYTES = 4_096
_SWITCHING, _FIRST_FINAL = 101, 200

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.[0-9] ([1-9][0-9]{2})(?: [^\r\0]*)?")
_FIELD = re.compile(rb"([-!#$%&'*+.^_`|~0-9A-Za-z]+):[ \t]*([^\r\0]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\0]*)?")

Field = tuple[bytes, bytes]


class BadAnswerError(ListeningError):
    """What came is not HTTP/1."""


class CutShortError(ListeningError):
    """The connection ended before the answer did."""


class Headers(Mapping[str, str]):
    """Header fields by name, in any case of letters; what came twice is joined by a comma."""

    __slots__ = ("_values",)

    def __init__(self, fields: Iterable[Field] = ()) -> None:
        self._values: dict[str, str] = {}
        for raw, value in fields:
            name, text = raw.decode("ascii"), _text(value)
            known = self._values.get(name)
            self._values[name] = text if known is None else f"{known}, {text}"

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Sink(Protocol):
    """Takes a body piece by piece."""

    def feed(self, chunk: bytes) -> bool:
        """Take a piece; return whether more is wanted."""


class AnswerReader:
    """Reads one answer.

    Args:
        on_head: Told status and fields; returns what takes the body, or None to leave it unread.
    """

    def __init__(self, on_head: Callable[[int, list[Field]], Sink | None]) -> None:
        self._on_head = on_head
        self._held = bytearray()
        self._read: Callable[[], bool] = self._read_head
        self._head_bytes = 0
        self._interim_count = 0
        self._sink: Sink | None = None
        self._left = 0  # of the body, or of one chunk
        self._is_until_close = False
        self.is_done = False

    def feed(self, data: bytes) -> bool:
        """Take what arrived; return whether the answer is complete.

        Raises:
            BadAnswerError: It is not HTTP/1, or its head is too long.
            ListeningError: Of the sink.
        """
        if self.is_done:
            return True
        self._held += data
        while self._read():
            pass
        return self.is_done

    def end(self) -> None:
        """Say that nothing more comes.

        Raises:
            CutShortError: The answer had not ended.
        """
        if not self.is_done and not self._is_until_close:
            raise CutShortError("the connection was closed")
        self.is_done = True

    def _read_head(self) -> bool:
        """Read a head; return whether to go on at once with what follows it."""
        end = _END.search(self._held, max(self._head_bytes - 3, 0))
        self._head_bytes = len(self._held) if end is None else end.end()
        if self._head_bytes > MAX_HEAD_BYTES:
            raise BadAnswerError("the head is too long")
        if end is None:
            return False
        first, *lines = bytes(self._held[: end.start()]).split(b"\n")
        del self._held[: end.end()]
        self._head_bytes = 0
        status = _STATUS.fullmatch(first.removesuffix(b"\r"))
        if status is None:
            raise BadAnswerError("no status line")
        code = int(status[1])
        if code < _FIRST_FINAL:
            self._interim_count += 1
            if code == _SWITCHING or self._interim_count > _MAX_INTERIM:
                raise BadAnswerError("no answer but interim ones")
            return True
        fields = _fields(lines)
        self._sink = self._on_head(code, fields)
        if self._sink is None:
            return self._finish()
        return self._choose_framing(fields)

    def _choose_framing(self, fields: list[Field]) -> bool:
        """Find out where the body ends (RFC 9112, 6.3)."""
        codings = [value.lower() for name, value in fields if name == b"transfer-encoding"]
        lengths = {
            part.strip()
            for name, value in fields
            if name == b"content-length"
            for part in value.split(b",")
        }
        if codings:
            if codings != [b"chunked"]:
                raise BadAnswerError("unknown transfer coding")
            self._read = self._read_chunks
        elif lengths:
            length = lengths.pop()
            if lengths or not length.isdigit() or len(length) > 18:  # noqa: PLR2004 - 10**18 bytes
                raise BadAnswerError("no usable length")
            self._left = int(length)
            self._read = self._read_length
        else:
            self._is_until_close = True
            self._read = self._read_rest
        return True

    def _read_length(self) -> bool:
        if len(self._held) > self._left:  # what follows is nothing we asked for
            del self._held[self._left :]
        self._left -= len(self._held)
        self._pass_on(self._held)
        return self._finish() if self._left == 0 else False

    def _read_rest(self) -> bool:
        self._pass_on(self._held)
        return False

    def _read_chunks(self) -> bool:
        """Read the chunks that are here, and pass them on together."""
        held, here = self._held, bytearray()
        at = 0  # cutting the front off once is cheaper than once per chunk
        is_last = False
        while not is_last:
            if self._left > 0:
                piece = held[at : at + self._left]
                here += piece
                at += len(piece)
                self._left -= len(piece)
                if self._left > 0:
                    break
                self._left = -1  # its end of line is still to come
            line_end = held.find(b"\n", at)
            if line_end < 0:
                _require_line(len(held) - at)
                break
            line = bytes(held[at:line_end]).removesuffix(b"\r")
            _require_line(len(line))
            at = line_end + 1
            is_last = self._take_line(line)
        del held[:at]
        if here:
            self._pass_on(here)
        if is_last and not self.is_done:
            self._read = self._read_trailers
            return True
        return False

    def _take_line(self, line: bytes) -> bool:
        """Take the line behind a chunk or before one; return whether no chunk follows."""
        if self._left < 0:
            if line:
                raise BadAnswerError("a chunk is longer than it says")
            self._left = 0
            return False
        size = _CHUNK.fullmatch(line)
        if size is None:
            raise BadAnswerError("no chunk size")
        self._left = int(size[1], 16)
        return self._left == 0

    def _read_trailers(self) -> bool:
        """Pass over the trailers."""
        end = self._held.find(b"\n")
        _require_line(len(self._held) if end < 0 else end)
        if end < 0:
            return False
        line = bytes(self._held[:end]).removesuffix(b"\r")
        del self._held[: end + 1]
        self._head_bytes += len(line)
        if self._head_bytes > MAX_HEAD_BYTES:
            raise BadAnswerError("the trailers are too long")
        return True if line else self._finish()

    def _pass_on(self, piece: bytearray) -> None:
        if piece and self._sink is not None and not self._sink.feed(bytes(piece)):
            self.is_done = True
        piece.clear()

    def _finish(self) -> bool:
        self.is_done = True
        return False


def _require_line(length: int) -> None:
    if length > _MAX_LINE_BYTES:
        raise BadAnswerError("a line is too long")


def _fields(lines: list[bytes]) -> list[Field]:
    """Return names in lower case with their values; folded lines are joined."""
    fields: list[Field] = []
    for raw in lines:
        line = raw.removesuffix(b"\r")
        if line[:1] in {b" ", b"\t"} and fields:
            name, value = fields.pop()
            fields.append((name, value + b" " + line.strip(b" \t")))
            continue
        found = _FIELD.fullmatch(line)
        if found is None:
            raise BadAnswerError("no header field")
        fields.append((found[1].lower(), found[2].rstrip(b" \t")))
    return fields


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
