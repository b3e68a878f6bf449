"""What the walls cost, as differences against `--no-walls` in the same run: `nox -s bench -- walls`.

check    median milliseconds that walls add to a check: a child, one checkout of four calls, its end; at most 3
grading  milliseconds that they add to a whole grading of one stage; at most 10, and 3 for each check

A grading is measured on the clock, and in what all its processes computed: that tells more on a busy machine.
"""

from __future__ import annotations

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from contextlib import closing
from typing import NamedTuple

from bench.sessions import ROOT, timed_check
from grader.nursery import new_nursery
from grader.walls.plan import BARE, EVERY

CHECKS = 150
ROUNDS = 15
GRADE = [sys.executable, "-m", "grader", "grade", "s01", "--submission", "solutions"]


class Cost(NamedTuple):
    """Of one grading, in milliseconds."""

    wall: float
    computed: float


def main() -> None:
    """Print the figures beside their bars."""
    check = asyncio.run(_checks())
    print(f"check    {check:+.2f} ms, median of {CHECKS} pairs (bar 3)")
    count = len(json.loads(_run("--format", "json"))["stages"][0]["checks"])
    pairs = [(_cost(), _cost("--no-walls")) for _ in range(ROUNDS)]
    wall, computed = (
        statistics.median(walled[i] - bare[i] for walled, bare in pairs) for i in range(2)
    )
    bar = f"bar 10, and 3 for each of {count} checks"
    print(f"grading  {wall:+.1f} ms on the clock, {computed:+.1f} ms computed ({bar})")


async def _checks() -> float:
    """Milliseconds that the walls add to a check."""
    with closing(new_nursery(wanted=EVERY)) as walled, closing(new_nursery(wanted=BARE)) as bare:
        print("walls    " + ", ".join((await walled.standing()).names))
        pairs = [(await timed_check(walled), await timed_check(bare)) for _ in range(CHECKS)]
    return statistics.median(with_ - without for with_, without in pairs) * 1000


def _cost(*options: str) -> Cost:
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(*options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost((time.perf_counter() - began) * 1000, computed * 1000)


def _run(*options: str) -> str:
    return subprocess.run(
        [*GRADE, *options], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    main()
