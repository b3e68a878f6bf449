"""`unblocked template`: a job for a platform."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("template")
@click.argument("platform", metavar="PLATFORM")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--stages", default="", metavar="STAGE,...", help="What is graded; by default all stages."
)
@click.option(
    "--requirement",
    default="",
    metavar="PIN",
    help="What pip installs: a wheel, NAME @ https://... or NAME==VERSION; by default the grader that runs here.",
)
def command(platform: str, folder: Path, stages: str, requirement: str) -> None:
    """Write a job that grades strangers' submissions: github, gitlab, gradescope or classroom.

    The checks come with the version that is pinned, and never from a submission. No file is overwritten.
    """
    from grader.templates import plan, write  # noqa: PLC0415 - help needs no templates

    names = [name for name in stages.split(",") if name.strip()]
    for path in write(plan(platform, names, requirement), folder):
        click.echo(path)
