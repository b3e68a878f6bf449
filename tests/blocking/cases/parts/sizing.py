"""Work sized by the CPU time it takes here, so that no case depends on how fast or busy a machine is."""

import time


def cpu_of(work, size):
    """Seconds of CPU that `work(size)` takes."""
    began = time.thread_time()
    work(size)
    return time.thread_time() - began


def sized(work, seconds=0.09, size=500):
    """The size at which `work(size)` takes about so many seconds, for work that grows in proportion."""
    while cpu_of(work, size) < seconds / 6:
        size *= 2
    return int(size * seconds / min(cpu_of(work, size) for _ in range(3)))


def smallest(work, seconds=0.06, size=8):
    """The first size at which `work(size)` takes so many seconds, for work that grows out of proportion."""
    while cpu_of(work, size) < seconds:
        size += 1
    return size


def burn(seconds):
    """Compute for so many seconds of this thread's CPU time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(100))
