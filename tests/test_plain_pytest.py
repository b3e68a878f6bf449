"""Plain pytest on a stage comes to the verdicts of the grader."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions"

WRONG = {
    "s02_futures": "def checkout(:\n",
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
async def checkout(services, user_id, *, timeout=None):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)
async def checkout_many(services, user_ids):
    return [await checkout(services, user_id) for user_id in user_ids]
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
        return await asyncio.to_thread(self.sdk.charge, details)
    async def checkout_many(self, user_ids):
        return await asyncio.gather(*map(self.checkout, user_ids))
""",
}


WAITS_FOR_THE_LAST = """
import asyncio
import pytest
from grader.judge import Contract
CONTRACT = Contract("async checkout(services, user_id, *, timeout)", services="coroutines")
pytestmark = pytest.mark.asyncio(loop_scope="session")
last_is_judged = asyncio.Event()

async def pays(shop, submission):
    checkout = await submission.checkout(shop.customer())
    await shop.serve(checkout)
    checkout.must_pay()

@pytest.mark.check(points=1)
async def test_waits_for_the_last(shop, submission):
    await pays(shop, submission)
    async with asyncio.timeout(60):
        await last_is_judged.wait()
"""
PAYS = """
@pytest.mark.check(points=1)
async def test_pays_{place}(shop, submission):
    await pays(shop, submission)
    last_is_judged.{then}()
"""


STAGES = sorted(WRONG)


def verdict_of(case):
    """The verdict of one test case; an error beside a failure would be a third kind."""
    kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    return {"failure": "failed"}.get(kinds[0], "+".join(kinds)) if kinds else "passed"


def stage_of(case):
    return next(word for word in case.get("classname").split(".") if word in STAGES)


@pytest.fixture(scope="module")
def run_pytest(tmp_path_factory, plugin_options):
    """Runs pytest in a folder; gives the ended process and its test cases."""

    def run(folder, *options):
        report = tmp_path_factory.mktemp("junit") / "report.xml"
        command = [sys.executable, "-m", "pytest", *plugin_options, f"--junitxml={report}"]
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider", *options],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done, list(ET.parse(report).iter("testcase"))

    return run


@pytest.fixture(scope="module")
def exercises(tmp_path_factory):
    """A checkout of the kata as learners have it, with programs of the test's."""

    def exercises(programs):
        folder = tmp_path_factory.mktemp("kata")
        shutil.copy(ROOT / "pyproject.toml", folder)
        for stage, source in programs.items():
            shutil.copytree(ROOT / "exercises" / stage, folder / "exercises" / stage)
            (folder / "exercises" / stage / "pipeline.py").write_text(source)
        return folder

    return exercises


@pytest.fixture(scope="module")
def wrong(exercises, run_pytest, grade):
    """Wrong programs for all stages: what pytest makes of them, and what the grader does."""
    folder = exercises(WRONG)
    options = ["--submission", folder, "--bonus", "--format", "json", "--seed", "7"]
    with ThreadPoolExecutor() as pool:
        graded = pool.submit(grade, *STAGES, *options)
        done, cases = run_pytest(folder, "--unblocked-seed=7", "exercises")
    report = json.loads(graded.result().stdout)
    return done, cases, {stage["stage"]: stage["checks"] for stage in report["stages"]}


def test_solutions_pass_every_check(exercises, run_pytest):
    """Pytest is green, and says nothing but that."""
    programs = {stage: (SOLUTIONS / stage / "pipeline.py").read_text() for stage in STAGES}

    done, cases = run_pytest(exercises(programs), "exercises")

    assert done.returncode == 0, done.stdout
    assert set(map(verdict_of, cases)) == {"passed"}
    assert "warning" not in done.stdout


@pytest.mark.parametrize("stage", STAGES)
def test_wrong_program_gets_the_graders_verdicts(wrong, stage):
    """Test for test, the same verdict as from the grader."""
    done, cases, checks = wrong

    mine = {case.get("name"): verdict_of(case) for case in cases if stage_of(case) == stage}

    theirs = {check["id"].partition("::")[2]: check["verdict"] for check in checks[stage]}
    assert done.returncode == 1
    assert mine == theirs
    assert "failed" in mine.values()


def test_failures_are_told_as_the_grader_tells_them(wrong):
    """Message, line and hint stand in pytest's output, and no traceback of the judge."""
    done, _, checks = wrong

    findings = [f for check in checks["s01_callbacks"] for f in check["findings"]]

    assert "grader/judge" not in done.stdout
    for finding in findings:
        where = f"(pipeline.py:{finding['line']})"
        assert f"{finding['kind']}: {finding['message']} {where}" in done.stdout
        assert finding["hint"] in done.stdout


def test_one_check_may_be_run_alone(exercises, run_pytest):
    """A learner repeats the check that failed."""
    folder = exercises({"s01_callbacks": WRONG["s01_callbacks"]})
    one = "exercises/s01_callbacks/test_pipeline.py::test_no_orders"

    _, cases = run_pytest(folder, one)

    assert [(case.get("name"), verdict_of(case)) for case in cases] == [
        ("test_no_orders", "failed")
    ]


def test_missing_program_is_told_as_the_grader_tells_it(exercises, run_pytest):
    """A program that is not there has not "ended its own process"."""
    folder = exercises({"s01_callbacks": ""})
    (folder / "exercises" / "s01_callbacks" / "pipeline.py").unlink()

    done, cases = run_pytest(folder, "exercises")

    assert set(map(verdict_of, cases)) == {"failed", "skipped"}
    assert "there is no" in done.stdout
    assert "ended its own process" not in done.stdout


def test_fresh_interpreters_may_be_asked_for(exercises, run_pytest):
    """Where there is no fork, pytest judges all the same."""
    source = (SOLUTIONS / "s01_callbacks" / "pipeline.py").read_text()

    done, cases = run_pytest(
        exercises({"s01_callbacks": source}),
        "--unblocked-spawn",
        "-k",
        "pays or declined",
        "exercises",
    )

    assert done.returncode == 0
    assert set(map(verdict_of, cases)) == {"passed"}


def test_slow_check_holds_up_no_other(exercises, run_pytest):
    """Those that come after it are judged meanwhile, however many they are."""
    stage = "s03_async_await"
    folder = exercises({stage: (SOLUTIONS / stage / "pipeline.py").read_text()})
    others = [PAYS.format(place=place, then="is_set") for place in range(8)]
    text = "".join([WAITS_FOR_THE_LAST, *others, PAYS.format(place="last", then="set")])
    (folder / "exercises" / stage / "test_pipeline.py").write_text(text)

    done, cases = run_pytest(folder, "exercises")

    assert [verdict_of(case) for case in cases] == ["passed"] * 10, done.stdout


def test_other_tests_are_left_alone(tmp_path, run_pytest):
    """The plugin has no part in a project that has no checks."""
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    assert 1 == 1\n")

    done, cases = run_pytest(tmp_path)

    assert done.returncode == 0
    assert [verdict_of(case) for case in cases] == ["passed"]
