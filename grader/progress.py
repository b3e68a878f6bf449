"""How far a learner has come: the stage at hand, the checks that failed, the hints that were shown; one small file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from grader.language import later, say
from grader.results import Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.results import CheckResult, StageResult

FILE = ".unblocked.json"
"""Kept in the folder in which the command is given: the kata's."""
SIZE = 1 << 20
"""Bytes, at most, of what is taken for ours."""


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A check that failed once.

    Attributes:
        kind: Of its first finding when it last failed.
        over: It has passed since.
        hints: Levels of its hints that were shown.
    """

    kind: Kind
    over: bool = False
    hints: int = 0


class Progress(msgspec.Struct, frozen=True):
    """What is remembered from one command to the next.

    Attributes:
        stage: The one that was graded or shown last; "" for none.
        failures: Check id to how it failed; a check that never did is not there.
    """

    version: Literal[1] = 1
    stage: str = ""
    failures: dict[str, Failure] = {}

    def failing(self, stage: str) -> frozenset[str]:
        """The checks of a stage that failed when they were last judged."""
        return frozenset(
            check
            for check, failure in self.failures.items()
            if check.startswith(f"{stage}::") and not failure.over
        )

    def hints_of(self, check: str) -> int:
        """Levels of this check's hints that were shown."""
        return self.failures[check].hints if check in self.failures else 0


def after(progress: Progress, stages: Iterable[StageResult]) -> Progress:
    """What is remembered when these stages have been graded; private checks leave no trace."""
    graded = [stage for stage in stages if stage.checks]
    failures = dict(progress.failures)
    for stage in graded:
        failures |= dict(_failures(progress, stage))
    return msgspec.structs.replace(progress, failures=failures)


def _failures(progress: Progress, stage: StageResult) -> Iterator[tuple[str, Failure]]:
    for check in stage.checks:
        if check.verdict is Verdict.FAILED and check.findings and not check.private:
            yield check.id, _failed(progress, check)
        elif check.verdict is Verdict.PASSED and check.id in progress.failures:
            yield check.id, msgspec.structs.replace(progress.failures[check.id], over=True)


def _failed(progress: Progress, check: CheckResult) -> Failure:
    return Failure(check.findings[0].kind, hints=progress.hints_of(check.id))


def with_hint(progress: Progress, check: str, level: int) -> Progress:
    """What is remembered when a level was shown; of a check that never failed nothing is."""
    if check not in progress.failures:
        return progress
    shown = msgspec.structs.replace(progress.failures[check], hints=level)
    return msgspec.structs.replace(progress, failures={**progress.failures, check: shown})


def at_stage(progress: Progress, stage: str) -> Progress:
    """What is remembered when a learner has turned to a stage."""
    return msgspec.structs.replace(progress, stage=stage)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


def load(path: Path) -> tuple[Progress, str]:
    """Read what is remembered.

    Returns:
        Nothing remembered, and a sentence, where the file cannot be used; the sentence is "" where all is well.
    """
    try:
        with path.open("rb") as file:
            data = file.read(SIZE + 1)
        return msgspec.json.decode(data, type=Progress), ""
    except FileNotFoundError:
        return Progress(), ""
    except OSError as error:
        text = later("{path} cannot be read ({why}); beginning anew.")
        return Progress(), say(text, path=path, why=error.strerror)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        text = later("{path} holds nothing that this version wrote; beginning anew.")
        return Progress(), say(text, path=path)


def save(progress: Progress, path: Path) -> str:
    """Write it whole or not at all; a sentence where that is not possible, else ""."""
    data = msgspec.json.format(msgspec.json.encode(progress)) + b"\n"
    beside = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=FILE, delete=False) as file:
            beside = file.name
            file.write(data)
        Path(beside).replace(path)
    except OSError as error:
        if beside:
            Path(beside).unlink(missing_ok=True)
        text = later("{path} cannot be written ({why}): nothing is remembered.")
        return say(text, path=path, why=error.strerror)
    return ""


def here() -> Path:
    """Where it is kept for this command."""
    return Path(os.curdir, FILE)
