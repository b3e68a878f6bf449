"""What the walls cost, as differences against `--no-walls` in the same run: `nox -s bench -- walls`.

check    median milliseconds that walls add to a check: a child, one checkout of four calls, its end; at most 3
grading  milliseconds that they add to a whole grading of one stage; at most 10, and 3 for each check

A grading is measured on the clock, and in what all its processes computed: that tells more on a busy machine.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from grader.judge import Contract, Session
from grader.judge.warm import Nursery, new_nursery
from grader.walls.plan import BARE, EVERY
from grader.world import World

ROOT = Path(__file__).resolve().parents[1]
SOLUTION = ROOT / "solutions" / "s03_async_await" / "pipeline.py"
CONTRACT = Contract("async checkout(services, user_id, *, timeout)", services="coroutines")
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
        pairs = [(await _check(walled), await _check(bare)) for _ in range(CHECKS)]
    return statistics.median(with_ - without for with_, without in pairs) * 1000


async def _check(nursery: Nursery) -> float:
    began = time.perf_counter()
    world = World(random.Random(1))  # noqa: S311 - the same customers in all rounds
    session = Session(nursery, CONTRACT.load(str(SOLUTION)), world)
    await session.start()
    await session.drive(await session.begin("checkout", world.add()))
    await session.finish()
    await session.end()
    return time.perf_counter() - began


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
