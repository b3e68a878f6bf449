"""One job, graded in whatever process this is: a local worker, or one of a cluster's."""

from __future__ import annotations

import gc
import os
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from grader.batch.jobs import Job, Outcome, installed_version
from grader.batch.keys import checks_digest
from grader.batch.own_checks import unpacked
from grader.errors import GraderError, MachineError
from grader.grading import Request, grade
from grader.judge.findings import FILE
from grader.report.harmless import harmless
from grader.results import Verdict
from grader.submissions import Submitted, choose_stages
from grader.walls.layers import Wall
from grader.walls.privileges import hide

if TYPE_CHECKING:
    from grader.batch.jobs import Terms
    from grader.results import Result

GARBAGE = 100_000
"""Objects after which cycles are looked for, as when one submission is graded."""
ONE_AT_A_TIME = Lock()
"""pytest runs once in a process at a time, whatever threads a cluster's worker has."""


def grade_encoded(job: bytes) -> bytes:
    """Grade a job that came as bytes (MessagePack); give its outcome as JSON. Never raises for a job's sake."""
    return msgspec.json.encode(grade_one(msgspec.msgpack.decode(job, type=Job)))


def grade_one(job: Job) -> Outcome:
    """Grade a job; whatever goes wrong is a problem of this one alone."""
    try:
        with ONE_AT_A_TIME:
            result = _graded(job)
    except GraderError as error:
        return Outcome(job.key, problem=str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours costs one grading, not all
        return Outcome(job.key, problem=_one_line(f"the grader failed: {error!r}"))
    return Outcome(job.key, result, "" if result.gradable else _why(result))


def _graded(job: Job) -> Result:
    terms = job.terms
    _demand_same(terms)
    gc.set_threshold(GARBAGE)
    hide()  # whoever gets out of a child, it will not be into us
    with unpacked(terms.private) as own:
        request = Request(
            terms.stages,
            Path(job.submission),
            terms.seed,
            terms.bonus,
            terms.language,
            walls=frozenset(map(Wall, terms.walls)),
            strangers=terms.strangers,
            private_checks=own,
        )
        return grade(request, files=_files(job)).result


def _files(job: Job) -> list[Submitted]:
    folders = {folder.name: folder for folder in choose_stages(job.terms.stages)}
    return [
        Submitted(folders[a.stage], Path(a.stage, FILE), a.source, a.refusal) for a in job.answers
    ]


def _demand_same(terms: Terms) -> None:
    """A worker on another machine must judge as the one who asks would."""
    if (terms.version, terms.checks) != (installed_version(), _checks(terms.stages)):
        raise MachineError(
            f"the worker on {os.uname().nodename} has another version of unblocked, or other checks; install the same"
        )


@cache
def _checks(stages: tuple[str, ...]) -> str:
    return checks_digest(choose_stages(stages))


def _why(result: Result) -> str:
    checks = [check for stage in result.stages for check in stage.checks]
    unknown = [check for check in checks if check.verdict is Verdict.UNKNOWN]
    told = [found.message for check in unknown for found in check.findings]
    return _one_line(told[0] if told else "no check could be run")


def _one_line(text: str) -> str:
    return harmless(text).replace("\n", " ")[:300]
