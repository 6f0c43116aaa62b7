"""What a token is, and the form under which its spellings meet."""

import re
import unicodedata
import zlib
from typing import Final

#: A lexeme longer than this is cut: no word is, and n-grams of a 1 MB "word" would cost seconds.
MAX_LEXEME_CHARS: Final = 40
#: A number with more digits than this is only a number.
_TELLING_DIGITS: Final = 2

_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2764\u203c\u2049"
#: One token; none has a space in it, nor looks at what stands before it. Counts are bounded where a
#: piece that is no token would be scanned again at each place: a million of «a.a.a.» costs seconds.
TOKEN: Final = re.compile(
    r"""
    (?:https?://|www\.)\S+                                   # address
    | @\w+                                                   # handle
    | \w{1,64}+(?:[.\-+]\w{1,64}+){0,9}@\w+(?:\.\w+)+        # e-mail
    | [:;=8xX][\-o^'’]?[)(\]\[dDpPoO/\\|*3$]+(?!\w)          # emoticon
    | [()][\-o^']?[:;=](?!\w) | <3+ | \^\^+ | [-=oO>][_.][-=oO<](?!\w)
    | aujourd['’]hui | \w{1,20}n['’]t\b
    | (?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w) # French elision
    | \d+(?:[.,:/]\d+)*
    | [^\W\d_]+(?:['’][^\W\d_]+)?(?:\d+)?
    | ["""
    + _EMOJI
    + r"""]
    | [!?]+ | \.{2,}|… | [.,;:()"«»“”#/%€$&*+=\-–—]
    """,
    re.VERBOSE | re.IGNORECASE,
)
ELONGATED: Final = re.compile(r"([^\W\d])\1{2,}")
EMOJI: Final = re.compile(f"[{_EMOJI}]")


def fold_token(raw: str) -> str:  # noqa: PLR0911  # one kind of token a line
    """Return the form under which spellings of one word meet: lower case, no accents, no length.

    >>> fold_token("Déçuuuu"), fold_token("ŒUF"), fold_token("!!!!!"), fold_token("2019")
    ('decuu', 'oeuf', '!!', '0000')
    """
    first = raw[0]
    if first == "@" and len(raw) > 1:
        return "<user>"
    low = raw[:MAX_LEXEME_CHARS].lower().replace("’", "'")
    if low == "http" or low.startswith(("http://", "https://", "www.")):
        return "<url>"
    if first in "!?":
        marks = "".join(sorted(set(low)))
        return marks * 2 if len(low) > 1 and len(marks) == 1 else marks
    if low.startswith(".."):
        return "…"
    if first.isdigit():
        return low if len(low) <= _TELLING_DIGITS or "/" in low else "0" * min(len(low), 6)
    if low.isascii():
        return ELONGATED.sub(r"\1\1", low)
    low = low.replace("œ", "oe").replace("æ", "ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    return ELONGATED.sub(r"\1\1", plain) or low


def hash_text(text: str) -> int:
    """Return 32 well-mixed bits of a text; the same on every machine."""
    mixed = zlib.crc32(text.encode("utf-8", "surrogatepass")) * 0x9E3779B97F4A7C15
    return ((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9 >> 24) & 0xFFFFFFFF
