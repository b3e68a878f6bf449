"""The command line: arguments to one use case, outcome to an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from grader.grading import Graded
    from grader.judge.warm import Nursery
    from grader.report import Report
    from grader.walls.layers import Wall

HERE = click.Path(path_type=Path)


class Commands(click.Group):
    """Turns our own errors into one sentence and their exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except GraderError as error:
            click.echo(f"unblocked: {error}", err=True)
            ctx.exit(error.exit_code)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """`probe` is the detector's own command; it is imported only when it is asked for."""
        if cmd_name == "probe":
            from grader.blocking.command import probe  # noqa: PLC0415

            return probe
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "probe"])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unblocked")
def main() -> None:
    """Grade asynchronous Python: does it behave, and was its event loop ever blocked?

    Exit codes: 0 full marks, or nothing blocked; 1 marks lost; 2 wrong usage; 3 could not be graded.
    """


@main.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--submission",
    type=HERE,
    default=Path("exercises"),
    show_default=True,
    metavar="PATH",
    help="A folder that holds sNN_topic/pipeline.py, or, with one STAGE, one file.",
)
@click.option(
    "--format", "format_", default="terminal", metavar="FORMAT", help="terminal (default) or json."
)
@click.option(
    "--output", type=HERE, metavar="FILE", help="Write the report there instead of printing it."
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help="One more report; may be repeated.",
)
@click.option(
    "--seed", type=int, help="Draw ids, amounts and orders from this seed; by default a new one."
)
@click.option("--bonus", is_flag=True, help="Judge the bonus checks, too.")
@click.option(
    "--language", type=click.Choice(["en", "ko"]), default="en", help="Language of the hints."
)
@click.option(
    "--spawn",
    is_flag=True,
    hidden=True,
    help="A fresh interpreter for each check instead of a fork.",
)
@click.option(
    "--no-walls",
    is_flag=True,
    help="Run the submission with your rights and within bounds only; for programs that you trust.",
)
@click.option(
    "--strangers",
    is_flag=True,
    help="Grade nothing where this machine cannot keep a stranger's program from your files.",
)
@click.option("--bwrap", is_flag=True, help="Put bubblewrap in front, too, where it runs.")
@click.option("-v", "--verbose", is_flag=True, help="Say which walls were up.")
def grade(
    stages: tuple[str, ...],
    submission: Path,
    format_: str,
    output: Path | None,
    reports: tuple[str, ...],
    seed: int | None,
    bonus: bool,
    language: str,
    spawn: bool,
    no_walls: bool,
    strangers: bool,
    bwrap: bool,
    verbose: bool,
) -> None:
    """Grade a submission: all stages, or those named; a prefix is enough (s03)."""
    wanted = [_wanted(report) for report in reports]
    _known_formats([format_, *(name for name, _ in wanted)])
    walls = _walls(none=no_walls, strangers=strangers, bwrap=bwrap)
    nursery = _nursery(walls, spawn=spawn)
    from grader.grading import Request, grade  # noqa: PLC0415 - help and usage errors need no pytest

    request = Request(stages, submission, seed, bonus, language, spawn, walls, strangers)
    graded = grade(request, nursery)
    report = _report(graded, stages, submission, verbose=verbose)
    for name, path in wanted:
        _write(report, name, path)
    if output:
        _write(report, format_, output)
    else:
        _print(report, format_)
    sys.exit(graded.result.exit_code)


@main.command()
@click.argument("name", metavar="sNN_TOPIC")
def new(name: str) -> None:
    """Scaffold a new stage, with everything that it needs to become one."""
    from grader.scaffold import new_stage  # noqa: PLC0415

    for path in new_stage(Path.cwd(), name):
        click.echo(path)


@main.command(hidden=True)
def tables() -> None:
    """Rewrite what is generated in the stages' READMEs."""
    from grader.scaffold import write_tables  # noqa: PLC0415

    for path in write_tables(Path.cwd()):
        click.echo(path)


def _walls(*, none: bool, strangers: bool, bwrap: bool) -> frozenset[Wall]:
    from grader.walls.plan import wanted  # noqa: PLC0415 - nobody needs it for a usage error

    if none and (strangers or bwrap):
        raise UsageError("--no-walls contradicts --strangers and --bwrap")
    return wanted(none=none, bwrap=bwrap)


def _nursery(walls: frozenset[Wall], *, spawn: bool) -> Nursery:
    """Where children come from: it warms up while we import pytest."""
    from grader.judge.warm import new_nursery  # noqa: PLC0415 - as above
    from grader.walls.privileges import hide  # noqa: PLC0415 - as above

    nursery = new_nursery(spawn=spawn, wanted=walls)
    hide()  # whoever gets out of a child, it will not be into us
    return nursery


def _report(
    graded: Graded, stages: tuple[str, ...], submission: Path, *, verbose: bool = False
) -> Report:
    from grader.report import Report  # noqa: PLC0415

    learner = submission == Path("exercises")
    return Report(
        graded.result,
        sources={file.folder.name: file.text for file in graded.files},
        files={file.folder.name: str(file.path) for file in graded.files},
        untouched=frozenset() if stages else _untouched(graded),
        command="nox -s grade --" if learner else f"unblocked grade --submission {submission}",
        verbose=verbose,
    )


def _untouched(graded: Graded) -> frozenset[str]:
    """The stages that nobody has begun: the starter's TODO is there, and hardly a point."""
    return frozenset(
        file.folder.name
        for file, stage in zip(graded.files, graded.result.stages, strict=True)
        if "# TODO:" in file.text and stage.score * 3 < stage.max_score
    )


def _wanted(report: str) -> tuple[str, Path]:
    name, separator, path = report.partition("=")
    if not separator or not path:
        raise UsageError(f"--report takes FORMAT=FILE, not {report!r}")
    return name, Path(path)


def _known_formats(names: list[str]) -> None:
    from grader.report import FORMATS  # noqa: PLC0415

    for name in names:
        if name not in list(FORMATS):
            raise UsageError(f"there is no format {name!r}; choose one of: {', '.join(FORMATS)}")


def _write(report: Report, name: str, path: Path) -> None:
    """Write whole or not at all: a report is never half there."""
    from grader.report import render  # noqa: PLC0415

    text = render(name, report)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, delete=False
        ) as beside:
            beside.write(text)
        _replace(Path(beside.name), path)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written to {str(path)!r}: {error.strerror}"
        ) from error


def _replace(beside: Path, path: Path) -> None:
    try:
        beside.chmod(0o644)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _print(report: Report, name: str) -> None:
    try:
        _show(report, name)
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError):
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
            )  # or the interpreter tries once more
        raise UsageError(f"the report cannot be printed: {error.strerror}") from error


def _show(report: Report, name: str) -> None:
    if name == "terminal":
        from grader.report import as_terminal  # noqa: PLC0415

        as_terminal.show(report, as_terminal.console_for(sys.stdout, os.environ))
        return
    from grader.report import render  # noqa: PLC0415

    sys.stdout.buffer.write(render(name, report).encode())
