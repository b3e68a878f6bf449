"""Live frames: the one place that asks the interpreter for them."""

import sys
from types import FrameType


def caller(depth: int = 1) -> FrameType:
    """The frame `depth` levels above the function that asks."""
    return sys._getframe(depth + 1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - documented, and there is no other


def frame_in_thread(ident: int) -> FrameType | None:
    """The innermost frame of a thread; None if it has ended."""
    return sys._current_frames().get(ident)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - documented, and there is no other
