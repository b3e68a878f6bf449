"""Running a check: once on each backend, and once more where only the books are against the submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader.judge.findings import Broken, Undecided, finding
from grader.judge.unfamiliar import is_loop_in_loop
from grader.language import say
from grader.results import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from grader.judge.attempt import Attempt
    from grader.judge.evidence import Focus

ORDER = list(Kind)


@dataclass(frozen=True)
class Trial:
    """One run of a check.

    Attributes:
        suspicions: What is believed when it comes twice.
        inconclusive: The machine was too busy to tell whether the loop was blocked.
        about: What the check's own finding is about.
    """

    findings: tuple[Finding, ...]
    suspicions: tuple[Finding, ...]
    inconclusive: bool
    output: str
    about: Mapping[Finding, Focus]

    @property
    def told(self) -> tuple[Finding, ...]:
        """All that stands against the submission."""
        return (*self.findings, *self.suspicions)

    @property
    def doubtful(self) -> bool:
        """Whether the check is to be run once more."""
        blocked = any(found.kind is Kind.BLOCKING for found in self.findings)
        return (bool(self.suspicions) and not blocked) or (self.inconclusive and not self.findings)


async def trials(
    attempt: Attempt,
    check: Callable[[], Awaitable[None]],
    backends: Sequence[str],
    counts: Callable[[Finding], bool],
) -> tuple[Trial, list[Finding]]:
    """The first trial with findings that count, or else the last; one on each backend."""
    backend, *others = backends
    trial = await _trial(attempt, check, backend)
    findings = [found for found in trial.told if counts(found)]
    if findings or not others:
        return trial, findings
    return await trials(attempt, check, others, counts)


async def _trial(attempt: Attempt, check: Callable[[], Awaitable[None]], backend: str) -> Trial:
    """Run a check on a backend, and in doubt once more, looking closer.

    Raises:
        Undecided: The machine was too busy, twice.
    """
    if attempt.backend != backend:
        attempt.open(backend=backend)
    trial = await _run(attempt, check)
    if trial.doubtful:
        attempt.open(careful=True)
        trial = await _run(attempt, check)
    if trial.inconclusive and not trial.findings:
        raise Undecided(say("the machine was too busy to tell whether the loop was blocked"))
    return trial


async def _run(attempt: Attempt, check: Callable[[], Awaitable[None]]) -> Trial:
    """Run a check once."""
    findings: list[Finding] = []
    about: dict[Finding, Focus] = {}
    broken = True
    try:
        await check()
        broken = False
    except Broken as failure:
        findings.append(failure.finding)
        about[failure.finding] = failure.focus
    except AssertionError as failure:
        text = str(failure) or say("a check of this stage does not hold")
        findings.append(finding(Kind.BEHAVIOUR, text))
    finally:
        output = attempt.output()
        more, suspicions, inconclusive = await attempt.close(broken=broken)
    return Trial((*findings, *more), tuple(suspicions), inconclusive, output, about)


def first_cause_first(findings: list[Finding]) -> list[Finding]:
    """By kind, in the order of cause before echo; the same fact only once."""
    unique = {(found.kind, found.message): found for found in findings}
    return sorted(unique.values(), key=_place)


def _place(found: Finding) -> int:
    """Its kind's; but a loop that was to run inside the loop leaves a coroutine unawaited, which is its echo."""
    echo = Kind.NEVER_AWAITED if is_loop_in_loop(found.message) else found.kind
    return min(ORDER.index(found.kind), ORDER.index(echo))


def on(backend: str, found: Finding) -> Finding:
    """A finding of a check that runs on more than one backend."""
    text = say("on {backend}: {message}", backend=backend, message=found.message)
    return msgspec.structs.replace(found, message=text)
