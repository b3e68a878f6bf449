"""Runs a file's `main` in a child process under the detector, for a limited time."""

import os
import select
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .detector import Detector
from .findings import Cause, Finding, Report
from .naming import call_at
from .runner import ASK_TO_END, Outcome, from_json, run_program, say_nothing_on_stdout, to_json
from .schedstat import spent_ns
from .sources import is_user_file
from .stacks import elect, inside_step, parse_dump, user_frame

_LAST_WORDS = 2.0
_GLANCE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a program is to be probed.

    Attributes:
        threshold: Seconds for which a step may hold the loop.
        patience: Seconds that the program is given.
        portable: Whether to do without what only Linux offers.
        quiet: Whether stdout is ours, and the program's output goes to stderr.
    """

    threshold: float = 0.025
    patience: float = 20.0
    portable: bool = False
    quiet: bool = False


def probe(file: Path, wish: Wish) -> Outcome:
    """Run a program and say what blocked its loop."""
    reading, writing = os.pipe()
    stacks = _memory_file()
    sys.stdout.flush()
    sys.stderr.flush()
    if not (child := os.fork()):
        os.close(reading)
        _be_child(file, wish, stacks, writing)
    os.close(writing)
    try:
        return _listen(file, wish, child, reading, stacks)
    finally:
        os.close(reading)
        if stacks is not None:
            os.close(stacks)


def _memory_file() -> int | None:
    """A file that both sides have open; None where there is no such thing."""
    return os.memfd_create("stacks") if hasattr(os, "memfd_create") else None


def _be_child(file: Path, wish: Wish, stacks: int | None, writing: int) -> None:
    """Run the program. Never returns."""
    try:
        if wish.quiet:
            say_nothing_on_stdout()
        detector = Detector(wish.threshold, portable=wish.portable, stacks_file=stacks)
        run_program(file, detector, lambda outcome: _write(writing, to_json(outcome).encode()))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)


def _write(writing: int, data: bytes) -> None:
    while data:
        data = data[os.write(writing, data) :]


def _listen(file: Path, wish: Wish, child: int, reading: int, stacks: int | None) -> Outcome:
    """Wait for the child's word; ask for it when its time is up; then take what it left behind."""
    text = _read_until(reading, child, time.monotonic() + wish.patience)
    late = text is None
    computes = True
    if text is None:
        computes = _is_computing(child)
        _signal(child, ASK_TO_END)
        text = _read_until(reading, child, time.monotonic() + _LAST_WORDS)
    _signal(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if text:
        return from_json(text.decode())
    if late:
        return _outcome_of_hang(wish, stacks, Cause.COMPUTES if computes else Cause.WAITS)
    how = (
        f"signal {os.WTERMSIG(status)}"
        if os.WIFSIGNALED(status)
        else f"status {os.WEXITSTATUS(status)}"
    )
    return Outcome(
        Report(intact=False), f"{file.name} ended its process ({how}) before main() was done."
    )


def _read_until(reading: int, child: int, deadline: float) -> bytes | None:
    """All that the child writes; None if it does not say a whole word in time."""
    said = b""
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([reading], [], [], min(left, 0.2))[0]:
            if _is_gone(child):
                return said
            continue
        if not (more := os.read(reading, 1 << 16)):
            return said
        said += more
        if said.endswith(b"}"):
            return said
    return None


def _is_gone(child: int) -> bool:
    """Tell whether the child has ended, even if a process of its own still holds the pipe."""
    if not hasattr(os, "waitid"):
        return False  # macOS before 3.13: the end of the pipe must do
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _is_computing(child: int) -> bool:
    """Tell whether the child's loop is on a CPU or wants one; that it waits, if nothing tells."""
    try:
        clocks = Path(f"/proc/{child}/schedstat")
        before = spent_ns(clocks.read_bytes())
        time.sleep(_GLANCE)
        after = spent_ns(clocks.read_bytes())
    except OSError:
        return False
    return sum(after) - sum(before) > _GLANCE * 5e8


def _signal(child: int, number: int | None) -> None:
    if number is not None:
        os.kill(child, number)


def _outcome_of_hang(wish: Wish, stacks: int | None, cause: Cause) -> Outcome:
    """What a child that cannot run Python any more has left: the stacks of its last step."""
    error = "main() was not done in time: one of its steps did not end."
    text = os.pread(stacks, 1 << 24, 0).decode("ascii", "replace") if stacks is not None else ""
    samples = [inside_step(stack) for stack in parse_dump(text)]
    stack = elect(samples, is_user_file)
    frame = user_frame(stack or (), is_user_file)
    if stack is None or frame is None:
        return Outcome(Report(intact=False), error)
    call = call_at(stack, is_user_file)
    finding = Finding(frame.file, frame.line, call, cause, wish.patience)
    return Outcome(Report(blocked=(finding,)), error)
