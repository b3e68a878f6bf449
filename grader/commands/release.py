"""`unblocked release`: the assignment as learners get it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("release")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "form",
    type=click.Choice(["folder", "zip", "git"]),
    help="By default a zip if OUT ends in .zip, else a folder.",
)
@click.option("--stages", default="", metavar="STAGE,...", help="Only these; prefixes are enough.")
@click.option(
    "--language",
    type=click.Choice(["en", "ko"]),
    default="en",
    help="Language of the pages, and of what the grader says.",
)
@click.option(
    "--requirement",
    default="",
    metavar="REQUIREMENT",
    help="What pip installs as the grader; a wheel is copied. By default this very grader.",
)
def command(out: Path, form: str | None, stages: str, language: str, requirement: str) -> None:
    """Write the assignment for learners, which grades itself by `nox -s grade`."""
    from grader.release.contents import Assignment, contents  # noqa: PLC0415 - help needs none of it
    from grader.release.writing import form_of, write  # noqa: PLC0415 - as above

    names = [name.strip() for name in stages.split(",") if name.strip()]
    chosen = form_of(out, form)
    files = contents(Assignment(names, language, requirement))
    write(files, out, chosen)
    click.echo(f"{out}: {len(files)} files ({chosen}); learners grade with: nox -s grade")
