"""What the kernel says about a child, read from outside, or as much as a system without /proc lets us know."""

from __future__ import annotations

import platform
import sys

from grader.judge.kernel.linux import LinuxKernel
from grader.judge.kernel.portable import PortableKernel
from grader.judge.kernel.threads import SYSTEM_CALLS
from grader.judge.kernel.values import Kernel, Rest, Step

__all__ = ["Kernel", "LinuxKernel", "PortableKernel", "Rest", "Step", "kernel_of"]


def kernel_of(pid: int, *, careful: bool = False) -> Kernel:
    """The best view that this machine gives of a process."""
    if sys.platform == "linux" and platform.machine() in SYSTEM_CALLS:
        try:
            return LinuxKernel(pid, careful=careful)
        except (OSError, ValueError):  # no /proc, or a kernel without schedstat
            pass
    return PortableKernel()
