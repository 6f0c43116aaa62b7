"""Reading one HTTP/1 answer: what it means, however it is cut into pieces."""

import h11
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.web.http1 import (
    MAX_FIELDS,
    MAX_FRAMING_BYTES,
    MAX_HEAD_BYTES,
    MAX_UNWANTED_BYTES,
    AnswerReader,
    Field,
)


class Body:
    """Keeps what it takes, up to a limit."""

    def __init__(self, limit: int = 10_000) -> None:
        self.content = b""
        self._limit = limit

    def feed(self, chunk: bytes) -> bool:
        self.content += chunk
        return len(self.content) < self._limit


class Reading:
    """One answer, read in pieces of a given size."""

    def __init__(self, data: bytes, *, size: int = 1_000_000, is_closed: bool = True) -> None:
        self.status = 0
        self.headers = httpx.Headers()
        self.body = Body()
        self.reader = AnswerReader(self._on_head)
        for start in range(0, len(data), size):
            if self.reader.feed(data[start : start + size]):
                return
        if is_closed:
            self.reader.end()

    def _on_head(self, status: int, fields: list[Field]) -> Body | None:
        self.status, self.headers = status, httpx.Headers(fields)
        return self.body if status == 200 else None


def answer(*lines: str, body: bytes = b"", status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


CHUNKED = "Transfer-Encoding: chunked"
ONE = b"1\r\na\r\n0\r\n\r\n"
SIZES = [pytest.param(n, id=f"{n}-bytes-at-a-time") for n in (1, 2, 3, 7, 10_000)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("data", "body"),
    [
        pytest.param(answer("Content-Length: 5", body=b"texte"), b"texte", id="length"),
        pytest.param(answer("Content-Length: 0"), b"", id="nothing"),
        pytest.param(answer("Content-Length: 2", body=b"abcd"), b"ab", id="more-than-announced"),
        pytest.param(answer(body=b"texte"), b"texte", id="until-it-closes"),
        pytest.param(
            answer(CHUNKED, body=b"3\r\ntex\r\n2\r\nte\r\n0\r\n\r\n"), b"texte", id="chunks"
        ),
        pytest.param(
            answer(CHUNKED, body=b'A;x="1"\r\n0123456789\r\n0\r\nX: y\r\n\r\n'),
            b"0123456789",
            id="extension-and-trailer",
        ),
        pytest.param(
            b"HTTP/1.0 200\r\nContent-Length: 2\r\n\r\nab", b"ab", id="version-1.0-and-no-reason"
        ),
        pytest.param(
            answer("Upgrade: h2c", "Connection: upgrade", "Content-Length: 1", body=b"a"),
            b"a",
            id="another-protocol-offered-beside-the-answer",
        ),
        pytest.param(
            answer(status="103 Early Hints") + answer("Content-Length: 1", body=b"a"),
            b"a",
            id="interim-answer-first",
        ),
    ],
)
def test_the_body_ends_where_its_framing_says(data: bytes, body: bytes, size: int) -> None:
    reading = Reading(data, size=size)

    assert (reading.status, reading.body.content) == (200, body)


def test_fields_have_any_case_and_may_come_twice() -> None:
    reading = Reading(answer('ETag:  "1"  ', "Via: x", "via: é", status="304 Not Modified"))

    assert reading.headers["etag"] == '"1"'
    assert reading.headers.get("Via") == "x, é"
    assert reading.headers.get("Location") is None


def test_trailers_are_not_taken_for_fields_of_the_head() -> None:
    reading = Reading(answer(CHUNKED, body=b"1\r\na\r\n0\r\nLocation: http://evil.example\r\n\r\n"))

    assert reading.reader.is_whole
    assert [name for name, _ in reading.reader.fields] == [b"transfer-encoding"]


def test_a_body_nobody_wants_is_not_waited_for() -> None:
    assert (
        Reading(answer("Content-Length: 900", status="404 Not Found"), is_closed=False).status
        == 404
    )


def test_a_full_sink_ends_the_answer() -> None:
    body = Body(limit=3)
    reader = AnswerReader(lambda _status, _fields: body)

    assert reader.feed(answer(CHUNKED, body=b"5\r\ntexte\r\n"))
    assert reader.feed(b"more")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x16\x03\x01 no HTTP\r\n\r\n", id="other-protocol"),
        pytest.param(b"<html>\r\n\r\n", id="no-status-line"),
        pytest.param(b"HTTP/2 200\r\n\r\n", id="version-2"),
        pytest.param(b"HTTP/2.0 200 OK\r\n\r\n", id="version-2.0"),
        pytest.param(b"HTTP/0.9 200 OK\r\n\r\n", id="version-0.9"),
        pytest.param(answer(status="000 OK"), id="status-000"),
        pytest.param(answer(status="099 OK"), id="status-below-100"),
        pytest.param(answer(status="1000 OK"), id="status-of-four-digits"),
        pytest.param(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nab", id="bare-line-ends"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: y\nY: z\r\n\r\n", id="one-bare-line-end"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: y\rY: z\r\n\r\n", id="bare-carriage-return"),
        pytest.param(answer("X-Long: a", "  b"), id="folded-field"),
        pytest.param(answer("Content-Length: 1", " 2", body=b"1" * 12), id="folded-length"),
        pytest.param(answer("Content-Length : 5", body=b"texte"), id="space-before-colon"),
        pytest.param(answer(": x"), id="field-without-name"),
        pytest.param(answer("X\u00e9: a"), id="letter-beyond-ascii-in-a-name"),
        pytest.param(answer("X: a\x01b"), id="control-character"),
        pytest.param(answer(*(f"X-{n}: y" for n in range(MAX_FIELDS + 1))), id="too-many-fields"),
        pytest.param(answer("no colon"), id="no-field"),
        pytest.param(answer("bad name: x"), id="space-in-name"),
        pytest.param(answer("X: a\0b"), id="zero-byte"),
        pytest.param(answer("Content-Length: 5", "Content-Length: 6"), id="two-lengths"),
        pytest.param(
            answer("Content-Length: 2", "Content-Length: 2", body=b"ab"), id="length-twice"
        ),
        pytest.param(answer("Content-Length: 2, 2", body=b"ab"), id="list-of-lengths"),
        pytest.param(answer("Content-Length: -1"), id="negative-length"),
        pytest.param(answer("Content-Length: +1", body=b"a"), id="length-with-sign"),
        pytest.param(answer("Content-Length: 0x1", body=b"a"), id="hexadecimal-length"),
        pytest.param(answer("Content-Length: 1_0"), id="odd-length"),
        pytest.param(answer("Content-Length: " + "9" * 20), id="length-beyond-64-bits"),
        pytest.param(answer("Content-Length: "), id="empty-length"),
        pytest.param(answer(CHUNKED, "Content-Length: 1", body=ONE), id="chunks-then-length"),
        pytest.param(answer("Content-Length: 1", CHUNKED, body=ONE), id="length-then-chunks"),
        pytest.param(answer("Transfer-Encoding: gzip, chunked", body=ONE), id="unknown-coding"),
        pytest.param(answer("Transfer-Encoding: chunked, gzip", body=ONE), id="chunked-not-last"),
        pytest.param(answer("Transfer-Encoding: identity", body=ONE), id="coding-identity"),
        pytest.param(answer("Transfer-Encoding: xchunked", body=ONE), id="coding-xchunked"),
        pytest.param(answer(CHUNKED, CHUNKED, body=ONE), id="chunked-twice"),
        pytest.param(answer(CHUNKED, body=b"0x1\r\na\r\n0\r\n\r\n"), id="chunk-size-with-prefix"),
        pytest.param(answer(CHUNKED, body=b"1 \r\na\r\n0\r\n\r\n"), id="space-behind-chunk-size"),
        pytest.param(answer(CHUNKED, body=b"1\na\n0\n\n"), id="bare-line-ends-between-chunks"),
        pytest.param(answer(CHUNKED, body=b"F" * 17 + b"\r\n"), id="chunk-beyond-64-bits"),
        pytest.param(
            answer(CHUNKED, body=b"1\r\na\r\n0\r\nContent-Length: 5\r\n\r\n"),
            id="length-among-the-trailers",
        ),
        pytest.param(
            answer(CHUNKED, body=b"1;" + b"x" * 2 * MAX_FRAMING_BYTES), id="endless-extension"
        ),
        pytest.param(
            answer(CHUNKED, body=b"0\r\nX: " + b"y" * 3 * MAX_FRAMING_BYTES), id="endless-trailer"
        ),
        pytest.param(
            answer(CHUNKED, body=(b"1;" + b"x" * 99 + b"\r\na\r\n") * 2000),
            id="more-frames-than-body",
        ),
        pytest.param(answer(CHUNKED, body=b"x\r\n"), id="no-chunk-size"),
        pytest.param(answer(CHUNKED, body=b"1\r\nab\r\n"), id="chunk-too-long"),
        pytest.param(answer(CHUNKED, body=b"1" * 5000), id="endless-chunk-size"),
        pytest.param(answer(CHUNKED, body=b"0\r\n" + b"X: y\r\n" * 20_000), id="endless-trailers"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000, id="endless-head"),
        pytest.param(b"x" * (MAX_HEAD_BYTES + 1), id="endless-line"),
        pytest.param(answer(status="100 Continue") * 20, id="interim-answers-only"),
        pytest.param(answer(status="101 Switching Protocols"), id="another-protocol-offered"),
    ],
)
def test_what_is_no_http_is_refused(data: bytes, size: int) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        Reading(data, size=size)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="silence"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: y", id="in-the-head"),
        pytest.param(answer("Content-Length: 5", body=b"text"), id="in-the-body"),
        pytest.param(answer(CHUNKED, body=b"5\r\ntex"), id="in-a-chunk"),
        pytest.param(answer(CHUNKED, body=b"1\r\na\r\n"), id="before-the-last-chunk"),
        pytest.param(answer(CHUNKED, body=b"0\r\nX: y\r\n"), id="in-the-trailers"),
    ],
)
def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(data: bytes) -> None:
    with pytest.raises(httpx.ReadError):
        Reading(data)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_end_in_an_answer_or_in_an_error_of_ours(noise: bytes, size: int) -> None:
    for data in (noise, answer(CHUNKED, body=noise), b"HTTP/1.1 200 OK\r\n" + noise):
        try:
            Reading(data, size=size)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            continue


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=6), st.integers(1, 40))
def test_chunks_are_read_as_h11_reads_them(pieces: list[bytes], size: int) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    data = answer(CHUNKED, body=chunks + b"0\r\n\r\n")
    reference = h11.Connection(h11.CLIENT)
    reference.send(h11.Request(method="GET", target="/", headers=[("Host", "a.example")]))
    reference.send(h11.EndOfMessage())
    reference.receive_data(data)
    body = b""
    while not isinstance(event := reference.next_event(), h11.EndOfMessage):
        body += bytes(event.data) if isinstance(event, h11.Data) else b""

    assert Reading(data, size=size).body.content == body


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(answer("Content-Length: 5", body=b"texte"), id="length"),
        pytest.param(answer(CHUNKED, body=ONE), id="chunks"),
        pytest.param(answer(status="304 Not Modified"), id="never-a-body"),
        pytest.param(
            answer("Content-Length: 9", body=b"not found", status="404 No"), id="unwanted"
        ),
        pytest.param(answer(status="100 Continue") + answer("Content-Length: 0"), id="interim"),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_after_a_whole_answer_another_can_follow(data: bytes, size: int) -> None:
    reader = AnswerReader(taking_only_200)
    for start in range(0, len(data), size):
        assert not reader.can_be_followed
        reader.feed(data[start : start + size])

    assert reader.can_be_followed


