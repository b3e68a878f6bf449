"""Where children come from: a warm process that forks them, or a fresh interpreter each where there is no fork.

The warm process is started before anything else is imported, so that it warms up meanwhile. The next child is forked
while the present one is judged, and the last one is buried while the next one lives.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from grader.walls.plan import EVERY

if TYPE_CHECKING:
    from grader.nursery.child import Nursery
    from grader.walls.layers import Wall

__all__ = ["new_nursery"]


def new_nursery(
    *, spawn: bool = False, wanted: frozenset[Wall] = EVERY, hidden: tuple[str, ...] = ()
) -> Nursery:
    """The fastest that this system has, with these walls as far as it has them; no child may read what is hidden."""
    if spawn or not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        from grader.nursery.spawn import SpawnNursery  # noqa: PLC0415 - for systems without fork

        return SpawnNursery(wanted, hidden)
    from grader.nursery.warm import start_warm  # noqa: PLC0415 - nothing but what it takes to start

    warm = start_warm(wanted, hidden)
    from grader.nursery.fork import ForkNursery  # noqa: PLC0415 - asyncio, while the process warms up

    return ForkNursery(warm)
