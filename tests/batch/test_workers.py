"""Workers of this machine: those that die, those that are abandoned, and their cores."""

import os
import select
import subprocess
import sys
import threading

import pytest

from grader.batch import stub
from grader.batch.workers import LocalWorkers, core_of


def test_a_worker_that_dies_takes_nobodys_work_with_it(job):
    """Its job is tried once more and then told; whatever came before and after it is graded."""
    jobs = [job(b"x = %d" % number) for number in range(6)]
    deadly = job(stub.DEADLY)

    outcomes = LocalWorkers(2, stub.grade_encoded).grade([*jobs[:3], deadly, *jobs[3:]])

    told = {outcome.key: outcome.problem for outcome in outcomes}
    assert told.pop(deadly.key) == "2 workers died while they graded it"
    assert told == {job.key: "" for job in jobs}


def test_jobs_are_taken_as_workers_are_free(job):
    """A class is never held in memory: one job for each worker, and one that is read ahead."""
    taken = []

    def jobs():
        for number in range(8):
            taken.append(number)
            yield job(b"x = %d" % number)

    outcomes = LocalWorkers(1, stub.grade_encoded).grade(jobs())
    next(outcomes)

    assert len(taken) <= 3
    assert len(list(outcomes)) == 7


def test_when_all_is_graded_the_workers_have_gone(job):
    """Python's end meets no pool that is half closed, and says nothing of one on stderr."""
    before = threading.enumerate()

    outcomes = list(LocalWorkers(2, stub.grade_encoded).grade([job(b"x = 1"), job(b"x = 2")]))

    assert len(outcomes) == 2
    assert [thread for thread in threading.enumerate() if thread not in before] == []


@pytest.mark.parametrize(
    ("cores", "expected"), [([0, 1], [0, 1, 0]), ([4, 6, 7], [4, 6, 7]), ([], [None, None, None])]
)
def test_each_worker_has_a_core(cores, expected):
    """They share where there are too few; where the system does not tell, nobody is kept to one."""
    assert [core_of(cores, number) for number in range(3)] == expected


ABANDONED = """
import multiprocessing, os, signal
from concurrent.futures import ProcessPoolExecutor
from grader.batch.workers import settle

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, context, initializer=settle, initargs=(None,))
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.realtime
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when a stranger ends")
def test_workers_end_with_whoever_started_them(tmp_path, environment):
    """A batch that was killed leaves nothing that goes on."""
    script = tmp_path / "abandoned.py"
    script.write_text(ABANDONED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=environment, check=False
    )

    try:
        worker = os.pidfd_open(int(done.stdout))
    except ProcessLookupError:
        return
    ended, _, _ = select.select([worker], [], [], 20)
    os.close(worker)

    assert ended
