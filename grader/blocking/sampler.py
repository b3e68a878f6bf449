"""Stacks of the loop's thread, taken by a C signal handler: also in the middle of one long C call.

A kernel timer signals the thread; the handler is faulthandler's, which needs no GIL and writes the
stack to a file in memory. It first fires after the threshold, since a signal may cut a sleep in C
short.
"""

import contextlib
import faulthandler
import os
import signal
import threading
from time import thread_time_ns

from .stacks import Stack, parse_dump
from .timers import SignalTimer

_EVERY = 20_000_000
_AT_MOST = 1 << 20


class LineSampler:
    """Samples the thread that made this object while a step of its loop is too long.

    Args:
        after: Nanoseconds from arming to the first sample.
        file: Descriptor to write the stacks to; None makes one. Whoever gave it may read it from
            outside.
    """

    def __init__(self, after: int, file: int | None = None) -> None:
        self.signal = _free_signal()
        self._owned = file is None
        self._file = os.memfd_create("stacks") if file is None else file
        faulthandler.register(self.signal, file=self._file, all_threads=False, chain=False)
        self._timer = SignalTimer(self.signal, threading.get_native_id(), after, _EVERY)
        self._thread = threading.get_ident()
        self.arm = self._timer.arm
        self.disarm = self._timer.disarm

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
        faulthandler.unregister(self.signal)
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


def _free_signal() -> int:
    """A real-time signal that nobody handles, from the top."""
    for number in range(signal.SIGRTMAX - 3, signal.SIGRTMIN, -1):
        with contextlib.suppress(ValueError):
            if signal.getsignal(number) is signal.SIG_DFL:
                return number
    message = "no real-time signal is free"
    raise OSError(message)
