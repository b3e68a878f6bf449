"""What one check may use up: the judge looks from outside, says which budget was spent, and names the line.

The kernel's limits (`grader.walls.limits`) are wider. They hold where the judge looks away, and where it cannot look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
SPACE = 32 << 20
"""Bytes on disk at one time."""
ENTRIES = 1_000
"""Files and folders at one time."""
CALLS = 20_000
"""Calls to services; 1,000 checkouts make 4,000."""


def overspent(child: Child, kernel: Kernel, calls: int) -> str | None:
    """What the child has used too much of, in words."""
    if kernel.total_computed() > CPU:
        return f"had not ended after {CPU:.0f} s of computing"
    if kernel.memory() > MEMORY:
        return f"used more than {MEMORY >> 20} MiB of memory"
    if kernel.threads() > THREADS:
        return f"had more than {THREADS} threads"
    if child.output_size() > OUTPUT:
        return f"printed more than {OUTPUT >> 20} MiB"
    if calls > CALLS:
        return f"called services more than {CALLS:,} times"
    return _on_disk(child)


def _on_disk(child: Child) -> str | None:
    space, entries = scratch.size(str(child.scratch), ENTRIES)
    if space > SPACE:
        return f"wrote more than {SPACE >> 20} MiB"
    return f"made more than {ENTRIES:,} files" if entries > ENTRIES else None
