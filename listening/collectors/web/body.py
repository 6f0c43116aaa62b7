"""Decompression with a limit, so that a small answer cannot become a large one."""

import zlib

from listening.collectors import faults
from listening.errors import ListeningError

#: Grows more than this while it decompresses: not a text but an attack.
_BOMB_RATIO = 100
#: What we offer to servers, and so what we understand.
ACCEPTED_ENCODINGS = "gzip, deflate"
_HEADER_BYTES = 2
_GZIP_MAGIC = b"\x1f\x8b"
#: Honest files are joined from a few; each further one costs a copy of all that follows it.
_MAX_MEMBERS = 16


class BodyError(ListeningError):
    """A body is too large, damaged or compressed in an unknown way."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: Word of ``listening.collectors.faults``.
        self.reason = reason


class BoundedBody:
    """Collects a body chunk by chunk and decompresses it on the way; never holds more than allowed.

    Args:
        content_encoding: HTTP header, or None.
        limit: Bytes, compressed as well as decompressed.
        is_cut_at_limit: Keep what fits instead of raising ``body_too_large``.
    """

    def __init__(
        self, content_encoding: str | None, *, limit: int, is_cut_at_limit: bool = False
    ) -> None:
        coding = (content_encoding or "identity").strip().lower()
        if coding not in {"gzip", "x-gzip", "deflate", "identity", "none", ""}:
            raise BodyError(faults.UNKNOWN_CONTENT_ENCODING)
        self._is_packed = coding in {"gzip", "x-gzip", "deflate"}
        self._inflater = zlib.decompressobj(wbits=47)  # gzip or zlib, by its first bytes
        self._limit = limit
        self._is_cut_at_limit = is_cut_at_limit
        self._received = 0
        self._parts: list[bytes] = []
        self._size = 0
        self._held = b""
        self._member_count = 1
        self._is_over = False  # what follows the last member is padding

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk; return whether more is wanted.

        Raises:
            BodyError: ``body_too_large``, ``decompression_bomb`` or ``bad_compression``.
        """
        self._received += len(chunk)
        if self._received > self._limit:
            return self._full(chunk if not self._is_packed else b"")
        if not self._is_packed:
            self._keep(chunk)
            return True
        if self._is_over:
            return True
        chunk = self._held + chunk
        self._held = b""
        is_first = self._received == len(chunk)
        if is_first and len(chunk) < _HEADER_BYTES:
            self._held = chunk  # too little to tell the kinds of stream apart
            return True
        while chunk:
            plain = self._inflate(chunk, is_first=is_first)
            is_first = False
            if self._size + len(plain) > self._limit:
                return self._full(plain)
            self._keep(plain)
            chunk = self._inflater.unconsumed_tail
            if self._inflater.eof:
                chunk = self._next_member()
        return True

    def finish(self) -> bytes:
        """Return the whole body.

        Raises:
            BodyError: ``truncated_body`` when the compressed stream has no end.
        """
        if self._is_packed and self._received and not self._inflater.eof and not self._is_full:
            raise BodyError(faults.TRUNCATED_BODY)
        return b"".join(self._parts)

    @property
    def _is_full(self) -> bool:
        return self._size >= self._limit

    def _inflate(self, chunk: bytes, *, is_first: bool) -> bytes:
        room = self._limit - self._size + 1
        try:
            return self._inflater.decompress(chunk, room)
        except zlib.error as error:
            if not is_first:
                raise BodyError(faults.BAD_COMPRESSION) from error
        # Some servers call the bare stream "deflate".
        self._inflater = zlib.decompressobj(wbits=-15)
        try:
            return self._inflater.decompress(chunk, room)
        except zlib.error as error:
            raise BodyError(faults.BAD_COMPRESSION) from error

    def _next_member(self) -> bytes:
        """Return what follows a finished gzip member when it is another one, else nothing."""
        rest = self._inflater.unused_data
        if not rest.startswith(_GZIP_MAGIC):
            self._is_over = len(rest) >= _HEADER_BYTES
            return b""
        self._member_count += 1
        if self._member_count > _MAX_MEMBERS:
            raise BodyError(faults.DECOMPRESSION_BOMB)
        self._inflater = zlib.decompressobj(wbits=47)
        return rest

    def _keep(self, plain: bytes) -> None:
        self._parts.append(plain)
        self._size += len(plain)

    def _full(self, plain: bytes) -> bool:
        """Stop at the limit: keep what fits, or raise."""
        if not self._is_cut_at_limit:
            consumed = self._received - len(self._inflater.unconsumed_tail)
            is_bomb = self._is_packed and self._limit > _BOMB_RATIO * consumed
            raise BodyError(faults.DECOMPRESSION_BOMB if is_bomb else faults.BODY_TOO_LARGE)
        self._keep(plain[: self._limit - self._size])
        self._size = self._limit
        return False


def unpacked(body: bytes, *, limit: int) -> bytes:
    """Return a gzip file's content, or the body itself when it is none.

    Raises:
        BodyError: Too large or damaged.
    """
    if not body.startswith(_GZIP_MAGIC):
        return body
    bounded = BoundedBody("gzip", limit=limit)
    bounded.feed(body)
    return bounded.finish()
