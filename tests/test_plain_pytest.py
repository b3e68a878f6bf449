"""Plain pytest on a stage comes to the verdicts of the grader."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions"

NEAR_MISSES = {
    "s01_callbacks": """
def checkout(services, user_id, on_done, on_error):
    def got_user(user):
        services.get_orders(user, got_orders, on_error)
    def got_orders(orders):
        services.get_order_details(orders[0], got_details, on_error)
    def got_details(details):
        services.process_payment(details, on_done, on_error)
    services.get_user_data(user_id, got_user, on_error)
""",
    "s03_async_await": """
import time
async def checkout(services, user_id, *, timeout=None):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    details = await services.get_order_details(orders[0])
    time.sleep(3600)
    return await services.process_payment(details)
async def checkout_many(services, user_ids):
    return []
""",
    "s04_thread_offload": """
import asyncio
class Checkout:
    def __init__(self, services, sdk):
        self.services, self.sdk = services, sdk
    async def __aenter__(self):
        return self
    async def __aexit__(self, *exc_info):
        pass
    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        details = await self.services.get_order_details(orders[0])
        return self.sdk.charge(details)
    async def checkout_many(self, user_ids):
        return await asyncio.gather(*map(self.checkout, user_ids))
""",
}
CANNOT_BE_LOADED = {
    "s02_futures": "def checkout(:\n",
}


@pytest.fixture
def exercise(tmp_path):
    """A stage as learners have it, with a program of the test's."""

    def exercise(stage, source):
        folder = tmp_path / "exercises" / stage
        shutil.copytree(ROOT / "exercises" / stage, folder)
        (folder / "pipeline.py").write_text(source)
        return folder

    return exercise


@pytest.fixture
def run_pytest(tmp_path, plugin_options):
    """Runs pytest on a folder; gives the ended process and the verdict of each test."""

    def run(folder, *options):
        report = tmp_path / "report.xml"
        command = [sys.executable, "-m", "pytest", *plugin_options, f"--junitxml={report}"]
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider", *options, str(folder)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        cases = ElementTree.parse(report).iter("testcase")
        return done, {case.get("name"): verdict_of(case) for case in cases}

    return run


def verdict_of(case):
    """The verdict of one test case; an error beside a failure would be a third kind."""
    kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    return {"failure": "failed"}.get(kinds[0], kinds[0]) if kinds else "passed"


def graded(grade, folder):
    """The grader's own verdicts, bonus checks and all."""
    arguments = ["--submission", folder / "pipeline.py", "--bonus", "--format", "json"]
    done = grade(folder.name, *arguments, "--seed", "7")
    (stage,) = json.loads(done.stdout)["stages"]
    return stage["checks"]


@pytest.mark.parametrize("stage", sorted(path.name for path in SOLUTIONS.glob("s0[1-4]_*")))
def test_solution_passes_every_check(exercise, run_pytest, stage):
    """Pytest is green, and says nothing but that."""
    folder = exercise(stage, (SOLUTIONS / stage / "pipeline.py").read_text())

    done, verdicts = run_pytest(folder)

    assert done.returncode == 0, done.stdout
    assert set(verdicts.values()) == {"passed"}
    assert "warning" not in done.stdout


@pytest.mark.parametrize(("stage", "source"), [*NEAR_MISSES.items(), *CANNOT_BE_LOADED.items()])
def test_wrong_program_gets_the_graders_verdicts(exercise, run_pytest, grade, stage, source):
    """Test for test, the same verdict as from the grader."""
    folder = exercise(stage, source)

    done, verdicts = run_pytest(folder, "--unblocked-seed=7")

    checks = graded(grade, folder)
    assert done.returncode == 1
    assert verdicts == {check["id"].partition("::")[2]: check["verdict"] for check in checks}
    assert "failed" in verdicts.values()


def test_failure_is_told_as_the_grader_tells_it(exercise, run_pytest, grade):
    """Message, line and hint stand in pytest's output, and no traceback of the judge."""
    folder = exercise("s03_async_await", NEAR_MISSES["s03_async_await"])

    done, _ = run_pytest(folder, "--unblocked-seed=7")

    findings = [finding for check in graded(grade, folder) for finding in check["findings"]]
    assert "(pipeline.py:7)" in done.stdout
    assert "grader/judge" not in done.stdout
    for finding in findings[1:4]:
        assert finding["message"] in done.stdout


def test_one_check_may_be_run_alone(exercise, run_pytest):
    """A learner repeats the check that failed."""
    folder = exercise("s01_callbacks", NEAR_MISSES["s01_callbacks"])

    _, verdicts = run_pytest(folder / "test_pipeline.py", "-k", "test_no_orders")

    assert verdicts == {"test_no_orders": "failed"}


def test_missing_program_is_told_as_the_grader_tells_it(exercise, run_pytest):
    """A program that is not there has not "ended its own process"."""
    folder = exercise("s01_callbacks", "")
    (folder / "pipeline.py").unlink()

    done, verdicts = run_pytest(folder)

    assert set(verdicts.values()) == {"failed", "skipped"}
    assert "there is no" in done.stdout
    assert "ended its own process" not in done.stdout


def test_fresh_interpreters_may_be_asked_for(exercise, run_pytest):
    """Where there is no fork, pytest judges all the same."""
    folder = exercise("s01_callbacks", (SOLUTIONS / "s01_callbacks" / "pipeline.py").read_text())

    done, verdicts = run_pytest(folder, "--unblocked-spawn", "-k", "errors or declined or twice")

    assert done.returncode == 0
    assert set(verdicts.values()) == {"passed"}


def test_other_tests_are_left_alone(tmp_path, run_pytest):
    """The plugin has no part in a project that has no checks."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_mine.py").write_text("def test_mine():\n    assert 1 == 1\n")

    done, verdicts = run_pytest(tmp_path / "tests")

    assert done.returncode == 0
    assert verdicts == {"test_mine": "passed"}
