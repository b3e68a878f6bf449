"""The locks of multiprocessing, for a program that may start no process: then only threads can meet at them.

Its own are semaphores of the system's, which are files, and the walls let nobody make one. `ThreadPool` has two.
"""

from __future__ import annotations

import sys
import threading


def meet_threads_only() -> None:
    """Have the locks of multiprocessing be those of threads, once it is imported."""
    context = sys.modules["multiprocessing.context"].BaseContext
    context.Lock, context.RLock = _lock, _rlock


def _lock(_: object) -> threading.Lock:
    return threading.Lock()


def _rlock(_: object) -> object:
    return threading.RLock()
