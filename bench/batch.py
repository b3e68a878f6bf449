"""What a class costs: `nox -s bench -- batch`.

warm       seconds of a grading in a warm process: with the whole machine, and on one core
workers    submissions a minute (core ladder, solutions) with 1 and 2 workers; 2 at least 1.8 times 1
cost       seconds of a worker for a submission over those of a warm grading on the same core; at most 1.15 times
cluster    seconds on a Dask cluster of 2 worker processes of this machine, over those of 2 workers; at most 1.1 times
memory     of whoever asks, with stub workers, for many submissions over that for 1,000; at most 1.2 times

Workers are started and warm before the clock is: a batch is long.

    python -m bench.batch [--count N] [--simulated N] [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.classes import (
    ENVIRONMENT,
    ROOT,
    batch,
    hand_in_solutions,
    hand_in_zips,
    running_cluster,
)
from grader.batch.cluster import ClusterWorkers
from grader.batch.stub import StubWorkers
from grader.batch.workers import LocalWorkers
from grader.grading import Request, grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.batch.jobs import Job, Outcome
    from grader.batch.workers import Workers

SMALL = 1_000


def main(arguments: list[str] | None = None) -> None:
    """Print the figures beside their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=16, help="submissions of a measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--simulated", type=int, default=100_000)
    parser.add_argument("--simulate", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.simulate:
        _simulate_here(wanted.simulate)
        return
    throughput(wanted.count, wanted.rounds)
    memory(wanted.simulated)


def throughput(count: int, rounds: int) -> None:
    """One worker, two, and a cluster of two, one after the other in each round, so that each has the same weather."""
    free = _warm(rounds, os.sched_getaffinity(0))
    alone = _warm(rounds, {min(os.sched_getaffinity(0))})
    print(f"warm     {free:.2f} s with the whole machine, {alone:.2f} s on one core", flush=True)
    times: dict[str, list[float]] = {"1": [], "2": [], "cluster": []}
    with tempfile.TemporaryDirectory() as folder, running_cluster(Path(folder), 2) as (far, _):
        hand_in_solutions(Path(folder, "class"), count)
        for number in range(rounds):
            for name, workers in (
                ("1", Timed(LocalWorkers(1), 1)),
                ("2", Timed(LocalWorkers(2), 2)),
                ("cluster", Timed(ClusterWorkers(far), 2)),
            ):
                tally = batch(
                    Path(folder, "class"), Path(folder, f"{name}-{number}.sqlite"), workers
                )
                assert tally.done == count
                times[name].append(workers.each)
    _tell(alone, times)


def _tell(alone: float, times: dict[str, list[float]]) -> None:
    one, two, far = (statistics.median(each) for each in times.values())
    print(
        f"workers  {60 / one:.1f} a minute with 1, {60 / two:.1f} with 2:"
        f" {_ratio(times['1'], times['2']):.2f} times (bar 1.8)"
    )
    print(
        f"cost     {one:.2f} s of 1 worker, {two * 2:.2f} s of each of 2:"
        f" {two * 2 / alone:.2f} times a warm grading on one core (bar 1.15)"
    )
    ratio = _ratio(times["cluster"], times["2"])
    print(f"cluster  {60 / far:.1f} a minute: {ratio:.2f} times as long as 2 workers (bar 1.1)")


def _ratio(these: list[float], those: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(these, those, strict=True))


def _warm(rounds: int, cores: set[int]) -> float:
    """Seconds of a grading in this process, which has graded before."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        return statistics.median([_grading() for _ in range(rounds + 1)][1:])
    finally:
        os.sched_setaffinity(0, before)


def _grading() -> float:
    began = time.perf_counter()
    grade(Request(submission=ROOT / "solutions", seed=1, strangers=True))
    return time.perf_counter() - began


class Timed:
    """Workers, and the seconds that they take for a submission once each of them has graded one."""

    def __init__(self, workers: Workers, count: int) -> None:
        self._workers = workers
        self._count = count
        self.each = 0.0

    def grade(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Grade, and look at the clock."""
        ends: list[float] = []
        for outcome in self._workers.grade(jobs):
            ends.append(time.perf_counter())
            yield outcome
        self.each = (ends[-1] - ends[self._count - 1]) / (len(ends) - self._count)


def memory(many: int) -> None:
    """A small class and a large one, each in a process of its own."""
    (small, _), (large, seconds) = _simulated(SMALL), _simulated(many)
    print(
        f"memory   {small:.1f} MiB for {SMALL:,}, {large:.1f} MiB for {many:,}:"
        f" {large / small:.2f} times (bar 1.2)"
    )
    print(f"         {seconds / many * 1000:.2f} ms of whoever asks for a submission")


def _simulated(count: int) -> tuple[float, float]:
    """MiB at most, and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        hand_in_zips(Path(folder, "class"), count)
        command = [sys.executable, "-m", "bench.batch", "--simulate", folder]
        done = subprocess.run(
            command, cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True, text=True
        )
        with Path(folder, "results.csv").open(encoding="utf-8") as gradebook:
            assert sum(1 for _ in gradebook) == count + 1
    kib, seconds = map(float, done.stdout.split())
    return kib / 1024, seconds


def _simulate_here(folder: Path) -> None:
    began = time.perf_counter()
    batch(folder / "class", folder / "results.sqlite", StubWorkers(), ("s01",))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak, time.perf_counter() - began)


if __name__ == "__main__":
    main()
