"""Timelines of real gradings: kept for the formats that draw them, and for no other."""

import json
from pathlib import Path

import pytest

from grader.grading import Request
from grader.grading import grade as grade_here
from grader.report import FORMATS, draws_timelines
from grader.timeline import timeline

ROOT = Path(__file__).parents[1]
PRIVATE = """
import pytest
from grader.judge import Contract

CONTRACT = Contract(
    "checkout(services, user_id, on_done, on_error)", services="callbacks", ends_by="callbacks"
)
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.check(points=2, rules="R1", hint="chain")
async def test_hidden(shop, submission):
    '''Pays.'''
    checkout = await submission.checkout(shop.customer())
    await shop.serve(checkout)
"""


@pytest.fixture(scope="module")
def pictures():
    """Check of stage 4 to its timeline, for the solution."""
    graded = grade_here(Request(("s04",), ROOT / "solutions", seed=5, timelines=True))
    (stage,) = graded.result.stages
    assert set(graded.recordings) == {check.id for check in stage.checks}
    return {
        check.id.partition("::")[2]: timeline(graded.recordings[check.id], check.findings)
        for check in stage.checks
    }


def test_passed_checks_have_timelines(pictures):
    """Every check that ran is drawn, and a right program's loop is never red."""
    assert all(picture.lanes for picture in pictures.values())
    assert not any(picture.holds for picture in pictures.values())


def test_offloaded_charges_are_in_threads(pictures):
    """With a limit of one the worker's charges follow each other; with three they overlap."""

    def inside(name):
        bars = [b for lane in pictures[name].lanes if lane.kind == "thread" for b in lane.bars]
        return max(sum(a.begin <= b.begin < a.end for a in bars) for b in bars)

    assert inside("test_limit_of_one") == 1
    assert inside("test_limit_of_three") == 3


def test_loop_turns_while_a_charge_is_inside(pictures):
    """In stage 4 the loop has steps while a thread is inside the SDK."""
    picture = pictures["test_loop_turns_while_charges_queue"]
    (loop,) = (lane for lane in picture.lanes if lane.kind == "loop")
    charge = next(bar for lane in picture.lanes if lane.kind == "thread" for bar in lane.bars)

    assert any(charge.begin < step.begin < charge.end for step in loop.bars)


def test_only_formats_that_draw_ask_for_histories():
    """Ordinary grading keeps nothing."""
    assert {name for name in FORMATS if draws_timelines([name])} == {"html", "timeline", "trace"}


def test_ordinary_grading_keeps_no_history():
    """What nobody draws is not recorded."""
    assert not grade_here(Request(("s01",), ROOT / "solutions", seed=5)).recordings


def test_histories_of_private_checks_are_not_kept(tmp_path):
    """What a private check does would be told by its timeline."""
    checks = tmp_path / "private" / "s01_callbacks" / "test_own.py"
    checks.parent.mkdir(parents=True)
    checks.write_text(PRIVATE, encoding="utf-8")

    graded = grade_here(
        Request(("s01",), ROOT / "solutions", timelines=True, private_checks=tmp_path / "private")
    )

    private = {
        check.id for stage in graded.result.stages for check in stage.checks if check.private
    }
    assert private
    assert private.isdisjoint(graded.recordings)
    assert not [check for check in graded.recordings if "hidden" in check or "private" in check]


def test_all_formats_at_once(grade, tmp_path):
    """The JSON stays as it is documented beside a page and a trace of the same grading."""
    page, trace = tmp_path / "report.html", tmp_path / "trace.json"
    wrong = ROOT / "tests/submissions/s03_async_await/near_miss/sleeps_to_be_polite.py"

    done = grade(
        *("s03", "--submission", wrong, "--seed", 5, "--format", "json"),
        *("--report", f"html={page}", "--report", f"trace={trace}"),
    )

    (stage,) = json.loads(done.stdout)["stages"]
    names = {event["name"] for event in json.loads(trace.read_text("utf-8"))["traceEvents"]}
    assert done.returncode == 1
    assert "recordings" not in done.stdout
    assert page.read_text("utf-8").count('class="check ') == len(stage["checks"])
    assert page.stat().st_size < 600_000
    assert {"time.sleep", "get_orders", "process_name"} <= names


def test_timeline_is_a_format_for_a_terminal(grade):
    """It fits the terminal, and ends with the result."""
    done = grade("s01", "--submission", "solutions", "--format", "timeline", env={"COLUMNS": "60"})

    *lines, last = done.stdout.splitlines()
    assert done.returncode == 0
    assert max(map(len, lines)) <= 60
    assert any("payment" in line for line in lines)
    assert last == "15 of 15 points: s01_callbacks done."


def test_program_that_cannot_be_imported_is_told_so(write_program):
    """Where nothing ran there is nothing to draw, and the verdict is what it is without a timeline."""
    program = write_program("import nowhere\n")

    graded = grade_here(Request(("s01",), program, seed=5, timelines=True))

    assert graded.result.gradable
    assert "nowhere" in graded.result.stages[0].checks[0].findings[0].message
