"""Grading one submission: find it, judge it with pytest in this process, add up."""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.config import ExitCode

from grader import plugin, private, submissions
from grader.errors import ExerciseError, MachineError
from grader.judge.kernel import kernel_of
from grader.language import language, say, speaking
from grader.results import Result, StageResult, stage_result, whole_result
from grader.verdicts import Course
from grader.walls.plan import BARE, EVERY, hidden

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from grader.nursery.child import Nursery
    from grader.submissions import Submitted
    from grader.timeline.recording import Recording
    from grader.walls.layers import Wall

SETTINGS = Path(__file__).parent / "checks.ini"
ARGUMENTS = (
    "--assert=plain",  # a check's facts come from the judge, not from rewritten asserts
    "--import-mode=importlib",
    "--disable-plugin-autoload",
    "--noconftest",  # one in a folder above may be anybody's
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
        stages: Names or prefixes; empty for the core.
        seed: What ids, amounts and orders are drawn from; None draws one.
        bonus: Judge the bonus checks, too, and without names the bonus stages that were handed in.
        language: Code of the language of titles, findings and hints; None: the one that is spoken.
        spawn: A fresh interpreter for each check.
        walls: Those that are wanted round the submission, as far as this machine has them.
        strangers: Whoever wrote the submission is not trusted: judge nothing without the walls that this takes.
        private_checks: A folder of the instructor's own checks. It takes the same walls, unless none are wanted
            at all; a nursery that is given has to hide it.
        timelines: Keep the history of each check, for those who draw it.
        check: The one check to judge, by the name of its test; "" for all.
        attended: The nursery that is given has children for a debugger: they run the very file that was handed in.
    """

    stages: Sequence[str] = ()
    submission: Path = Path("exercises")
    seed: int | None = None
    bonus: bool = False
    language: str | None = None
    spawn: bool = False
    walls: frozenset[Wall] = EVERY
    strangers: bool = False
    private_checks: Path | None = None
    timelines: bool = False
    check: str = ""
    attended: bool = False


@dataclass(frozen=True)
class Graded:
    """A result, the files that it is about, and, if they were asked for, the histories of its checks, by id."""

    result: Result
    files: tuple[Submitted, ...]
    recordings: Mapping[str, Recording] = field(default_factory=dict[str, "Recording"])


class Conductor:
    """Gives pytest our course, chooses the checks, and notes what is wrong with an exercise."""

    def __init__(self, course: Course, *, bonus: bool, check: str = "") -> None:
        self._course = course
        self._bonus = bonus
        self._check = check

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[plugin.COURSE] = self._course

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        marked = {item.path.parent for item in items if item.get_closest_marker("check")}
        for folder in sorted(self._course.private - marked):
            text = say("no test among the private checks is marked `check`, or none could be read")
            self._course.complaints.append(f"{folder.name}: {text}")
        items[:] = [item for item in items if self._is_wanted(item)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Dir:
        """Keep folders from being packages: no `__init__.py` above the checks is run."""
        return pytest.Dir.from_parent(parent, path=path)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        if report.failed:
            self._course.complaints.append(self._complaint(collector.path, report))
        return report

    def _complaint(self, file: Path, report: pytest.CollectReport) -> str:
        if file.parent in self._course.private:
            return private.complaint(file, report.longreprtext)
        return f"{report.nodeid}: {report.longreprtext.splitlines()[-1]}"

    def _is_wanted(self, item: pytest.Item) -> bool:
        mark = item.get_closest_marker("check")
        if self._check:
            return mark is not None and item.name.partition("[")[0] == self._check
        return mark is not None and (self._bonus or not mark.kwargs.get("bonus", False))


def grade(
    request: Request,
    nursery: Nursery | None = None,
    files: Sequence[Submitted] | None = None,
) -> Graded:
    """Judge a submission.

    Args:
        request: What and how.
        nursery: Where children come from, if it was begun already; it is closed here.
        files: What there is to judge, one for each stage, if it was read already: then there need be no such place.

    Raises:
        UsageError: There is nothing to judge at the given place.
        ExerciseError: The checks themselves do not run.
        MachineError: No process can be started, or none with the walls that strangers' code takes.
    """
    with speaking(language(request.language)) if request.language else nullcontext():
        return _grade(request, nursery, files)


def _grade(request: Request, nursery: Nursery | None, files: Sequence[Submitted] | None) -> Graded:
    course = Course.drawn(
        request.seed,
        spawn=request.spawn,
        nursery=nursery,
        walls=request.walls,
    )
    course.hidden = hidden(request.private_checks)
    course.timelines = request.timelines
    with closing(course), tempfile.TemporaryDirectory(prefix="unblocked-") as scratch:
        if files is None:
            stages = submissions.choose_stages(request.stages, bonus=request.bonus)
            files = submissions.find(request.submission, stages, named=bool(request.stages))
        stages = [file.folder for file in files]
        own = private.gather(request.private_checks, stages, Path(scratch))
        course.warm_up()
        if request.strangers or (own and request.walls != BARE):
            _demand_walls(course)
        _hand_over(course, files, None if request.attended else Path(scratch))
        _add_private(course, own)
        _run_checks(course, stages, list(own.values()), request)
        return Graded(_result(request, course, files), tuple(files), course.recordings)


def _demand_walls(course: Course) -> None:
    standing = asyncio.run(course.warm_up().standing())
    if not standing.fit_for_strangers:
        text = say(
            "this machine cannot keep a stranger's program from your files: it has no Landlock (Linux 5.13 or newer, "
            "switched on) and bwrap was not asked for or does not run. Grade in a container or on another machine, try "
            "--bwrap, or, if you trust whoever wrote the program, leave out --strangers or grade private checks with "
            "--no-walls"
        )
        raise MachineError(text)


def _hand_over(course: Course, files: Sequence[Submitted], scratch: Path | None) -> None:
    """Have copies judged; without a folder for them, the files themselves."""
    for file in files:
        if file.refusal:
            course.refused[file.folder] = file.refusal
        else:
            own = submissions.copy(file, scratch) if scratch else file.path
            course.submissions[file.folder] = own


def _add_private(course: Course, own: Mapping[Path, Path]) -> None:
    """The same submissions are judged by the private checks."""
    course.private |= set(own.values())
    for stage, folder in own.items():
        if stage in course.refused:
            course.refused[folder] = course.refused[stage]
        else:
            course.submissions[folder] = course.submissions[stage]


def _run_checks(
    course: Course, stages: Sequence[Path], own: Sequence[Path], request: Request
) -> None:
    checks = [str(stage / "test_pipeline.py") for stage in stages]
    checks += [str(path) for folder in own for path in sorted(folder.glob(private.CHECKS))]
    conductor: Any = Conductor(course, bonus=request.bonus, check=request.check)
    arguments = [*ARGUMENTS, f"--rootdir={stages[0].parent}", "-c", str(SETTINGS), *checks]
    with private.silence() if own else nullcontext():
        code = pytest.main(arguments, plugins=[plugin, conductor])
    if course.complaints:
        why = "; ".join(course.complaints)
        raise ExerciseError(say("the checks do not run: {why}", why=why))
    if code in (ExitCode.INTERNAL_ERROR, ExitCode.USAGE_ERROR, ExitCode.NO_TESTS_COLLECTED):
        text = say("pytest could not run the checks (its exit code is {code})", code=int(code))
        raise ExerciseError(text)


def _result(request: Request, course: Course, files: Sequence[Submitted]) -> Result:
    kernel = kernel_of(os.getpid())
    kernel.close()
    return whole_result(
        str(request.submission),
        course.seed,
        kernel.guarantees,
        tuple(map(partial(_stage_result, course), files)),
        course.standing.names,
    )


def _stage_result(course: Course, file: Submitted) -> StageResult:
    checks = course.result(file.folder.name)
    return stage_result(file.folder.name, checks, bonus=submissions.is_bonus(file.folder))
