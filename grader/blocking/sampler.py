"""Stacks of the loop's thread, told by itself when a kernel timer signals it: in Python code, and inside long C calls.

It first fires after the threshold, since a signal may cut a sleep in C short. A second timer counts the thread's
computing. Whenever the thread tells its stack, that timer begins anew: so it goes off only if the thread has computed
for long without an instruction of Python's, and then the thread is inside C.
"""

import contextlib
import os
import signal
import threading
from time import thread_time_ns
from types import FrameType

from .stacks import Stack, dump_of, parse_dump
from .telling import say_no_more, tell_between_instructions, tell_in_c
from .timers import SignalTimer

_EVERY = 20_000_000
_IN_C = 3_000_000
"""Nanoseconds of computing after a signal, without a word in Python: longer than any two instructions take."""
_AT_MOST = 1 << 20


class LineSampler:
    """Samples the thread that made this object while a step of its loop is too long.

    Args:
        after: Nanoseconds from arming to the first sample.
        file: Descriptor to write the stacks to; None makes one. Whoever gave it may read it from
            outside.
    """

    def __init__(self, after: int, file: int | None = None) -> None:
        self.signal, self._signal_in_c = _free_signals()
        self._owned = file is None
        self._file = os.memfd_create("stacks") if file is None else file
        self._thread, thread = threading.get_ident(), threading.get_native_id()
        self._timer = SignalTimer(self.signal, thread, after, _EVERY)
        self._timer_in_c = SignalTimer(
            self._signal_in_c, thread, after + _IN_C, _EVERY, of_computing=True
        )
        tell_between_instructions(self.signal, self._file, self._timer_in_c.arm)
        tell_in_c(self._signal_in_c, self._file)

    def arm(self) -> None:
        """A step begins."""
        self._timer.arm()
        self._timer_in_c.arm()

    def disarm(self) -> None:
        """It is over."""
        self._timer.disarm()
        self._timer_in_c.disarm()

    def note(self, frame: FrameType | None) -> None:
        """Add a stack that somebody else has seen."""
        os.write(self._file, dump_of(frame, "Seen"))

    def take(self) -> tuple[list[Stack], int]:
        """The stacks since the last call, and the nanoseconds of CPU that writing them cost."""
        if not (text := self._drain()):
            return [], 0
        return parse_dump(text), int(len(text) * self._cost_per_byte())

    def discard(self) -> None:
        """Forget what was sampled."""
        self._drain()

    def close(self) -> None:
        """Stop sampling."""
        self._timer.close()
        self._timer_in_c.close()
        say_no_more(self.signal, self._signal_in_c)
        if self._owned:
            os.close(self._file)

    def _drain(self) -> str:
        raw = os.pread(self._file, _AT_MOST, 0)
        if raw:
            os.ftruncate(self._file, 0)
            os.lseek(self._file, 0, os.SEEK_SET)
        return raw.decode("ascii", "replace")

    def _cost_per_byte(self) -> float:
        """Measured when needed: it depends on how busy and how deep the program is."""
        began = thread_time_ns()
        signal.pthread_kill(self._thread, self.signal)
        cost = thread_time_ns() - began
        return cost / max(1, len(self._drain()))


def _free_signals() -> tuple[int, int]:
    """Two real-time signals that nobody handles, from the top."""
    free: list[int] = []
    for number in range(signal.SIGRTMAX - 3, signal.SIGRTMIN, -1):
        with contextlib.suppress(ValueError):
            if signal.getsignal(number) is signal.SIG_DFL:
                free.append(number)
        if len(free) == 2:
            return free[0], free[1]
    message = "no real-time signal is free"
    raise OSError(message)
