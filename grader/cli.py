"""The command line: a command is a module of `grader.commands`, found by its name; outcomes become exit codes."""

from __future__ import annotations

import os
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import click

from grader import commands
from grader.errors import GraderError
from grader.options import Spoken, conversation, language_option

if TYPE_CHECKING:
    from collections.abc import Iterator


class Commands(Spoken, click.Group):
    """Imports a command when it is asked for, and turns our own errors into one sentence and their exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own signature
        with conversation(os.environ):
            return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except GraderError as error:
            click.echo(f"unblocked: {error}", err=True)
            ctx.exit(error.exit_code)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own signature
        if cmd_name not in _names():
            return None
        command: click.Command = import_module(f"{commands.__name__}.{cmd_name}").command
        return Spoken.of(command)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as above
        return sorted(_names())


def _names() -> Iterator[str]:
    return (module.name for module in iter_modules(commands.__path__))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unblocked")
@language_option
def main() -> None:
    """Grade asynchronous Python: does it behave, and was its event loop ever blocked?

    Exit codes: 0 full marks, or nothing blocked; 1 marks lost; 2 wrong usage; 3 could not be graded.
    """