def taking_only_200(status: int, _fields: list[Field]) -> Body | None:
    return Body() if status == 200 else None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(answer("Content-Length: 2", "Connection: close", body=b"ab"), id="it-says-so"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", id="version-1.0"),
        pytest.param(answer(body=b"texte"), id="no-end-but-its-closing"),
        pytest.param(answer("Content-Length: 2", body=b"abc"), id="a-byte-too-many"),
        pytest.param(answer("Content-Length: 2", body=b"ab") + answer(), id="a-second-answer"),
        pytest.param(
            answer(CHUNKED, body=ONE) + b"HTTP/1.1 200", id="the-start-of-a-second-answer"
        ),
        pytest.param(answer("Content-Length: 2", body=b"a"), id="not-whole-yet"),
        pytest.param(answer("X: a", status="204 No") + b"x", id="a-body-where-none-may-be"),
        pytest.param(answer(CHUNKED, body=b"zz", status="404 No"), id="unwanted-and-broken"),
        pytest.param(
            answer("Content-Length: 999999", body=b"x" * 2 * MAX_UNWANTED_BYTES, status="404 No"),
            id="more-than-is-worth-reading",
        ),
    ],
)
def test_else_nothing_can_follow(data: bytes, size: int) -> None:
    reader = AnswerReader(taking_only_200)
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])

    assert not reader.can_be_followed
