"""The kernel's bounds on one child: what the judge would see a moment later anyway.

The judge's own budgets are lower and name the line; these hold when it looks away.
"""

from __future__ import annotations

import os
import resource
import threading

CPU = 12
"""Seconds of computing."""
MEMORY = 640 << 20
"""Bytes of private memory; not RLIMIT_AS, which counts what threads reserve and never use."""
FILE = 9 << 20
"""Bytes of one file, and so of the output: a little more than the judge lets pass of that."""
OPEN_FILES = 1024
"""As many as `select()` can tell apart."""
STACK = 1 << 20
"""Bytes of a thread's stack, which count as memory: the usual 8 MiB would leave room for 60 threads."""
MORE_TASKS = 1024
"""Threads that all of the user's processes may start, beyond what runs on the machine: the kernel counts by user."""


def raise_limits() -> None:
    """Live by the limits from now on."""
    bounds = {
        resource.RLIMIT_CPU: CPU,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: FILE,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_DATA: MEMORY,
    }
    if tasks := _tasks():
        bounds[resource.RLIMIT_NPROC] = tasks + MORE_TASKS
    for limit, most in bounds.items():
        _, hard = resource.getrlimit(limit)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))
    threading.stack_size(STACK)


def _tasks() -> int:
    """Threads on this machine; 0 if it does not tell."""
    try:
        file = os.open("/proc/loadavg", os.O_RDONLY)
    except OSError:
        return 0
    words = os.read(file, 100).split()
    os.close(file)
    return int(words[3].partition(b"/")[2])
