"""`unblocked shootout`: five servers under the same load."""

from __future__ import annotations

import ast
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError
from grader.language import later, say
from grader.options import language_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.shootout.results import Shootout

HERE = click.Path(path_type=Path)
STAGE = "s10_servers"
DEFAULT = Path("solutions")
YARDSTICK = "coroutines"
MISSING = later("the shootout needs {name}; install it: pip install 'unblocked[shootout]'")
NO_REFERENCE = later("there are no reference servers here; name your own with --submission")
NOBODY = later("none of the servers in {path} could be measured: {why}")
MEASURING = later("measurement {done} of {all}")


@click.command("shootout")
@click.option(
    "--submission",
    type=HERE,
    default=DEFAULT,
    show_default=True,
    metavar="PATH",
    help="A folder that holds s10_servers/pipeline.py, or one file; by default the reference servers.",
)
@click.option(
    "--connections",
    default="50,500,2000",
    show_default=True,
    metavar="N,…",
    help="Clients at a time, each from 1 to 2000.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="Rounds that count; one goes before them.",
)
@click.option("--page", type=HERE, metavar="FILE", help="Write a page with plots, too.")
@click.option("--json", "data", type=HERE, metavar="FILE", help="Write every figure as JSON, too.")
@language_option
def command(
    submission: Path, connections: str, rounds: int, page: Path | None, data: Path | None
) -> None:
    """Measure the servers of stage 10 under the same load: who answers most, and what it costs.

    It runs the program with your rights, on loopback, for about a minute and a half.
    """
    import os  # noqa: PLC0415 - help needs none of it

    try:
        from grader.shootout.referee import Referee  # noqa: PLC0415 - an extra
        from grader.shootout.shooting import Shooting  # noqa: PLC0415 - as above
        from grader.shootout.table import show  # noqa: PLC0415 - as above

        render = _renderer() if page else None
    except ImportError as error:
        raise UsageError(say(MISSING, name=error.name)) from error
    from grader.report.console import console_for  # noqa: PLC0415 - as above

    wanted = _numbers(connections)
    pipeline = _pipeline(submission)
    with Referee(pipeline) as referee:
        shooting = Shooting(referee, connections=wanted, rounds=rounds, tell=_tell)
        result = shooting.carry_out(str(submission), YARDSTICK, _winners(pipeline))
    _tell_no_more()
    if not result.rows:
        raise UsageError(say(NOBODY, path=pipeline, why=result.left_out[0].why))
    show(result, console_for(sys.stdout, os.environ))
    if data:
        _write(data, _json(result))
    if page and render:
        _write(page, render(result))


def _renderer() -> Callable[[Shootout], str]:
    from grader.shootout.page import render  # noqa: PLC0415 - seconds to import

    return render


def _numbers(text: str) -> list[int]:
    from grader.shootout.plan import MOST_CONNECTIONS  # noqa: PLC0415 - as above

    numbers = [int(word) for word in text.split(",") if word.strip().isdecimal()]
    if (
        not numbers
        or len(numbers) < text.count(",") + 1
        or not all(0 < n <= MOST_CONNECTIONS for n in numbers)
    ):
        raise UsageError(
            say(
                "--connections is {text!r}; give numbers from 1 to {most}, separated by commas",
                text=text,
                most=MOST_CONNECTIONS,
            )
        )
    return numbers


def _pipeline(submission: Path) -> Path:
    from grader.submissions import choose_stages, find  # noqa: PLC0415 - as above

    if submission == DEFAULT and not submission.is_dir():
        raise UsageError(say(NO_REFERENCE))
    (file,) = find(submission, choose_stages([STAGE]), named=True)
    if file.refusal:
        raise UsageError(file.refusal.message)
    return file.path


def _winners(pipeline: Path) -> dict[str, str]:
    """What the program says of which wins where; read, not run."""
    found: dict[str, str] = {}
    with suppress(SyntaxError, ValueError):
        for node in ast.parse(pipeline.read_bytes()).body:
            if isinstance(node, ast.Assign):
                found |= _assigned(node)
    return {name: found[name] for name in ("HOLDING", "COMPUTING") if name in found}


def _assigned(node: ast.Assign) -> dict[str, str]:
    found: dict[str, str] = {}
    for target in node.targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(names)
        for name, value in zip(names, values, strict=False):
            if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                found[name.id] = str(value.value)
    return found


def _tell(done: int, most: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{say(MEASURING, done=done + 1, all=most)} ", nl=False, err=True)


def _tell_no_more() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def _json(result: Shootout) -> str:
    import msgspec  # noqa: PLC0415 - as above

    return msgspec.json.format(msgspec.json.encode(result)).decode() + "\n"


def _write(path: Path, text: str) -> None:
    from grader.output import written_whole  # noqa: PLC0415 - as above

    with written_whole(path, say("report")) as file:
        file.write(text)
