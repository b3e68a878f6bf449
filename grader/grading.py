"""Grading one submission: find it, judge it with pytest in this process, add up."""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.config import ExitCode

from grader import plugin, submissions
from grader.errors import ExerciseError, MachineError
from grader.judge.kernel import kernel_of
from grader.results import Result, stage_result, whole_result
from grader.verdicts import Course
from grader.walls.plan import EVERY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.nursery.child import Nursery
    from grader.submissions import Submitted
    from grader.walls.layers import Wall

SETTINGS = Path(__file__).parent / "checks.ini"
ARGUMENTS = (
    "--assert=plain",  # a check's facts come from the judge, not from rewritten asserts
    "--import-mode=importlib",
    "--disable-plugin-autoload",
    *("-p", "pytest_asyncio.plugin"),
    *("-p", "no:cacheprovider"),
    *("-p", "no:terminal"),
    *("-p", "no:faulthandler"),
    *("-p", "no:doctest"),
    *("-p", "no:logging"),
    *("-p", "no:capture"),
    *("-p", "no:junitxml"),
    *("-p", "no:pastebin"),
    *("-p", "no:stepwise"),
    *("-p", "no:setupplan"),
    *("-p", "no:setuponly"),
    *("-p", "no:unraisableexception"),  # it collects garbage at the end, and has nobody to tell
    *("-p", "no:threadexception"),
)


@dataclass(frozen=True)
class Request:
    """What to grade, and how.

    Attributes:
        stages: Names or prefixes; empty for all.
        seed: What ids, amounts and orders are drawn from; None draws one.
        bonus: Judge the bonus checks, too.
        spawn: A fresh interpreter for each check.
        walls: Those that are wanted round the submission, as far as this machine has them.
        strangers: Whoever wrote the submission is not trusted: judge nothing without the walls that this takes.
    """

    stages: Sequence[str] = ()
    submission: Path = Path("exercises")
    seed: int | None = None
    bonus: bool = False
    language: str = "en"
    spawn: bool = False
    walls: frozenset[Wall] = EVERY
    strangers: bool = False


@dataclass(frozen=True)
class Graded:
    """A result, and the files that it is about."""

    result: Result
    files: tuple[Submitted, ...]


class Conductor:
    """Gives pytest our course, chooses the checks, and notes what is wrong with an exercise."""

    def __init__(self, course: Course, *, bonus: bool) -> None:
        self._course = course
        self._bonus = bonus

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[plugin.COURSE] = self._course

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self._is_wanted(item)]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._course.complaints.append(
                f"{report.nodeid}: {report.longreprtext.splitlines()[-1]}"
            )

    def _is_wanted(self, item: pytest.Item) -> bool:
        mark = item.get_closest_marker("check")
        return mark is not None and (self._bonus or not mark.kwargs.get("bonus", False))


def grade(request: Request, nursery: Nursery | None = None) -> Graded:
    """Judge a submission.

    Args:
        request: What and how.
        nursery: Where children come from, if it was begun already; it is closed here.

    Raises:
        UsageError: There is nothing to judge at the given place.
        ExerciseError: The checks themselves do not run.
        MachineError: No process can be started, or none with the walls that strangers' code takes.
    """
    course = Course.drawn(
        request.seed,
        spawn=request.spawn,
        language=request.language,
        nursery=nursery,
        walls=request.walls,
    )
    with closing(course), tempfile.TemporaryDirectory(prefix="unblocked-") as scratch:
        stages = submissions.choose_stages(request.stages)
        files = submissions.find(request.submission, stages, named=bool(request.stages))
        course.warm_up()
        if request.strangers:
            _demand_walls(course)
        _hand_over(course, files, Path(scratch))
        _run_checks(course, stages, bonus=request.bonus)
        return Graded(_result(request, course, files), tuple(files))


def _demand_walls(course: Course) -> None:
    standing = asyncio.run(course.warm_up().standing())
    if not standing.fit_for_strangers:
        raise MachineError(
            "this machine cannot keep a stranger's program from your files: it has no Landlock (Linux 5.13 or newer, "
            "switched on) and bwrap was not asked for or does not run. Grade in a container or on another machine, try "
            "--bwrap, or leave out --strangers if you trust whoever wrote the program"
        )


def _hand_over(course: Course, files: Sequence[Submitted], scratch: Path) -> None:
    for file in files:
        if file.refusal:
            course.refused[file.folder] = file.refusal
        else:
            course.submissions[file.folder] = submissions.copy(file, scratch)


def _run_checks(course: Course, stages: Sequence[Path], *, bonus: bool) -> None:
    checks = [str(stage / "test_pipeline.py") for stage in stages]
    conductor: Any = Conductor(course, bonus=bonus)
    arguments = [*ARGUMENTS, f"--rootdir={stages[0].parent}", "-c", str(SETTINGS), *checks]
    code = pytest.main(arguments, plugins=[plugin, conductor])
    if course.complaints:
        raise ExerciseError("the checks do not run: " + "; ".join(course.complaints))
    if code in (ExitCode.INTERNAL_ERROR, ExitCode.USAGE_ERROR, ExitCode.NO_TESTS_COLLECTED):
        raise ExerciseError(f"pytest could not run the checks (its exit code is {int(code)})")


def _result(request: Request, course: Course, files: Sequence[Submitted]) -> Result:
    kernel = kernel_of(os.getpid())
    kernel.close()
    return whole_result(
        str(request.submission),
        course.seed,
        kernel.guarantees,
        tuple(stage_result(f.folder.name, course.result(f.folder.name)) for f in files),
        course.standing.names,
    )
