"""Read a YAML file strictly, keeping the line of every key and value.

Not ``yaml.safe_load``: that keeps no lines, takes the last of two equal keys, and follows YAML 1.1,
where an unquoted ``21:00`` is the number 1260 and ``no`` is false. Here whatever two readers of
YAML could understand differently is refused, with what to write instead. Only the parser's events
are used, so that depth and size stay bounded and no tag or alias can build anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from listening.config.problem import UNREADABLE, Loc, Place, problem, shorten
from listening.config.yaml_scalar import read_plain
from listening.config.yaml_syntax import explain_syntax, find_bad_character
from listening.errors import ConfigError
from listening.translate import mark

#: Largest file that is read, in bytes: the 10,000 sources of one client take a bit over 1 MB.
MAX_BYTES = 4_000_000

#: Deepest nesting; our files need four levels.
MAX_DEPTH = 20

# The parser in C is about ten times as fast, but not everywhere installed.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MISSING = mark("create it; `vigie init` shows how it looks")
_ANCHOR_HINT = mark(
    "if the text itself begins with & or *, put it in quotes; else write the value out again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """What a file says, and where it says it."""

    path: Path
    data: dict[str, Any]  # dict, list, str, int, float, bool, None
    value_places: Mapping[Loc, Place]
    key_places: Mapping[Loc, Place]
    written: Mapping[Loc, str]  # scalars as they stand in the file
    text: str = ""  # the whole file
    problems: tuple[ConfigError, ...] = ()  # that leave the rest readable
    bad_locs: frozenset[Loc] = frozenset()  # values that the problems are about

    def place_of(self, loc: Loc, *, is_key: bool = False) -> Place:
        """Return where a value or its key stands; if absent, what is around it."""
        first, second = (
            (self.key_places, self.value_places) if is_key else (self.value_places, self.key_places)
        )
        while loc:
            if place := first.get(loc) or second.get(loc):
                return place
            loc = loc[:-1]
            first, second = self.key_places, self.value_places
        return Place(1, 1)


def read_bytes(path: Path, *, missing: str | None = _MISSING) -> bytes:
    """Read a file's bytes, one more than ``MAX_BYTES`` at most.

    Args:
        path: The file.
        missing: What to do when it is not there, marked; None: nothing but look again.

    Raises:
        ConfigError: It is missing, no file, or forbidden.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise problem(mark("this file is missing"), path=path, hint=missing) from error
    except OSError as error:
        raise problem(UNREADABLE, path=path, reason=error.strerror or str(error)) from error


def parse_yaml(body: bytes, path: Path) -> YamlFile:
    """Parse one document whose top is a mapping.

    Args:
        body: The file's bytes.
        path: Named in the problems; not opened.

    Returns:
        Data and places, and the problems that did not hinder the reading of the rest.

    Raises:
        ConfigError: Nothing can be made of the file: its size, encoding, syntax or top.
    """
    text = _decode(body, path)
    if bad := find_bad_character(text, path):
        raise bad
    builder = _Builder(path)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.add(event)
    except yaml.YAMLError as error:
        raise explain_syntax(error, text, path) from error
    return replace(builder.finish(), text=text)


