"""A Dask cluster of local worker processes, one of which is killed midway."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from grader.batch.cluster import ClusterWorkers
from grader.errors import UsageError

pytest.importorskip("distributed")

HERE = ["--host", "127.0.0.1", "--no-dashboard"]
PROGRAMS = 6
PROGRAM = "def checkout(services, user_id, on_done, on_error):\n    on_done({!r})\n"


@contextmanager
def running(environment, module, *arguments):
    """One process of Dask's, ended at the end."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *HERE, *arguments]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(condition, process):
    """Look until something is there, or can no longer come since a process has ended."""
    while not condition() and process.poll() is None:
        time.sleep(0.02)


@pytest.fixture
def cluster(tmp_path, environment):
    """The address of a scheduler, and its two workers."""
    file = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        scheduler = stack.enter_context(
            running(environment, "dask_scheduler", "--port", "0", f"--scheduler-file={file}")
        )
        wait_until(file.exists, scheduler)
        options = [f"--scheduler-file={file}", "--no-nanny", "--nthreads=1", "--death-timeout=60"]
        workers = [
            stack.enter_context(running(environment, "dask_worker", *options)) for _ in range(2)
        ]
        yield json.loads(file.read_text())["address"], workers


def test_a_lost_worker_loses_no_submission(cluster, hand_in, tmp_path, unblocked, begin, recorded):
    """Its work goes to the other one; marks and everything else are as on one machine."""
    address, workers = cluster
    for number in range(PROGRAMS):
        hand_in(f"s{number}", PROGRAM.format(number))
    common = ["batch", tmp_path / "class", "--stages", "s01", "--seed", "7", "--output"]

    process = begin(*common, "far.csv", "--cluster", address)
    wait_until(lambda: recorded(tmp_path / "far.sqlite"), process)
    workers[0].kill()

    assert process.wait() == 0
    assert unblocked(*common, "near.csv", cwd=tmp_path).returncode == 0
    far, near = (Path(tmp_path, name).read_text() for name in ("far.csv", "near.csv"))
    assert far == near
    assert set(recorded(tmp_path / "far.sqlite").values()) == {1}
    assert len(far.splitlines()) == PROGRAMS + 1


def test_a_cluster_that_is_not_there_is_told():
    with pytest.raises(UsageError, match="no cluster"):
        list(ClusterWorkers("nonsense://nowhere").grade([]))
