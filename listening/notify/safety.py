"""Make what comes from the web harmless in a mail: text, header values, links, addresses."""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

#: Longer links are dropped: cut they would lead elsewhere.
MAX_LINK_LENGTH = 1000

#: RFC 5321 §4.5.3.1.3, without the angle brackets.
MAX_ADDRESS_LENGTH = 254

#: Joins emoji and letters of some scripts; the one format character that is kept.
_ZERO_WIDTH_JOINER = "\u200d"

#: Spaces and breaks of all sorts, and what some readers take for one (NEL, LS, PS).
_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")

#: Control, format (bidirectional overrides among them), surrogate, private use, unassigned.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

#: More combining marks in a row than any language writes only serve to smear over other lines.
_MARK_FLOOD = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def clean_line(text: str, *, limit: int) -> str:
    r"""Return the text as one harmless line of at most ``limit`` characters.

    Line breaks become spaces; control, bidirectional and unassigned characters are removed; what
    is cut ends in an ellipsis.

    >>> clean_line("Scandale\r\nBcc: x@evil.example", limit=100)
    'Scandale Bcc: x@evil.example'
    """
    # Far more than can remain is not looked at: a 10 MB title costs nothing.
    kept = "".join(_kept(character) for character in text[: 4 * limit + 64])
    line = _MARK_FLOOD.sub(r"\1", re.sub(" +", " ", kept)).strip(" ")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_block(text: str, *, limit: int) -> str:
    """Return a text of several lines, each harmless, of at most ``limit`` characters in all."""
    lines = [
        re.sub(r"^ *", indent, clean_line(line, limit=limit))
        for line in text[:limit].split("\n")
        for indent in [" " * (len(line) - len(line.lstrip(" ")))]
    ]
    return "\n".join(lines).strip("\n")


def safe_link(url: str | None) -> str | None:
    """Return a link that may be clicked, in ASCII; None when it is no plain web address.

    Only http and https pass (no ``javascript:`` or ``data:``), and no user name before an @, which
    serves to show another host than the one it leads to. A host in another script is shown in its
    ASCII form, so that a look-alike letter is seen.
    """
    if not url or len(url) > MAX_LINK_LENGTH or any(_kept(c) != c or c == " " for c in url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
            return None
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:  # a broken port, bracket or host; UnicodeError is one
        return None
    if not re.fullmatch(r"[a-z0-9._:-]+", ascii_host):
        return None
    place = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    link = urlunsplit(
        (
            parts.scheme,
            place if port is None else f"{place}:{port}",
            quote(parts.path, safe="/%:@!$&'()*+,;=~-._"),
            quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"),
            quote(parts.fragment, safe="/%:@!$&'()*+,;=~-._?"),
        )
    )
    return link if len(link) <= MAX_LINK_LENGTH else None


def is_address(text: str) -> bool:
    """Tell whether this is one plain mail address: no list, no comment, no line break.

    ``a@b.example, x@evil.example`` in a To header would be two recipients.
    """
    return len(text) <= MAX_ADDRESS_LENGTH and _ADDRESS.fullmatch(text) is not None


def _kept(character: str) -> str:
    if character in _BREAKS:
        return " "
    if character == _ZERO_WIDTH_JOINER:
        return character
    return "" if unicodedata.category(character) in _UNWANTED else character
