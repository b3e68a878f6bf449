"""Kernel timers through ctypes: one that signals a thread, one that wakes a reader."""

import ctypes
import os

from .clocks import holding_gil

_timer_create = holding_gil.timer_create
_timer_settime = holding_gil.timer_settime
_timer_delete = holding_gil.timer_delete
_timerfd_create = holding_gil.timerfd_create
_timerfd_settime = holding_gil.timerfd_settime

_MONOTONIC, _THREADS_CPU = 1, 3
_SIGNAL_THREAD = 4  # SIGEV_THREAD_ID
_CLOSE_ON_EXEC = os.O_CLOEXEC
_NS = 1_000_000_000


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Setting(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("first", _Timespec))


class _SignalEvent(ctypes.Structure):
    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signal", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("thread", ctypes.c_int),
        ("rest", ctypes.c_int * 11),
    )


def _setting(first: int, every: int) -> _Setting:
    return _Setting(_Timespec(*divmod(every, _NS)), _Timespec(*divmod(first, _NS)))


class SignalTimer:
    """Sends a signal to one thread, first after a while, then at intervals; timer_create(2).

    Args:
        of_computing: Count only while the thread that makes this object is on a CPU.
    """

    def __init__(
        self,
        signal_number: int,
        native_id: int,
        first: int,
        every: int,
        *,
        of_computing: bool = False,
    ) -> None:
        event = _SignalEvent(None, signal_number, _SIGNAL_THREAD, native_id)
        self._timer = ctypes.c_void_p()
        clock = _THREADS_CPU if of_computing else _MONOTONIC
        if _timer_create(clock, ctypes.byref(event), ctypes.byref(self._timer)):
            raise OSError(ctypes.get_errno(), "timer_create")
        self._set = _timer_settime
        self._on = ctypes.byref(_setting(first, every))
        self._off = ctypes.byref(_setting(0, 0))

    def arm(self) -> None:
        """Count from now."""
        self._set(self._timer, 0, self._on, None)

    def disarm(self) -> None:
        """Send nothing more."""
        self._set(self._timer, 0, self._off, None)

    def close(self) -> None:
        """Delete the timer."""
        _timer_delete(self._timer)


class WakeTimer:
    """Wakes the thread that reads it, after a while and at intervals; timerfd_create(2)."""

    def __init__(self, first: int, every: int) -> None:
        self._fd: int = _timerfd_create(_MONOTONIC, _CLOSE_ON_EXEC)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        self._set = _timerfd_settime
        self._on = ctypes.byref(_setting(first, every))
        self._off = ctypes.byref(_setting(0, 0))
        self._now = ctypes.byref(_setting(1, 0))

    def arm(self) -> None:
        """Count from now."""
        self._set(self._fd, 0, self._on, None)

    def disarm(self) -> None:
        """Wake nobody."""
        self._set(self._fd, 0, self._off, None)

    def wake(self) -> None:
        """Wake the reader at once."""
        self._set(self._fd, 0, self._now, None)

    def wait_expired(self) -> int:
        """Sleep until the timer fires; how often it has fired since the last call."""
        return int.from_bytes(os.read(self._fd, 8), "little")

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._fd)
