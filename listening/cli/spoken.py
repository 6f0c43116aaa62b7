"""What Typer says by itself (usage, options, mistakes of the command line), in one language."""

import re
import select
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.models import CommandFunctionType

from listening.cli.console import EXIT_USAGE, err, printable, speaker
from listening.translate import mark

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter
    from typer._click.core import Command as AnyCommand

#: Typer's names for what an option takes, as people call it.
_KINDS: Final = {
    "<str>": mark("<text>"),
    "<list[str]>": mark("<text>"),
    "<path>": mark("<file>"),
    "<int>": mark("<number>"),
    "<int range>": mark("<number>"),
    "<float>": mark("<number>"),
    "<float range>": mark("<number>"),
}
#: What stands for a word in a line of use.
_WORDS: Final = {
    "OPTIONS": mark("OPTIONS"),
    "COMMAND": mark("COMMAND"),
    "ARGS": mark("WORDS"),
    "ADDRESS": mark("ADDRESS"),
    "ALERT": mark("ALERT"),
    "BACKUP": mark("BACKUP"),
    "BRAND": mark("BRAND"),
    "FILE": mark("FILE"),
    "FOLDER": mark("FOLDER"),
    "HOST": mark("HOST"),
    "LINK": mark("LINK"),
    "NAME": mark("NAME"),
    "NUMBER": mark("NUMBER"),
    "STATEMENT": mark("STATEMENT"),
    "TEXT": mark("TEXT"),
    "VALUE": mark("VALUE"),
    "VIEW": mark("VIEW"),
}
_HELP: Final = {
    "Show this message and exit.": mark("show this page"),
    "Install completion for the current shell.": mark("complete words with Tab from now on"),
    "Show completion for the current shell, to copy it or customize the installation.": mark(
        "show what completes words, to copy it"
    ),
}
_DEFAULT: Final = re.compile(r"default: (?P<value>.+)")
_REFUSED: Final = re.compile(
    r"Invalid value for '?(?P<name>.+?)'?: (?:Value error, )?(?P<why>.+)", re.DOTALL
)
#: Its other complaints, the longer ones first. What is none of them is shown as it is.
_MISTAKES: Final = {
    r"No such option: (?P<name>.+) \(Possible options: (?P<known>.+)\)": mark(
        "there is no option {name}; did you mean {known}?"
    ),
    r"No such option: (?P<name>.+)": mark("there is no option {name}"),
    r"No such command '(?P<name>.*)'\. Did you mean (?P<known>.+)\?": mark(
        "there is no command {name}; did you mean {known}?"
    ),
    r"No such command '(?P<name>.*)'\.": mark("there is no command {name}"),
    r"Missing command\.": mark("a command is missing"),
    r"Missing (?:argument|option|parameter) '(?P<name>.+?)'\..*": mark("{name} is missing"),
    r"Option '(?P<name>.+)' requires an argument\.": mark("{name} needs a value"),
    r"Option '(?P<name>.+)' does not take a value\.": mark("{name} takes no value"),
    r"Got unexpected extra argument\(?s?\)? \((?P<words>.+)\)": mark("this is too much: {words}"),
    r"'(?P<value>.*)' is not one of (?P<known>.+?)\.?": mark("{value} is none of these: {known}"),
    r"Input should be greater than or equal to (?P<least>.+)": mark("at least {least}"),
    r"Input should be less than or equal to (?P<most>.+)": mark("at most {most}"),
    r"Input should be a valid (?:integer|number).*": mark("this is no number"),
}


