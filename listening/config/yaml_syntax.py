"""Explain why a text is no YAML: the parser's words turned into what a person can correct."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from listening.config.problem import Place, problem, shorten
from listening.errors import ConfigError
from listening.translate import mark

# Controls, and the three that YAML 1.1 takes for ends of line but editors do not.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Where a space would be read as layout: before a line's first sign, after "- " and after "key:".
_LAYOUT = r"(?m)^ *(?:- +)*(?:-(?=[{odd}])|[\w-]+: *(?=[{odd}]))?"
_TAB = re.compile(_LAYOUT.format(odd="\t") + r"\t(?=[ \t]*\S)")
_NO_BREAK = re.compile(
    _LAYOUT.format(odd="\u00a0\u2007\u202f\u3000") + "[\u00a0\u2007\u202f\u3000]"
)


@dataclass(frozen=True, slots=True)
class _Cause:
    """What a person did, recognised by the parser's words: PyYAML gives errors no other name."""

    words: re.Pattern[str]  # in "context problem" of PyYAML's error, Python's or C's
    message: str
    hint: str
    is_at_start: bool = False  # show where the list or text began, not where it broke


_QUOTES_HINT = mark('put the text in double quotes: key: "text"')
_COLUMN_MESSAGE = mark("this line does not fit in with the lines above it")
_COLUMN_HINT = mark(
    "keys that belong together begin in the same column;"
    " a text with an apostrophe or a colon must be in double quotes"
)
_NO_COLON = mark("there is no colon with a space after it between a key and its value")
_NO_COLON_HINT = mark("write `key: value`, with a space after the colon")
_FIRST_SIGN = mark("a text cannot begin with this character")
_COLON = mark("a text with a colon and a space in it must be in quotes")
_APOSTROPHE = mark("the text between quotes ends too early: there is something after it")

_CAUSES = (
    _Cause(
        re.compile(r"scanning a quoted scalar.*(end of stream|document (indicator|separator))"),
        mark("the quote that opens here is never closed"),
        mark("close the text with the same quote, on the same line"),
        is_at_start=True,
    ),
    _Cause(
        re.compile(r"unknown escape|expected escape sequence|hexdecimal|hexadecimal"),
        mark("between double quotes, a backslash has a meaning of its own"),
        mark("write the backslash twice, or put the text in single quotes"),
    ),
    _Cause(
        re.compile(r"flow sequence"),
        mark("the list that opens here with [ is not closed, or lacks a comma"),
        mark('write it as ["one", "two"], or one entry per line, each after "- "'),
        is_at_start=True,
    ),
    _Cause(
        re.compile(r"flow mapping"),
        mark("the block that opens here with {{ is not closed, or lacks a comma"),
        mark("write it as {{key: value, key: value}}, or one key per line"),
        is_at_start=True,
    ),
    _Cause(
        re.compile(r"flow node"),
        mark("something is missing here: a bracket opened with [ or {{ is not closed, or is empty"),
        mark('write ["one", "two"] or {{key: value}}; a text with brackets must be in quotes'),
    ),
    _Cause(
        re.compile(r"(block )?sequence entries are not allowed"),
        mark("a list cannot begin on the line of its key"),
        mark('write each entry on a line of its own, after "- "'),
    ),
    _Cause(
        re.compile(r"could not find expected ':'"),
        _NO_COLON,
        _NO_COLON_HINT,
        is_at_start=True,
    ),
    _Cause(
        re.compile(
            r"cannot start any token|scanning an? (alias|anchor|tag)|parsing a tag|directive"
        ),
        _FIRST_SIGN,
        _QUOTES_HINT,
    ),
    _Cause(re.compile(r"block scalar"), _COLUMN_MESSAGE, _COLUMN_HINT),
)


def find_bad_character(text: str, path: Path) -> ConfigError | None:
    """Return the first invisible character, tab or no-break space where it changes the meaning."""
    if found := _INVISIBLE.search(text):
        return problem(
            mark("there is an invisible character here (U+{code})"),
            path=path,
            place=_place_at(text, found.start()),
            hint=mark("delete it; type the line again if you cannot see it"),
            code=f"{ord(found[0]):04X}",
        )
    if found := _TAB.search(text):
        return problem(
            mark("there is a tab here"),
            path=path,
            place=_place_at(text, found.end() - 1),
            hint=mark("replace it by spaces: YAML allows no tabs at the beginning of a line"),
        )
    if found := _NO_BREAK.search(text):
        return problem(
            mark("there is a no-break space here, which YAML does not take for a space"),
            path=path,
            place=_place_at(text, found.end() - 1),
            hint=mark("delete it and type an ordinary space"),
        )
    return None


def explain_syntax(error: yaml.YAMLError, text: str, path: Path) -> ConfigError:
    """Turn a parser's error into what a person did and should write."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return problem(
            mark("this file is not valid YAML: {detail}"), path=path, detail=shorten(str(error))
        )
    words = f"{error.context or ''} {error.problem or ''}"
    for cause in _CAUSES:
        if cause.words.search(words):
            place = (cause.is_at_start and _place(error.context_mark)) or _best_place(error)
            return problem(cause.message, path=path, place=place, hint=cause.hint)
    return _explain_layout(words, text, path, _best_place(error))


def _explain_layout(words: str, text: str, path: Path, place: Place) -> ConfigError:
    """Tell a missing space, an unquoted colon, a quote that ends too early and a shift apart."""
    lines = ["", *text.split("\n"), ""]
    before = lines[min(place.line, len(lines) - 1)][: place.column - 1]
    previous = lines[min(place.line, len(lines)) - 1]
    if re.match(r"\s*(?:- +)?[\w-]+:[^\s/]", previous):
        column = previous.index(":") + 2
        place = Place(place.line - 1, column)
        return problem(_NO_COLON, path=path, place=place, hint=_NO_COLON_HINT)
    if re.search(r"(?::|-) +[*&!@%`]", before):
        return problem(_FIRST_SIGN, path=path, place=place, hint=_QUOTES_HINT)
    if "mapping values" in words and re.search(r":\s", before):
        return problem(_COLON, path=path, place=place, hint=_QUOTES_HINT)
    if re.search(r"(?::|-)\s+['\"]", before):
        return problem(_APOSTROPHE, path=path, place=place, hint=_QUOTES_HINT)
    return problem(_COLUMN_MESSAGE, path=path, place=place, hint=_COLUMN_HINT)


def _best_place(error: yaml.MarkedYAMLError) -> Place:
    return _place(error.problem_mark) or _place(error.context_mark) or Place(1, 1)


def _place(mark_: yaml.Mark | None) -> Place | None:
    return Place(mark_.line + 1, mark_.column + 1) if mark_ else None


def _place_at(text: str, offset: int) -> Place:
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
