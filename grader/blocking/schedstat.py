"""Reads a line of the kernel's `schedstat`: time on a CPU, time waiting for one, turns."""


def queued_ns(schedstat: bytes) -> int:
    """Nanoseconds in the run queue, from a line of schedstat; 0 if there is none."""
    fields = schedstat.split()
    return int(fields[1]) if len(fields) > 1 else 0


def spent_ns(schedstat: bytes) -> tuple[int, int]:
    """Nanoseconds on a CPU and in the run queue; zeros if there is no line."""
    fields = schedstat.split()
    return (int(fields[0]), int(fields[1])) if len(fields) > 1 else (0, 0)
