"""What one check may use up: the judge looks from outside, says which budget was spent, and names the line.

The kernel's limits (`grader.walls.limits`) are wider. They hold where the judge looks away, and where it cannot look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.language import say
from grader.walls import scratch

if TYPE_CHECKING:
    from grader.judge.kernel import Kernel
    from grader.nursery.child import Child

CPU = 5.0
"""Seconds of computing, of all threads."""
MEMORY = 512 << 20
"""Bytes in memory at one time."""
THREADS = 500
OUTPUT = 8 << 20
"""Bytes printed."""
SPACE = 16 << 20
"""Bytes on disk at one time."""
ENTRIES = 1_000
"""Files and folders at one time."""
CALLS = 20_000
"""Calls to services; 1,000 checkouts make 4,000."""


def overspent(child: Child, kernel: Kernel, calls: int) -> str | None:
    """What the child has used too much of, in words."""
    if kernel.total_computed() > CPU:
        return say("had not ended after {seconds:.0f} s of computing", seconds=CPU)
    if kernel.memory() > MEMORY:
        return say("used more than {size} MiB of memory", size=MEMORY >> 20)
    if kernel.threads() > THREADS:
        return say("had more than {most} threads", most=THREADS)
    if child.output_size() > OUTPUT:
        return say("printed more than {size} MiB", size=OUTPUT >> 20)
    if calls > CALLS:
        return say("called services more than {most:,} times", most=CALLS)
    return _on_disk(child)


def _on_disk(child: Child) -> str | None:
    space, entries = scratch.size(str(child.scratch), ENTRIES)
    if space > SPACE:
        return say("wrote more than {size} MiB", size=SPACE >> 20)
    return say("made more than {most:,} files", most=ENTRIES) if entries > ENTRIES else None
