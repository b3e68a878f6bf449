"""`unblocked new`: a stage to begin with."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("name", metavar="sNN_TOPIC")
def command(name: str) -> None:
    """Scaffold a new stage, with everything that it needs to become one."""
    from grader.scaffold.stage import new_stage  # noqa: PLC0415 - help needs no scaffold

    for path in new_stage(Path.cwd(), name):
        click.echo(path)
