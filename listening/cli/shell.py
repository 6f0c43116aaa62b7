"""The SQL shell of ``vigie sql``: history, completion, one statement after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from listening.cli.console import err, out, printable, speaker, told
from listening.errors import ListeningError

_ = speaker().gettext

#: Words that end the shell, and one that explains it.
_LEAVING = frozenset({"exit", "quit", "q", "\\q", ".exit", ".quit"})
_HELP = frozenset({"help", "?", "\\?", ".help"})
_TABLES = frozenset({"tables", "\\d", ".tables"})
#: Comments are "fr: … | en: …".
_LIST = (
    "SELECT name, trim(regexp_extract(comment, '{language}: ([^|]*)', 1)) AS comment FROM ("
    "SELECT table_name AS name, comment FROM duckdb_tables() WHERE NOT internal"
    " UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal) ORDER BY name"
)


class Words(Completer):
    """Completes the word under the cursor with names of the database and words of SQL."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words), key=str.casefold)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield the words that begin like the one under the cursor."""
        del complete_event
        begun = document.get_word_before_cursor(WORD=False)
        if begun.strip():
            for word in self._words:
                if word.casefold().startswith(begun.casefold()):
                    yield Completion(word, start_position=-len(begun))


def run_shell(
    answer: Callable[[str], None], words: Sequence[str], history: Path, *, intro: str
) -> None:
    """Read statements, which end with ``;`` or an empty line, and answer each, until the end.

    A wrong statement is told and forgotten; Ctrl-C drops what is being typed, Ctrl-D leaves.

    Args:
        answer: Runs and prints one statement.
        words: What is completed.
        history: File of what was typed, readable by its owner only.
        intro: Said first.
    """
    history.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    history.touch(mode=0o600)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=Words(words),
        auto_suggest=AutoSuggestFromHistory(),
        key_bindings=_bindings(),
        multiline=True,
        prompt_continuation="   … ",
        complete_while_typing=False,
        editing_mode=EditingMode.EMACS,
    )
    err.print(intro, markup=False)
    while True:
        try:
            text = session.prompt("sql> ").strip().rstrip(";").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.casefold() in _LEAVING:
            return
        _answer(answer, text)


def _answer(answer: Callable[[str], None], text: str) -> None:
    if not text:
        return
    if text.casefold() in _HELP:
        out.print(
            _(
                "A statement ends with ; and Enter. tables lists tables and views, DESCRIBE name"
                " shows columns, Tab completes, Ctrl-R searches, Ctrl-D leaves."
            )
        )
        return
    try:
        is_list = text.casefold() in _TABLES
        answer(_LIST.format(language=speaker().language) if is_list else text)
    except ListeningError as error:
        err.print(printable(told(error)), markup=False)


def _bindings() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _enter(event: KeyPressEvent) -> None:
        """End the statement when it is complete, else begin a new line."""
        buffer = event.current_buffer
        if is_complete(buffer.document.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return keys


def is_complete(text: str) -> bool:
    """Say whether what is typed is to be run: it ends with ``;``, or is a word of the shell."""
    bare = text.strip()
    commands = _LEAVING | _HELP | _TABLES
    return not bare or bare.endswith(";") or bare.casefold() in commands or text.endswith("\n")
