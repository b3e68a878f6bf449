"""`unblocked report`: a class as web pages."""

from __future__ import annotations

from pathlib import Path

import click

from grader.errors import UsageError

HERE = click.Path(path_type=Path)


@click.command("report")
@click.argument("folder", type=HERE, metavar="OUT_DIR")
@click.option(
    "--results", type=HERE, required=True, metavar="FILE", help="What `unblocked batch` kept."
)
def command(folder: Path, results: Path) -> None:
    """Write the pages of a class: how it did, what it got wrong most, and a page for each student."""
    from grader.batch.opening import opened_to_read  # noqa: PLC0415 - help needs no database

    try:
        from grader.batch import pages  # noqa: PLC0415 - an extra, and seconds to import
    except ImportError as error:
        raise UsageError(
            f"the class page needs {error.name}; install it: pip install 'unblocked[report]'"
        ) from error
    with opened_to_read(results) as store:
        _make(folder)
        pages.write(folder, store.standings)
    click.echo(folder / "index.html")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"there can be no folder {str(folder)!r}: {error.strerror}") from error
