"""Decompression within limits."""

import gzip
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors import faults
from listening.collectors.web.body import BodyError, BoundedBody, unpacked

LIMIT = 10_000


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def read(
    coding: str | None,
    chunks: list[bytes],
    *,
    is_cut_at_limit: bool = False,
    limit: int = LIMIT,
) -> bytes:
    body = BoundedBody(coding, limit=limit, is_cut_at_limit=is_cut_at_limit)
    for chunk in chunks:
        if not body.feed(chunk):
            break
    return body.finish()


def reason(coding: str | None, chunks: list[bytes]) -> str:
    with pytest.raises(BodyError) as caught:
        read(coding, chunks)
    return caught.value.reason


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        pytest.param(None, b"texte", id="plain"),
        pytest.param("gzip", gzip.compress(b"texte"), id="gzip"),
        pytest.param("X-GZIP", gzip.compress(b"texte"), id="x-gzip"),
        pytest.param("gzip", gzip.compress(b"tex") + gzip.compress(b"te"), id="two-members"),
        pytest.param("gzip", gzip.compress(b"texte") + b"\0\0", id="padding"),
        pytest.param("deflate", zlib.compress(b"texte"), id="deflate"),
        pytest.param("deflate", bare(b"texte"), id="bare-deflate"),
        pytest.param("gzip", b"", id="nothing"),
    ],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_unpacks_in_any_chunks(coding: str | None, packed: bytes, step: int) -> None:
    chunks = [packed[i : i + step] for i in range(0, len(packed), step)]
    expected = b"texte" if packed else b""

    assert read(coding, chunks) == expected


@pytest.mark.parametrize(
    ("coding", "packed", "expected"),
    [
        pytest.param(None, b"x" * (LIMIT + 1), faults.BODY_TOO_LARGE, id="plain"),
        pytest.param(
            "gzip", gzip.compress(bytes(50_000_000)), faults.BODY_TOO_LARGE, id="packed-is-large"
        ),
        pytest.param(
            "gzip", gzip.compress(bytes(80_000))[:99], faults.DECOMPRESSION_BOMB, id="bomb"
        ),
        pytest.param("gzip", b"no gzip at all", faults.BAD_COMPRESSION, id="damaged"),
        pytest.param("gzip", gzip.compress(b"texte")[:-9], faults.TRUNCATED_BODY, id="truncated"),
        pytest.param("br", b"", faults.UNKNOWN_CONTENT_ENCODING, id="brotli"),
        pytest.param("gzip, gzip", b"", faults.UNKNOWN_CONTENT_ENCODING, id="twice"),
    ],
)
def test_refuses_by_name(coding: str | None, packed: bytes, expected: str) -> None:
    assert reason(coding, [packed]) == expected


@pytest.mark.parametrize("step", [64_000, 10_000_000])
def test_a_body_of_very_many_members_is_refused_at_once(step: int) -> None:
    member = gzip.compress(b"")
    packed = member * (10_000_000 // len(member))
    chunks = [packed[at : at + step] for at in range(0, len(packed), step)]
    started = time.process_time()

    with pytest.raises(BodyError, match=faults.DECOMPRESSION_BOMB):
        read("gzip", chunks, limit=10_000_000)

    assert time.process_time() - started < 1


def test_padding_is_passed_over_at_once() -> None:
    chunks = [gzip.compress(b"texte"), *[bytes(1000)] * 9_900]
    started = time.process_time()

    assert read("gzip", chunks, limit=10_000_000) == b"texte"
    assert time.process_time() - started < 1


def test_a_file_joined_from_sixteen_is_read() -> None:
    packed = gzip.compress(b"texte")

    assert read("gzip", [packed * 16]) == b"texte" * 16
    assert reason("gzip", [packed * 17]) == faults.DECOMPRESSION_BOMB


def test_can_keep_the_beginning() -> None:
    assert read(None, [b"x" * 9_000, b"y" * 9_000], is_cut_at_limit=True) == (
        b"x" * 9_000 + b"y" * 1_000
    )
    assert len(read("gzip", [gzip.compress(bytes(80_000))], is_cut_at_limit=True)) == LIMIT


def test_gzipped_files_are_unpacked_and_others_left() -> None:
    assert unpacked(gzip.compress(b"texte"), limit=LIMIT) == b"texte"
    assert unpacked(b"texte", limit=LIMIT) == b"texte"


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", None]))
def test_any_bytes_are_a_body_or_a_named_error(data: bytes, coding: str | None) -> None:
    try:
        read(coding, [data])
    except BodyError as error:
        assert error.reason in faults.EXPLANATIONS  # noqa: PT017 - either way is right
