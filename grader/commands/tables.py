"""`unblocked tables`: what is generated in the READMEs, for authors."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("tables", hidden=True)
def command() -> None:
    """Rewrite what is generated in the stages' READMEs."""
    from grader.scaffold.tables import write_tables  # noqa: PLC0415 - help needs no scaffold

    for path in write_tables(Path.cwd()):
        click.echo(path)
