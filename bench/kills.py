"""A class whose batch is killed again and again: `nox -s bench -- kills`.

Right programs and near misses are graded by `unblocked batch` with 2 workers, which is killed at random moments and
begun again; then once more on a Dask cluster of 3 worker processes, one of which is killed midway. Then must hold:
every mark is that of a single grading, both gradebooks are the same, and no finished grading was repeated.

    python -m bench.kills [--count N] [--kills N] [--seed N]
"""

from __future__ import annotations

import argparse
import csv
import random
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.classes import ENVIRONMENT, ROOT, SEED, hand_in_programs, running_cluster
from grader.grading import Request, grade

LONGEST = 4.0
"""Seconds after which a batch is killed, at most; it takes one until it grades."""


def main(arguments: list[str] | None = None) -> None:
    """Print what held; end with 1 if anything did not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 31))
    wanted = parser.parse_args(arguments)
    draw = random.Random(wanted.seed)  # noqa: S311 - reproducible by its seed
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        hand_in_programs(place / "class", wanted.count)
        told = [
            _killed(place, draw, wanted.kills),
            _on_a_cluster(place, wanted.count),
            _compared(place, wanted.count),
        ]
    print(f"seed     {wanted.seed}")
    sys.exit(0 if all(told) else 1)


def _killed(place: Path, draw: random.Random, kills: int) -> bool:
    """Kill a batch at random moments; the last one is left alone."""
    killed: list[int] = []
    while len(killed) < kills:
        process = _batch(place, "near", "--workers", "2")
        time.sleep(draw.uniform(0.1, LONGEST))
        process.kill()
        process.wait()
        killed.append(len(_gradings(place, "near")))
    print(f"killed   with so many graded: {', '.join(map(str, killed))}", flush=True)
    return _batch(place, "near", "--workers", "2").wait() == 0 and _once(place, "near")


def _on_a_cluster(place: Path, count: int) -> bool:
    """Kill one of three workers when half is done."""
    with running_cluster(place, 3) as (address, workers):
        process = _batch(place, "far", "--cluster", address)
        while process.poll() is None and len(_gradings(place, "far")) < count // 2:
            time.sleep(0.1)
        print(f"cluster  a worker is lost with {len(_gradings(place, 'far'))} graded", flush=True)
        workers[0].kill()
        return process.wait() == 0 and _once(place, "far")


def _compared(place: Path, count: int) -> bool:
    """Whether each mark is that of a single grading, and both gradebooks are the same."""
    near, far = (Path(place, f"{name}.csv").read_text(encoding="utf-8") for name in ("near", "far"))
    rows = list(csv.DictReader(near.splitlines()))
    other = [row["student"] for row in rows if _marks(row) != _single(place, row["student"])]
    print(
        f"marks    {len(rows)} in the gradebook, {len(other)} differ from single gradings: {other}"
    )
    print(f"books    {'the same' if near == far else 'not the same'} on the cluster")
    return near == far and len(rows) == count and not other


def _single(place: Path, student: str) -> dict[str, float]:
    request = Request(submission=place / "class" / student, seed=SEED, strangers=True)
    stages = grade(request).result.stages
    marks = {check.id: check.earned for stage in stages for check in stage.checks}
    return marks | {stage.stage: stage.score for stage in stages}


def _marks(row: dict[str, str]) -> dict[str, float]:
    return {name: float(row[name] or -1) for name in row if name[0] == "s" and name[1].isdigit()}


def _once(place: Path, name: str) -> bool:
    again = sum(times > 1 for times in _gradings(place, name).values())
    print(f"gradings {again} of {len(_gradings(place, name))} were repeated", flush=True)
    return again == 0


def _batch(place: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    output = ["--output", str(place / f"{name}.csv"), "--seed", str(SEED)]
    command = [sys.executable, "-m", "grader", "batch", str(place / "class"), *output, *options]
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL)


def _gradings(place: Path, name: str) -> dict[str, int]:
    """Key to how often it was graded, of what is recorded as yet."""
    path = place / f"{name}.sqlite"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        try:
            return dict(connection.execute("SELECT key, gradings FROM verdict"))
        except sqlite3.OperationalError:  # its tables are not made yet
            return {}


if __name__ == "__main__":
    main()
