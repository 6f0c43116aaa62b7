"""Mails cannot be bent by what the web wrote."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.notify.safety import (
    MAX_LINK_LENGTH,
    clean_block,
    clean_line,
    is_address,
    safe_link,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Scandale\r\nBcc: x@evil.example", "Scandale Bcc: x@evil.example", id="crlf"),
        pytest.param(
            "un\u2028deux\u2029trois\x85quatre", "un deux trois quatre", id="unicode-breaks"
        ),
        pytest.param("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x", id="bidi"),
        pytest.param("a\x00b\x07c\x1b[31m", "abc[31m", id="control"),
        pytest.param("so\u00adft \u200bzero\ufeff", "soft zero", id="invisible"),
        pytest.param("\ud800 seul", "seul", id="lone-surrogate"),
        pytest.param("👩\u200d🍳 L’Œuf", "👩\u200d🍳 L’Œuf", id="emoji-stay-whole"),
        pytest.param("z" + "\u0301" * 50, "z" + "\u0301" * 3, id="smeared-marks"),
        pytest.param("  trop   d'espaces ", "trop d'espaces", id="spaces"),
    ],
)
def test_a_line_is_made_harmless(text: str, expected: str) -> None:
    assert clean_line(text, limit=100) == expected


def test_what_is_too_long_is_cut_visibly() -> None:
    assert clean_line("é" * 10_000_000, limit=50) == "é" * 49 + "…"


@given(st.text(), st.integers(1, 60))
def test_a_clean_line_is_short_printable_and_stays_as_it_is(text: str, limit: int) -> None:
    line = clean_line(text, limit=limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert line.encode().decode() == line
    assert not any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in line
    )
    assert clean_line(line, limit=limit) == line


def test_a_block_keeps_its_lines_and_their_indents() -> None:
    assert clean_block("SELECT 1\n  AND\u202e x\r\n", limit=100) == "SELECT 1\n  AND x"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "java\nscript:alert(1)",
        "file:///etc/passwd",
        "https://banque.example@evil.example/",
        "//sans-schema.example/",
        "http://",
        "http://a b.example/",
        "http://exem\u202eple.example/",
        "http://[::1",
        "http://a.example:99999999/",
        "http://" + "a" * 70 + ".example/",
        "https://a.example/" + "x" * MAX_LINK_LENGTH,
        "",
        None,
    ],
)
def test_what_is_no_plain_web_address_is_no_link(url: str | None) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "https://a.example/x?y=1&z=%20#f", "https://a.example/x?y=1&z=%20#f", id="plain"
        ),
        pytest.param("http://A.Example:8080", "http://a.example:8080", id="port"),
        pytest.param("http://[::1]:8080/a", "http://[::1]:8080/a", id="ipv6"),
        pytest.param("https://a.example/œuf", "https://a.example/%C5%93uf", id="accents"),
        pytest.param('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E", id="markup"),
        pytest.param("https://аpple.example/", "https://xn--pple-43d.example/", id="look-alike"),  # noqa: RUF001
    ],
)
def test_a_link_is_written_in_ascii(url: str, expected: str) -> None:
    assert safe_link(url) == expected


@given(st.text(max_size=80))
def test_a_link_never_holds_what_ends_an_attribute_or_a_line(text: str) -> None:
    for url in (text, f"http://{text}", f"https://a.example/{text}"):
        link = safe_link(url)
        assert link is None or (
            link.isascii()
            and link.startswith(("http://", "https://"))
            and not set(link) & set(' "<>\n')
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("camille@exemple.example", True),
        ("camille+vigie@exemple.example", True),
        ("a@b, c@d", False),
        ("Camille <a@b.example>", False),
        ("a@b.example\r\nBcc: c@d", False),
        ("a@b\u2028c", False),
        ("a" * 250 + "@b.example", False),
        ("@b.example", False),
    ],
)
def test_one_plain_address_and_nothing_else(text: str, expected: bool) -> None:
    assert is_address(text) is expected
