"""The command reference: each command's own help."""

from __future__ import annotations

import click

from flows import errors
from flows.documenting.markdown import page, table

_WIDTH = 92
_INTRO = """\
Each command's `--help`. `--json` gives the result as JSON on standard output; progress
goes to standard error. Expected trouble is one line that says what is wrong and what to do."""
_EXIT_CODES = (
    (errors.DONE, "done"),
    (
        errors.FOUND,
        "`check` found errors or queries; `explain` a number that does not add up; "
        "`verify` something wrong",
    ),
    (errors.USAGE, "wrong usage"),
    (errors.LOCKED, "another run holds the lock"),
    (errors.UNREACHABLE, "a channel could not be reached; what the others brought is loaded"),
    (
        errors.NOT_THERE,
        "the input named is not there or cannot be read; the disk is full or may not be written",
    ),
    (errors.FAULT, "a fault of the program"),
)


def command_reference(program: click.Group) -> str:
    """The page `commands.md`."""
    return page(
        "Commands",
        _INTRO,
        table(("exit code", "means"), _EXIT_CODES),
        *(
            block
            for name, command in sorted(program.commands.items())
            for block in (f"## minzheng {name}", _help(program, name, command))
        ),
    )


def _help(program: click.Group, name: str, command: click.Command) -> str:
    # A fixed width: the page must not depend on the terminal it is made on.
    settings = {**program.context_settings, "terminal_width": _WIDTH}
    top = click.Context(program, info_name="minzheng", **settings)
    context = click.Context(command, parent=top, info_name=name, **command.context_settings)
    return f"```text\n{command.get_help(context).strip()}\n```"
