"""A thread that tells where it stands when it gets a signal.

Between two instructions of Python's a handler in Python tells, for then the frames are whole. faulthandler's handler
runs wherever the signal hits: it reads frames that are just being made or cleared, and so has ended processes of
CPython 3.11 by SIGSEGV. It is for a thread in the middle of a C call, where no handler in Python gets to run, and
where no frame changes.
"""

import faulthandler
import os
import signal
from collections.abc import Callable
from types import FrameType

from .stacks import dump_of

_set_handler = signal.signal  # before anybody stands at its door


def tell_between_instructions(number: int, file: int, told: Callable[[], None]) -> None:
    """Have the main thread write its stack to a file whenever it gets this signal, as soon as Python's code goes on.

    Args:
        number: Of the signal.
        file: Descriptor of what takes the stacks.
        told: Called each time.

    Raises:
        ValueError: This is not the main thread.
    """
    telling = False

    def tell(_: int, frame: FrameType | None) -> None:
        nonlocal telling
        if telling:  # a signal in the middle of this word adds nothing to it
            return
        telling = True
        told()
        os.write(file, dump_of(frame, "Told"))
        telling = False

    _set_handler(number, tell)


def tell_in_c(number: int, file: int) -> None:
    """The same at once, wherever it is; only to be asked of a thread that is inside C."""
    faulthandler.register(number, file=file, all_threads=False, chain=False)


def say_no_more(between: int, inside: int) -> None:
    """Take both handlers down; a signal that is still under way does no harm."""
    _set_handler(between, signal.SIG_IGN)
    _set_handler(between, signal.SIG_DFL)
    faulthandler.unregister(inside)
