"""What is asked of the warm process, and what it says: a line of JSON each."""

from __future__ import annotations

import msgspec

from grader.report.content import Report
from grader.results import Result  # noqa: TC001 - msgspec reads the annotations
from grader.timeline.recording import Recording  # noqa: TC001 - as above


class Order(msgspec.Struct, frozen=True, omit_defaults=True):
    """Grade this stage; or, with a page, write the last grading there.

    Attributes:
        submission: The folder that holds the stages.
        page: Path of the page, which has the ending of its format.
    """

    stage: str
    submission: str
    language: str = "en"
    page: str = ""


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of an order.

    Attributes:
        result: None where nothing could be graded, or nothing was to be.
        error: One sentence; "" where all went well.
        source: The program.
        file: Its path, as the learner would type it.
        untouched: It is still the starter.
        recordings: The history of the check to look at, by its id: the first that failed, else the first of all.
    """

    stage: str
    result: Result | None = None
    error: str = ""
    source: str = ""
    file: str = ""
    untouched: bool = False
    recordings: dict[str, Recording] = {}


def report_of(reply: Reply) -> Report | None:
    """What a format may show of it."""
    if reply.result is None:
        return None
    return Report(
        reply.result,
        sources={reply.stage: reply.source},
        files={reply.stage: reply.file},
        untouched=frozenset({reply.stage} if reply.untouched else ()),
        command="nox -s grade --",
        recordings=reply.recordings,
    )
