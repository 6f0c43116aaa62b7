"""What is wrong with a query, where, and what to write instead, in the reader's language."""

from collections.abc import Mapping

from listening.errors import ListeningError
from listening.translate import Translator

#: Characters of a line that are shown around a caret.
_WIDTH = 72


class QueryError(ListeningError):
    """A query cannot be read or would not do what it says.

    Message and hint are sentences of the catalogue; ``values`` fill in their fields.
    """

    def __init__(
        self,
        message: str,
        *,
        start: int,
        end: int | None = None,
        hint: str | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        #: Message id of what is wrong.
        self.message_template = message
        #: Message id of what to write instead.
        self.hint_template = hint
        #: Where the fault is: ``text[start:end]``.
        self.start = start
        self.end = max(start + 1, start + 1 if end is None else end)
        #: What fills in the templates.
        self.values = dict(values or {})

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword attributes across process borders."""
        return (_rebuild, (self.message_template, dict(self.__dict__)))

    def __str__(self) -> str:
        """Return the English sentences on one line, with the column, from 1."""
        text = f"column {self.start + 1}: {self.message_template.format(**self.values)}"
        hint = self.hint_template
        return f"{text} ({hint.format(**self.values)})" if hint else text


def _rebuild(message: str, attributes: dict[str, object]) -> QueryError:
    error = QueryError(message, start=0)
    error.__dict__.update(attributes)
    return error


def show_error(text: str, error: QueryError, words: Translator) -> str:
    """Return the query's line, a caret below the fault, what is wrong and what to write instead.

    Args:
        text: The query as it was written.
        error: What ``read_query`` raised for it.
        words: The reader's language.
    """
    start = min(error.start, len(text))
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    at = start - line_start
    cut = max(0, at - _WIDTH // 2)
    shown = line[cut : cut + _WIDTH].replace("\t", " ")
    width = max(1, min(error.end - start, len(shown) - (at - cut)))
    parts = [
        f"  {shown}",
        f"  {' ' * (at - cut)}{'^' * width}",
        words.gettext(error.message_template, **error.values),
    ]
    if error.hint_template:
        parts.append(f"  → {words.gettext(error.hint_template, **error.values)}")
    return "\n".join(parts)