def _decode(body: bytes, path: Path) -> str:
    if len(body) > MAX_BYTES:
        raise problem(
            mark("this file is larger than {limit} MB"), path=path, limit=str(MAX_BYTES // 10**6)
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - body.rfind(b"\n", 0, error.start)
        raise problem(
            mark("this file is not written in UTF-8"),
            path=path,
            place=Place(line, column),
            hint=mark("save it again and choose UTF-8 as its encoding"),
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(slots=True)
class _Frame:
    """A mapping or a list that is being filled."""

    loc: Loc
    content: dict[str, Any] | list[Any]
    key: str | None = None  # of the value to come, in a mapping
    is_repeated: bool = False  # that key was there before: its value is dropped


class _Builder:
    """Turn the parser's events into data, places and problems."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack: list[_Frame] = []
        self._root: Any = None
        self._document_count = 0
        self._values: dict[Loc, Place] = {}
        self._keys: dict[Loc, Place] = {}
        self._written: dict[Loc, str] = {}
        self._problems: list[ConfigError] = []
        self._bad: set[Loc] = set()

    def add(self, event: Any) -> None:
        """Take in the next of PyYAML's events."""
        place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(place)
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent | yaml.CollectionStartEvent):
            self._add_node(event, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()

    def finish(self) -> YamlFile:
        """Return the file; its top must be a mapping."""
        if not isinstance(self._root, dict) and not self._problems:
            raise problem(
                mark("this file holds no keys") if self._root else mark("this file is empty"),
                path=self._path,
                place=Place(1, 1),
                hint=mark("write lines such as `key: value`"),
            )
        if not isinstance(self._root, dict):
            raise self._problems[0]
        return YamlFile(
            path=self._path,
            data=self._root,
            value_places=self._values,
            key_places=self._keys,
            written=self._written,
            problems=tuple(self._problems),
            bad_locs=frozenset(self._bad),
        )

    def _start_document(self, place: Place) -> None:
        self._document_count += 1
        if self._document_count > 1:
            raise problem(
                mark("a second document begins here"),
                path=self._path,
                place=place,
                hint=mark("remove the line `---`; one file holds one document"),
            )

    def _add_node(self, event: Any, place: Place) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame and isinstance(frame.content, dict) and frame.key is None:
            self._add_key(frame, event, place)
            return
        loc = self._next_loc(frame)
        self._values[loc] = place
        value = self._value(event, loc, place)
        self._check_node(event, loc, place)
        if frame is None:
            self._root = value
        elif isinstance(frame.content, list):
            frame.content.append(value)
        elif frame.key is not None:
            if not frame.is_repeated:
                frame.content[frame.key] = value
            frame.key = None
        if isinstance(event, yaml.CollectionStartEvent):
            self._open(loc, value, place)

    def _next_loc(self, frame: _Frame | None) -> Loc:
        if frame is None:
            return ()
        if isinstance(frame.content, list):
            return (*frame.loc, len(frame.content))
        name = frame.key or ""
        return (*frame.loc, f"{name} (2)" if frame.is_repeated else name)

    def _open(self, loc: Loc, content: Any, place: Place) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise problem(
                mark("lists or blocks are nested too deep"),
                path=self._path,
                place=place,
                hint=mark("a text that begins with [ or {{ must be in quotes"),
            )
        self._stack.append(_Frame(loc, content))

    def _value(self, event: Any, loc: Loc, place: Place) -> Any:
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        if isinstance(event, yaml.AliasEvent):
            return None
        text = str(event.value)
        self._written[loc] = text
        if event.style:  # quoted, or a block of text
            return text
        scalar = read_plain(text)
        if scalar.message:
            self._report(scalar.message, loc, place, hint=scalar.hint, **scalar.values)
        return scalar.value

    def _add_key(self, frame: _Frame, event: Any, place: Place) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise problem(
                mark("a key must be a word, not a list, a block or a reference"),
                path=self._path,
                place=place,
                loc=frame.loc,
                hint=mark("a text that begins with [ {{ * & or ? must be in quotes"),
            )
        name = str(event.value)
        loc = (*frame.loc, name)
        frame.key, frame.is_repeated = name, name in frame.content
        if frame.is_repeated:
            self._report(
                mark("the key {name} is there twice, first in line {line}"),
                loc,
                place,
                hint=mark("keep one of the two"),
                name=shorten(name),
                line=str(self._keys[loc].line),
            )
            return
        self._keys[loc] = place
        self._check_node(event, loc, place)

    def _check_node(self, event: Any, loc: Loc, place: Place) -> None:
        """Refuse aliases, anchors and tags: a file that needs them is no file for people."""
        if isinstance(event, yaml.AliasEvent):
            message = mark("a reference *{name} to another place of the file is not allowed")
            self._report(message, loc, place, hint=_ANCHOR_HINT, name=shorten(event.anchor or ""))
        elif event.anchor is not None:
            message = mark("a name &{name} for a value is not allowed")
            self._report(message, loc, place, hint=_ANCHOR_HINT, name=shorten(event.anchor or ""))
        elif event.tag is not None:
            self._report(
                mark("a value cannot begin with {tag}"),
                loc,
                place,
                hint=mark("if the text itself begins with !, put it in quotes"),
                tag=shorten(event.tag),
            )

    def _report(
        self, message: str, loc: Loc, place: Place, *, hint: str | None, **values: str
    ) -> None:
        self._bad.add(loc)
        self._problems.append(
            problem(message, path=self._path, place=place, loc=loc, hint=hint, **values)
        )
