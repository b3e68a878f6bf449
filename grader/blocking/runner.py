"""Runs a program's `main` under the detector: the inside of a probe's child process."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .detector import Detector
from .findings import Report
from .hook import Unobservable
from .loading import Main, ProgramError, describe, load_main
from .wire import decode, encode

ASK_TO_END = getattr(signal, "SIGRTMIN", None)
"""The signal by which the parent asks for what has been found so far."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of running a program: what was found, and what went wrong, in one sentence."""

    report: Report
    error: str | None = None


def to_json(outcome: Outcome) -> str:
    """An outcome as JSON."""
    return json.dumps(encode(outcome.report) | {"error": outcome.error})


def from_json(text: str) -> Outcome:
    """The outcome that `to_json` wrote."""
    values: dict[str, Any] = json.loads(text)
    return Outcome(decode(values), values["error"])


def run_program(file: Path, detector: Detector, tell: Callable[[Outcome], None]) -> None:
    """Load a program, run its `main` under the detector, and tell the outcome, once."""
    _answer_when_asked(file, detector, tell)  # before the watch, in which a handler is a step
    detector.prepare()
    try:
        outcome = _run(load_main(file), detector)
    except (ProgramError, Unobservable) as error:
        outcome = Outcome(Report(intact=False), str(error))
    tell(outcome)


def _run(main: Main, detector: Detector) -> Outcome:
    runner = asyncio.Runner()
    detector.start(runner.get_loop())
    error = _error_of(runner, main)
    runner.close()  # a part of the program: it ends what `main` has left
    return _outcome(detector.stop(), error)


def _error_of(runner: asyncio.Runner, main: Main) -> str | None:
    """Run `main`; what it raised, as a sentence."""
    try:
        runner.run(main())
    except SystemExit as end:
        return None if not end.code else f"main() ended the program with status {end.code}."
    except BaseException as error:  # noqa: BLE001 - a program may raise whatever it likes
        return f"main() raised {describe(error)}."
    return None


def _outcome(report: Report, error: str | None) -> Outcome:
    if not report.intact and error is None:
        error = "the program replaced what the detector had put into its loop: nothing can be said."
    return Outcome(report, error)


def _answer_when_asked(file: Path, detector: Detector, tell: Callable[[Outcome], None]) -> None:
    """Tell what has been found when the parent asks, if this thread can still run Python."""

    def answer(*_: object) -> None:
        tell(_unfinished(file, detector))
        os._exit(0)

    if ASK_TO_END is not None:
        signal.signal(ASK_TO_END, answer)


def _unfinished(file: Path, detector: Detector) -> Outcome:
    if not detector.is_started():
        return Outcome(Report(intact=False), f"{file.name} was not imported in time.")
    ended = (
        "its loop still turned" if not detector.is_watching() else "one of its steps did not end"
    )
    return Outcome(detector.stop(), f"main() was not done in time: {ended}.")


def say_nothing_on_stdout() -> None:
    """Send what the program prints to stderr."""
    sys.stdout.flush()
    os.dup2(2, 1)
