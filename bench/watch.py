"""How long a learner waits from save to verdict, and what 200 saves leave behind: `nox -s bench -- watch`.

save    median seconds from a save of stage 3's solution to its verdict on the screen; at most 0.6
pytest  the same for who starts a bare pytest on as many empty tests instead
leak    descriptors, threads and children of the watch and of its warm process, after 10 saves and after 200
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.sessions import ROOT, SOLUTION
from bench.speed import BARE, PYTEST

if TYPE_CHECKING:
    from collections.abc import Iterator

SAVES = int(os.environ.get("SAVES", "200"))
"""Saves that are made; fewer tell the times as well."""
SETTLED = 10
"""Saves after which all that is made once is made."""
STAGE = "s03_async_await"
READING = float(os.environ.get("READING", "1"))
"""Seconds for which a learner looks at a verdict, at least."""


def main() -> None:
    """Print the figures beside their bars."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "exercises", STAGE, "pipeline.py")
        path.parent.mkdir(parents=True)
        shutil.copy(SOLUTION, path)
        waits, counts = _saves(Path(folder), path)
        bare = {name: _bare(options) for name, options in BARE.items()}
    told = f"{statistics.median(waits):.2f} s median of {len(waits)} (bar 0.6)"
    print(f"save    {told}; nine of ten within {sorted(waits)[len(waits) * 9 // 10]:.2f} s")
    for name, seconds in bare.items():
        print(f"pytest  {seconds:.2f} s, empty tests with {name}")
    print(f"leak    {counts[SETTLED]} after {SETTLED}, {counts[-1]} after {len(counts)}")


def _saves(folder: Path, path: Path) -> tuple[list[float], list[list[tuple[int, int, int]]]]:
    """Save again and again; seconds of each wait, and what the two processes then hold."""
    watch = subprocess.Popen(
        [sys.executable, "-m", "grader", "watch", "s03"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watch.stdout
    source, waits, counts = path.read_text(encoding="utf-8"), [], []
    try:
        verdicts = (line for line in watch.stdout if " points" in line)
        next(verdicts)
        for number in range(SAVES):
            time.sleep(READING)
            counts.append(list(_held(watch.pid)))
            waits.append(_wait(path, f"{source}# {number}\n", verdicts))
    finally:
        watch.send_signal(signal.SIGINT)
        watch.communicate()
    return waits, counts


def _wait(path: Path, source: str, verdicts: Iterator[str]) -> float:
    beside = path.with_suffix(".new")
    beside.write_text(source, encoding="utf-8")
    began = time.perf_counter()
    beside.replace(path)
    next(verdicts)
    return time.perf_counter() - began


def _held(process: int) -> Iterator[tuple[int, int, int]]:
    """Descriptors, threads and children of a process, and of its only child, if it has one."""
    own = Path("/proc", str(process))
    children = (own / "task" / str(process) / "children").read_text().split()
    yield len(list((own / "fd").iterdir())), len(list((own / "task").iterdir())), len(children)
    if len(children) == 1:
        yield next(_held(int(children[0])))


def _bare(options: list[str]) -> float:
    checks = SOLUTION.parents[2] / "exercises" / STAGE / "test_pipeline.py"
    count = checks.read_text(encoding="utf-8").count("@pytest.mark.check")
    with tempfile.TemporaryDirectory() as folder:
        empty = "".join(f"def test_{i}():\n    pass\n" for i in range(count))
        Path(folder, "test_empty.py").write_text(empty, encoding="utf-8")
        times = [_timed([*PYTEST, *options, folder]) for _ in range(10)]
    return statistics.median(times)


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
