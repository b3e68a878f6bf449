"""How fast the grader is, as ratios against bare pytest in the same run: `nox -s bench -- speed`.

ladder   the whole core ladder of solutions / pytest on as many empty tests, both as whole processes; at most 3.
         Both find their bytecode cached, as from the second run on: the first one here is not counted
batch    seconds to judge 1,000 concurrent checkouts of stage 3; at most 2
check    median milliseconds of a check: a fresh child, one checkout of four calls, and its end; at most 10
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.sessions import ROOT, timed_check
from grader.nursery import new_nursery

ROUNDS = 5
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
BARE = {
    "pytest as installed, without our plugins": ["-p", "no:unblocked", "-p", "no:never_blocks"],
    "pytest without any plugin": ["--disable-plugin-autoload"],
}
"""What a bare pytest run may mean."""
GRADE = [sys.executable, "-m", "grader", "grade", "--submission", "solutions", "--format", "json"]


def main() -> None:
    """Print the figures beside their bars."""
    checks = len([c for s in json.loads(_run(GRADE))["stages"] for c in s["checks"]])
    with tempfile.TemporaryDirectory() as folder:
        empty = "".join(f"def test_{i}():\n    pass\n" for i in range(checks))
        Path(folder, "test_empty.py").write_text(empty, encoding="utf-8")
        # Else, from a project below /tmp, pytest takes that for the root, and walks through whatever lies in it.
        here = [f"--rootdir={folder}", folder]
        for name, options in BARE.items():
            _run([*PYTEST, *options, *here])
            _ladder(f"{checks} checks", name, [*PYTEST, *options, *here])
    batch, check = asyncio.run(_sessions())
    print(f"batch   1,000 concurrent checkouts in {statistics.median(batch):.2f} s (bar 2)")
    print(f"check   {statistics.median(check) * 1000:.1f} ms median of {len(check)} (bar 10)")


def _ladder(checks: str, name: str, bare: list[str]) -> None:
    pairs = [(_timed(GRADE), _timed(bare)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(
        f"ladder  {checks} in {ours:.2f} s, empty tests with {name} in {theirs:.2f} s: {ratio:.2f} times (bar 3)"
    )


def _run(command: list[str]) -> bytes:
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, env=settings)
    if done.returncode:
        sys.exit(done.stderr.decode(errors="replace"))
    return done.stdout


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    _run(command)
    return time.perf_counter() - began


async def _sessions() -> tuple[list[float], list[float]]:
    nursery = new_nursery()
    try:
        batch = [await timed_check(nursery, 1_000) for _ in range(ROUNDS)]
        check = [await timed_check(nursery) for _ in range(100)]
    finally:
        nursery.close()
    return batch, check


if __name__ == "__main__":
    main()
