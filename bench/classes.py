"""Classes to grade: folders of submissions, a batch over one, and a Dask cluster on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from bench.repeat import programs, stage_of
from grader.batch import gradebook
from grader.batch.jobs import Terms, installed_version
from grader.batch.keys import checks_digest
from grader.batch.lateness import Policy
from grader.batch.opening import opened
from grader.batch.progress import Tally
from grader.batch.schedule import Batch
from grader.batch.sources import find
from grader.output import written_whole
from grader.submissions import choose_stages
from grader.walls.plan import EVERY

if TYPE_CHECKING:
    from collections.abc import Generator

    from grader.batch.workers import Workers

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'exercises'}",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",  # it samples the judge: see docs/batch.md
}
SEED = 7


def hand_in_solutions(folder: Path, count: int) -> None:
    """Fill a folder with submissions of the solutions, each with a comment of its own."""
    for number in range(count):
        for solution in (ROOT / "solutions").glob("s*/pipeline.py"):
            _hand_in(folder / f"s{number:06}", solution, f"# {number}\n")


def hand_in_programs(folder: Path, count: int) -> None:
    """Fill a folder with right programs and near misses, one stage each; a program that comes again has a comment."""
    for number, path in enumerate(islice(cycle(programs(ROOT)), count)):
        _hand_in(folder / f"s{number:06}", ROOT / path, f"# {number}\n")


def _hand_in(folder: Path, program: Path, comment: str) -> None:
    target = folder / stage_of(program.relative_to(ROOT)) / "pipeline.py"
    target.parent.mkdir(parents=True)
    target.write_text(program.read_text(encoding="utf-8") + comment, encoding="utf-8")


def hand_in_zips(folder: Path, count: int) -> None:
    """Fill a folder with small zips, each with one program of its own."""
    folder.mkdir()
    for number in range(count):
        with zipfile.ZipFile(folder / f"s{number:06}.zip", "w") as archive:
            archive.writestr("s01_callbacks/pipeline.py", f"# {number}\n")


def batch(folder: Path, results: Path, workers: Workers, stages: tuple[str, ...] = ()) -> Tally:
    """Grade a folder and write its gradebook, as the command does."""
    chosen, tally = choose_stages(stages), Tally()
    terms = Terms(
        stages=tuple(stage.name for stage in chosen),
        seed=SEED,
        walls=tuple(sorted(EVERY)),
        checks=checks_digest(chosen),
        version=installed_version(),
    )
    with opened(results) as store:
        store.begin([])
        Batch(store, terms, chosen, tally).grade_all(find(folder), workers)
        with written_whole(results.with_suffix(".csv"), "gradebook") as file:
            gradebook.write(file, "plain", Policy(), store.standings)
    return tally


@contextmanager
def running_cluster(
    folder: Path, count: int
) -> Generator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler of this machine and its workers: its address, and their processes."""
    file = folder / "scheduler.json"
    options = [f"--scheduler-file={file}", "--no-nanny", "--nthreads=1", "--death-timeout=60"]
    with ExitStack() as stack:
        _run(stack, "dask_scheduler", "--port=0", f"--scheduler-file={file}")
        while not file.exists():
            time.sleep(0.05)
        workers = [_run(stack, "dask_worker", *options) for _ in range(count)]
        yield json.loads(file.read_text())["address"], workers


def _run(stack: ExitStack, module: str, *arguments: str) -> subprocess.Popen[bytes]:
    here = ["--host=127.0.0.1", "--no-dashboard"]
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *here, *arguments],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process
