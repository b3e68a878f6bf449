"""The warm process of a watch: everything is imported, children are waiting, and an order is a line on its input."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from grader.errors import GraderError
from grader.grading import Graded, Request, grade
from grader.language import language, speaking
from grader.nursery import new_nursery
from grader.report import focus
from grader.watching.messages import Order, Reply, report_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.nursery.child import Nursery
    from grader.report.content import Report

GARBAGE = 100_000
"""Objects after which cycles are looked for within a grading; after it they are looked for anyway."""


def serve(orders: Iterable[bytes], replies: BinaryIO) -> None:
    """Carry out orders until there are no more; the next nursery is begun while the learner reads."""
    gc.set_threshold(GARBAGE)
    worker = Worker()
    try:
        for line in orders:
            replies.write(msgspec.json.encode(worker.carry_out(line)) + b"\n")
            replies.flush()
            worker.get_ready()
    finally:
        worker.close()


class Worker:
    """Grades one stage at a time, each time with a nursery that was begun before."""

    def __init__(self) -> None:
        self._nursery: Nursery | None = new_nursery()
        self._last: Report | None = None

    def carry_out(self, line: bytes) -> Reply:
        """Grade, or write the page of the last grading; what goes wrong is a sentence of the reply."""
        order = msgspec.json.decode(line, type=Order)
        with speaking(language(order.language)):
            try:
                return self._carried_out(order)
            except GraderError as error:
                return Reply(order.stage, error=str(error))

    def _carried_out(self, order: Order) -> Reply:
        if not order.page:
            return self._graded(order)
        self._write(order.page)
        return Reply(order.stage)

    def _graded(self, order: Order) -> Reply:
        nursery, self._nursery = self._nursery, None
        request = Request([order.stage], Path(order.submission), timelines=True)
        graded = grade(request, nursery)
        reply = _reply(graded)
        report = report_of(reply)
        self._last = report and replace(report, recordings=graded.recordings)
        return reply

    def _write(self, page: str) -> None:
        from grader.report import render  # noqa: PLC0415 - few ask for a page

        path = Path(page)
        if self._last is not None:
            path.write_text(render(path.suffix.removeprefix("."), self._last), encoding="utf-8")

    def get_ready(self) -> None:
        """Begin the next nursery, and drop what the last grading left."""
        if self._nursery is None:
            self._nursery = new_nursery()
            gc.collect()

    def close(self) -> None:
        """End the nursery that nobody needs any more."""
        if self._nursery is not None:
            self._nursery.close()


def _reply(graded: Graded) -> Reply:
    (file,), (stage,) = graded.files, graded.result.stages
    untouched = "# TODO:" in file.text and stage.score * 3 < stage.max_score
    looked_at = focus.first_cause(stage) or stage.checks[0]
    shown = {k: v for k, v in graded.recordings.items() if k == looked_at.id}
    return Reply(stage.stage, graded.result, "", file.text, str(file.path), untouched, shown)


def main() -> None:
    """Serve on the standard streams; whatever else is printed goes where errors go."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with replies:
        serve(sys.stdin.buffer, replies)
