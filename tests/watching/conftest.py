"""States of a watch, made by hand."""

import pytest

from grader.advice import Shelf
from grader.results import CheckResult, Event, Finding, Kind, Verdict, stage_result, whole_result
from grader.timeline import Recording
from grader.watching.messages import Reply
from grader.watching.session import State

RECORDING = Recording(
    events=(
        Event("called", 0.0, "get_user_data", 7, 1, 2),
        Event("answered", 0.2, "get_user_data", 7, 1),
        Event("called", 0.2, "get_orders", 7, 2, 2, wrong=True),
    ),
)
STAGES = ("s01_callbacks", "s02_futures", "s03_async_await")


def new_state():
    """A watch that has graded nothing yet."""
    checks = {f"{stage}::test_pays": "Pays once." for stage in STAGES}
    return State(
        stages=STAGES,
        stage=STAGES[0],
        files={stage: f"exercises/{stage}/pipeline.py" for stage in STAGES},
        shelf=Shelf(
            titles=checks,
            topics=dict.fromkeys(checks, "chain"),
            levels={stage: {"chain": ("who?", "look there", "the code")} for stage in STAGES},
        ),
    )


def new_reply(stage, *, passes, untouched=False, bonus=False):
    """What the warm process says of a stage."""
    finding = Finding(
        kind=Kind.BEHAVIOUR, message="it paid twice", file="pipeline.py", line=2, hint="who?"
    )
    check = CheckResult(
        id=f"{stage}::test_pays",
        title="Pays once.",
        points=2.0,
        earned=2.0 if passes else 0.0,
        verdict=Verdict.PASSED if passes else Verdict.FAILED,
        seconds=0.1,
        findings=() if passes else (finding,),
    )
    judged = stage_result(stage, (check,), bonus=bonus)
    result = whole_result("exercises", 1, "linux", (judged,))
    source = "def checkout():\n    pay(); pay()\n"
    file = f"exercises/{stage}/pipeline.py"
    return Reply(stage, result, "", source, file, untouched, {check.id: RECORDING})


@pytest.fixture
def state():
    """A watch that has graded nothing yet."""
    return new_state()


@pytest.fixture(scope="session")
def reply():
    """Makes what the warm process says of a stage."""
    return new_reply


@pytest.fixture(scope="session")
def first_state():
    """The same for tests that begin many times."""
    return new_state()
