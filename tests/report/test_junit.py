"""JUnit XML as CI servers count it."""

from __future__ import annotations

from junitparser import Error, Failure, Skipped

from grader.report import render


def test_each_check_is_a_case(consumers, marks_lost):
    """Failures and skipped checks are counted, and the first cause is the message."""
    (suite,) = consumers["junit"](render("junit", marks_lost))

    cases = {case.classname: case for case in suite}
    (failure,) = cases["s02_futures.test_pays_once"].result
    assert (suite.name, suite.tests, suite.failures, suite.errors) == ("s02_futures", 4, 2, 0)
    assert (suite.skipped, suite.time) == (1, 1.0)
    assert isinstance(failure, Failure)
    assert failure.message == "order 11 was paid 2 times: 100%, ok"
    assert "at work/s02_futures/pipeline.py:12\n  Hint: What if" in failure.text
    assert {p.name: p.value for p in suite.properties()}["score"] == "3"


def test_ungradable_is_an_error_and_no_failure(consumers, ungradable):
    """A check that failed for sure is not held against anybody while another could not be judged."""
    (suite,) = consumers["junit"](render("junit", ungradable))

    kinds = [type(result) for case in suite for result in case.result]
    assert (suite.failures, suite.errors) == (0, 1)
    assert kinds == [Skipped, Error]


def test_nothing_graded_is_an_error(consumers, nothing_graded):
    """A server that asks for at least one test sees why there is none."""
    (suite,) = consumers["junit"](render("junit", nothing_graded))

    assert (suite.tests, suite.failures, suite.errors) == (1, 0, 1)
