"""At which line of the submission the loop's thread stands: asked by a signal, told by that thread itself.

It is asked in Python first. Only if it has computed since without coming to its next instruction, or sleeps where no
signal wakes it, it is inside C, where its frames may be read by a handler in C.
"""

from __future__ import annotations

import os
import re
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.judge.kernel import Kernel
    from grader.judge.session.observing import Observing
    from grader.nursery.child import Child

TELLS = 1.0
"""Seconds of real time in which a thread must get to say where it stands; a busy machine lets it wait."""
FRAMES = 40
"""Looks at a stack that it has begun to tell, before there is no line of the submission's in it."""
A_WORD = 0.002
"""Seconds of real time between two such looks."""
IN_C = 0.010
"""Seconds of computing, or of sleep, since it was asked, without a word."""
BLIND = 0.25
"""Seconds of real time without a word where the kernel does not let us look."""
_LINE = re.compile(r'File "pipeline.py", line (\d+)')


async def where(session: Observing) -> int | None:
    """The innermost line of the submission on the stack of the loop's thread; None if there is none, or no word."""
    child = session.child
    if child is None or not hasattr(signal, "SIGUSR1"):
        return None
    before, deeper = os.fstat(child.stacks).st_size, False
    _ask(child, signal.SIGUSR1)
    began, asked = time.monotonic(), session.kernel.step_computed()
    looks = FRAMES
    while looks and time.monotonic() - began < TELLS:
        text = os.pread(child.stacks, 20_000, before).decode(errors="replace")
        if text.endswith("\n") and (lines := _LINE.findall(text)):
            return int(lines[0])
        looks -= bool(text)
        if not text and not deeper and _is_in_c(session.kernel, asked, began):
            _ask(child, signal.SIGUSR2)
            deeper = True
        await session.link.news(A_WORD)
    return None


def _ask(child: Child, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child.pid, number)


def _is_in_c(kernel: Kernel, asked: float, began: float) -> bool:
    if kernel.guarantees == "portable":
        return time.monotonic() - began > BLIND
    return kernel.step_computed() - asked > IN_C or kernel.loop_sleeping_since() > IN_C
