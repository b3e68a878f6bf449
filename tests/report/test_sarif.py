"""SARIF as its schema has it."""

from __future__ import annotations

import msgspec
import pytest

from grader.report import Report, render
from grader.results import Kind


def test_findings_are_results_of_their_kinds_rule(consumers, marks_lost):
    """A result names its rule, its line and its check, and the rule's help asks the hint."""
    run = consumers["sarif"](render("sarif", marks_lost))

    rules = run["tool"]["driver"]["rules"]
    first, _ = run["results"]
    assert [rule["id"] for rule in rules] == list(Kind)
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "behaviour"
    assert rules[first["ruleIndex"]]["help"]["text"] == "What if step 1 answers twice?"
    assert first["properties"]["check"] == "s02_futures::test_pays_once"
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "work/s02_futures/pipeline.py"},
                "region": {"startLine": 12},
            }
        }
    ]


@pytest.mark.parametrize("submission", ["/home/somebody/work", "../work"])
def test_locations_are_relative(consumers, marks_lost, submission):
    """However the submission was named, a location leads down from its top."""
    result = msgspec.structs.replace(marks_lost.result, submission=submission)
    report = Report(result, files={"s02_futures": f"{submission}/s02_futures/pipeline.py"})

    run = consumers["sarif"](render("sarif", report))

    (location,) = run["results"][0]["locations"]
    path = location["physicalLocation"]["artifactLocation"]["uri"]
    assert path == "s02_futures/pipeline.py"


def test_location_is_an_address(consumers, marks_lost):
    """A sign that means something in an address is quoted."""
    report = Report(marks_lost.result, files={"s02_futures": "a b#c%2F:\ub2e8\uacc4/pipeline.py"})

    run = consumers["sarif"](render("sarif", report))

    (location,) = run["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == (
        "a%20b%23c%252F%3A%EB%8B%A8%EA%B3%84/pipeline.py"
    )


def test_ungradable_is_a_failed_execution(consumers, ungradable):
    """There are no results, and the tool says what went wrong with it."""
    run = consumers["sarif"](render("sarif", ungradable))

    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert (run["results"], invocation["executionSuccessful"]) == ([], False)
    assert "no process could be started" in notification["message"]["text"]
