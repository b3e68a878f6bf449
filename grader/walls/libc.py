"""The C library, for what Python has no word for; errors come as `OSError`."""

from __future__ import annotations

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38


def prctl(option: int, argument: int, more: ctypes.c_void_p | None = None) -> None:
    """Change what the kernel notes about this process."""
    words = (ctypes.c_ulong(argument), more or ctypes.c_ulong(0), ctypes.c_ulong(0))
    _checked(_LIBC.prctl(option, *words, ctypes.c_ulong(0)), "prctl")


def system_call(number: int, *arguments: bytes | int | None) -> int:
    """syscall(2): numbers as longs, bytes as pointers to them."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    return _checked(_LIBC.syscall(ctypes.c_long(number), *words), f"system call {number}")


def capset(header: bytes, data: bytes) -> None:
    """Set the capabilities of this thread."""
    _checked(_LIBC.capset(header, data), "capset")


def address_of(data: bytes) -> int:
    """Where these bytes lie; they must outlive the use of it."""
    return pointer_to(data).value or 0


def pointer_to(data: bytes) -> ctypes.c_void_p:
    """The same as an argument."""
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
