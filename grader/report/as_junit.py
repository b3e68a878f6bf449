"""The result as JUnit XML, for CI servers: a stage is a test suite, a check a test case.

Source: the schema of Jenkins's xUnit plugin, junit-10.xsd, which Surefire, pytest and GitLab keep to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.language import later, say
from grader.report.explained import SKIPPED, apology, cause, explained
from grader.report.focus import points
from grader.report.harmless import harmless_report
from grader.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.report.content import Report
    from grader.results import CheckResult, StageResult

_FAILURES = "failure"
_ERRORS = "error"
_SKIPPED = "skipped"


def render(report: Report) -> str:
    """Lay a result out as test suites.

    What could not be graded has errors and no failures: nobody's program is blamed for it.
    """
    report = harmless_report(report)
    suites = [_suite(report, stage) for stage in report.result.stages]
    if not report.result.gradable and not any(s.find(f".//{_ERRORS}") is not None for s in suites):
        suites.append(_nothing_graded(report))
    root = Element("testsuites", {"name": "unblocked", **_totals(suites)})
    root.extend(suites)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(report: Report, stage: StageResult) -> Element:
    suite = Element("testsuite", name=stage.stage)
    properties = SubElement(suite, "properties")
    about = {"score": points(stage.score), "max_score": points(stage.max_score)}
    for name, value in {**about, "seed": str(report.result.seed)}.items():
        SubElement(properties, "property", name=name, value=value)
    suite.extend(_case(report, stage.stage, check) for check in stage.checks)
    _count(suite, sum(check.seconds for check in stage.checks))
    return suite


def _case(report: Report, stage: str, check: CheckResult) -> Element:
    name = check.id.replace("::", ".")
    case = Element("testcase", classname=name, name=check.title, time=f"{check.seconds:.3f}")
    told = _told(report, check)
    if told is not None:
        kind = check.findings[0].kind if check.findings else check.verdict
        tag, message = told
        SubElement(case, tag, type=kind, message=message).text = explained(report, stage, check)
    return case


def _told(report: Report, check: CheckResult) -> tuple[str, str] | None:
    """The element that tells a verdict, and its message; None for a check that passed."""
    if check.verdict is Verdict.PASSED:
        return None
    if check.verdict is Verdict.UNKNOWN:
        return _ERRORS, apology(report)
    if check.verdict is Verdict.SKIPPED:
        return _SKIPPED, say(SKIPPED)
    if not report.result.gradable:
        text = later("Not counted, for the grading was not finished: {cause}")
        return _SKIPPED, say(text, cause=cause(check))
    return _FAILURES, cause(check)


def _nothing_graded(report: Report) -> Element:
    suite = Element("testsuite", name="unblocked")
    case = SubElement(suite, "testcase", classname="unblocked.grading", name="The grading")
    SubElement(case, _ERRORS, type="unknown", message=apology(report))
    _count(suite, 0)
    return suite


def _count(suite: Element, seconds: float) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for attribute, tag in {"failures": _FAILURES, "errors": _ERRORS, "skipped": _SKIPPED}.items():
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{seconds:.3f}")


def _totals(suites: Sequence[Element]) -> dict[str, str]:
    return {
        name: str(sum(int(suite.get(name, "0")) for suite in suites))
        for name in ("tests", "failures", "errors")
    }
