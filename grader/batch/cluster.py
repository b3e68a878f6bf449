"""Workers of a Dask cluster: submissions travel as bytes, results come back as JSON, and no file is shared."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from grader.batch.jobs import Outcome
from grader.batch.workers import grade_encoded
from grader.errors import MachineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.batch.jobs import Job

AHEAD = 2
"""Jobs for each thread of the cluster that are on their way at a time."""
PATIENCE = 30
"""Seconds within which the scheduler must answer, and a first worker must be there."""


class ClusterWorkers:
    """Workers that a Dask scheduler knows; they may come and go."""

    def __init__(self, address: str) -> None:
        """Prepare to use a cluster.

        Args:
            address: Of its scheduler, for example "tcp://scheduler:8786".
        """
        self._address = address

    def grade(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Grade; the jobs of a worker that is lost go to another one.

        Raises:
            UsageError: `distributed` is not installed, or no scheduler answers there.
            MachineError: No worker is there, or the scheduler was lost; run again to go on.
        """
        with self._client() as client:
            _demand_workers(client)
            yield from _spread(client, iter(jobs))

    def _client(self) -> Any:  # noqa: ANN401 - distributed has no types
        try:
            distributed: Any = import_module("distributed")  # an extra, without types
        except ImportError:
            raise UsageError(
                "--cluster needs Dask; install it: pip install 'unblocked[cluster]'"
            ) from None
        try:
            client = distributed.Client(self._address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"no cluster answers at {self._address!r}: {error}") from error
        return client


def _demand_workers(client: Any) -> None:  # noqa: ANN401 - as above
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise MachineError(
            f"the cluster has had no worker for {PATIENCE} s; start one: dask worker ADDRESS"
        ) from error


def _spread(client: Any, jobs: Iterator[Job]) -> Iterator[Outcome]:  # noqa: ANN401 - as above
    distributed: Any = import_module("distributed")
    ending, keys = distributed.as_completed(loop=client.loop), dict[str, str]()

    def fill() -> None:
        while len(keys) < AHEAD * max(1, sum(client.nthreads().values())):
            if (job := next(jobs, None)) is None:
                return
            future = client.submit(
                grade_encoded, msgspec.msgpack.encode(job), key=f"unblocked-{job.key}", pure=False
            )
            keys[future.key] = job.key
            ending.add(future)

    fill()
    while keys:
        future = next(ending)
        yield _outcome(future, keys.pop(future.key))
        future.release()
        fill()


def _outcome(future: Any, key: str) -> Outcome:  # noqa: ANN401 - as above
    if future.status == "finished":
        return msgspec.json.decode(future.result(), type=Outcome)
    if future.status in {"cancelled", "lost"}:
        raise MachineError("the cluster's scheduler was lost; run again to go on")
    return Outcome(
        key, problem=f"workers were lost while they graded it: {future.exception()}"[:300]
    )
