"""What every command has in common: the language in which it is spoken to, and speaks."""

from __future__ import annotations

import copy
import gettext
import inspect
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import click

from grader.language import (
    CATALOGUES,
    CODES,
    DOMAIN,
    language,
    later,
    later_count,
    say,
    speak,
    speaking,
    spoken,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Generator, MutableMapping

CLICKS_OWN = (
    later("Usage:"),
    later("Options"),
    later("Commands"),
    later("Show this message and exit."),
    later("Show the version and exit."),
    later("Error: {message}"),
    later("Try '{command} {option}' for help."),
    later("No such command {name!r}."),
    later("No such option {name!r}."),
    later("No such option: {name}"),  # before click 8.3
    later("Option {name!r} does not take a value."),
    later_count(
        "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."
    ),
    later_count(
        "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"
    ),
    later("Missing command."),
    later("Missing argument"),
    later("Missing option"),
    later("Invalid value: {message}"),
    later("Invalid value for {param_hint}: {message}"),
    later("{name} {filename!r} does not exist."),
    later("{name} {filename!r} is a directory."),
    later("{value!r} is not a valid {number_type}."),
    later("{value} is not in the range {range}."),
    later("default: {default}"),
    later_count("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
"""What click says by itself; it asks gettext."""


@contextmanager
def conversation(environ: MutableMapping[str, str]) -> Generator[None]:
    """Speak as the environment asks; afterwards all is as before.

    Click, and the detector's own command, say their parts by gettext, which looks for LANGUAGE.
    """
    before = environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    with speaking(spoken()):
        _converse(wanted(environ), environ)
        try:
            yield
        finally:
            environ.pop("LANGUAGE", None)
            if before is not None:
                environ["LANGUAGE"] = before


def _converse(code: str, environ: MutableMapping[str, str]) -> None:
    """Speak this language; English to a stream that carries no other letters."""
    chosen = language(code)
    if not _carried(chosen.words.gettext("Hint:")):
        chosen = language("en")
    speak(chosen)
    environ["LANGUAGE"] = chosen.code


def _carried(text: str) -> bool:
    """Whether the terminal, or what stands for it, has these letters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _chosen(_: click.Context, __: click.Parameter, code: str | None) -> None:
    if code:
        _converse(code, os.environ)


language_option = click.option(
    "--language",
    type=click.Choice(CODES),
    is_eager=True,  # before --help is answered
    expose_value=False,
    callback=_chosen,
    help="Language of all that you read; by default as UNBLOCKED_LANGUAGE or the locale says.",
)
"""For each command that speaks to learners."""


class Spoken(click.Command):
    """A command with its help in the language that is spoken when somebody asks for it."""

    @classmethod
    def of(cls, command: click.Command) -> Self:
        """The same command."""
        told = cls(command.name)
        vars(told).update(vars(command))
        return told

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [_translated(parameter) for parameter in super().get_params(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        click.Command.format_help_text(self._told(), ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        return click.Command.get_short_help_str(self._told(), limit)

    def _told(self) -> click.Command:
        told = copy.copy(self)
        told.help = say(inspect.cleandoc(self.help or ""))
        return told


def _translated(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    told = copy.copy(parameter)
    told.help = say(parameter.help or "")
    return told
