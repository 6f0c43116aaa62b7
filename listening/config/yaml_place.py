"""Where inside a longer value of a YAML file a character stands: queries run over several lines."""

from typing import Final

from listening.config.problem import Place

#: Characters that a double-quoted escape takes, after the backslash, where it is more than one.
_ESCAPES: Final = {"x": 3, "u": 5, "U": 9}
#: Escapes that stand for a space or the end of a line.
_BLANKS: Final = frozenset("nrtNLP_ 0ev\n")


def place_in(text: str, place: Place, value: str, offset: int) -> Place:
    """Return where ``value[offset]`` stands in the file.

    YAML folds lines and drops indents but keeps every other character, so those are counted.

    Args:
        text: The whole file.
        place: Where the value begins.
        value: What was read.
        offset: A character of it.
    """
    wanted = sum(not char.isspace() for char in value[:offset])
    at = _start_of(text, place)
    quote = text[at : at + 1]
    if quote in {"|", ">"}:
        at = text.find("\n", at) + 1
    elif quote in {"'", '"'}:
        at += 1
    while at < len(text) and (wanted or text[at].isspace()):
        step, is_counted = _step(text, at, quote)
        wanted -= is_counted
        at += step
    at = min(at, len(text))
    line = text.count("\n", 0, at) + 1
    return Place(line, at - text.rfind("\n", 0, at))


def _start_of(text: str, place: Place) -> int:
    at = 0
    for _ in range(place.line - 1):
        at = text.find("\n", at) + 1
    return at + place.column - 1


def _step(text: str, at: int, quote: str) -> tuple[int, bool]:
    """Return how many characters of the file the next one of the value takes, and if it counts."""
    if quote == "'" and text.startswith("''", at):
        return 2, True
    if quote == '"' and text[at] == "\\":
        following = text[at + 1 : at + 2]
        return 1 + _ESCAPES.get(following, 1), following not in _BLANKS
    return 1, not text[at].isspace()
