"""The commands as data, for the page that documents them: ``python -m listening.cli.reference``.

Help texts are translated when the commands are imported, so the page's maker runs this in a process
of its own with ``LISTENING_LANGUAGE=en`` and translates from there.
"""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import typer.main

from listening.cli.console import print_json
from listening.jobs.docs import CommandInfo, ParameterInfo


def describe_commands() -> Iterator[CommandInfo]:
    """Yield every command, those of a group after each other, in the order of ``vigie --help``."""
    from listening.cli.main import app

    yield from _describe(typer.main.get_command(app), "vigie")


def _describe(command: Any, name: str) -> Iterator[CommandInfo]:
    children = getattr(command, "commands", None)
    if children is None:
        parameters = tuple(_parameter(one) for one in command.params if not one.hidden)
        yield CommandInfo(name=name, summary=command.help or "", parameters=parameters)
        return
    for child_name, child in children.items():
        yield from _describe(child, f"{name} {child_name}")


def _parameter(parameter: Any) -> ParameterInfo:
    names = [*parameter.opts, *parameter.secondary_opts]
    is_option = names[0].startswith("-")
    has_default = parameter.default not in (None, False) and not callable(parameter.default)
    return ParameterInfo(
        names=tuple(names) if is_option else (parameter.metavar or names[0].upper(),),
        is_required=parameter.required,
        default=str(parameter.default) if has_default else "",
        meaning=parameter.help or "",
    )


if __name__ == "__main__":
    print_json([asdict(command) for command in describe_commands()])
    sys.exit(0)
