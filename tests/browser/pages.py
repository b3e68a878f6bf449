"""Results to look at in a browser: they are made here, so that a page is the same in every run."""

from __future__ import annotations

from grader.report import Report, render
from grader.results import CheckResult, Event, Finding, Kind, Verdict, stage_result, whole_result
from grader.timeline import Left, Operation, Recording, Stall, Step

STAGE = "s03_async_await"
STEPS = ("get_user_data", "get_orders", "get_order_details", "process_payment")
SOURCE = """\
import asyncio
import time


async def checkout(services, user_id, *, timeout=None):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    details = await services.get_order_details(orders[0])
    time.sleep(0.05)
    return await services.process_payment(details)
"""
FINDINGS = (
    Finding(
        kind=Kind.BLOCKING,
        message="`time.sleep` held the loop for 50 ms",
        hint="Is there a call in your coroutine that waits without `await`?",
        file="pipeline.py",
        line=9,
    ),
    Finding(kind=Kind.LEAK, message="a task was still running when all was over: checkout"),
)


def history(users: int, *, blocks: bool) -> Recording:
    """A batch whose checkouts overlap, of four calls each."""
    spans = [
        (0.02 * user + 0.2 * step, 0.02 * user + 0.2 * step + 0.2, 1000 + user, user * 4 + step)
        for user in range(users)
        for step in range(4)
    ]
    events = [
        event
        for begin, end, user, number in spans
        for event in (
            Event("called", begin, STEPS[number % 4], user, number, line=6 + number % 4),
            Event("answered", end, STEPS[number % 4], user, number),
        )
    ]
    events.append(Event("ended", 2.0, "checkout_many", None, 1, text="cancelled"))
    events.sort(key=lambda event: event.at)
    steps = tuple(Step(event.at, place, 0.0002) for place, event in enumerate(events))
    stalls = (Stall(9, "waits", "time.sleep", 0.05),) if blocks else ()
    held = tuple(Step(0.2, 9, 0.05) if step.place == 9 and blocks else step for step in steps)
    operations = (Operation(1, "checkout_many", 0, tuple(range(1000, 1000 + users)), users),)
    left = Left(events=300, checkouts=60, steps=9)
    return Recording(tuple(events), operations, held, stalls, {}, "pipeline.py", left)


def check(number: int) -> CheckResult:
    """Every fourth check fails, every tenth is skipped."""
    verdict = (
        Verdict.FAILED
        if number % 4 == 0
        else Verdict.SKIPPED
        if number % 10 == 1
        else Verdict.PASSED
    )
    return CheckResult(
        id=f"{STAGE}::test_{number}",
        title=f"Does what check {number} asks for, and honours `timeout`",
        points=1,
        earned=float(verdict is Verdict.PASSED),
        verdict=verdict,
        seconds=0.01,
        findings=FINDINGS if verdict is Verdict.FAILED else (),
        output="it printed\n" if number == 0 else "",
    )


def forty_checks() -> str:
    """The page of a result of 40 checks, ten of which failed with a blocked loop."""
    checks = tuple(check(number) for number in range(40))
    recordings = {
        one.id: history(2 + number % 7, blocks=one.verdict is Verdict.FAILED)
        for number, one in enumerate(checks)
        if one.verdict is not Verdict.SKIPPED
    }
    report = Report(
        whole_result("exercises", 7, "linux", (stage_result(STAGE, checks),)),
        sources={STAGE: SOURCE},
        files={STAGE: f"exercises/{STAGE}/pipeline.py"},
        recordings=recordings,
    )
    return render("html", report)
