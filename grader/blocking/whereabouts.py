"""What a sleeping thread sleeps in: the GIL, some other lock, or a system call.

CPython keeps the GIL's mutex and condition inside the static `_PyRuntime` (3.11: `ceval.gil`; since
3.12 in the main interpreter, which lies there too). So a thread that sleeps in a futex within that
object waits for the interpreter, and one that sleeps in anything else waits on its own account. No
second thread is needed to find the place.
"""

import ctypes
import platform

from .clocks import ProcFile
from .ledger import Where

_FUTEX = {"x86_64": b"202", "aarch64": b"98", "riscv64": b"98"}.get(platform.machine(), b"")
_LARGEST_RUNTIME = 1 << 20
_WANT_SYMBOL = 1  # RTLD_DL_SYMENT


class _Info(ctypes.Structure):
    _fields_ = (
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    )


class _Symbol(ctypes.Structure):
    """`Elf64_Sym`."""

    _fields_ = (
        ("name", ctypes.c_uint32),
        ("info", ctypes.c_ubyte),
        ("other", ctypes.c_ubyte),
        ("section", ctypes.c_uint16),
        ("value", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
    )


def find_runtime() -> range:
    """The addresses of `_PyRuntime`, and with it of the GIL."""
    start = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))
    return range(start, start + _size_at(start))


def _size_at(address: int) -> int:
    """Size of the symbol at an address, as the dynamic linker knows it."""
    info, symbol = _Info(), ctypes.POINTER(_Symbol)()
    try:
        ask = ctypes.CDLL(None).dladdr1
    except AttributeError:  # a C library other than glibc
        return _LARGEST_RUNTIME
    found = ask(ctypes.c_void_p(address), ctypes.byref(info), ctypes.byref(symbol), _WANT_SYMBOL)
    return int(symbol.contents.size) if found and symbol else _LARGEST_RUNTIME


def locate(syscall: bytes, runtime: range) -> Where:
    """Judge a line of `/proc/<pid>/task/<tid>/syscall`.

    Source: proc_pid_syscall(5): number and arguments in hexadecimal; "running"; or "-1" outside of
    any call.
    """
    fields = syscall.split()
    if len(fields) < 2:
        return Where.RUNNING
    if fields[0] == b"-1":
        return Where.CALL
    if int(fields[1], 16) in runtime:
        return Where.GIL
    return Where.LOCK if fields[0] == _FUTEX else Where.CALL


class Whereabouts:
    """Looks at the thread that made this object; any thread may ask, holding the GIL."""

    def __init__(self, runtime: range) -> None:
        self._runtime = runtime
        self._syscall = ProcFile("/proc/thread-self/syscall")

    def look(self) -> Where:
        """Where the thread is now; one that wants the GIL, which we hold, waits for it."""
        return locate(self._syscall.read(), self._runtime)

    def close(self) -> None:
        """Let go of `/proc`."""
        self._syscall.close()