class Command(TyperCommand):
    """A command whose help is in the reader's language."""

    def format_usage(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the first line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write arguments and options."""
        _write_options(self, ctx, formatter)


class Commands(TyperGroup):
    """A group of commands; a reader of their output who has had enough is no failure."""

    def format_usage(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the first line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write options and commands."""
        _write_options(self, ctx, formatter)
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        shown = [(name, one) for name, one in found if one is not None and not one.hidden]
        limit = formatter.width - 6 - max(len(name) for name, _ in shown)
        with formatter.section(speaker().gettext("Commands")):
            formatter.write_dl([(name, one.get_short_help_str(limit)) for name, one in shown])

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Show the help when no word is said."""
        if not args and not ctx.resilient_parsing:
            err.print(ctx.get_help(), markup=False)
            raise typer.Exit(EXIT_USAGE)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: "Context") -> Any:
        """Run the command; typer itself would end with 1 (``vigie sql … | head``)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            if not _is_reader_gone():
                raise  # another pipe of ours broke
            raise typer.Exit(0) from None


class App(typer.Typer):
    """An application, or a part of one, whose commands speak the reader's language."""

    def __init__(self, **settings: Any) -> None:
        """Take what ``typer.Typer`` takes."""
        super().__init__(**{"cls": Commands, "rich_markup_mode": None} | settings)

    def command(
        self, name: str | None = None, **settings: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Take what ``typer.Typer.command`` takes."""
        return super().command(name, **{"cls": Command} | settings)


def explain_mistake(error: TyperException) -> None:
    """Say on stderr what is wrong with the words of a command line, and where to read on."""
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        err.print(ctx.get_usage(), markup=False)
    err.print(f"vigie: {printable(mistake(error.format_message()))}", markup=False)
    if ctx is not None:
        err.print(f"  → {ctx.command_path} {ctx.help_option_names[0]}", markup=False)


def mistake(text: str) -> str:
    """Return a complaint of Typer's in the reader's language, as far as it is a known one."""
    if found := _REFUSED.fullmatch(text):
        name, why = _worded(found["name"]), mistake(found["why"])
        return speaker().gettext("{name}: {why}", name=name, why=why)
    for pattern, msgid in _MISTAKES.items():
        if found := re.fullmatch(pattern, text, re.DOTALL):
            values = {key: _bare(value) for key, value in found.groupdict().items()}
            return speaker().gettext(msgid, **values)
    return text


def _bare(text: str) -> str:
    """Return names without Python's quotes, and what stands for words as people call it."""
    return _worded(re.sub(r"'([^']*)'", r"\1", text))


def _write_usage(command: "AnyCommand", ctx: "Context", formatter: "HelpFormatter") -> None:
    _ = speaker().gettext
    words = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, _worded(words), prefix=_("Usage: "))


def _write_options(command: "AnyCommand", ctx: "Context", formatter: "HelpFormatter") -> None:
    _ = speaker().gettext
    titles = {"argument": _("Arguments"), "option": _("Options")}
    for kind, title in titles.items():
        found = [one for one in command.get_params(ctx) if one.param_type_name == kind]
        records = [one.get_help_record(ctx) for one in found]
        if rows := [_row(record) for record in records if record is not None]:
            with formatter.section(title):
                formatter.write_dl(rows)


def _row(record: Sequence[str]) -> tuple[str, str]:
    """Return one line of the help: what to write, and what it does."""
    _ = speaker().gettext
    name, text = record
    for kind, msgid in _KINDS.items():
        name = name.replace(kind, _(msgid))
    name = _worded(name)
    if found := re.fullmatch(r"(?P<text>.*?) *\[(?P<extra>[^\]]*)\]", text, re.DOTALL):
        extra = "; ".join(map(_extra, found["extra"].split("; ")))
        return name, f"{found['text']}  [{extra}]"
    return name, _(_HELP.get(text, text))


def _worded(text: str) -> str:
    """Return what stands for words in the reader's language; options and values stay."""
    _ = speaker().gettext
    return re.sub(r"\b[A-Z]{4,}\b", lambda found: _(_WORDS.get(found[0], found[0])), text)


def _extra(text: str) -> str:
    _ = speaker().gettext
    if found := _DEFAULT.fullmatch(text):
        return _("without it: {value}", value=found["value"])
    return _("required") if text == "required" else text


def _is_reader_gone() -> bool:
    """Say whether nobody reads our standard output any more."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))
