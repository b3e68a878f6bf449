"""How sharp a threshold of 25 ms is: nothing at 20 ms, everything at 30 ms, on the right line.

    python bench/blocking/sharpness.py [ROUNDS]

Waits sleep through `ctypes`, which no primitive knows; computations are bounded by the thread's own
CPU time. So both hold the loop for as long as they say, however busy the machine is.
"""

import asyncio
import ctypes
import sys
import time

from grader.blocking import Detector, Finding

LIBC = ctypes.CDLL(None)


def wait(seconds: float) -> None:
    """Sleep in C."""
    LIBC.usleep(round(seconds * 1e6))


def compute(seconds: float) -> None:
    """Use so much CPU time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


KINDS = {"waits": wait, "computes": compute}
LINES = {
    name: range(kind.__code__.co_firstlineno, kind.__code__.co_firstlineno + 6)
    for name, kind in KINDS.items()
}


def found(kind: str, seconds: float) -> tuple[Finding, ...]:
    """What the detector says of one step."""

    async def program() -> None:
        await asyncio.sleep(0)
        KINDS[kind](seconds)
        await asyncio.sleep(0)

    detector = Detector(0.025)
    with asyncio.Runner() as runner:
        detector.start(runner.get_loop())
        runner.run(program())
        return detector.stop().blocked


def main(rounds: int) -> int:
    """Print the table; 0 if it is as sharp as it should be."""
    sharp = True
    for kind in KINDS:
        for milliseconds, wanted in ((20, 0), (30, rounds)):
            runs = [found(kind, milliseconds / 1000) for _ in range(rounds)]
            reported = sum(bool(run) for run in runs)
            right = sum(
                any(one.line in LINES[kind] and one.cause.value == kind for one in run)
                for run in runs
            )
            print(
                f"{kind:9} {milliseconds} ms: reported {reported}/{rounds},"
                f" right line and cause {right}"
            )
            sharp &= reported == right == wanted
    return 0 if sharp else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
