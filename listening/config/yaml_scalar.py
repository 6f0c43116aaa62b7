"""What an unquoted word of a YAML file means, and where two readers of YAML would disagree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from listening.config.problem import shorten
from listening.translate import mark


@dataclass(frozen=True, slots=True)
class Scalar:
    """The value of an unquoted word, or what is wrong with it."""

    value: Any  # str, int, float, bool, None; the text itself when something is wrong
    message: str = ""  # sentence of the catalogue; empty when all is well
    hint: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
# YAML 1.1 takes these for true and false, YAML 1.2 for texts.
_YES = re.compile(r"yes|on", re.IGNORECASE)
_NO = re.compile(r"no|off", re.IGNORECASE)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
# 21:00 is 1260 in YAML 1.1: base sixty.
_TIME = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", re.DOTALL)
# 1e-3 is a text in YAML 1.1 and a number in 1.2; 0123 is 83 in 1.1; 0o17, 0x1F, 1_000, .5, .inf …
# Tried after the plain numbers, so that all that is left is odd.
_ODD_NUMBER = re.compile(
    r"[-+]?(?:"
    r"[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
    r"|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|0[xob][0-9A-Fa-f_]+"
    r"|\.(?:inf|Inf|INF|nan|NaN|NAN)"
    r")"
)


def read_plain(text: str) -> Scalar:
    """Tell what an unquoted word means where all readers of YAML agree.

    >>> read_plain("0.3").value, read_plain("true").value, read_plain("Bistrot").value
    (0.3, True, 'Bistrot')
    >>> read_plain("21:00").hint
    'write "{text}", with the quotes'
    """
    if text in _NULLS:
        return Scalar(None)
    if text in _BOOLEANS:
        return Scalar(_BOOLEANS[text])
    if _INTEGER.fullmatch(text):
        return Scalar(int(text))
    if _DECIMAL.fullmatch(text):
        return Scalar(float(text))
    return _find_trap(text) or Scalar(text)


def _find_trap(text: str) -> Scalar | None:
    values = {"text": shorten(text)}
    in_quotes = mark('write "{text}", with the quotes')
    if _YES.fullmatch(text) or _NO.fullmatch(text):
        return Scalar(
            text,
            mark("without quotes, {text} can be read as a word or as true or false"),
            mark('write "{text}" with quotes if it is a word, else {truth}'),
            values | {"truth": "true" if _YES.fullmatch(text) else "false"},
        )
    if _TIME.fullmatch(text):
        message = mark("without quotes, the time {text} can be read as a number")
        return Scalar(text, message, in_quotes, values)
    if _DATE.fullmatch(text):
        message = mark("without quotes, {text} can be read as a date or as a text")
        return Scalar(text, message, in_quotes, values)
    if _ODD_NUMBER.fullmatch(text):
        return Scalar(
            text,
            mark("{text} can be read as a number or as a text"),
            mark('write a number with plain digits, such as 0.001 or 12, and a text as "{text}"'),
            values,
        )
    return None


def quote(text: str) -> str:
    r"""Write a text between double quotes, on one line, so that it is read back as it is.

    Not ``json.dumps``: its pairs of surrogates are no YAML.

    >>> print(quote('Chez "Léon"'))
    "Chez \"Léon\""
    """
    return f'"{"".join(_escape(character) for character in text)}"'


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 (\u has four digits)
