"""Bytes to text."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.faults import WRONG_CHARSET
from listening.collectors.reading.charset import decode

TEXT = "L’œuf à 3 €"


@pytest.mark.parametrize(
    ("body", "content_type", "is_faulty"),
    [
        pytest.param(TEXT.encode(), None, False, id="utf-8-undeclared"),
        pytest.param(TEXT.encode("cp1252"), None, True, id="cp1252-undeclared"),
        pytest.param(TEXT.encode("cp1252"), "text/xml; charset=windows-1252", False, id="header"),
        pytest.param(TEXT.encode("cp1252"), "text/xml; charset=utf-8", True, id="wrong-header"),
        pytest.param(TEXT.encode(), "text/xml; charset=iso-8859-1", True, id="western-but-utf-8"),
        pytest.param(TEXT.encode("cp1252"), "text/xml; charset=latin1", False, id="latin-1-euro"),
        pytest.param(TEXT.encode(), "text/xml; charset=klingon", True, id="unknown"),
        pytest.param(TEXT.encode(), "text/xml; charset=rot13", True, id="not-a-charset"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), "a/b; charset=latin1", False, id="bom-wins"),
        pytest.param(TEXT.encode("utf-16"), None, False, id="utf-16-bom"),
    ],
)
def test_finds_the_text(body: bytes, content_type: str | None, is_faulty: bool) -> None:
    decoded = decode(body, content_type=content_type)

    assert decoded.text == TEXT
    assert (WRONG_CHARSET in decoded.faults) is is_faulty


@pytest.mark.parametrize("encoding", ["iso-8859-15", "windows-1251", "utf-16-le", "gb2312"])
def test_believes_the_xml_declaration(encoding: str) -> None:
    word = "été €" if encoding == "iso-8859-15" else "<a/>"
    body = f'<?xml version="1.0" encoding="{encoding}"?>{word}'.encode(encoding)

    assert decode(body).text == word


@given(st.binary(max_size=200), st.text(max_size=40))
def test_never_fails(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type=content_type).text, str)
