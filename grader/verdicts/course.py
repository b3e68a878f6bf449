"""All checks of one pytest run: what is announced, how each is judged, and what came of it."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from grader.errors import ExerciseError, MachineError
from grader.hints import question
from grader.judge.attempt import Attempt
from grader.judge.findings import FILE, Undecided, finding
from grader.language import say, spoken
from grader.nursery import new_nursery
from grader.redaction import redacted
from grader.results import CheckResult, Finding, Kind, Verdict
from grader.verdicts.trials import first_cause_first, on, trials
from grader.walls.layers import NOTHING, Standing
from grader.walls.plan import EVERY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from grader.judge.contract import Contract
    from grader.nursery.child import Nursery
    from grader.timeline.recording import Recording
    from grader.walls.layers import Wall

LEAK_RULES = {"R12", "R17"}
"""The rules of the contract by which nothing may be left."""
PRIVATE = "private/"
"""Parts the names of private checks from those of public ones; no test's name holds a slash."""
OUTPUT = 2_000
"""Characters of a submission's output that are kept for a check."""


@dataclass
class Course:
    """All checks of one pytest run, and what came of them.

    Attributes:
        submissions: Exercise folder to the judge's copy of the submission; the file in the folder itself by default.
        refused: Exercise folder to why its submission cannot be judged at all.
        about_leaks: Ids of the checks that a leak costs their points.
        results: By check id, in the order of judging.
        private: Exercise folders whose checks are private: their results are redacted as soon as there are any.
        complaints: What is wrong with the exercises themselves.
        hidden: Folders that no submission may read, wherever they lie.
        timelines: Keep the history of each check.
        recordings: By check id, if they are kept.
        standing: The walls that held, when all is over.
    """

    seed: int
    spawn: bool = False
    submissions: dict[Path, Path] = field(default_factory=dict[Path, Path])
    refused: dict[Path, Finding] = field(default_factory=dict[Path, Finding])
    expected: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    about_leaks: set[str] = field(default_factory=set[str])
    results: dict[str, CheckResult] = field(default_factory=dict[str, CheckResult])
    private: set[Path] = field(default_factory=set[Path])
    complaints: list[str] = field(default_factory=list[str])
    hidden: tuple[str, ...] = ()
    walls: frozenset[Wall] = EVERY
    standing: Standing = NOTHING
    timelines: bool = False
    recordings: dict[str, Recording] = field(default_factory=dict[str, "Recording"])
    _nursery: Nursery | None = None
    _compiled: dict[Path, bytes] = field(default_factory=dict[Path, bytes])

    @classmethod
    def drawn(
        cls,
        seed: int | None,
        *,
        spawn: bool = False,
        nursery: Nursery | None = None,
        walls: frozenset[Wall] = EVERY,
    ) -> Course:
        """A course with this seed, or one drawn for it."""
        number = secrets.randbelow(1 << 31) if seed is None else seed
        return cls(number, spawn=spawn, walls=walls, _nursery=nursery)

    # ---- the warm process

    def warm_up(self) -> Nursery:
        """Start the warm process, if it is not started yet."""
        if self._nursery is None:
            self._nursery = new_nursery(spawn=self.spawn, wanted=self.walls, hidden=self.hidden)
        return self._nursery

    def close(self) -> None:
        """End it."""
        if self._nursery is not None:
            self.standing = self._nursery.known
            self._nursery.close()
            self._nursery = None

    # ---- what is to be judged

    def expect(self, folder: Path, name: str, title: str, mark: Mapping[str, Any]) -> None:
        """Announce a check."""
        check = self._id(folder, name)
        if folder in self.private:
            self._complain_of_private(check, mark)
        self.expected[check] = {"title": say(title), **mark}

    def learn_rules(self, folder: Path, rules: Mapping[str, str]) -> None:
        """All checks of a file by name, with their rules; those that are not judged this time, too."""
        about = [name for name, named in rules.items() if LEAK_RULES & {*named.split()}]
        self.about_leaks.update(self._id(folder, name) for name in about)

    def _complain_of_private(self, check: str, mark: Mapping[str, Any]) -> None:
        """No test of ours has read these checks; what is said of them quotes nothing."""
        points, stage = mark.get("points"), check.partition("::")[0]
        if not isinstance(points, int | float) or not 0 < points < math.inf:
            self.complaints.append(f"a private check of {stage} needs points above 0")
        if check in self.expected:
            self.complaints.append(f"two private checks of {stage} have the same name")

    def attempt(self, folder: Path, name: str, contract: Contract) -> Attempt:
        """What a check works with."""
        path = self.submissions.get(folder, folder / FILE)
        if folder not in self.refused and not path.is_file():
            text = say("there is no {path}; start from the stage's starter", path=path)
            self.refused[folder] = finding(Kind.STRUCTURE, text)
        seed = f"{self.seed} {self._id(folder, name)}"
        attempt = Attempt(self.warm_up(), contract, path, seed, self._compiled)
        attempt.recorded = self.timelines and folder not in self.private
        return attempt

    # ---- judging

    async def judge(
        self, folder: Path, name: str, attempt: Attempt, check: Callable[[], Awaitable[None]]
    ) -> CheckResult:
        """Run a check, twice if only the books are against it, and come to a verdict."""
        began = time.perf_counter()
        if folder in self.refused:
            result = self._refused(folder, name)
        else:
            result = await self._verdict(folder, name, attempt, check)
            if recording := attempt.recording(result.story):
                self.recordings[result.id] = recording
        result = msgspec.structs.replace(result, seconds=round(time.perf_counter() - began, 4))
        told = self.results[result.id] = self._told(result)
        return told

    async def _verdict(
        self, folder: Path, name: str, attempt: Attempt, check: Callable[[], Awaitable[None]]
    ) -> CheckResult:
        counts = partial(self._counts, folder=folder, name=name)
        try:
            backends = self._backends(folder, name, attempt)
            trial, findings = await trials(attempt, check, backends, counts)
        except Exception as error:  # noqa: BLE001 - a fault of ours fails nobody
            text = (
                str(error)
                if isinstance(error, Undecided | MachineError)
                else say("the grader failed: {error}", error=f"{type(error).__name__}: {error}")
            )
            return self._result(
                folder, name, Verdict.UNKNOWN, (Finding(kind=Kind.LIMIT, message=text[:300]),)
            )
        if not attempt.loaded and findings:
            self.refused[folder] = findings[0]
            return self._refused(folder, name)
        if not findings:
            return self._result(folder, name, Verdict.PASSED, output=trial.output)
        first, *_ = ordered = first_cause_first(findings)
        told = tuple(self._explained(folder, name, found, attempt.line) for found in ordered)
        if len(backends) > 1:
            told = tuple(on(attempt.backend, found) for found in told)
        events = attempt.explain(first, trial.about.get(first))
        result = self._result(folder, name, Verdict.FAILED, told, trial.output)
        return msgspec.structs.replace(result, events=events or UNSET)

    def _backends(self, folder: Path, name: str, attempt: Attempt) -> Sequence[str]:
        """Those of the contract, unless the check names some of them."""
        named = str(self.expected.get(self._id(folder, name), {}).get("backends", "")).split()
        if not set(named) <= set(attempt.backends):
            text = say("{check} names a backend that its contract does not", check=name)
            raise ExerciseError(text)
        return named or attempt.backends

    def _counts(self, found: Finding, folder: Path, name: str) -> bool:
        """A leak costs the points of the checks that are about leaks, if the stage has any, and no others."""
        if found.kind is not Kind.LEAK:
            return True
        about = {
            check
            for check in self.about_leaks
            if check.startswith(f"{folder.name}::")
            # Public verdicts do not depend on private checks.
            if folder in self.private or not _is_private(check)
        }
        return not about or self._id(folder, name.partition("[")[0]) in about

    def _refused(self, folder: Path, name: str) -> CheckResult:
        """The first check says why nothing can be judged; the others are skipped."""
        first = next(c for c in self.expected if c.startswith(self._id(folder, "")))
        if self._id(folder, name) != first:
            return self._result(folder, name, Verdict.SKIPPED)
        told = self._explained(folder, name, self.refused[folder], None)
        return self._result(folder, name, Verdict.FAILED, (told,))

    def _explained(self, folder: Path, name: str, found: Finding, line: int | None) -> Finding:
        line = found.line or line
        refused = (
            folder in self.refused
        )  # then it is about the file, and not about what the check asks for
        topic = str(self.expected.get(self._id(folder, name), {}).get("hint", ""))
        topic = "structure" if refused else topic
        # A question first; then, where the detector knows it, what to write instead.
        asked = question(folder, topic, found.kind, spoken().code)
        return msgspec.structs.replace(
            found,
            line=line,
            file=FILE if line else None,
            hint=" ".join(filter(None, (asked, found.hint))),
        )

    def _result(
        self,
        folder: Path,
        name: str,
        verdict: Verdict,
        findings: tuple[Finding, ...] = (),
        output: str = "",
    ) -> CheckResult:
        mark = self.expected.get(self._id(folder, name), {})
        points = float(mark.get("points", 1))
        return CheckResult(
            id=self._id(folder, name),
            title=str(mark.get("title", name)),
            points=points,
            earned=points if verdict is Verdict.PASSED else 0.0,
            verdict=verdict,
            seconds=0.0,
            findings=findings,
            output=output[:OUTPUT],
            bonus=bool(mark.get("bonus", False)) or UNSET,
        )

    def _id(self, folder: Path, name: str) -> str:
        return f"{folder.name}::{PRIVATE if folder in self.private else ''}{name}"

    def _told(self, result: CheckResult) -> CheckResult:
        """A result as it may be known outside of here."""
        if not _is_private(result.id):
            return result
        stage = result.id.partition("::")[0]
        title = self.expected[result.id].get("private", "")
        mine = [check for check in self.expected if check.startswith(f"{stage}::{PRIVATE}")]
        number = mine.index(result.id) + 1
        return redacted(result, number, title if isinstance(title, str) else "")

    def result(self, stage: str) -> tuple[CheckResult, ...]:
        """The verdicts on one stage; a check that was not reached is unknown."""
        mine = [check for check in self.expected if check.startswith(f"{stage}::")]
        return tuple(self.results.get(check) or self._missing(check) for check in mine)

    def _missing(self, check: str) -> CheckResult:
        mark = self.expected[check]
        text = say("the grading was broken off before this check")
        missing = CheckResult(
            id=check,
            title=str(mark["title"]),
            points=float(mark["points"]),
            earned=0.0,
            seconds=0.0,
            verdict=Verdict.UNKNOWN,
            findings=(Finding(kind=Kind.LIMIT, message=text),),
            bonus=bool(mark.get("bonus", False)) or UNSET,
        )
        return self._told(missing)


def _is_private(check: str) -> bool:
    return check.partition("::")[2].startswith(PRIVATE)
