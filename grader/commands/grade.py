"""`unblocked grade`: one submission, graded and reported."""

from __future__ import annotations

import atexit
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError
from grader.language import say
from grader.options import language_option
from grader.output import known_formats, show, write

if TYPE_CHECKING:
    from grader.grading import Graded
    from grader.nursery.child import Nursery
    from grader.report import Report
    from grader.walls.layers import Wall

HERE = click.Path(path_type=Path)
GARBAGE = 2_000_000
"""Objects after which cycles are looked for: one grading makes fewer, and to look costs 3 % of it."""


@click.command("grade")
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
    "--format",
    "format_",
    default="terminal",
    metavar="FORMAT",
    help="terminal (default), timeline, html, trace, json, or another of docs/ci.md.",
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
@click.option("--bonus", is_flag=True, help="Judge the bonus checks and the bonus stages, too.")
@language_option
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
@click.option(
    "--private-checks",
    type=HERE,
    metavar="DIR",
    help="Judge by the checks in DIR/sNN_topic/test_*.py, too, and tell only their points.",
)
@click.option("--bwrap", is_flag=True, help="Put bubblewrap in front, too, where it runs.")
@click.option("--check", metavar="NAME", help="Judge only this check of the one STAGE.")
@click.option(
    "--debug",
    is_flag=True,
    help="With --check: on this terminal and without walls, so that breakpoint() and debuggers stop in the program.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say which walls were up.")
def command(
    stages: tuple[str, ...],
    submission: Path,
    format_: str,
    output: Path | None,
    reports: tuple[str, ...],
    seed: int | None,
    bonus: bool,
    spawn: bool,
    no_walls: bool,
    strangers: bool,
    private_checks: Path | None,
    bwrap: bool,
    check: str | None,
    debug: bool,
    verbose: bool,
) -> None:
    """Grade a submission: the stages of the core, or those named; a prefix is enough (s03)."""
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)  # with the process all goes at once
    wanted = [_wanted(report) for report in reports]
    known_formats([format_, *(name for name, _ in wanted)])
    walls = _walls(none=no_walls, strangers=strangers, bwrap=bwrap)
    only = _only(stages, check, debug=debug)
    if debug and (strangers or bwrap or private_checks):
        raise UsageError(say("--debug contradicts --strangers, --bwrap and --private-checks"))
    nursery = _attended() if debug else _nursery(walls, spawn=spawn, private_checks=private_checks)
    from grader.grading import Request, grade  # noqa: PLC0415 - help and usage errors need no pytest
    from grader.report import draws_timelines  # noqa: PLC0415 - as above

    timelines = draws_timelines([format_, *(name for name, _ in wanted)])
    request = Request(
        *(stages, submission, seed, bonus, None, spawn, walls, strangers),
        private_checks=private_checks,
        timelines=timelines,
        check=only,
        attended=debug,
    )
    graded = grade(request, nursery)
    report = _report(graded, stages, submission, verbose=verbose, only=only)
    if _is_learners(submission) and format_ == "terminal" and not only:
        _remember(report)
    for name, path in wanted:
        write(report, name, path)
    if output:
        write(report, format_, output)
    else:
        show(report, format_)
    sys.exit(graded.result.exit_code)


def _walls(*, none: bool, strangers: bool, bwrap: bool) -> frozenset[Wall]:
    from grader.walls.plan import wanted  # noqa: PLC0415 - nobody needs it for a usage error

    if none and (strangers or bwrap):
        raise UsageError(say("--no-walls contradicts --strangers and --bwrap"))
    return wanted(none=none, bwrap=bwrap)


def _only(stages: tuple[str, ...], check: str | None, *, debug: bool) -> str:
    """The name of the one check that is wanted; "" for all."""
    if check is None:
        if debug:
            raise UsageError(say("--debug runs one check; name it: --check NAME"))
        return ""
    from grader.scaffold.checks import check_of  # noqa: PLC0415 - as above
    from grader.submissions import choose_stages  # noqa: PLC0415 - as above

    if len(stages) != 1:
        text = say("--check needs the one stage that the check belongs to, for example: s03")
        raise UsageError(text)
    return check_of(choose_stages(stages)[0], check)


def _attended() -> Nursery:
    from grader.nursery.attended import AttendedNursery  # noqa: PLC0415 - as above

    return AttendedNursery()


def _nursery(walls: frozenset[Wall], *, spawn: bool, private_checks: Path | None = None) -> Nursery:
    """Where children come from: it warms up while we import pytest."""
    from grader.nursery import new_nursery  # noqa: PLC0415 - as above
    from grader.walls.plan import hidden  # noqa: PLC0415 - as above
    from grader.walls.privileges import hide  # noqa: PLC0415 - as above

    nursery = new_nursery(spawn=spawn, wanted=walls, hidden=hidden(private_checks))
    hide()  # whoever gets out of a child, it will not be into us
    return nursery


def _report(
    graded: Graded,
    stages: tuple[str, ...],
    submission: Path,
    *,
    verbose: bool = False,
    only: str = "",
) -> Report:
    from grader.report import Report  # noqa: PLC0415

    learner = _is_learners(submission)
    return Report(
        graded.result,
        sources={file.folder.name: file.text for file in graded.files},
        files={file.folder.name: str(file.path) for file in graded.files},
        untouched=frozenset() if stages else _untouched(graded),
        command="nox -s grade --" if learner else f"unblocked grade --submission {submission}",
        verbose=verbose,
        recordings=graded.recordings,
        only=only,
        further=() if stages else _further(graded),
    )


def _is_learners(submission: Path) -> bool:
    """Whether it is the kata's own folder, and not somebody's work that is graded."""
    return submission == Path("exercises")


def _remember(report: Report) -> None:
    """Note what failed, so that its hints open."""
    from grader import progress as memory  # noqa: PLC0415 - as above
    from grader.report.focus import next_stage  # noqa: PLC0415 - as above

    known, complaint = memory.load(memory.here())
    stage = next_stage(report)
    known = memory.after(known, report.result.stages)
    known = memory.at_stage(known, stage.stage if stage else known.stage)
    for sentence in filter(None, (complaint, memory.save(known, memory.here()))):
        click.echo(sentence, err=True)


def _further(graded: Graded) -> tuple[str, ...]:
    """The bonus stages that lie beside a finished core."""
    from grader.submissions import bonus_stages  # noqa: PLC0415 - as above

    if graded.result.exit_code or any(stage.bonus for stage in graded.result.stages):
        return ()
    root = graded.files[0].path.parents[1]
    return tuple(stage.name for stage in bonus_stages() if (root / stage.name).is_dir())


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
        raise UsageError(say("--report takes FORMAT=FILE, not {given!r}", given=report))
    return name, Path(path)
