"""The clocks of a thread, as Linux keeps them, read without letting go of the GIL.

Giving the GIL away in the middle of a measurement would invite another thread to keep it for 5 ms,
so `/proc` is read through `ctypes.PyDLL`, whose calls hold it.
"""

import ctypes
import os
import time
from resource import RUSAGE_THREAD, getrusage

from .ledger import Reading
from .schedstat import queued_ns

_thread_clock = time.thread_time_ns
_usage = getrusage

holding_gil = ctypes.PyDLL(None, use_errno=True)
"""The C library, called without releasing the GIL."""

_pread = holding_gil.pread
_pread.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long]
_pread.restype = ctypes.c_ssize_t


class ProcFile:
    """A small file of `/proc`, kept open and read again and again."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._buffer = ctypes.create_string_buffer(256)

    def read(self) -> bytes:
        """The file's text as it is now; empty if its thread is gone."""
        size = _pread(self._fd, self._buffer, 255, 0)
        return self._buffer.raw[: max(0, size)]

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)


class ThreadClocks:
    """The clocks of the thread that made this object. Only that thread may read them."""

    def __init__(self) -> None:
        self._schedstat = ProcFile("/proc/thread-self/schedstat")
        if self._schedstat.read().split() in ([], [b"0"] * 3):  # it has run, so one of them counts
            raise OSError("this kernel keeps no scheduler statistics")

    def read(self, wall: int) -> Reading:
        """Read all clocks; `wall` is the instant the reading stands for."""
        return Reading(
            wall=wall,
            cpu=_thread_clock(),
            queued=queued_ns(self._schedstat.read()),
            switches=_usage(RUSAGE_THREAD).ru_nvcsw,
        )

    def close(self) -> None:
        """Let go of `/proc`."""
        self._schedstat.close()
