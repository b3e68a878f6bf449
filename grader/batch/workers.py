"""Workers of this machine: a few warm processes, each kept to a core, each of which grades many submissions."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import msgspec

from grader.batch.jobs import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.batch.jobs import Job

    Grading = Callable[[bytes], bytes]
    """A job as MessagePack to its outcome as JSON."""

RENEWED_AFTER = 500
"""Gradings after which a worker is replaced: pytest keeps a little of each run."""
TRIES = 2
"""Workers that a submission may take down with it."""


class Workers(Protocol):
    """Whoever grades."""

    def grade(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Grade all jobs, each outcome as it comes; takes the next job only when somebody is free for it."""
        ...


def grade_encoded(job: bytes) -> bytes:
    """Grade here: the grader and pytest are imported by the first job of a worker, and never by the one who asks."""
    from grader.batch import grade_one  # noqa: PLC0415 - see above

    return grade_one.grade_encoded(job)


class LocalWorkers:
    """Worker processes of this machine."""

    def __init__(self, count: int | None = None, grading: Grading = grade_encoded) -> None:
        """Prepare them; the first job starts them.

        Args:
            count: How many, >= 1; by default one for each core.
            grading: What a worker does with a job.
        """
        self.count = count or len(_cores()) or os.cpu_count() or 1
        self._grading = grading

    def grade(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Grade, each worker one job at a time; one that dies is replaced, and its job tried once more."""
        cores = _cores()
        lanes = [Lane(core_of(cores, n), self._grading) for n in range(self.count)]
        try:
            yield from _spread(iter(jobs), lanes)
        except BaseException:
            for lane in lanes:
                lane.close(wait=False)
            raise
        for lane in lanes:
            lane.close()


def _spread(jobs: Iterator[Job], lanes: list[Lane]) -> Iterator[Outcome]:
    job = next(jobs, None)
    free, busy = lanes, dict[Future[bytes], Lane]()
    while job or busy:
        while job and free:
            lane = free.pop()
            busy[lane.begin(job)] = lane
            job = next(jobs, None)  # read while the workers work
        ended, _ = wait(busy, return_when=FIRST_COMPLETED)
        for future in ended:
            lane = busy.pop(future)
            outcome = lane.outcome(future)
            if outcome is None:
                busy[lane.again()] = lane
            else:
                free.append(lane)
                yield outcome


class Lane:
    """One worker, and whoever comes in its place; it has one job at a time, so nobody else's dies with it."""

    def __init__(self, core: int | None, grading: Grading) -> None:
        self._core = core
        self._grading = grading
        self._pool: ProcessPoolExecutor | None = None
        self._graded = self._tries = 0
        self._job: Job | None = None

    def begin(self, job: Job) -> Future[bytes]:
        """Have a job graded."""
        self._job, self._tries = job, 0
        if self._graded >= RENEWED_AFTER:
            self.close()
        return self.again()

    def again(self) -> Future[bytes]:
        """Have the same job graded, by a new worker if the last one is gone."""
        self._tries += 1
        self._graded += 1
        # A fresh interpreter: a fork would share sockets and the state of pytest. Replaced by hand, since
        # `max_tasks_per_child` may wait for ever (python/cpython#115634).
        self._pool = self._pool or ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=settle, initargs=(self._core,)
        )
        return self._pool.submit(self._grading, msgspec.msgpack.encode(self._job))

    def outcome(self, future: Future[bytes]) -> Outcome | None:
        """What became of the job; None if its worker died and it is to be tried again."""
        try:
            return msgspec.json.decode(future.result(), type=Outcome)
        except BrokenProcessPool:
            self.close()
        if self._tries < TRIES or self._job is None:
            return None
        return Outcome(self._job.key, problem=f"{TRIES} workers died while they graded it")

    def close(self, *, wait: bool = True) -> None:
        """Let the worker go when it has ended what it does.

        Args:
            wait: Until it has gone. Else Python's end may find its pool half closed, and say so on stderr.
        """
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
        self._pool, self._graded = None, 0


def settle(core: int | None) -> None:
    """Prepare a worker: on its core, and ending with whoever started it, even one that was killed."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    Thread(target=_outlive_nobody, daemon=True).start()


def core_of(cores: list[int], number: int) -> int | None:
    """The core of a worker, one that it shares where there are too few; None where nobody knows the cores.

    A grading judges several checks at a time, and would else take more than the one core that it is counted for.
    """
    return cores[number % len(cores)] if cores else None


def _cores() -> list[int]:
    """Those that this process may use; none where the system does not tell, and keeps nobody to one."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _outlive_nobody() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
