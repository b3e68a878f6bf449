"""`unblocked warm`: the process that grades for a watch."""

from __future__ import annotations

import click


@click.command("warm", hidden=True)
def command() -> None:
    """Grade what is asked for on the standard input, a line each; for `unblocked watch`."""
    from grader.watching.worker import main  # noqa: PLC0415 - help needs no pytest

    main()
