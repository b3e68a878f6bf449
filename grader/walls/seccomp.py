"""The filter on system calls: no sockets, no processes, nobody else's business.

It names what is denied, and allows the rest: a right program never meets it, on any kernel, and what a list of denials
misses is behind the other walls.

A program that is to fork may, and then neither it nor its children can leave their session.
"""

from __future__ import annotations

import errno
import functools
import os
import platform
import struct
from typing import TYPE_CHECKING, TypeAlias

from grader.walls import bpf, libc
from grader.walls.bpf import Block, Test
from grader.walls.calls import ARCHITECTURES, ATTRIBUTES, DENIED, FAMILY, RESTRICTED, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

Said: TypeAlias = tuple[int, Block]
"""A system call, and what becomes of it."""
_ITSELF = 0x7FFFFFFF
"""Stands for the process's own id, which is never so large."""
_REFUSED = bpf.error(errno.EPERM)
_UNKNOWN = bpf.error(errno.ENOSYS)
_IGNORED = bpf.error(0)
"""Not done, and said to be: a right program that copies a file with its permissions must not fail for it."""
_MODE_FILTER = 2
_AF_UNIX, _SOCK_STREAM, _SOCK_SEQPACKET, _SOCK_KINDS = 1, 1, 5, 0xF
_CLONE_THREAD = 0x10000
_CLONE_AWAY = 0x7E82A080
"""CLONE_NEW…, CLONE_PARENT, CLONE_PTRACE, CLONE_UNTRACED, CLONE_NEWTIME: what a fork has no need of."""
_FORK = ("fork",)
_HARMLESS = ("listen",)
"""Not done for a server whose listener listens already: asyncio asks for it once more."""
_MAP_SHARED_ANONYMOUS = 0x21
_FCNTL = (8, 10, 15)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX: to have the kernel signal somebody."""
_IOCTL = (0x5412, 0x541C, 0x8901, 0x8902)
"""TIOCSTI, TIOCLINUX: typing on a terminal; FIOSETOWN, SIOCSPGRP: as above."""
_PRCTL = (4, 22, 0x59616D61)
"""PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_PTRACER: to hide from the judge, or to invite others."""


def raise_filter(*, forks: bool = False) -> None:
    """Live by the filter from now on; other threads of this process do not.

    Args:
        forks: Processes may be forked.

    Raises:
        OSError: This kernel or this machine has none.
    """
    code = prepare(forks=forks).replace(_packed(_ITSELF), _packed(os.getpid()))
    header = struct.pack("HxxxxxxP", len(code) // 8, libc.address_of(code))
    libc.prctl(libc.PR_SET_SECCOMP, _MODE_FILTER, libc.pointer_to(header))


@functools.cache
def prepare(*, forks: bool = False) -> bytes:
    """The filter of a process whose id is `_ITSELF`: the warm process makes it, and its children put their own id in.

    Raises:
        OSError: As `raise_filter`.
    """
    if platform.machine() not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, "no table of system calls for this machine")
    said = dict([*_restricted(), *_about_itself()])
    said |= {number: [bpf.end(_REFUSED)] for number in numbers(DENIED).values()}
    said |= {number: [bpf.end(_IGNORED)] for number in numbers(ATTRIBUTES).values()}
    if forks:
        said |= _of_a_family()
    return bpf.program([*bpf.head(ARCHITECTURES[platform.machine()]), *bpf.search(said.items())])


def _of_a_family() -> dict[int, Block]:
    """What is otherwise where processes may be forked."""
    denied, call = numbers(DENIED), numbers(RESTRICTED)
    number, body = _only(call["clone"], Test(0, (0,), _CLONE_AWAY))
    said = {number: body}
    said |= {denied[name]: [bpf.end(bpf.ALLOW)] for name in _FORK if name in denied}
    said |= {denied[name]: [bpf.end(_IGNORED)] for name in _HARMLESS}
    return said | {number: [bpf.end(_REFUSED)] for number in numbers(FAMILY).values()}


def _restricted() -> Iterator[Said]:
    """What is allowed with some arguments only."""
    call = numbers(RESTRICTED)
    for name, bad in (
        ("mmap", Test(3, (_MAP_SHARED_ANONYMOUS,), _MAP_SHARED_ANONYMOUS)),
        ("fcntl", Test(1, _FCNTL)),
        ("ioctl", Test(1, _IOCTL)),
        ("prctl", Test(0, _PRCTL)),
    ):
        yield call[name], bpf.choice((bad,), _REFUSED, bpf.ALLOW)
    yield _only(call["clone"], Test(0, (_CLONE_THREAD,), _CLONE_THREAD))
    # What clone3 is asked for lies in memory, where no filter sees it; the C library then takes clone.
    yield call["clone3"], [bpf.end(_UNKNOWN)]
    kinds = Test(1, (_SOCK_STREAM, _SOCK_SEQPACKET), _SOCK_KINDS)  # datagrams take an address
    yield _only(call["socketpair"], Test(0, (_AF_UNIX,)), kinds)


def _about_itself() -> Iterator[Said]:
    """What a process may do to itself only; 0 is itself, too, where it is not its group."""
    call = numbers(RESTRICTED)
    for name in ("kill", "tgkill"):
        yield _only(call[name], Test(0, (_ITSELF,)))
    for name in (
        "prlimit64",
        "sched_setaffinity",
        "sched_setparam",
        "sched_setscheduler",
        "sched_setattr",
    ):
        yield _only(call[name], Test(0, (0, _ITSELF)))


def _only(call: int, *tests: Test) -> Said:
    return call, bpf.choice(tests, bpf.ALLOW, _REFUSED)


def _packed(process: int) -> bytes:
    return struct.pack("I", process)
