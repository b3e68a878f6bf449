"""What the walls cost, as differences against `--no-walls` in the same run: `nox -s bench -- walls`.

check    median milliseconds that walls add to a check: a child, one checkout of four calls, its end; at most 3
grading  median milliseconds that they add to a grading, beyond its checks; at most 10
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

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


def main() -> None:
    """Print the figures beside their bars."""
    check = asyncio.run(_checks())
    print(f"check    {check:+.2f} ms, median of {CHECKS} pairs (bar 3)")
    count = len(json.loads(_run("--format", "json"))["stages"][0]["checks"])
    pairs = [(_timed(), _timed("--no-walls")) for _ in range(ROUNDS)]
    whole = statistics.median(with_ - without for with_, without in pairs) * 1000
    beyond = whole - count * max(check, 0.0)
    print(f"grading  {beyond:+.1f} ms beyond its {count} checks, {whole:+.1f} ms in all (bar 10)")


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


def _timed(*options: str) -> float:
    began = time.perf_counter()
    _run(*options)
    return time.perf_counter() - began


def _run(*options: str) -> str:
    return subprocess.run(
        [*GRADE, *options], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    main()
