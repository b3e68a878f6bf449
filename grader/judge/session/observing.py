"""What the judge sees of the child, beside what it hears: its process, and the kernel's accounts of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge.session.hearing import Hearing

if TYPE_CHECKING:
    from grader.judge.sockets.family import Family
    from grader.nursery.child import Child
    from grader.world import World


class Observing(Hearing):
    """A child that is heard and seen."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.child: Child | None = None
        self.family: Family | None = None
        """Of a child that may fork."""
        self._threads_at_first: frozenset[int] = frozenset()
        """Those of the import: a program's own affair, and none of what its checkouts start."""

    @property
    def loop_thread(self) -> int:
        """Native id of the loop's thread."""
        return self.loaded.loop if self.loaded else 0

    @property
    def is_attended(self) -> bool:
        """Whether somebody holds the child with a debugger, so that no waiting is in vain."""
        return self.child is not None and self.child.attended

    def threads_left(self) -> int:
        """How many threads the child has that it did not have when it was loaded."""
        if self.kernel.guarantees == "linux":
            return len(self.kernel.thread_ids() - self._threads_at_first)
        return len(self.closed.threads) if self.closed else 0
